"""How soon the page is there: from the address to the first tape, painted whole, in a headless Chromium on loopback.

`python -m tests.bench.opening [ROUNDS]`. Cold is a browser that was never here, warm one that was; the server has sent
its files before. Times are the page's own, without what drives the browser.
"""

from __future__ import annotations

import sys

from playwright.sync_api import Page, sync_playwright

from tapedeck.api.settings import ApiSettings
from tests.bench.engine import Row
from tests.bench.table import printed, row
from tests.browser.chromium import launch
from tests.browser.server import Server

ROUNDS = 7
NOTED = """window.paintedAt = new Promise((done) => {
    const marks = new PerformanceObserver((seen) => {
        for (const { startTime } of seen.getEntriesByName("tapedeck:last-paint")) done(startTime);
    });
    marks.observe({ type: "mark" });
});"""
"""To be awaited rather than asked for again and again, which would have the browser paint for the asking."""


def measure(rounds: int = ROUNDS) -> list[Row]:
    """Cold and warm, and how much a browser asks for."""
    server = Server(ApiSettings().checkpoints, TAPEDECK_ENGINE="compiled")
    server.start()
    times: tuple[list[float], ...] = ([], [], [])
    requests = 0.0
    try:
        with sync_playwright() as playwright:
            browser = launch(playwright)
            for turn in range(rounds + 1):
                context = browser.new_context(viewport={"width": 1440, "height": 900})
                context.add_init_script(NOTED)
                tab = context.new_page()
                cold, requests = _opened(tab, server.url)
                tab.close()
                tab = context.new_page()  # only now: a page behind another is not painted
                new, _ = _opened(tab, server.url)
                tab.goto("about:blank")
                again, _ = _opened(tab, server.url)
                context.close()
                if turn:  # the first one warms up
                    for one, each in zip(times, (cold, new, again), strict=True):
                        one.append(each)
            browser.close()
    finally:
        server.stop()
    cold_ones, new_ones, again_ones = times
    return [
        row("cold: address to the painted tape", cold_ones, "ms", "≤ 1,000 ms"),
        row("warm, in a tab that has just been opened", new_ones, "ms", "≤ 400 ms"),
        row("warm, again in its tab", again_ones, "ms", "≤ 400 ms"),
        row("requests, cold", [requests], ""),
    ]


def _opened(page: Page, url: str) -> tuple[float, float]:
    """Milliseconds, and requests."""
    page.goto(url, wait_until="commit")
    painted = page.evaluate("paintedAt")
    return float(painted), float(page.evaluate("1 + performance.getEntriesByType('resource').length"))


if __name__ == "__main__":
    printed({"page": measure(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)})
