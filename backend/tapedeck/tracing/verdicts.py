"""What became of a run that is over, in its task's own words."""

from __future__ import annotations

from tapedeck.parts import Parts, whole
from tapedeck.tasks import Diagnosis, Witness, task_as_heard
from tapedeck.tracing.engine import Run
from tapedeck.tracing.trace import Trace

PART_NUMBERS = 2_000_000
"""Of a trace, gone over in one part: some 10 ms."""


def witness_of(run: Run) -> Witness | None:
    """Who will say what became of the run; None where nobody can."""
    return task_as_heard(run.machine.spec, run.task).witness(run.machine, run.episode, run.initial.memory)


def verdict(run: Run, trace: Trace) -> Diagnosis | None:
    """What became of a run that is over; None where nobody can say."""
    return whole(verdict_in_parts(run, trace))


def verdict_in_parts(run: Run, trace: Trace) -> Parts[Diagnosis | None]:
    """The same, in parts."""
    witness = witness_of(run)
    if witness is None:
        return None
    steps = max(1, PART_NUMBERS // trace.layout.row_length)
    for start in range(0, trace.steps, steps):
        part = slice(start, start + steps)
        witness.see(start, trace.layout.arrays(trace.rows[part]), trace.wrong[part])
        yield
    return (yield from witness.verdict())
