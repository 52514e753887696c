"""The sentence of a diagnosis: what happened, where and when, for someone who has just met the machine.

Vectors and bits are counted from 1, as people count what they type; steps and locations from 0, as the axes do.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tapedeck.tasks.verdicts.copy.evidence import Evidence
from tapedeck.tasks.verdicts.copy.recall import circular
from tapedeck.tasks.verdicts.copy.symptoms import Decoding, Kind, Symptom, is_focused
from tapedeck.tasks.verdicts.witness import FOCUSED, Focused, Ints, counted


def exact(evidence: Evidence) -> str:
    """Every bit came back right."""
    recall, bits = evidence.recall, _scored_bits(evidence)
    came_back = f"All {bits:,} bits came back right" if bits > 1 else "The bit came back right"
    if not len(recall.read_at):
        return f"{came_back}."
    if is_focused(evidence).all() and not recall.offset.any():
        return f"{came_back}: every vector was read from the location where it was written."
    return f"{came_back}, though not every vector was read from the location where it was written."


def no_copy(evidence: Evidence) -> str:
    """Wrong bits in a run of which nothing more is known."""
    return f"{int(evidence.wrong.sum()):,} of {_scored_bits(evidence):,} bits came out wrong."


def untrained(error_rate: float) -> str:
    """What the machine writes is not what it was given."""
    return (
        f"This machine has not learned to copy: {_percent(error_rate)} of the bits that it writes to memory would come "
        "out wrong even if every vector were read from its own place."
    )


def _dead_channel(evidence: Evidence, _: Symptom, decoded: Decoding) -> str:
    dead = [str(bit + 1) for bit in np.flatnonzero(decoded.dead)]
    if len(dead) == 1:
        value = int(evidence.outputs[evidence.recall.read_at, int(dead[0]) - 1].any())
        return f"Output bit {dead[0]} is always {value}, whatever is read, so every {1 - value} in it is lost."
    return f"Output bits {', '.join(dead[:-1])} and {dead[-1]} never change, whatever is read."


def _wrap_around(evidence: Evidence, example: Symptom, _: Decoding) -> str:
    writes, vectors = evidence.phases[-1].start, len(evidence.recall.read_at)
    return (
        f"The memory has {evidence.locations:,} locations, but {counted(vectors, 'vector')} between two delimiters "
        f"take {writes:,}: the write head came all the way round, and {_consequence(evidence, example)}."
    )


def _consequence(evidence: Evidence, example: Symptom) -> str:
    recall, vector = evidence.recall, example.vector
    step, written, read = int(recall.read_at[vector]), int(recall.written[vector]), int(recall.read[vector])
    again = evidence.later_writes(written, int(recall.written_at[vector]), step)
    if example.kind is Kind.OVERWRITTEN and len(again):
        then = "before it read it" if again[0] == step else f"which step {step} should read"
        return f"step {again[0]} wrote over vector {vector + 1} on location {written}, {then}"
    if evidence.read.peak[step] < FOCUSED:
        return f"the read head no longer finds vector {vector + 1}: at step {step} it {_spread(evidence.read, step)}"
    if recall.offset[vector]:
        return (
            f"the read head lost its way: at step {step} it is on location {read}, but vector {vector + 1} was written "
            f"at location {written}"
        )
    return f"vector {vector + 1}, which step {step} should read, was damaged"


def _overwritten(evidence: Evidence, example: Symptom, _: Decoding) -> str:
    recall, vector, origin = evidence.recall, example.vector, example.origin
    assert origin is not None  # noqa: S101 - looked at before this verdict
    written_at, place, step = (int(of[vector]) for of in (recall.written_at, recall.written, recall.read_at))
    again = evidence.later_writes(place, written_at, step)
    if len(again):
        more = f" and {len(again) - 1:,} more" if len(again) > 1 else ""
        why = f"step {again[0]}{more} wrote over it on location {place}"
    else:
        why = f"location {place} still held what was written there before"
    return (
        f"Vector {vector + 1} is lost: {why}, so only {_percent(origin.own)} of what stands there at step {step} is "
        "its own."
    )


def _slip(evidence: Evidence, example: Symptom, _: Decoding) -> str:
    recall, vector = evidence.recall, example.vector
    offset, step = int(recall.offset[vector]), int(recall.read_at[vector])
    read, written = int(recall.read[vector]), int(recall.written[vector])
    way = f"{counted(abs(offset), 'location')} {'too far' if offset > 0 else 'short of it'}"
    return (
        f"At step {step} the read head is on location {read}, but vector {vector + 1} was written at location "
        f"{written}: it looks {way}, so another vector comes out.{_misstep(evidence, vector)}"
    )


def _misstep(evidence: Evidence, vector: int) -> str:
    """Where the write head is to blame: since a vector was last read from its place, it once did not move as usual."""
    recall, locations = evidence.recall, evidence.locations
    moves = circular(np.diff(recall.written), locations)  # moves[k]: from vector k to vector k + 1
    usual = _most_common(moves)
    in_place = np.flatnonzero(recall.offset[:vector] == 0)
    missteps = [k for k in range(in_place[-1], vector) if moves[k] != usual] if len(in_place) else []
    if not missteps:
        return ""
    first = missteps[0] + 1
    before, after, step = int(recall.written[first - 1]), int(recall.written[first]), int(recall.written_at[first])
    return (
        f" The write head had gone from location {before} to {after} at step {step}, and not on to "
        f"{(before + usual) % locations}."
    )


def _duplication(evidence: Evidence, example: Symptom, _: Decoding) -> str:
    recall, vector = evidence.recall, example.vector
    return (
        f"Vector {vector} was read twice: at step {int(recall.read_at[vector])} the read head stayed on location "
        f"{int(recall.read[vector])} and did not go on to {int(recall.written[vector])}, so what follows comes late."
    )


def _blur(evidence: Evidence, example: Symptom, _: Decoding) -> str:
    recall, vector = evidence.recall, example.vector
    step, written_at = int(recall.read_at[vector]), int(recall.written_at[vector])
    if evidence.read.peak[step] < FOCUSED:
        return (
            f"The read head {_unfocused(evidence.read, step, recall.read_at)}, so it reads a mixture of many locations."
        )
    if example.origin is None:
        return (
            f"The write head {_unfocused(evidence.write, written_at, recall.written_at)}, so vector {vector + 1} was "
            "spread over many locations."
        )
    share = example.origin.own * float(evidence.read.peak[step])
    return (
        f"Only {_percent(share)} of what was read at step {step} was vector {vector + 1}: the rest was mixed in by "
        "weightings that are spread over many locations."
    )


def _wrong(evidence: Evidence, example: Symptom, _: Decoding) -> str:
    recall, vector, origin = evidence.recall, example.vector, example.origin
    wrong = int(evidence.wrong[recall.read_at[vector]].sum())
    assert origin is not None  # noqa: S101 - looked at before this verdict
    return (
        f"At step {int(recall.read_at[vector])} the read head was on the right place, location "
        f"{int(recall.written[vector])}, and {_percent(origin.own)} of what stood there was vector {vector + 1}, but "
        f"{counted(wrong, 'bit')} of it came out on the wrong side of 0.5."
    )


SENTENCES: dict[Kind, Callable[[Evidence, Symptom, Decoding], str]] = {
    Kind.DEAD_CHANNEL: _dead_channel,
    Kind.WRAP_AROUND: _wrap_around,
    Kind.OVERWRITTEN: _overwritten,
    Kind.SLIP: _slip,
    Kind.DUPLICATION: _duplication,
    Kind.BLUR: _blur,
    Kind.WRONG: _wrong,
}
"""For each trouble that shows at single steps, the sentence about a run whose example the symptom is."""


def _unfocused(head: Focused, step: int, steps: Ints) -> str:
    """What became of a head's focus at a step, against the first of the steps that count."""
    peak, before = float(head.peak[step]), float(head.peak[steps[0]])
    if before >= FOCUSED:
        return f"lost its focus: the peak of its weighting fell from {before:.2f} to {peak:.2f} at step {step}"
    return f"has no focus: at step {step} it {_spread(head, step)}"


def _spread(head: Focused, step: int) -> str:
    return f"has at most {float(head.peak[step]):.2f} of its weighting on one location"


def _most_common(moves: Ints) -> int:
    values, counts = np.unique(moves, return_counts=True)
    return int(values[counts.argmax()]) if len(values) else 0


def _scored_bits(evidence: Evidence) -> int:
    return (evidence.phases[-1].stop - evidence.phases[-1].start) * evidence.bits


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
