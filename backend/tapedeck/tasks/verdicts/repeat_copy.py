"""What became of a repeat copy: how many repeats came out, whether it stopped in time, and what went wrong first.

Vectors and repeats are counted from 1, as people count what they type; steps and locations from 0, as the axes do.
Dimensions: L vectors, R repeats, B bits of a vector.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from tapedeck.ntm import MachineSpec
from tapedeck.parts import Parts
from tapedeck.tasks.episode import THRESHOLD, Episode
from tapedeck.tasks.verdicts.diagnosis import Diagnosis, Mark
from tapedeck.tasks.verdicts.witness import FOCUSED, Witness, counted

CHANCE = 0.25
"""The least rate of wrong bits, 0s and 1s counting alike, at which nothing was learned. Guessing has 0.5."""

KNOWN = 0.5
"""The least share of steps at which some vector of the sequence comes out, whichever, of a machine that repeats."""


class Kind(StrEnum):
    """What became of a repeat copy, or of one step of it."""

    EXACT = "exact"
    UNTRAINED = "untrained"
    """what comes out is not even the vectors that were heard"""
    STOPPED_EARLY = "stopped_early"
    """the end marker after fewer repeats"""
    WENT_ON = "went_on"
    """another repeat instead of the end marker"""
    END_MARKER = "end_marker"
    """the end marker at another step, or not at all"""
    SLIP = "slip"
    """another vector than the one whose turn it is"""
    BLUR = "blur"
    """a weighting of the read head that is spread over many locations"""
    WRONG = "wrong"
    """none of these"""


class RepeatCopyWitness(Witness):
    """Judges by what came out; where one head reads, by where it was, too."""

    def __init__(self, spec: MachineSpec, episode: Episode) -> None:
        super().__init__(spec, episode)
        recall, self._bits = episode.scored, episode.mask.shape[1] - 1
        self._start, self._last = recall.start, recall.stop - recall.start - 1
        expected = (episode.targets[recall.start : recall.stop, : self._bits] > THRESHOLD).numpy()
        (heard,) = (phase for phase in episode.phases if phase.role == "input")
        self._length = heard.stop - heard.start
        self._repeats = self._last // self._length
        self._expected, self._sequence = expected, expected[: self._length]

    def verdict(self) -> Parts[Diagnosis]:
        """By the first step that went wrong."""
        yield from ()
        steps = self.wrong_steps
        if not steps:
            return Diagnosis(Kind.EXACT, None, None, self._exact())
        kind, sentence = self._first_wrong(steps[0] - self._start)
        of_bits = set(np.flatnonzero(self.wrong[:, : self._bits].any(axis=1)).tolist())
        other = Kind.WRONG if kind is Kind.END_MARKER else kind
        marks = tuple(Mark(step, other if step in of_bits else _marker(kind)) for step in steps)
        return Diagnosis(kind, steps[0], None, sentence, marks)

    def _exact(self) -> str:
        vectors = "The vector" if self._length == 1 else f"The {self._length:,} vectors"
        bits = self.episode.scored_bits
        return f"{vectors} came out {counted(self._repeats, 'time')}, then the end marker: all {bits:,} bits are right."

    def _first_wrong(self, first: int) -> tuple[Kind, str]:
        """What went wrong at a step of the recall, the first."""
        marker = np.flatnonzero(self.outputs[self._start :, self._bits])
        if len(marker) and marker[0] == first < self._last:
            return self._marked(first)
        if (rate := self._unlearned()) is not None:
            return Kind.UNTRAINED, (
                f"This machine has not learned to repeat: {100 * rate:.0f} % of the bits came out wrong, and most of "
                "what came out is no vector of the sequence."
            )
        if first == self._last:
            return self._not_stopped()
        return self._displaced(first)

    def _marked(self, first: int) -> tuple[Kind, str]:
        whole, vector = divmod(first, self._length)
        came = f"the end marker came at step {self._start + first}, not at step {self._start + self._last}"
        if vector == 0:
            after = f"after {whole:,} of {self._repeats:,} repeats" if whole else "before the first repeat"
            return Kind.STOPPED_EARLY, f"The machine stopped {after}: {came}."
        return Kind.END_MARKER, f"{came.capitalize()}: in the midst of repeat {whole + 1:,} of {self._repeats:,}."

    def _not_stopped(self) -> tuple[Kind, str]:
        came, step = f"All {counted(self._repeats, 'repeat')} came out", self._start + self._last
        if self._repeats == 1:
            came = "The repeat came out"
        if self.outputs[step, self._bits]:
            return Kind.WRONG, f"{came}, and the end marker with 1s beside it, at step {step}."
        if self._sequence[0].any() and (self.outputs[step, : self._bits] == self._sequence[0]).all():
            return Kind.WENT_ON, f"{came}, but then another one began, at step {step}, instead of the end marker."
        return Kind.END_MARKER, f"{came}, but the end marker did not, at step {step}."

    def _displaced(self, first: int) -> tuple[Kind, str]:
        repeat, vector = divmod(first, self._length)
        step = self._start + first
        said = self.outputs[step, : self._bits]
        same = np.flatnonzero((self._sequence == said).all(axis=1))
        turn = f"vector {vector + 1:,} of repeat {repeat + 1:,}"
        right = f"{self._whole():,} of {counted(self._repeats, 'repeat')} came out right"
        if place := self._place(repeat, vector):
            kind, why = place
            return kind, f"{right}. At step {step}, {turn}, the read head {why}."
        if len(same) == 1:
            return Kind.SLIP, f"{right}. At step {step} vector {same[0] + 1:,} came out instead of {turn}."
        wrong = counted(int(self.wrong[step].sum()), "bit")
        return Kind.WRONG, f"{right}. The first to go wrong is {turn}, at step {step}, with {wrong} wrong."

    def _place(self, repeat: int, vector: int) -> tuple[Kind, str] | None:
        """Where the only read head was, against where it was in the first repeat, which came out right."""
        readers = self.spec.read_heads
        if repeat == 0 or len(readers) != 1:
            return None
        read = self.heads[readers[0].name]
        step, before = (self._start + each * self._length + vector for each in (repeat, 0))
        if read.peak[before] < FOCUSED:
            return None
        if read.peak[step] < FOCUSED:
            return Kind.BLUR, f"had at most {float(read.peak[step]):.2f} of its weighting on one location"
        if read.location[step] == read.location[before]:
            return None
        return Kind.SLIP, (
            f"was on location {read.location[step]}, not on {read.location[before]}, where the first repeat read it"
        )

    def _whole(self) -> int:
        """Repeats without a wrong bit."""
        wrong = self.wrong[self._start : self._start + self._last].any(axis=1)
        return int((~wrong.reshape(self._repeats, self._length).any(axis=1)).sum())

    def _unlearned(self) -> float | None:
        """The rate of wrong bits of a machine that does not repeat at all."""
        said = self.outputs[self._start : self._start + self._last, : self._bits]
        expected = self._expected[: self._last]
        known = (said[:, np.newaxis] == self._sequence).all(axis=2).any(axis=1).mean()
        wrong = said != expected
        rates = [float(wrong[expected == bit].mean()) for bit in (False, True) if (expected == bit).any()]
        return sum(rates) / len(rates) if known < KNOWN and sum(rates) / len(rates) >= CHANCE else None


def _marker(kind: Kind) -> Kind:
    """The trouble of a step at which the end marker alone is wrong."""
    return kind if kind in (Kind.STOPPED_EARLY, Kind.WENT_ON) else Kind.END_MARKER
