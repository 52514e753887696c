"""How fast a step is, compiled, in torch and in a plain torch loop, in one run on one core; evaluation on all cores.

`python -m tests.bench.engine [ROUNDS]`. Ratios are of times taken in turns in one process: what else runs here slows
all of them alike.
"""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import NamedTuple

import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor

from tapedeck.api import wire
from tapedeck.checkpoints import CheckpointLibrary
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.compiled.loading import KERNELS
from tapedeck.compiled.settings import ENGINE
from tapedeck.ntm import NeuralTM
from tapedeck.parts import whole
from tapedeck.tasks import task_as_heard
from tapedeck.tracing import OutputLayer, Run, explain_step_in_parts, prepare
from tapedeck.tracing.engines import TORCH, Engine
from tapedeck.tracing.engines.compiled_engine import COMPILED
from tapedeck.training.evaluation import Plan, evaluate
from tests.bench import yardstick

ROUNDS = 7
SHORT = 0.1
"""Seconds; what takes less runs twice in its turn."""
WIDTH = 110


class Row(NamedTuple):
    """What was measured: its median, how far the middle half of the rounds lies apart, and how many times faster it is
    than what `against` names, in the same round.
    """

    name: str
    median: float
    spread: float
    unit: str
    ratio: float | None = None
    against: str | None = None
    to_reach: str | None = None


def measure(rounds: int = ROUNDS) -> list[Row]:
    """All rows; the kernels are compiled first, where they are not kept."""
    os.environ[ENGINE] = "compiled"
    assert KERNELS.load(), KERNELS.problem
    cores = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        found = [*_steps(rounds), *_scaling(rounds), *_provenance(rounds)]
    finally:
        torch.set_num_threads(cores)
    return [*found, *_evaluation(rounds, cores)]


def _steps(rounds: int) -> Iterator[Row]:
    """A step of either engine and of the yardstick, everything recorded."""
    for name, size, to_reach in (
        ("copy-1", {"length": 20}, "≥ 20"),
        ("copy-1", {"length": 499}, "≥ 20"),
        ("priority_sort-1", {"vectors": 20}, "≥ 8"),
    ):
        run = example(name, size)
        forms: dict[str, Callable[[], object]] = {
            "plain torch": partial(yardstick.run, run.machine, run.inputs),
            "torch": partial(_rows, run, TORCH),
            "compiled": partial(_rows, run, COMPILED),
        }
        times = _in_turns(forms, rounds, run.episode.steps)
        for form, taken in times.items():
            ratio = statistics.median(a / b for a, b in zip(times["plain torch"], taken, strict=True))
            of = f"a step of {name}, T = {run.episode.steps:,}: {form}"
            to = to_reach if form == "compiled" else None
            yield _row(of, taken, "µs", None if form == "plain torch" else ratio, "plain torch", to)


def _scaling(rounds: int) -> Iterator[Row]:
    """The cost of a compiled step for other T and N, against that of T = 200 and N = 128: flat in T, linear in N."""
    machine = CheckpointLibrary(SHIPPED_CHECKPOINTS).get("copy-1").machine
    runs = {f"T = {2 * length + 2:,}, N = 128": _copy(machine, length, 128) for length in (20, 99, 249, 499)}
    runs |= {f"T = 200, N = {locations:,}": _copy(machine, 99, locations) for locations in (64, 256, 512, 1024)}
    forms = {name: partial(_rows, run, COMPILED) for name, run in runs.items()}
    steps = {name: run.episode.steps for name, run in runs.items()}
    times = {name: [each / steps[name] for each in taken] for name, taken in _in_turns(forms, rounds, 1).items()}
    base = times["T = 200, N = 128"]
    for name, taken in times.items():
        ratio = statistics.median(a / b for a, b in zip(base, taken, strict=True))
        yield _row(f"a compiled step of copy-1, {name}", taken, "µs", ratio, "T = 200, N = 128")


