"""What became of a run: an exact copy, or why not, with the step at which it first goes wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np

from tapedeck.tracing import sentences
from tapedeck.tracing.engine import Frame
from tapedeck.tracing.evidence import Evidence, Witness
from tapedeck.tracing.output import OutputLayer
from tapedeck.tracing.parts import Parts, whole
from tapedeck.tracing.symptoms import CHANCE, FOCUSED, Kind, Symptom, decode_writes, examine, first_displaced
from tapedeck.tracing.trace import Trace

DISPLACED = (Kind.SLIP, Kind.DUPLICATION)

PART_NUMBERS = 2_000_000
"""Of a trace, gone over in one part: some 10 ms."""

SUSTAINED = 0.25
"""The least share of the wrong steps that a trouble needs to have for the run to be called after it."""


class Mark(NamedTuple):
    """A step at which wrong bits came out."""

    step: int
    kind: Kind


@dataclass(frozen=True)
class Diagnosis:
    """The verdict on a run.

    Attributes:
        kind: the first trouble that a good part of the wrong steps suffer from; see `Kind`.
        first_wrong_step: the first at which a wrong bit came out; None where none did.
        offset: from the location where a vector was written to the one where the read head looked for it, the shorter
            way round the memory, at the first vector that it missed; > 0 is too far. None where that is not the
            trouble.
        sentence: for people.
        marks: every step at which wrong bits came out, each with its own trouble.
    """

    kind: Kind
    first_wrong_step: int | None
    offset: int | None
    sentence: str
    marks: tuple[Mark, ...] = ()

    def document(self) -> dict[str, Any]:
        """As plain JSON: {"kind", "first_wrong_step", "offset", "sentence", "marks": [{"step", "kind"}, …]}."""
        return {**asdict(self), "marks": [mark._asdict() for mark in self.marks]}


def diagnose(trace: Trace, layer: OutputLayer) -> Diagnosis:
    """The verdict on a recorded run of the machine with this output layer."""
    return whole(diagnose_in_parts(trace, layer))


def diagnose_in_parts(trace: Trace, layer: OutputLayer) -> Parts[Diagnosis]:
    """The same, in parts."""
    witness = Witness(trace.layout, trace.phases, trace.initial, layer)
    steps = max(1, PART_NUMBERS // trace.layout.row_length)
    for start in range(0, trace.steps, steps):
        witness.see(Frame(start, trace.rows[start : start + steps]), trace.wrong[start : start + steps])
        yield
    return (yield from judge(witness.evidence()))


def judge(evidence: Evidence) -> Parts[Diagnosis]:
    """The verdict on what was seen of a run."""
    wrong_steps = np.flatnonzero(evidence.wrong.any(axis=1)).tolist()
    if not wrong_steps:
        return Diagnosis(Kind.EXACT, None, None, sentences.exact(evidence))
    if not len(evidence.recall.read_at):
        return _all(Kind.WRONG, wrong_steps, sentences.no_copy(evidence))
    decoded = decode_writes(evidence)
    if decoded.error_rate >= CHANCE:
        return _all(Kind.UNTRAINED, wrong_steps, sentences.untrained(decoded.error_rate))
    found = yield from examine(evidence, decoded.dead)
    kind, example = _verdict(evidence, found)
    offset = int(evidence.recall.offset[example.vector]) if example.kind in DISPLACED else None
    sentence = sentences.SENTENCES[kind](evidence, example, decoded)
    marks = tuple(Mark(int(evidence.recall.read_at[each.vector]), each.kind) for each in found)
    return Diagnosis(kind, wrong_steps[0], offset, sentence, marks)


def _all(kind: Kind, wrong_steps: list[int], sentence: str) -> Diagnosis:
    return Diagnosis(kind, wrong_steps[0], None, sentence, tuple(Mark(step, kind) for step in wrong_steps))


def _verdict(evidence: Evidence, found: list[Symptom]) -> tuple[Kind, Symptom]:
    """What is to blame, with the first example of it."""
    trouble = [Kind.SLIP if each.kind in DISPLACED else each.kind for each in found]
    first = _first_that_counts(trouble)
    if first is not Kind.DEAD_CHANNEL and _came_round(evidence):
        telling: list[Kind] = [each for each in trouble if each in (Kind.OVERWRITTEN, Kind.SLIP)]
        return Kind.WRAP_AROUND, found[trouble.index(_first_that_counts(telling or trouble))]
    example = found[trouble.index(first)]
    if first is Kind.SLIP:
        example = first_displaced(evidence) or example
    return example.kind, example


def _first_that_counts(trouble: list[Kind]) -> Kind:
    """What comes first brings on what follows, unless it is a mere moment of a run that goes wrong in another way."""
    counts = Counter(trouble)  # in the order of their first steps
    least = min(SUSTAINED * len(trouble), max(counts.values()))
    return next(kind for kind, count in counts.items() if count >= least)


def _came_round(evidence: Evidence) -> bool:
    """More writes before the recall than locations, by a write head that was focused as far as these reached."""
    writes, locations = evidence.phases[-1].start, evidence.locations
    return writes > locations and float(np.median(evidence.write.peak[:locations])) >= FOCUSED
