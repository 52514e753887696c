"""Counting how well machines do: several side by side, here or in the processes of an executor."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing
from typing import Any, SupportsIndex, cast

from tapedeck.checkpoints.files import StrPath
from tapedeck.errors import InvalidConfiguration, InvalidLocations, shown
from tapedeck.executing import in_order, outcomes
from tapedeck.library.evaluation import Evaluation
from tapedeck.library.inputs import whole_number
from tapedeck.library.machine import Machine, load
from tapedeck.ntm.threads import one_thread
from tapedeck.tasks import Task, check_task
from tapedeck.training.evaluation import AnyResult, Plan
from tapedeck.training.evaluation import evaluate as evaluate_one

SHA256_SHOWN = 8
"""Digits of a machine's hash that tell it from another of its name."""


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
        executor: where the parts are computed: `tapedeck.executing.workers`, any of `concurrent.futures`, or that of a
            Dask client, `client.get_executor(pure=False)`; here, where it is None. It stays open. What a script
            registered, other processes know only if they register it as well.

    Raises:
        InvalidConfiguration: no machine, machines of different tasks, a size or pattern that the task does not have, or
            something else where a whole number should be.
        InvalidLocations: the machine cannot run on so many locations.
        NonFinite: the numbers of a machine overflow.
        WorkerLost, ClusterError: whoever computed a part died, or the cluster was lost.
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
    parts = [
        (label, machine.module, machine.task, part)
        for label, machine in machines.items()
        for part in plan.split(check_task(machine.task))
    ]
    found = outcomes(executor, _count, (part for _, *part in parts))
    with closing(found):
        for (label, *_), outcome in zip(parts, in_order(found), strict=True):
            yield label, outcome.result()


def _count(part: Sequence[Any]) -> AnyResult:
    """One part of a plan (a machine, its task, and the plan), in whatever process."""
    machine, task, plan = part
    with one_thread():  # the machines are too small for more to help
        return next(evaluate_one(machine, task, plan))


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
