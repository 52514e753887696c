"""How long the user waits for a picture: from a press on Run, a change in the lab or a key in a field to the paint.

`python -m tests.bench.paint [ROUNDS]`, in a headless Chromium on loopback that nobody listens to, of a page that lies
still. Times are the page's own, from the event of the press to the frame in which the tape is drawn.
"""

from __future__ import annotations

import sys

from tests.bench.engine import Row
from tests.bench.table import printed, row
from tests.bench.tape_page import TapePage, opened
from tests.browser.deck import FIELDS
from tests.rows import random_rows

ROUNDS = 15
TYPED = "Hello, tape machine!"
SHORT, LONG = 20, 499
"""Vectors of 42 and of 1000 steps."""

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
SLIDER = """(name) => [...document.querySelectorAll("input[type=range]")]
    .find((each) => (each.ariaLabel ?? each.labels[0]?.textContent.trim()) === name).focus()"""
SINCE = """([from, to]) => {
    const at = (name) => performance.getEntriesByName(name).at(-1).startTime;
    return at("tapedeck:" + to) - at(from);
}"""


def measure(rounds: int = ROUNDS) -> list[Row]:
    """Each press is of another sequence than the one before."""
    times: tuple[list[float], ...] = ([], [], [], [], [])
    with opened() as page:
        for turn in range(rounds + 1):
            found = (run(page, SHORT, turn), run(page, LONG, turn), key(page), change(page), film(page, turn))
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


def run(page: TapePage, vectors: int, turn: int) -> float:
    """Milliseconds from a press on Run, after the page has said how long it is and, of what is short, shown it."""
    page.write("Bits", " ".join(random_rows(vectors, 0.5, turn)), vectors)
    page.evaluate(AWAITED, "last-paint")
    page.tab.press("#run")
    return painted(page)


def key(page: TapePage) -> float:
    """Milliseconds from one key more, of a text that runs as it is typed."""
    page.write("Text", TYPED[:-1], len(TYPED) - 1)
    page.evaluate(
        f"() => {{ const field = document.querySelector('{FIELDS['Text']}'); field.setSelectionRange(99, 99); }}"
    )
    page.evaluate(AWAITED, "last-paint")
    page.tab.key(TYPED[-1])
    return painted(page)


def change(page: TapePage) -> float:
    """Milliseconds from a key on a slider of the lab, whose changes are run at once; they are taken back."""
    page.go("Lab")
    page.wait_compared(0)
    page.evaluate(SLIDER, "interpolation gate g")
    page.evaluate(AWAITED, "last-paint")
    page.tab.key("End", 35)
    found = painted(page)
    page.wait_compared(1)
    page.click("Undo")
    page.wait_compared(0)
    page.go("Play")
    return found


def film(page: TapePage, turn: int) -> float:
    """Milliseconds from the request to the last trace of the film of the shipped series, on a sequence of its own."""
    page.go("Learn")
    page.wait(FILM_WHOLE)  # of the sequence before
    page.write("Bits", " ".join(random_rows(SHORT, 0.5, 1000 + turn)), SHORT)
    page.wait(FILM_WHOLE)
    page.evaluate(AWAITED, "film")
    page.tab.press("#run")
    page.evaluate("() => window.painted")
    found = float(page.evaluate(SINCE, ["tapedeck:run", "film"]))
    page.go("Play")
    return found


def painted(page: TapePage) -> float:
    """Milliseconds from the last press to the paint that is awaited."""
    page.evaluate("() => window.painted")
    return float(page.evaluate(SINCE, ["bench:press", "last-paint"]))


if __name__ == "__main__":
    printed({"paint": measure(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)})
