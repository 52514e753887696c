"""What is wrong at a single step of a copy: why the vector that should have come out did not.

Looked at in this order, because each is judged by what the ones before it take for granted: is the machine looking at
one place at all (blur)? is the vector still there (overwritten)? is it the vector's place (slip, duplication)? is what
is there the vector's alone (overwritten, blur)? can it come out (dead channel)?
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import numpy as np

from tapedeck.ntm import DELIMITERS
from tapedeck.parts import Parts
from tapedeck.tasks.episode import THRESHOLD
from tapedeck.tasks.verdicts.copy.evidence import Evidence, Origin
from tapedeck.tasks.verdicts.copy.recall import Recall
from tapedeck.tasks.verdicts.witness import FOCUSED, Flags

PURE = 0.9
"""The least share of what is read that a vector needs to have of it, for nothing else to be to blame."""

INDEPENDENT = 1e-6
"""Weights of an output channel this small, against the greatest of all channels, do not let anything through."""

CHANCE = 0.25
"""The least rate of bits decoded wrong, 0s and 1s counting alike, at which nothing was learned. Guessing has 0.5."""


PART_NUMBERS = 500_000
"""T · W of the vectors that are examined in one part: each needs up to some 20 ns."""


class Kind(StrEnum):
    """What became of a copy, or of one step of it."""

    EXACT = "exact"
    """every bit came back right"""
    UNTRAINED = "untrained"
    """what the machine writes for a vector is not that vector, wherever it is read"""
    DEAD_CHANNEL = "dead_channel"
    """an output bit is the same whatever is read"""
    WRAP_AROUND = "wrap_around"
    """more writes than locations: the write head came all the way round (N < L + 2)"""
    OVERWRITTEN = "overwritten"
    """another write on the vector's place, though there was room"""
    SLIP = "slip"
    """the read is on another place than the vector"""
    DUPLICATION = "duplication"
    """the same, since a vector was read twice: the read head stayed where it should have moved on"""
    BLUR = "blur"
    """a weighting is spread over many locations, so that what is read is a mixture"""
    WRONG = "wrong"
    """none of these"""


class Symptom(NamedTuple):
    """What is wrong with the recall of one vector."""

    kind: Kind
    vector: int
    """Its number in the sequence, from 0"""
    origin: Origin | None = None
    """Whose what stood at its place was, where that was looked at"""


class Decoding(NamedTuple):
    """How well what was written for the vectors would read as those vectors, if it were read from the right place."""

    dead: Flags
    """[bits], output bits that are the same whatever is read, and so wrong now and then"""
    error_rate: float
    """Of the other output bits: the mean of the rate among 0s and the rate among 1s"""


def decode_writes(evidence: Evidence) -> Decoding:
    """Decodes each add vector of the input by the output layer alone, as far as the locations reach.

    From there on a machine that has learned to copy may read and write anything.
    """
    recall, bits, first = evidence.recall, evidence.bits, slice(max(1, evidence.locations - DELIMITERS))
    vectors = evidence.targets[recall.read_at[first], :bits]
    added = evidence.add_vectors[recall.written_at[first]].astype(np.float64)
    decoded = evidence.layer.decode(added)[:, :bits] > THRESHOLD
    wrong = decoded != vectors
    reach = np.abs(evidence.layer.weight).max(axis=1)[:bits]
    constant = wrong.any(axis=0) & (reach <= INDEPENDENT * reach.max())
    stuck = wrong.any(axis=0) & (decoded == decoded[:1]).all(axis=0)
    # An untrained machine's bits are all stuck. One is dead among others only where those show that they live.
    rest = ~(constant | stuck)
    alive = bool((decoded & vectors)[:, rest].any()) and _error_rate(wrong[:, rest], vectors[:, rest]) < CHANCE
    dead = constant | stuck if alive else constant
    return Decoding(dead, _error_rate(wrong[:, ~dead], vectors[:, ~dead]))


def examine(evidence: Evidence, dead: Flags) -> Parts[list[Symptom]]:
    """One for every vector that did not come back right, in order."""
    recall, focused, wrong = evidence.recall, is_focused(evidence), evidence.wrong[evidence.recall.read_at]
    vectors_of_a_part = max(1, PART_NUMBERS // evidence.add_vectors.size)
    found = list[Symptom]()
    for done, vector in enumerate(np.flatnonzero(wrong.any(axis=1)).tolist(), start=1):
        wrong_though_alive = bool((wrong[vector] & ~dead).any())
        found.append(
            _symptom(evidence, recall, vector, wrong_though_alive) if focused[vector] else Symptom(Kind.BLUR, vector)
        )
        if done % vectors_of_a_part == 0:
            yield
    return found


def first_displaced(evidence: Evidence) -> Symptom | None:
    """The first vector whose read missed its place, even where the same bits stood at the other one by chance."""
    missed = np.flatnonzero(is_focused(evidence) & (evidence.recall.offset != 0))
    return Symptom(_displacement(evidence.recall, int(missed[0])), int(missed[0])) if len(missed) else None


def is_focused(evidence: Evidence) -> Flags:
    """[L], where both heads had a place: the write head when it wrote the vector, the read head when it read it."""
    read, written = evidence.read.peak[evidence.recall.read_at], evidence.write.peak[evidence.recall.written_at]
    focused: Flags = (read >= FOCUSED) & (written >= FOCUSED)
    return focused


def _symptom(evidence: Evidence, recall: Recall, vector: int, wrong_though_alive: bool) -> Symptom:  # noqa: FBT001
    step, place = int(recall.read_at[vector]), int(recall.written[vector])
    origin = evidence.origin(place, step, int(recall.written_at[vector]))
    # Most of what is not the vector's was written by steps with their focus here, not smeared by others in passing.
    overwritten = origin.others >= (1 - origin.own) / 2
    if overwritten and origin.own < FOCUSED:
        return Symptom(Kind.OVERWRITTEN, vector, origin)
    if recall.offset[vector]:
        return Symptom(_displacement(recall, vector), vector, origin)
    if not wrong_though_alive:
        return Symptom(Kind.DEAD_CHANNEL, vector, origin)
    if overwritten and origin.own < PURE:
        return Symptom(Kind.OVERWRITTEN, vector, origin)
    if origin.own * evidence.read.peak[step] < PURE:
        return Symptom(Kind.BLUR, vector, origin)
    return Symptom(Kind.WRONG, vector, origin)


def _displacement(recall: Recall, vector: int) -> Kind:
    """A vector is read twice where the read head, so far on the right place, stays there."""
    twice = vector > 0 and recall.offset[vector - 1] == 0 and recall.read[vector] == recall.read[vector - 1]
    return Kind.DUPLICATION if twice else Kind.SLIP


def _error_rate(wrong: Flags, vectors: Flags) -> float:
    rates = [float(wrong[vectors == bit].mean()) for bit in (False, True) if (vectors == bit).any()]
    return sum(rates) / len(rates) if rates else 0.0
