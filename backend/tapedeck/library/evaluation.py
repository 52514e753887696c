"""How well machines do, side by side: what was counted, as an object that becomes a table, a figure or a file.

As JSON, for `tapedeck card` and for other programs:

    {
      "command": "tapedeck evaluate copy-1 …", or null where no command does it again,
      "versions": {"tapedeck": …, "python": …, "numpy": …, "torch": …},
      "plan": {"lengths": [...], "sizes": {"length": [...]}, "patterns": [...], "sequences": 100, "locations": null,
               "seed": 1},
      "machines": [{"label": …, "checkpoint": …, "sha256": …, "recipe": …}],
      "results": [{"label": …, "checkpoint": …, "sha256": …, **Result}]
    }

Each number of a result's size stands under its name: `length`, `items` … Only a plan of lengths has `lengths`.

As CSV, a row for each result, which repeats what the rows share: a table has no other place for it.
"""

from __future__ import annotations

import csv
import io
import os
import platform
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, SupportsIndex, cast

import numpy as np
import orjson
import torch

from tapedeck import __version__
from tapedeck.checkpoints import CheckpointInfo
from tapedeck.checkpoints.files import StrPath, write_atomically
from tapedeck.dependencies import needed
from tapedeck.errors import FileUnwritable, InvalidConfiguration, InvalidLocations, shown
from tapedeck.figures.forms import check_place
from tapedeck.library.inputs import whole_number
from tapedeck.library.machine import Machine, load
from tapedeck.tasks import Task, check_task
from tapedeck.training.evaluation import AnyResult, Plan, Result
from tapedeck.training.evaluation import evaluate as evaluate_one

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

FIRST_COLUMNS = ("label", "checkpoint", "sha256")
"""Before the numbers of the size."""

WRONG_BITS = ("exact", "exact_share", "bits", "wrong_bits", "bit_error_rate", "low", "high", "margin")
PREDICTIONS = ("bits", "cost", "optimum", "excess", "low", "high")
"""What is counted, by the measure of the task; `low` and `high` are the 95 % confidence interval."""

BY_SEQUENCE = "_by_sequence"
"""What the names end in of numbers that a result has for each sequence."""

LAST_COLUMNS = ("seed", "tapedeck", "python", "numpy", "torch", "recipe")

SUFFIXES = (".json", ".csv", ".html")

SHA256_SHOWN = 8
"""Digits of a machine's hash that tell it from another of its name."""


