"""How fast scrubbing, playing and films are, in a headless Chromium on loopback: `python -m tests.bench.page [ROUNDS]`.

The median counts; other work on the machine only ever makes it slower, and the best round says how much.
"""

from __future__ import annotations

import shutil
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from tapedeck.api.settings import ApiSettings
from tapedeck.checkpoints import SUFFIX
from tests.bench.paint import FILM_WHOLE, LONG, film, run
from tests.bench.tape_page import TapePage, opened
from tests.made_machines import several_heads, write_machine

ROUNDS = 5
WIDTH = 112
LARGE = 1000
"""Vectors of 2002 steps."""

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


SCRUB = Measure("T = 1000: scrubbing, median of 3 s", 50, "frames/s", more_is_better=True)
PLAY = Measure("T = 1000: playing at 8×, median of 3 s", 50, "frames/s", more_is_better=True)
SCRUB_TASK = Measure("T = 1000: longest task while scrubbing", 50, "ms")
PLAY_TASK = Measure("T = 1000: longest task while playing", 50, "ms")
FILM = Measure("L = 20: request to the last trace of a film of 26", 150, "ms")
FILM_SCRUB = Measure("L = 20: scrubbing the film, median of 3 s", 50, "frames/s", more_is_better=True)
MANY = Measure("T = 1000, 5 + 5 heads: press on Run to the last paint", 1500, "ms")
MANY_SCRUB = Measure("T = 1000, 5 + 5 heads: scrubbing, median of 3 s", 50, "frames/s", more_is_better=True)
MANY_TASK = Measure("T = 1000, 5 + 5 heads: longest task while scrubbing", 50, "ms")
MEMORY = Measure("T = 2002, N = 1024: memory of the page", 150, "MB")
MEASURES = [SCRUB, SCRUB_TASK, PLAY, PLAY_TASK, FILM, FILM_SCRUB]
OTHERS = [MANY, MANY_SCRUB, MANY_TASK, MEMORY]


def main(rounds: int) -> None:
    found: dict[Measure, list[float]] = {measure: [] for measure in (*MEASURES, *OTHERS)}
    with opened() as page:
        for turn in range(rounds):
            for measure, value in _round(page, turn):
                found[measure].append(value)
    with TemporaryDirectory() as folder:
        shutil.copy(ApiSettings().checkpoints / f"copy-1{SUFFIX}", folder)
        write_machine(Path(folder), "five-and-five", several_heads(5))
        with opened(Path(folder)) as page:
            for turn in range(rounds):
                for measure, value in _others(page, turn):
                    found[measure].append(value)
    table = Table("what", "to reach", "best", "median", "worst", "", title=f"the page, {rounds} rounds")
    for measure, values in found.items():
        table.add_row(*_row(measure, values))
    Console(width=WIDTH).print(table)


def _round(page: TapePage, turn: int) -> Iterator[tuple[Measure, float]]:
    run(page, LONG, turn)
    yield from _frames(page, SCRUB, SCRUB_TASK)
    yield from _frames(page, PLAY, PLAY_TASK)
    yield from _film(page, turn)


def _others(page: TapePage, turn: int) -> Iterator[tuple[Measure, float]]:
    page.choose("five-and-five")
    yield MANY, run(page, LONG, turn)
    yield from _frames(page, MANY_SCRUB, MANY_TASK)
    page.type("#locations", "1024")
    page.choose("copy-1")
    run(page, LARGE, turn)
    page.wait("({ tape, trace }) => tape.origins.done === trace.steps")
    yield MEMORY, _megabytes(page)
    page.type("#locations", "")


def _megabytes(page: TapePage) -> float:
    """Objects and the buffers behind arrays, after what is garbage is gone; not the pictures on the screen."""
    page.tab.send("HeapProfiler.collectGarbage")
    usage = page.tab.send("Runtime.getHeapUsage")
    return float(usage["usedSize"] + usage["backingStorageSize"]) / 1e6


def _film(page: TapePage, turn: int) -> Iterator[tuple[Measure, float]]:
    """All checkpoints of the shipped series, on a sequence of its own."""
    yield FILM, film(page, turn)
    page.go("Learn")
    page.wait(FILM_WHOLE)
    yield FILM_SCRUB, 1000 / statistics.median(page.evaluate(FILM_FRAMES))
    page.go("Play")


def _frames(page: TapePage, rate: Measure, longest: Measure) -> Iterator[tuple[Measure, float]]:
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


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
