"""How long the user waits for a picture: from a press on Run, a change in the lab or a key in a field to the paint.

`python -m tests.bench.paint [ROUNDS]`, in a headless Chromium on loopback, of a page that lies still. Times are the
page's own, from the event of the press to the frame in which the tape is drawn: what drives the browser is no part.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tapedeck.api.settings import ApiSettings
from tests.bench.engine import Row
from tests.bench.table import printed, row
from tests.browser.chromium import launch
from tests.browser.deck import FIELDS, Deck
from tests.browser.lab import wait_compared
from tests.browser.server import Server
from tests.rows import random_rows

ROUNDS = 15
TYPED = "Hello, tape machine!"
SHORT, LONG = 20, 499
"""Vectors of 42 and of 1000 steps."""

PRESSES = """["pointerdown", "keydown"].forEach((type) => {
    document.addEventListener(type, () => performance.mark("bench:press"), true);
})"""
AWAITED = """(name) => {
    window.painted = new Promise((done) => {
        const marks = new PerformanceObserver((seen) => {
            if (seen.getEntriesByName(`tapedeck:${name}`).length === 0) return;
            marks.disconnect();
            done();
        });
        marks.observe({ type: "mark" });
    });
}"""
"""To be awaited rather than asked for again and again, which would have the browser paint for the asking."""
FILM_WHOLE = """({ film: { reel } }) => reel.queue.length === 0 && reel.traces.length === reel.checkpoints.length"""
SINCE = """([from, to]) => {
    const at = (name) => performance.getEntriesByName(name).at(-1).startTime;
    return at("tapedeck:" + to) - at(from);
}"""


def measure(rounds: int = ROUNDS) -> list[Row]:
    """Each press is of another sequence than the one before."""
    times: tuple[list[float], ...] = ([], [], [], [], [])
    with opened() as deck:
        for turn in range(rounds + 1):
            found = (run(deck, SHORT, turn), run(deck, LONG, turn), key(deck), change(deck), film(deck, turn))
            if turn:  # the first one warms up
                for one, each in zip(times, found, strict=True):
                    one.append(each)
    clicks, long_clicks, keys, changes, films = times
    return [
        row("T = 42: press on Run to the last paint", clicks, "ms", "≤ 60 ms"),
        row("T = 1000: press on Run to the last paint", long_clicks, "ms", "≤ 200 ms"),
        row("T = 42: change in the lab to the last paint", changes, "ms", "≤ 60 ms"),
        row("T = 42: key in a field to the last paint", keys, "ms"),
        row("T = 42: request to the last trace of a film of 26", films, "ms", "≤ 150 ms"),
    ]


def run(deck: Deck, vectors: int, turn: int) -> float:
    """Milliseconds from a press on Run, after the page has said how long it is and, of what is short, shown it."""
    deck.write("Bits", " ".join(random_rows(vectors, 0.5, turn)))
    deck.wait_typed()
    deck.wait_deck("({ typed, root }) => !typed && root.dataset.state === 'done'")
    expect(deck.summary).to_contain_text(f"{vectors:,} vectors")
    deck.page.evaluate(AWAITED, "last-paint")
    deck.press_run()
    return painted(deck)


def key(deck: Deck) -> float:
    """Milliseconds from one key more, of a text that runs as it is typed."""
    deck.see("Text", TYPED[:-1])
    deck.page.evaluate(AWAITED, "last-paint")
    deck.page.locator(FIELDS["Text"]).press_sequentially(TYPED[-1])
    return painted(deck)


def change(deck: Deck) -> float:
    """Milliseconds from a key on a slider of the lab, whose changes are run at once; they are taken back."""
    deck.page.get_by_role("link", name="Lab").click()
    wait_compared(deck, 0)
    deck.page.evaluate(AWAITED, "last-paint")
    deck.page.get_by_label("interpolation gate g", exact=True).press("End")
    found = painted(deck)
    wait_compared(deck, 1)
    deck.page.get_by_role("button", name="Undo").click()
    wait_compared(deck, 0)
    deck.page.get_by_role("link", name="Play", exact=True).click()
    return found


def film(deck: Deck, turn: int) -> float:
    """Milliseconds from the request to the last trace of the film of the shipped series, on a sequence of its own."""
    deck.page.get_by_role("link", name="Learn").click()
    deck.wait_deck(FILM_WHOLE)  # of the sequence before
    deck.write("Bits", " ".join(random_rows(SHORT, 0.5, 1000 + turn)))
    deck.wait_typed()
    deck.wait_deck(FILM_WHOLE)
    expect(deck.summary).to_contain_text(f"{SHORT} vectors")
    deck.page.evaluate(AWAITED, "film")
    deck.page.locator("#run").evaluate("(button) => button.click()")  # what drives the browser has no mouse to move
    deck.page.evaluate("painted")
    found = float(deck.page.evaluate(SINCE, ["tapedeck:run", "film"]))
    deck.page.get_by_role("link", name="Play", exact=True).click()
    return found


def painted(deck: Deck, mark: str = "last-paint") -> float:
    """Milliseconds from the last press to the paint that is awaited."""
    deck.page.evaluate("painted")
    return float(deck.page.evaluate(SINCE, ["bench:press", mark]))


@contextmanager
def opened(machines: Path | None = None) -> Iterator[Deck]:
    """A page that lies still, on the machines of a folder, or on those that ship; with compiled kernels."""
    server = Server(machines or ApiSettings().checkpoints, TAPEDECK_ENGINE="compiled")
    server.start()
    try:
        with sync_playwright() as playwright:
            browser = launch(playwright)
            context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
            deck = Deck(context.new_page(), server.url, sockets=False)
            deck.open()
            deck.wait_done()
            deck.page.evaluate(PRESSES)
            yield deck
            browser.close()
    finally:
        server.stop()


if __name__ == "__main__":
    printed({"paint": measure(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)})
