"""Whether a machine runs compiled, now: decided here for runs and evaluations alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tapedeck.compiled import settings
from tapedeck.compiled.fitness import FITNESS, uncovered
from tapedeck.compiled.loading import KERNELS
from tapedeck.compiled.settings import EngineChoice
from tapedeck.ntm import NeuralTM

NOT_READY = "the compiled engine is not ready yet"
NOT_MEASURED = "this machine was not compared with the compiled engine yet"


def why_not(machine: NeuralTM, task: str, steps: int) -> str | None:
    """Why torch takes so many steps; None where the compiled engine does.

    It never waits, but where TAPEDECK_ENGINE says so: what is missing is made in the background.
    """
    if settings.read().engine == EngineChoice.COMPILED:
        return why_not_after_all(machine, task)
    problem = KERNELS.problem or uncovered(machine)
    if problem is not None:
        return problem
    if not KERNELS.worth(steps):
        return NOT_READY
    found = FITNESS.found(machine)
    if found is not None:
        return found.problem
    FITNESS.measure_soon(machine, task)
    return NOT_MEASURED if KERNELS.ready else NOT_READY


def decides_at_once(machine: NeuralTM) -> bool:
    """Whether `why_not` makes nothing first, which takes from a tenth of a second to many."""
    ready = KERNELS.problem is not None or (KERNELS.ready and FITNESS.found(machine) is not None)
    return ready or settings.read().engine != EngineChoice.COMPILED


def why_not_after_all(machine: NeuralTM, task: str) -> str | None:
    """The same, of work that is worth waiting for the kernels."""
    problem = KERNELS.problem or uncovered(machine)
    if problem is not None:
        return problem
    return FITNESS.measure(machine, task).problem if KERNELS.load() else KERNELS.problem


def counts_compiled(machine: NeuralTM, task: str, *, worth_waiting: bool) -> bool:
    """Whether the compiled engine counts what a machine gets wrong: where every sampled run of it agreed.

    What an evaluation says decides between machines, and is compared with one of another day.
    """
    reason = why_not_after_all(machine, task) if worth_waiting else why_not(machine, task, 0)
    found = FITNESS.found(machine)
    return reason is None and found is not None and found.steady


def prepare_all(machines: Iterable[tuple[NeuralTM, str]]) -> None:
    """Makes the kernels ready in the background, and then compares them with torch on each machine and its task."""
    if KERNELS.problem is None:
        KERNELS.begin()
        waiting = iter(machines)
        KERNELS.in_background(lambda: _measure_next(waiting))


def _measure_next(waiting: Iterator[tuple[NeuralTM, str]]) -> None:
    """One machine, and then the next one, so that a process that ends waits for one alone."""
    found = next(waiting, None) if KERNELS.ready else None
    if found is not None:
        if uncovered(found[0]) is None:
            FITNESS.measure(*found)
        KERNELS.in_background(lambda: _measure_next(waiting))
