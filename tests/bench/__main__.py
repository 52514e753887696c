"""How fast the machine runs and trains here, on one core: `make bench`."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial

import torch
from rich.console import Console
from rich.table import Table

from tapedeck.ntm import NeuralTM
from tapedeck.tracing import prepare
from tests.bench import training

REPEATS = 7
LENGTHS = (20, 499)
"""L of the runs that are measured: 42 and 1000 steps."""

BATCH = 64


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(1)
    machine = NeuralTM().eval().requires_grad_(requires_grad=False)
    table = Table("what", "steps", "ms a run", "µs a step", title=f"median of {REPEATS}, one core")
    for length in LENGTHS:
        run = prepare(machine, "copy", torch.randint(0, 2, (length, 8)).float())
        _add(table, "recorded (trace)", run.episode.steps, run.trace)
        _add(table, "machine alone", run.episode.steps, partial(_forward, machine, run.episode.inputs))
    batch = torch.randint(0, 2, (42, BATCH, 10)).float()
    _add(table, f"machine alone, batch of {BATCH}, a sequence", 42 * BATCH, partial(_forward, machine, batch))
    Console().print(table)
    training.main()


def _forward(machine: NeuralTM, inputs: torch.Tensor) -> None:
    with torch.inference_mode():
        machine(inputs)


def _add(table: Table, what: str, steps: int, run: Callable[[], object]) -> None:
    run()  # the first one warms up
    seconds = statistics.median(_timed(run) for _ in range(REPEATS))
    table.add_row(what, f"{steps:,}", f"{1e3 * seconds:.1f}", f"{1e6 * seconds / steps:.0f}")


def _timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
