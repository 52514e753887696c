"""How soon the page is there: from the address to the first tape, painted whole, in a headless Chromium on loopback
that nobody listens to.

`python -m tests.bench.opening [ROUNDS]`. Cold is a browser that was never here, warm one that was; the server has sent
its files before. Times are the page's own, without what drives the browser.
"""

from __future__ import annotations

import sys

from tapedeck.api.settings import ApiSettings
from tests.bench.bare import Tab, chromium
from tests.bench.engine import Row
from tests.bench.table import printed, row
from tests.browser.server import Server

ROUNDS = 7
PAINTED = """() => new Promise((done) => {
    const marks = new PerformanceObserver((seen) => {
        for (const { startTime } of seen.getEntriesByName("tapedeck:last-paint")) done(startTime);
    });
    marks.observe({ type: "mark", buffered: true });
})"""
"""To be awaited rather than asked for again and again, which would have the browser paint for the asking."""
REQUESTS = "() => 1 + performance.getEntriesByType('resource').length"


def measure(rounds: int = ROUNDS) -> list[Row]:
    """Cold and warm, and how much a browser asks for."""
    server = Server(ApiSettings().checkpoints, TAPEDECK_ENGINE="compiled")
    server.start()
    times: tuple[list[float], ...] = ([], [], [])
    requests = 0.0
    try:
        with chromium() as browser:
            for turn in range(rounds + 1):
                profile = browser.profile()
                tab = browser.tab(profile=profile, still=False)
                cold, requests = _opened(tab, server.url)
                tab.close()
                tab = browser.tab(profile=profile, still=False)  # only now: a page behind another is not painted
                new, _ = _opened(tab, server.url)
                tab.open("about:blank")
                again, _ = _opened(tab, server.url)
                tab.close()
                browser.forget(profile)
                if turn:  # the first one warms up
                    for one, each in zip(times, (cold, new, again), strict=True):
                        one.append(each)
    finally:
        server.stop()
    cold_ones, new_ones, again_ones = times
    return [
        row("cold: address to the painted tape", cold_ones, "ms", "≤ 1,000 ms"),
        row("warm, in a tab that has just been opened", new_ones, "ms", "≤ 400 ms"),
        row("warm, again in its tab", again_ones, "ms", "≤ 400 ms"),
        row("requests, cold", [requests], ""),
    ]


def _opened(tab: Tab, url: str) -> tuple[float, float]:
    """Milliseconds, and requests."""
    tab.open(url)
    return float(tab.evaluate(PAINTED)), float(tab.evaluate(REQUESTS))


if __name__ == "__main__":
    printed({"page": measure(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)})
