"""What became of a priority sort: which vector came out where, what is out of order, and which bits are wrong.

Vectors and ranks are counted from 1, as people count what they type; steps from 0, as the axes do.
"""

from __future__ import annotations

from collections import Counter
from enum import StrEnum

from tapedeck.ntm import MachineSpec
from tapedeck.parts import Parts
from tapedeck.tasks.episode import THRESHOLD, Episode
from tapedeck.tasks.verdicts.diagnosis import Diagnosis, Mark
from tapedeck.tasks.verdicts.ranking import Ranking, kendall
from tapedeck.tasks.verdicts.witness import Flags, Witness, counted

CHANCE = 0.25
"""The least rate of wrong bits at which nothing was learned. Guessing has 0.5."""

KNOWN = 0.5
"""The least share of steps at which some vector that was heard comes out, of a machine that sorts."""

MOST_DIGITS = 9
"""Of a priority, after the point: most that differ do so within these."""


class Kind(StrEnum):
    """What became of a priority sort, or of one step of it."""

    EXACT = "exact"
    UNTRAINED = "untrained"
    """what comes out is not even the vectors that were heard"""
    SWAPPED = "swapped"
    """two vectors, each in the place of the other"""
    OUT_OF_ORDER = "out_of_order"
    """a vector in the place of another one"""
    NOT_DUE = "not_due"
    """a vector whose priority is too low for it to come out at all"""
    DAMAGED = "damaged"
    """the right vector with some bits wrong"""
    WRONG = "wrong"
    """no vector that was heard"""


class PrioritySortWitness(Witness):
    """Judges by what came out."""

    def __init__(self, spec: MachineSpec, episode: Episode) -> None:
        super().__init__(spec, episode)
        (heard,) = (phase for phase in episode.phases if phase.role == "input")
        bits = episode.bits
        inputs = episode.inputs[heard.start : heard.stop].float().numpy()
        (priority,) = (at for at, channel in enumerate(spec.inputs) if channel.kind == "priority")
        self._ranking = Ranking(inputs[:, :bits] > THRESHOLD, inputs[:, priority])
        self._start = episode.scored.start
        self._count = episode.scored.stop - self._start

    def verdict(self) -> Parts[Diagnosis]:
        """By what most of the wrong steps suffer from."""
        yield from ()
        said: Flags = self.outputs[self._start : self._start + self._count, : self._ranking.heard.shape[1]]
        steps = self.wrong_steps
        if not steps:
            vectors = f"The {self._count:,} vectors" if self._count > 1 else "The vector"
            return Diagnosis(
                Kind.EXACT,
                None,
                None,
                f"{vectors} of the highest {'priorities' if self._count > 1 else 'priority'} came out in order: all "
                f"{said.size:,} bits are right.",
            )
        came = [self._ranking.came(rank, said[rank]) for rank in range(self._count)]
        known = sum(item is not None for item in came) / self._count
        rate = int(self.wrong.sum()) / said.size
        if known < KNOWN and rate >= CHANCE:
            return Diagnosis.of_all(
                Kind.UNTRAINED,
                steps,
                f"This machine has not learned to sort: {100 * rate:.0f} % of the bits came out wrong, and most of "
                "what came out is no vector that was heard.",
            )
        kinds = {step - self._start: self._kind(step - self._start, came) for step in steps}
        most = Counter(kinds.values()).most_common(1)[0][0]
        marks = tuple(Mark(self._start + rank, kind) for rank, kind in kinds.items())
        return Diagnosis(most, steps[0], None, self._sentence(kinds, came), marks)

    def _kind(self, rank: int, came: list[int | None]) -> Kind:
        item = came[rank]
        if item is None:
            return Kind.WRONG
        other = int(self._ranking.ranks[item])
        if other == rank:
            return Kind.DAMAGED
        if other >= self._count:
            return Kind.NOT_DUE
        return Kind.SWAPPED if came[other] == self._ranking.order[rank] else Kind.OUT_OF_ORDER

    def _sentence(self, kinds: dict[int, Kind], came: list[int | None]) -> str:
        """How many are right, then each trouble by the first step that has it."""
        told = []
        for kind in Kind:
            ranks = [rank for rank, each in kinds.items() if each is kind]
            if ranks:
                told.append(self._told(kind, ranks, came))
        right = f"{self._count - len(kinds):,} of {counted(self._count, 'vector')} came out right"
        tau = kendall([int(self._ranking.ranks[item]) for item in came if item is not None])
        order = "" if tau is None else f"; Kendall’s τ of the order is {tau:.2f}".replace("-", "−")
        bits = f"{int(self.wrong.sum()):,} of {counted(self.episode.scored_bits, 'bit')} are wrong{order}."
        return f"{right}: {'; '.join(told)}. {bits}"

    def _told(self, kind: Kind, ranks: list[int], came: list[int | None]) -> str:
        rank, item = ranks[0], came[ranks[0]]
        right = int(self._ranking.order[rank])
        if kind is Kind.DAMAGED:
            wrong = int(self.wrong[[self._start + each for each in ranks]].sum())
            which = f"vector {right + 1:,}" if len(ranks) == 1 else f"{len(ranks):,} vectors"
            return f"{which} came with {counted(wrong, 'wrong bit')}"
        if item is None:
            where = f"place {rank + 1:,}" if len(ranks) == 1 else f"{len(ranks):,} places"
            return f"what came at {where} is no vector that was heard"
        if kind is Kind.SWAPPED:
            high, low = _apart(*(float(self._ranking.priorities[each]) for each in (right, item)))
            one = f"vectors {right + 1:,} and {item + 1:,}, of priorities {high} and {low}, are swapped"
            more = len(ranks) // 2 - 1
            return one + (f", and {more:,} other pair{'s' if more > 1 else ''}" if more > 0 else "")
        place = int(self._ranking.ranks[item]) + 1
        if kind is Kind.NOT_DUE:
            one = f"vector {item + 1:,}, of rank {place:,} and to be left out, came at place {rank + 1:,}"
        else:
            one = f"vector {item + 1:,} came at place {rank + 1:,}, not {place:,}"
        more = len(ranks) - 1
        return one + (f", and {more:,} more like it" if more else "")


def _apart(high: float, low: float) -> tuple[str, str]:
    """Two priorities, with as many digits as tell them apart."""
    for digits in range(2, MOST_DIGITS + 1):
        told = f"{high:.{digits}f}", f"{low:.{digits}f}"
        if told[0] != told[1]:
            break
    return told[0].replace("-", "−"), told[1].replace("-", "−")
