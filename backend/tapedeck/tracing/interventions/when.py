"""The steps of a run at which an intervention acts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tapedeck.errors import quoted
from tapedeck.tasks import Phase
from tapedeck.tracing.interventions.refusal import At

TIMES = ("step", "start", "stop", "phase")


def check_no_time(declared: Any, at: At) -> None:
    """Of what is changed before step 0, no time can be said."""
    for name in TIMES:
        if getattr(declared, name) is not None:
            at.refuse(f": {declared.target} is changed before step 0; leave {name} out.", name)


def steps_of(declared: Any, at: At, steps: int, phases: Sequence[Phase]) -> npt.NDArray[np.int64]:
    """[S], ascending, at least one.

    Raises:
        InvalidInterventions: the run has not these steps, or not that phase, or it is said in two ways.
    """
    said = [name for name in TIMES if getattr(declared, name) is not None]
    if ("step" in said and len(said) > 1) or ("phase" in said and len(said) > 1):
        at.refuse(f" has {' and '.join(said)}; say when in one way: step, start and stop, or phase.", said[1])
    if declared.phase is not None:
        return _of_phase(declared.phase, at, phases)
    if declared.step is not None:
        _check(declared.step, "step", at, steps - 1, steps)
        return np.array([declared.step], np.int64)
    start = 0 if declared.start is None else declared.start
    stop = steps if declared.stop is None else declared.stop
    _check(start, "start", at, steps - 1, steps)
    _check(stop, "stop", at, steps, steps)
    if start >= stop:
        at.refuse(f" starts at {start} and stops before {stop}: no step is left; stop must be greater.", "stop")
    return np.arange(start, stop, dtype=np.int64)


def _check(value: int, name: str, at: At, most: int, steps: int) -> None:
    if value > most:
        at.refuse(f": {name} is {value:,}; this run has the steps 0 to {steps - 1:,}.", name)


def _of_phase(name: str, at: At, phases: Sequence[Phase]) -> npt.NDArray[np.int64]:
    found = [np.arange(phase.start, phase.stop) for phase in phases if phase.name == name]
    if not found:
        names = ", ".join(dict.fromkeys(phase.name for phase in phases))
        at.refuse(f": this run has no phase {quoted(name)}; it has {names}.", "phase")
    together = np.concatenate(found)
    if not len(together):
        at.refuse(f": the phase {quoted(name)} of this run has no step, so nothing would be changed.", "phase")
    return together
