"""How fast it is said here who wrote what is read: `python -m tests.bench.provenance [ROUNDS]`.

One read of the last of 1,000 steps, and the picture of all 200 reads of a run: by the functions alone, over HTTP with
the run that they explain, and on the page, whose inspector has to keep up with the frames. Other work on the machine
only ever makes it slower: the best round counts, and the median says how quiet it was.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

import httpx
import torch
from rich.console import Console
from rich.table import Table

from tapedeck.api.settings import ApiSettings
from tapedeck.checkpoints import CheckpointLibrary
from tapedeck.tracing import Trace, explain_read, prepare
from tapedeck.tracing.picture import explain_reads
from tests.bench.page import FRAMES
from tests.bench.paint import run
from tests.bench.tape_page import TapePage, opened
from tests.rows import random_rows

ROUNDS = 7
WIDTH = 112
MACHINE = "copy-1"
LONG, SHORT = 499, 99
"""Vectors of 1,000 and of 200 steps."""

ONE_MS, PICTURE_MS, FRAMES_A_SECOND = 50, 1000, 60

ON_THE_PAGE = """async (all) => {
    const { trace } = await tapedeck;
    const modules = "/_dash-component-suites/tapedeck_viewer/model/";
    const { recordedOf, sharesOf, termsOf } = await import(`${modules}provenance.mjs`);
    const recorded = recordedOf(trace);
    const began = performance.now();
    for (let step = all ? 0 : trace.steps - 1; step < trace.steps; step++) {
        sharesOf(termsOf(recorded, { step, reader: 0, channel: null }));
    }
    return performance.now() - began;
}"""


def main(rounds: int) -> None:
    torch.set_num_threads(1)
    table = Table("what", "to reach", "best", "median", title=f"provenance, {rounds} rounds")
    long, short = _trace(LONG), _trace(SHORT)
    _add(
        table,
        "T = 1000, one step: the function",
        ONE_MS,
        [_timed(lambda: explain_read(long, 999)) for _ in range(rounds)],
    )
    _add(
        table, "T = 200, T × T: the function", PICTURE_MS, [_timed(lambda: explain_reads(short)) for _ in range(rounds)]
    )
    # A client for all, because to make one takes longer than the service takes for its answer.
    with opened() as page, httpx.Client(base_url=page.url, timeout=60) as http:
        for what, target, length, step in (
            ("T = 1000, one step: POST, with its run", ONE_MS, LONG, 999),
            ("T = 200, T × T: POST, with its run", PICTURE_MS, SHORT, None),
        ):
            _add(table, what, target, [_timed(lambda: _post(http, length, step)) for _ in range(rounds)])  # noqa: B023
        for what, target, length in (
            ("T = 1000, one step: on the page", ONE_MS, LONG),
            ("T = 200, T × T: on the page", PICTURE_MS, SHORT),
        ):
            run(page, length, 1)
            _add(table, what, target, [page.evaluate(ON_THE_PAGE, length == SHORT) for _ in range(rounds)])
        _add_frames(table, page, rounds)
    Console(width=WIDTH).print(table)


def _trace(length: int) -> Trace:
    machine = CheckpointLibrary(ApiSettings().checkpoints).get(MACHINE).machine
    return prepare(machine, "copy", _sequence(length)).trace()


def _sequence(length: int) -> list[list[int]]:
    return [[int(bit) for bit in row] for row in random_rows(length, 0.5, 1)]


def _post(http: httpx.Client, length: int, step: int | None) -> Any:
    request = {
        "checkpoint": MACHINE,
        "sequence": _sequence(length),
        "locations": None,
        "interventions": [],
        "step": step,
    }
    return http.post("/api/provenance", json=request).raise_for_status().content


def _timed(do: Callable[[], object]) -> float:
    began = perf_counter()
    do()
    return 1e3 * (perf_counter() - began)


def _add(table: Table, what: str, target: int | None, milliseconds: list[float]) -> None:
    best, middle = min(milliseconds), statistics.median(milliseconds)
    table.add_row(what, f"≤ {target} ms" if target else "", f"{best:.1f} ms", f"{middle:.1f} ms")


def _add_frames(table: Table, page: TapePage, rounds: int) -> None:
    """Of a long tape with the inspector in view."""
    run(page, LONG, 1)
    page.evaluate("() => document.querySelector('#inspector').scrollIntoView({ behavior: 'instant' })")
    for what, scrubbing in (("playing at 8×", False), ("scrubbing", True)):
        rates = [1000 / statistics.median(page.evaluate(FRAMES, scrubbing)["frames"]) for _ in range(min(rounds, 3))]
        shown = [f"{figure(rates):.0f} frames/s" for figure in (max, statistics.median)]
        table.add_row(f"T = 1000, inspector in view: {what}", f"≥ {FRAMES_A_SECOND} frames/s", *shown)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
