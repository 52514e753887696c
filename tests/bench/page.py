"""How fast the page is here, in a headless Chromium on loopback: `python -m tests.bench.page [ROUNDS]`.

The median counts; other work on the machine only ever makes it slower, and the best round says how much.
"""

from __future__ import annotations

import shutil
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from playwright.sync_api import Page, expect, sync_playwright
from rich.console import Console
from rich.table import Table

from tapedeck.api.settings import ApiSettings
from tapedeck.checkpoints import SUFFIX
from tests.browser.chromium import launch
from tests.browser.deck import FIELDS, Deck
from tests.browser.server import Server
from tests.made_machines import several_heads, write_machine
from tests.rows import random_rows

ROUNDS = 5
WIDTH = 112
TYPED = "Hello, tape machine!"
SHORT, LONG, LARGE = 20, 499, 1000
"""Vectors of 42, of 1000 and of 2002 steps."""

CLICKS = """document.querySelector("#run").addEventListener("pointerdown", () => performance.mark("bench:click"));
document.addEventListener("keydown", () => performance.mark("bench:key"), true)"""
PAINT = """() => {
    window.painted = new Promise((done) => {
        const marks = new PerformanceObserver((seen) => {
            if (seen.getEntriesByName("tapedeck:last-paint").length === 0) return;
            marks.disconnect();
            done();
        });
        marks.observe({ type: "mark" });
    });
}"""
"""To be awaited rather than asked for again and again, which would have the browser paint for the asking."""
SINCE = """([from, to]) => {
    const at = (name) => performance.getEntriesByName(name).at(-1).startTime;
    return at("tapedeck:" + to) - at(from);
}"""
FRAMES = """async (scrubbing) => {
    const { cursor } = await tapedeck;
    const long = [];
    const tasks = new PerformanceObserver((seen) => long.push(...seen.getEntries()));
    tasks.observe({ type: "longtask" });
    cursor.setSpeed(8);
    cursor.seek(0);
    if (!scrubbing) cursor.play();
    const frames = [];
    const began = performance.now();
    let last = began;
    await new Promise((done) => {
        const frame = (now) => {
            frames.push(now - last);
            last = now;
            if (scrubbing) cursor.seek(Math.round(((1 - Math.cos((now - began) / 400)) / 2) * (cursor.total - 1)));
            now - began < 3000 ? requestAnimationFrame(frame) : done();
        };
        requestAnimationFrame(frame);
    });
    cursor.pause();
    await new Promise((told) => setTimeout(told)); // of the last task the browser tells after it
    long.push(...tasks.takeRecords());
    tasks.disconnect();
    return { frames: frames.slice(1), long: long.map(({ duration }) => duration) };
}"""


FILM_WHOLE = """({ film: { reel } }) => reel.queue.length === 0 && reel.traces.length === reel.checkpoints.length"""
FILM_FRAMES = """async () => {
    const { film } = await tapedeck;
    const frames = [];
    const began = performance.now();
    let last = began;
    await new Promise((done) => {
        const frame = (now) => {
            frames.push(now - last);
            last = now;
            film.select(Math.round(((1 - Math.cos((now - began) / 400)) / 2) * film.reel.last));
            now - began < 3000 ? requestAnimationFrame(frame) : done();
        };
        requestAnimationFrame(frame);
    });
    return frames.slice(1);
}"""


class Measure(NamedTuple):
    """One thing that is measured, and what it is to reach."""

    what: str
    target: float
    unit: str
    more_is_better: bool = False


KEY = Measure("T = 42: key to paint", 100, "ms")
FIRST_CLICK = Measure("T = 42: click on Run to first paint", 100, "ms")
FIRST = Measure("T = 42: request to first paint", 100, "ms")
LAST_CLICK = Measure("T = 1000: click on Run to last paint", 500, "ms")
LAST = Measure("T = 1000: request to last paint", 500, "ms")
SCRUB = Measure("T = 1000: scrubbing, median of 3 s", 50, "frames/s", more_is_better=True)
PLAY = Measure("T = 1000: playing at 8×, median of 3 s", 50, "frames/s", more_is_better=True)
SCRUB_TASK = Measure("T = 1000: longest task while scrubbing", 50, "ms")
PLAY_TASK = Measure("T = 1000: longest task while playing", 50, "ms")
FILM = Measure("L = 20: request to the last trace of a film", 1000, "ms")
FILM_SCRUB = Measure("L = 20: scrubbing the film, median of 3 s", 50, "frames/s", more_is_better=True)
MANY = Measure("T = 1000, 5 + 5 heads: request to last paint", 1500, "ms")
MANY_SCRUB = Measure("T = 1000, 5 + 5 heads: scrubbing, median of 3 s", 50, "frames/s", more_is_better=True)
MANY_TASK = Measure("T = 1000, 5 + 5 heads: longest task while scrubbing", 50, "ms")
MEMORY = Measure("T = 2002, N = 1024: memory of the page", 150, "MB")
MEASURES = [KEY, FIRST_CLICK, FIRST, LAST_CLICK, LAST, SCRUB, SCRUB_TASK, PLAY, PLAY_TASK, FILM, FILM_SCRUB]
OTHERS = [MANY, MANY_SCRUB, MANY_TASK, MEMORY]


