"""What became of associative recall: the right item, another one of the list, or none of them.

Items and bits are counted from 1, as people count what they type; steps and locations from 0, as the axes do.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from tapedeck.ntm import MachineSpec
from tapedeck.parts import Parts
from tapedeck.tasks.episode import THRESHOLD, Episode, Phase
from tapedeck.tasks.verdicts.diagnosis import Diagnosis
from tapedeck.tasks.verdicts.witness import FOCUSED, Flags, Focused, Ints, Witness, counted

CLOSE, NEAR = 1 / 9, 1 / 6
"""The greatest share of wrong bits with which another item, or the right one, is still said to have come out."""

LAGS = (-1, 0, 1, 2)
"""So many steps after it was heard, a vector may be written: an LSTM holds it that long at most."""


class Kind(StrEnum):
    """What became of associative recall."""

    EXACT = "exact"
    AMBIGUOUS = "ambiguous"
    """the item after another one that is like the one asked with"""
    WRONG_ITEM = "wrong_item"
    """another item of the list"""
    DAMAGED = "damaged"
    """the right item with some bits wrong"""
    NO_ITEM = "no_item"
    """no item of the list"""


class AssociativeRecallWitness(Witness):
    """Judges by what came out; where one head wrote and another read, by where they were, too."""

    def __init__(self, spec: MachineSpec, episode: Episode) -> None:
        super().__init__(spec, episode)
        bits = episode.bits
        heard = (episode.inputs[:, :bits] > THRESHOLD).numpy()
        expected = (episode.targets > THRESHOLD).numpy()
        self._phases = [phase for phase in episode.phases if phase.role == "input"]
        (query,) = (phase for phase in episode.phases if phase.role == "query")
        self._recall = episode.scored
        self._items = np.stack([heard[_steps(phase)].ravel() for phase in self._phases])
        self._query = heard[_steps(query)]
        answer, asked = expected[_steps(self._recall)].ravel(), self._query.ravel()
        follows = (self._items[:-1] == asked).all(axis=1) & (self._items[1:] == answer).all(axis=1)
        self._right = int(follows.argmax()) + 1

    def verdict(self) -> Parts[Diagnosis]:
        """By the item that is nearest to what came out."""
        yield from ()
        wrong = int(self.wrong.sum())
        said = self.outputs[_steps(self._recall), : self.episode.bits].ravel()
        if not wrong:
            query = " ".join("".join(map(str, vector)) for vector in self._query.astype(int))
            return Diagnosis(
                Kind.EXACT, None, None, f"The item after “{query}” came out, {said.size} of {said.size} bits."
            )
        away = (self._items != said).sum(axis=1)
        nearest = int(away.argmin())
        if away[self._right] == away[nearest] <= NEAR * said.size:
            kind, sentence = (
                Kind.DAMAGED,
                f"Item {self._right + 1} came out with {_of(wrong, said)} wrong{self._doubt()}.",
            )
        elif away[nearest] <= CLOSE * said.size:
            kind, sentence = self._another(nearest, int(away[nearest]))
        else:
            kind = Kind.NO_ITEM
            sentence = f"What came out is no item of the list, {_of(wrong, said)} are wrong{self._doubt()}."
        return Diagnosis.of_all(kind, self.wrong_steps, sentence)

    def _another(self, item: int, away: int) -> tuple[Kind, str]:
        but = f", but for {counted(away, 'bit')}," if away else ""
        came = f"Item {item + 1} came out{but} instead of item {self._right + 1}"
        if item and (self._items[item - 1] == self._query.ravel()).all():
            return Kind.AMBIGUOUS, (
                f"{came}: items {min(item, self._right)} and {max(item, self._right)} are alike, so either may follow."
            )
        places = self._read_where_written(item)
        if places is None:
            return Kind.WRONG_ITEM, f"{came}."
        return Kind.WRONG_ITEM, (
            f"{came}: the read head looked up the wrong item, on locations {', '.join(map(str, places[:-1]))} and "
            f"{places[-1]}, where item {item + 1} was written."
        )

    def _pair(self) -> tuple[Focused, Focused] | None:
        """The head that writes and the one that reads; None of a machine that has more."""
        kinds = {head.kind: self.heads[head.name] for head in self.spec.heads}
        return (kinds["write"], kinds["read"]) if len(self.heads) == len(kinds) == 2 else None

    def _doubt(self) -> str:
        """Where the read head had no place, as the end of a sentence."""
        pair = self._pair()
        if pair is None:
            return ""
        peaks = pair[1].peak[_steps(self._recall)]
        at = int(peaks.argmin())
        if peaks[at] >= FOCUSED:
            return ""
        return (
            f": the read head was on no location, with at most {float(peaks[at]):.2f} of its weighting on one at step "
            f"{self._recall.start + at}"
        )

    def _read_where_written(self, item: int) -> list[int] | None:
        """The locations of the recall, where they are those on which the vectors of an item were written, in order."""
        pair = self._pair()
        if pair is None or (pair[1].peak[_steps(self._recall)] < FOCUSED).any():
            return None
        places = pair[1].location[_steps(self._recall)]
        written = self._last_writes(pair[0], places)
        lags = written - np.arange(self._phases[item].start, self._phases[item].stop)
        return places.tolist() if (lags == lags[0]).all() and lags[0] in LAGS else None

    def _last_writes(self, writer: Focused, places: Ints) -> Ints:
        """The last step before the recall at which a place was written to; far off where there was none."""
        before = slice(0, self._recall.start)
        on: Flags = (writer.location[before] == places[:, np.newaxis]) & (writer.peak[before] >= FOCUSED)
        last = on.shape[1] - 1 - on[:, ::-1].argmax(axis=1)
        found: Ints = np.where(on.any(axis=1), last, -on.shape[1])
        return found


def _steps(phase: Phase) -> slice:
    return slice(phase.start, phase.stop)


def _of(wrong: int, said: Flags) -> str:
    return f"{wrong} of {counted(said.size, 'bit')}"
