"""Which runs have a verdict in words: a task's own, of the machines that it knows how to judge."""

from __future__ import annotations

from tapedeck.tracing.diagnosis import Diagnosis, diagnose_in_parts
from tapedeck.tracing.engine import Run
from tapedeck.tracing.evidence import Witness
from tapedeck.tracing.output import OutputLayer
from tapedeck.tracing.parts import Parts, whole
from tapedeck.tracing.trace import Trace


def witness_of(run: Run) -> Witness | None:
    """Who will say what became of the run; None where nobody can."""
    return Witness.of(run) if _has_verdict(run) else None


def verdict(run: Run, trace: Trace) -> Diagnosis | None:
    """What became of a run that is over; None where nobody can say."""
    return whole(verdict_in_parts(run, trace))


def verdict_in_parts(run: Run, trace: Trace) -> Parts[Diagnosis | None]:
    """The same, in parts."""
    if not _has_verdict(run):
        return None
    return (yield from diagnose_in_parts(trace, OutputLayer.of(run.machine)))


def _has_verdict(run: Run) -> bool:
    """A copy is judged by what one head wrote and another read, through an output layer that sees nothing else."""
    spec = run.machine.spec
    return run.task == "copy" and len(spec.heads) == 2 and spec.output.terms == ("reads",)