def main(rounds: int) -> None:
    found: dict[Measure, list[float]] = {measure: [] for measure in (*MEASURES, *OTHERS)}
    with opened() as deck:
        for turn in range(rounds):
            for measure, value in _round(deck, turn):
                found[measure].append(value)
    with TemporaryDirectory() as folder:
        shutil.copy(ApiSettings().checkpoints / f"copy-1{SUFFIX}", folder)
        write_machine(Path(folder), "five-and-five", several_heads(5))
        with opened(Path(folder)) as deck:
            for turn in range(rounds):
                for measure, value in _others(deck, turn):
                    found[measure].append(value)
    table = Table("what", "to reach", "best", "median", "worst", "", title=f"the page, {rounds} rounds")
    for measure, values in found.items():
        table.add_row(*_row(measure, values))
    Console(width=WIDTH).print(table)


def _round(deck: Deck, turn: int) -> Iterator[tuple[Measure, float]]:
    page = deck.page
    yield from _keys(deck)
    _run(deck, random_rows(SHORT, 0.5, turn))
    yield FIRST_CLICK, page.evaluate(SINCE, ["bench:click", "first-paint"])
    yield FIRST, page.evaluate(SINCE, ["tapedeck:run", "first-paint"])
    _run(deck, random_rows(LONG, 0.5, turn))
    yield LAST_CLICK, page.evaluate(SINCE, ["bench:click", "last-paint"])
    yield LAST, page.evaluate(SINCE, ["tapedeck:run", "last-paint"])
    yield from _frames(page, SCRUB, SCRUB_TASK)
    yield from _frames(page, PLAY, PLAY_TASK)
    yield from _film(deck, turn)


def _others(deck: Deck, turn: int) -> Iterator[tuple[Measure, float]]:
    deck.choose_machine("five-and-five")
    _run(deck, random_rows(LONG, 0.5, turn))
    yield MANY, deck.page.evaluate(SINCE, ["tapedeck:run", "last-paint"])
    yield from _frames(deck.page, MANY_SCRUB, MANY_TASK)
    deck.set_locations(1024)
    deck.choose_machine("copy, seed 1")
    _run(deck, random_rows(LARGE, 0.5, turn))
    deck.wait_deck("({ tape, trace }) => tape.origins.done === trace.steps")
    yield MEMORY, _megabytes(deck.page)
    deck.set_locations(None)


def _megabytes(page: Page) -> float:
    """Objects and the buffers behind arrays, after what is garbage is gone; not the pictures on the screen."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    usage = session.send("Runtime.getHeapUsage")
    return float(usage["usedSize"] + usage["backingStorageSize"]) / 1e6


def _keys(deck: Deck) -> Iterator[tuple[Measure, float]]:
    """One key more, of a text that runs as it is typed, from the key to the picture of it."""
    deck.see("Text", TYPED[:-1])
    deck.page.evaluate(PAINT)
    deck.page.locator(FIELDS["Text"]).press_sequentially(TYPED[-1])
    deck.page.evaluate("painted")
    yield KEY, deck.page.evaluate(SINCE, ["bench:key", "first-paint"])


def _run(deck: Deck, rows: list[str]) -> None:
    """As a person does it: types, sees how long that is and, of what is short, what comes of it, presses Run."""
    deck.write("Bits", " ".join(rows))
    deck.wait_typed()
    deck.wait_deck("({ typed, root }) => !typed && root.dataset.state === 'done'")
    expect(deck.summary).to_contain_text(f"{len(rows):,} vectors")
    deck.page.evaluate(PAINT)
    deck.press_run()
    deck.page.evaluate("painted")


def _film(deck: Deck, turn: int) -> Iterator[tuple[Measure, float]]:
    """All checkpoints of the shipped series, on a sequence of its own."""
    page = deck.page
    page.get_by_role("link", name="Learn").click()
    deck.wait_deck(FILM_WHOLE)  # of the sequence before
    deck.run_bits(random_rows(SHORT, 0.5, turn))
    deck.wait_deck(FILM_WHOLE)
    yield FILM, page.evaluate(SINCE, ["tapedeck:run", "film"])
    yield FILM_SCRUB, 1000 / statistics.median(page.evaluate(FILM_FRAMES))
    page.get_by_role("link", name="Play", exact=True).click()


def _frames(page: Page, rate: Measure, longest: Measure) -> Iterator[tuple[Measure, float]]:
    told = page.evaluate(FRAMES, rate is not PLAY)
    yield rate, 1000 / statistics.median(told["frames"])
    yield longest, max(told["long"], default=0)


def _row(measure: Measure, values: list[float]) -> list[str]:
    best, worst = (max, min) if measure.more_is_better else (min, max)
    middle = statistics.median(values)
    reached = middle >= measure.target if measure.more_is_better else middle <= measure.target
    sign = "≥" if measure.more_is_better else "≤"
    figures = [f"{figure(values):.0f} {measure.unit}" for figure in (best, statistics.median, worst)]
    return [measure.what, f"{sign} {measure.target:.0f} {measure.unit}", *figures, "✓" if reached else "✕"]


@contextmanager
def opened(machines: Path | None = None) -> Iterator[Deck]:
    """A page on the machines of a folder, or on those that ship, which lies still."""
    server = Server(machines or ApiSettings().checkpoints)
    server.start()
    try:
        with sync_playwright() as playwright:
            browser = launch(playwright)
            context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
            deck = Deck(context.new_page(), server.url, sockets=False)
            deck.open()
            deck.wait_done()
            deck.page.evaluate(CLICKS)
            yield deck
            browser.close()
    finally:
        server.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
