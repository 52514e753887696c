"""How soon the page is there: from the address to the first tape, painted whole, in a headless Chromium on loopback.

`python -m tests.bench.opening [ROUNDS]`. Cold is a browser that was never here, warm one that was; the server has sent
its files before. Times are the page's own, without what drives the browser.
"""

from __future__ import annotations

import sys

from playwright.sync_api import BrowserContext, sync_playwright

from tapedeck.api.settings import ApiSettings
from tests.bench.engine import Row
from tests.bench.table import printed, row
from tests.browser.chromium import launch
from tests.browser.server import Server

ROUNDS = 7
PAINTED = "performance.getEntriesByName('tapedeck:last-paint').at(0)?.startTime ?? 0"


def measure(rounds: int = ROUNDS) -> list[Row]:
    """Cold and warm, and how much a browser asks for."""
    server = Server(ApiSettings().checkpoints, TAPEDECK_ENGINE="torch")
    server.start()
    cold, warm, requests = [], [], 0.0
    try:
        with sync_playwright() as playwright:
            browser = launch(playwright)
            for turn in range(rounds + 1):
                context = browser.new_context(viewport={"width": 1440, "height": 900})
                first, requests = _opened(context, server.url)
                again, _ = _opened(context, server.url)
                if turn:  # the first one warms up
                    cold.append(first)
                    warm.append(again)
                context.close()
            browser.close()
    finally:
        server.stop()
    return [
        row("cold: address to the painted tape", cold, "ms", "≤ 1,000 ms"),
        row("warm: address to the painted tape", warm, "ms", "≤ 400 ms"),
        row("requests, cold", [requests], ""),
    ]


def _opened(context: BrowserContext, url: str) -> tuple[float, float]:
    """Milliseconds, and requests."""
    page = context.new_page()
    page.goto(url)
    page.wait_for_function(f"({PAINTED}) > 0")
    found = page.evaluate(f"[{PAINTED}, 1 + performance.getEntriesByType('resource').length]")
    page.close()
    return float(found[0]), float(found[1])


if __name__ == "__main__":
    printed({"page": measure(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)})