def _provenance(rounds: int) -> Iterator[Row]:
    run = replace(example("copy-1", {"length": 499}), engine=COMPILED)
    layer, spec = OutputLayer.of(run.machine), run.machine.spec

    def explained() -> None:
        whole(explain_step_in_parts(run.trace(), run.episode.steps - 1, layer, spec))

    taken = _in_turns({"provenance": explained}, rounds, 1)["provenance"]
    milliseconds = [each / 1000 for each in taken]
    yield _row("who wrote the last of 1,000 steps, run included", milliseconds, "ms", None, None, "≤ 50 ms over HTTP")


def _evaluation(rounds: int, cores: int) -> Iterator[Row]:
    """1,000 sequences, on as many threads as torch takes."""
    machine, plan = (
        CheckpointLibrary(SHIPPED_CHECKPOINTS).get("copy-1").machine,
        Plan({"length": (20,)}, sequences=1000),
    )

    def count(engine: str) -> None:
        os.environ[ENGINE] = engine
        list(evaluate(machine, "copy", plan))

    times = _in_turns({engine: partial(count, engine) for engine in ("torch", "compiled")}, rounds, 1)
    for engine, taken in times.items():
        ratio = statistics.median(a / b for a, b in zip(times["torch"], taken, strict=True))
        name = f"evaluation of 1,000 copies of 20 vectors, {cores} threads: {engine}"
        compiled = engine == "compiled"
        to = "≤ 1.0 s" if compiled else None
        yield _row(name, [each / 1e6 for each in taken], "s", ratio if compiled else None, "torch", to)


def example(name: str, size: dict[str, int]) -> Run:
    """A random example of that size."""
    found = CheckpointLibrary(SHIPPED_CHECKPOINTS).get(name)
    task = task_as_heard(found.info.spec, found.info.task)
    example = task.sample(torch.Generator().manual_seed(1), size, 1, found.info.spec.bits)
    return prepare(found.machine, task.name, task.document(task.part(example, 0)))


def _copy(machine: NeuralTM, length: int, locations: int) -> Run:
    bits: Tensor = torch.randint(0, 2, (length, machine.spec.bits), generator=torch.Generator().manual_seed(1))
    return prepare(machine, "copy", bits.tolist(), locations)


def _rows(run: Run, engine: Engine) -> None:
    """In the stretches that a service takes."""
    for _ in wire.stretches(replace(run, engine=engine)):
        pass


def _in_turns(forms: Mapping[str, Callable[[], object]], rounds: int, steps: int) -> dict[str, list[float]]:
    """The microseconds a step of each, round by round, each form in its turn; one round before warms up.

    What is short runs twice in its turn, and the second time counts: the first one has to bring back into the
    processor's caches what the other forms have put out.
    """
    times: dict[str, list[float]] = {name: [] for name in forms}
    for _ in range(rounds + 1):
        for name, form in forms.items():
            seconds = _seconds(form)
            times[name].append(1e6 * (_seconds(form) if seconds < SHORT else seconds) / steps)
    return {name: taken[1:] for name, taken in times.items()}


def _seconds(form: Callable[[], object]) -> float:
    began = perf_counter()
    form()
    return perf_counter() - began


def _row(  # noqa: PLR0917 (the columns of the table)
    name: str, taken: list[float], unit: str, ratio: float | None, against: str | None, to_reach: str | None = None
) -> Row:
    low, middle, high = statistics.quantiles(taken, n=4)
    return Row(name, middle, high - low, unit, ratio, None if ratio is None else against, to_reach)


def main(rounds: int) -> None:
    table = Table("what", "median", "spread", "times as fast", "to reach", title=f"the engines, {rounds} rounds")
    for row in measure(rounds):
        ratio = "" if row.ratio is None else f"{row.ratio:.2f} × {row.against}"
        table.add_row(
            row.name, f"{row.median:.3g} {row.unit}", f"{row.spread:.2g} {row.unit}", ratio, row.to_reach or ""
        )
    Console(width=WIDTH).print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
