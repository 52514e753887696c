"""Which runs have a verdict in words: a task's own, of the machines that it knows how to judge."""

from __future__ import annotations

from tapedeck.tracing.diagnosis import Diagnosis, judge
from tapedeck.tracing.engine import Frame, Run
from tapedeck.tracing.evidence import Witness
from tapedeck.tracing.trace import Trace


def witness_of(run: Run) -> Witness | None:
    """Who will say what became of the run; None where nobody can.

    A copy is judged by what one head wrote and another read, through an output layer that sees nothing else.
    """
    spec = run.machine.spec
    plain = len(spec.heads) == 2 and spec.output.terms == ("reads",)
    return Witness.of(run) if run.task == "copy" and plain else None


def verdict(run: Run, trace: Trace) -> Diagnosis | None:
    """What became of a run that is over; None where nobody can say."""
    witness = witness_of(run)
    if witness is None:
        return None
    witness.see(Frame(0, trace.rows), trace.wrong)
    return judge(witness.evidence())