@dataclass(frozen=True, repr=False)
class Evaluation:
    """What machines were evaluated on, and what came out. `evaluate` makes one.

    Attributes:
        machines: what is known about each, by its label: its id, or what tells it from another of that id.
        plan: sizes, patterns, sequences, locations and seed.
        results: of each machine by its label, by size and then by pattern.
        command: that counts the same again; None where there is none.
    """

    machines: Mapping[str, CheckpointInfo]
    plan: Plan
    results: Mapping[str, Sequence[AnyResult]]
    command: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Of a row (the machine, each number of the size, pattern, locations, sequences, and what was counted)."""
        wrong_bits = isinstance(next(iter(self.results.values()))[0], Result)
        shape = ("pattern", "locations", "sequences")
        return (*FIRST_COLUMNS, *self.plan.sizes, *shape, *(WRONG_BITS if wrong_bits else PREDICTIONS))

    def rows(self) -> Iterator[dict[str, Any]]:
        """A row for each result, by column: rates and shares from 0 to 1, costs in bits."""
        for label, results in self.results.items():
            info = self.machines[label]
            first = dict(zip(FIRST_COLUMNS, (label, info.id, info.sha256), strict=True))
            for result in results:
                found = {**first, **result.document(), "low": result.interval.low, "high": result.interval.high}
                yield {name: found[name] for name in self.columns}

    def to_frame(self) -> pd.DataFrame:
        """The rows as a pandas DataFrame.

        Raises:
            ModuleNotFoundError: pandas is not installed (`pip install 'tapedeck[frames]'`).
        """
        frame: pd.DataFrame = needed("pandas").DataFrame(self.rows(), columns=[*self.columns])
        return frame

    def document(self) -> dict[str, Any]:
        """What there is to keep, as plain JSON, see above."""
        machines = [
            {"label": label, "checkpoint": info.id, "sha256": info.sha256, "recipe": info.origin.get("recipe")}
            for label, info in self.machines.items()
        ]
        named = {each["label"]: {key: each[key] for key in FIRST_COLUMNS} for each in machines}
        lengths = {"lengths": self.plan.sizes["length"]} if list(self.plan.sizes) == ["length"] else {}
        return {
            "command": self.command,
            "versions": versions(),
            "plan": lengths | asdict(self.plan),
            "machines": machines,
            "results": [named[label] | result.document() for label, each in self.results.items() for result in each],
        }

    def table(self) -> str:
        """The same as CSV, with what each sequence had."""
        shared = versions() | {"seed": self.plan.seed}
        documents = [result.document() for each in self.results.values() for result in each]
        counts = [name for name in documents[0] if name.endswith(BY_SEQUENCE)]
        out = io.StringIO()
        writer = csv.DictWriter(out, (*self.columns, *counts, *LAST_COLUMNS), lineterminator="\n")
        writer.writeheader()
        for row, document in zip(self.rows(), documents, strict=True):
            recipe = self.machines[row["label"]].origin.get("recipe")
            own = {name: " ".join(map(str, document[name])) for name in counts}
            writer.writerow(row | own | shared | {"recipe": orjson.dumps(recipe).decode() if recipe else ""})
        return out.getvalue()

    def plot(self) -> go.Figure:
        """What was counted against the size, a line for each machine and pattern, with its 95 % intervals.

        Raises:
            ModuleNotFoundError: Plotly is not installed (`pip install 'tapedeck[figures]'`).
        """
        figure: go.Figure = needed("tapedeck.figures.evaluation").figure(self.results, self.document())
        return figure

    def page(self) -> str:
        """That figure as one HTML page, which works offline and holds the document."""
        page: str = needed("tapedeck.figures.evaluation").page(self.results, self.document())
        return page

    def save(self, path: StrPath) -> Path:
        """Writes a file in the form that its suffix says: `.json` the document, `.csv` the table, `.html` the page.

        Raises:
            FileUnwritable: another suffix, or the file cannot be written there.
        """
        path = Path(path)
        if path.suffix not in SUFFIXES:
            raise FileUnwritable(f"path is {path}; it must end in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}.")
        check_place(path)
        write_atomically(path, self.encoded(path.suffix))
        return path

    def encoded(self, suffix: str) -> bytes:
        """The bytes of a file of that form, one of SUFFIXES."""
        if suffix == ".json":
            return orjson.dumps(self.document())
        return (self.table() if suffix == ".csv" else self.page()).encode()

    def __repr__(self) -> str:
        rates = "; ".join(
            f"{label}: {results[0].measure.title} "
            + ", ".join(f"{result.rate:.2g} ({_at(result)})" for result in list(results)[:_MOST_TOLD])
            + (" …" if len(results) > _MOST_TOLD else "")
            for label, results in self.results.items()
        )
        return f"<Evaluation {rates}>"


_MOST_TOLD = 6
"""Results of a machine that its text names."""


def evaluate(
    machines: Machine | StrPath | Iterable[Machine | StrPath],
    *,
    sizes: Mapping[str, SupportsIndex | Iterable[SupportsIndex]] | None = None,
    patterns: str | Iterable[str] = "random",
    sequences: SupportsIndex = 100,
    locations: SupportsIndex | None = None,
    seed: SupportsIndex = 1,
    executor: Executor | None = None,
) -> Evaluation:
    """Counts how often machines of one task err on examples that they have not seen, as `tapedeck evaluate` does.

    Args:
        machines: one or several, or what `load` takes for them.
        sizes: the value or values of each number that makes an example longer, such as {"length": (10, 20, 126)};
            every combination is evaluated. The task's own where this is None.
        patterns: kinds of sequences (`tapedeck.training.patterns`), for a task that has any.
        sequences: examples of each size and pattern, at least 1.
        locations: N; each machine's own where it is None.
        seed: of the examples, which are the same for every machine.
        executor: where the parts are computed, such as a `concurrent.futures.ProcessPoolExecutor`; here, where it is
            None. It stays open. What a script registered, other processes know only if they register it as well.

    Raises:
        InvalidConfiguration: no machine, machines of different tasks, a size or pattern that the task does not have, or
            something else where a whole number should be.
        InvalidLocations: the machine cannot run on so many locations.
        NonFinite: the numbers of a machine overflow.
    """
    single = isinstance(machines, str | os.PathLike | Mapping) or not isinstance(machines, Iterable)
    given: list[Any] = [machines] if single else [*cast("Iterable[Machine | StrPath]", machines)]
    loaded = [load(each) for each in given]
    named = zip(given, loaded, strict=True)
    found = labelled(
        [os.fspath(each) if isinstance(each, str | os.PathLike) else machine.id for each, machine in named], loaded
    )
    task = one_task(found)
    plan = Plan(
        {size.name: size.values for size in task.sizes} if sizes is None else _sizes(sizes),
        _names(patterns),
        whole_number(sequences, "sequences", InvalidConfiguration),
        None if locations is None else whole_number(locations, "locations", InvalidLocations),
        whole_number(seed, "seed", InvalidConfiguration),
    )
    results: dict[str, list[AnyResult]] = {label: [] for label in found}
    for label, result in evaluated(found, plan, executor):
        results[label].append(result)
    return Evaluation({label: machine.info for label, machine in found.items()}, plan, results)


def evaluated(
    machines: Mapping[str, Machine], plan: Plan, executor: Executor | None = None
) -> Iterator[tuple[str, AnyResult]]:
    """Each result with the label of its machine, in order, as soon as it is known.

    Raises:
        As `evaluate`.
    """
    for machine in machines.values():
        plan.sizes_of(check_task(machine.task))  # raises before anything is run
    if executor is None:
        for label, machine in machines.items():
            for result in evaluate_one(machine.module, machine.task, plan):
                yield label, result
        return
    waiting = [
        (label, executor.submit(_count, (machine.module, machine.task, part)))
        for label, machine in machines.items()
        for part in plan.split(check_task(machine.task))
    ]
    try:
        for label, future in waiting:
            yield label, future.result()
    finally:
        for _, future in waiting:
            future.cancel()


def _count(part: tuple[Any, str, Plan]) -> AnyResult:
    """One part of a plan, in whatever process; what it needs is one argument, which no executor takes for its own."""
    machine, task, plan = part
    torch.set_num_threads(1)  # the machines are too small for more to help
    return next(evaluate_one(machine, task, plan))


@contextmanager
def side_by_side(processes: int) -> Iterator[Executor | None]:
    """So many processes of this machine to count in, until the end of the block; None for one, which needs no other.

    They are forked from one that has imported what they need, so that only the first of them waits for it.
    """
    if processes == 1:
        yield None
        return
    context = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")
    if context.get_start_method() == "forkserver":
        context.set_forkserver_preload([__name__])
    executor = ProcessPoolExecutor(processes, mp_context=context)
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


def labelled(names: Sequence[str], machines: Iterable[Machine]) -> dict[str, Machine]:
    """The machines by what tells them apart: their ids; where two share one, what they were named as; where they share
    that too, the beginning of their SHA-256 beside it. The same machine named twice is once.

    Raises:
        InvalidConfiguration: there is none.
    """
    found = {(name, machine.info.sha256): machine for name, machine in zip(names, machines, strict=True)}
    if not found:
        raise InvalidConfiguration("Give at least one machine to evaluate, got none.", field="machines")
    ids = Counter(machine.id for machine in found.values())
    named = Counter(name for name, _ in found)

    def label(name: str, sha256: str, machine: Machine) -> str:
        if ids[machine.id] == 1:
            return machine.id
        return name if named[name] == 1 else f"{name} ({sha256[:SHA256_SHOWN]})"

    return {label(name, sha256, machine): machine for (name, sha256), machine in found.items()}


def one_task(machines: Mapping[str, Machine]) -> Task[Any]:
    """What all of the machines were trained on.

    Raises:
        InvalidConfiguration: they were not trained on the same.
        InvalidRequest: this version does not know it.
    """
    tasks = {machine.task: label for label, machine in [*machines.items()][::-1]}
    if len(tasks) > 1:
        (one, first), (other, second), *_ = list(tasks.items())[::-1]
        raise InvalidConfiguration(
            f"{first} was trained on {one} and {second} on {other}; evaluate machines of one task at a time."
        )
    return check_task(next(iter(tasks)))


def _sizes(given: object) -> dict[str, tuple[int, ...]]:
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise InvalidConfiguration(
            f'sizes must be values by name, such as {{"length": (10, 20)}}, got {shown(given)}.', field="sizes"
        )
    return {name: tuple(_values(name, values)) for name, values in given.items()}


def _values(name: str, values: SupportsIndex | Iterable[SupportsIndex]) -> Iterator[int]:
    single = isinstance(values, str) or not isinstance(values, Iterable) or getattr(values, "ndim", 1) == 0
    for value in [values] if single else cast("Iterable[SupportsIndex]", values):
        yield whole_number(value, name, InvalidConfiguration)


def _names(given: object) -> tuple[str, ...]:
    names = (given,) if isinstance(given, str) or not isinstance(given, Iterable) else tuple(given)
    for name in names:
        if not isinstance(name, str):
            raise InvalidConfiguration(f"patterns must be names, got {shown(name)}.", field="patterns")
    return names


def versions() -> dict[str, str]:
    """Of what has a part in the numbers."""
    return {
        "tapedeck": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "torch": torch.__version__,
    }


def _at(result: AnyResult) -> str:
    size = ", ".join(f"{name} {value:,}" for name, value in result.size.items())
    return size if result.pattern == "random" else f"{size}, {result.pattern}"
