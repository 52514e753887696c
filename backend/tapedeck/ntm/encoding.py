"""How a machine hears a task where it was trained on another laying out of it than this project's: data, not code.

A task (`tapedeck.tasks`) applies it. The bits of a vector are the machine's channels of kind `bit`, in their order;
every other channel hears, or says, what the task's channel of the same name does, and nothing where it has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tapedeck.errors import InvalidConfiguration, quoted
from tapedeck.ntm.rules import check_choice, check_number, check_whole


@dataclass(frozen=True, slots=True)
class Stretch:
    """Steps of an episode that are one of its phases.

    Attributes:
        name: of the phase.
        of: the task's phase whose steps these are; None for a single step of this machine's own.
        marks: the input channel that is 1 in a step of its own.
        hears: the task's phase that is heard again meanwhile, from its first step on.
        leaves_off: so many of the last steps are not played.
    """

    name: str
    of: str | None = None
    marks: str | None = None
    hears: str | None = None
    leaves_off: int = 0

    def __post_init__(self) -> None:
        if not self.name.strip() or (self.of is None) == (self.marks is None):
            raise InvalidConfiguration(
                f"stretch {quoted(self.name)} must have a name and either a phase of the task or a mark.",
                field="stretches",
            )
        check_whole("leaves_off", self.leaves_off, 0)


@dataclass(frozen=True, slots=True)
class CountScale:
    """A count R is heard as (R − mean) / deviation."""

    mean: float = 0.0
    deviation: float = 1.0

    def __post_init__(self) -> None:
        check_number("mean", self.mean)
        check_number("deviation", self.deviation, least=1e-6)


@dataclass(frozen=True, slots=True)
class Encoding:
    """Where a machine's episodes differ from the task's own.

    Attributes:
        stretches: all phases in their order; none where they are the task's.
        count: how a count is heard; None for the task's way.
        sorts: what a sort puts in order: whole vectors by their priority, or, as a program that sorted its tensor along
            time taught its machine, the bits of each channel by themselves.
        sorted_share: of n vectors so many come out sorted, rounded; None for the task's share.
    """

    stretches: tuple[Stretch, ...] = ()
    count: CountScale | None = None
    sorts: Literal["vectors", "channels"] = "vectors"
    sorted_share: float | None = None

    def __post_init__(self) -> None:
        check_choice("sorts", self.sorts, ("vectors", "channels"))
        names = [stretch.name for stretch in self.stretches]
        if len(set(names)) < len(names):
            raise InvalidConfiguration("every stretch must have a name of its own.", field="stretches")
        if self.sorted_share is not None:
            check_number("sorted_share", self.sorted_share, least=0)
            if not 0 < self.sorted_share <= 1:
                raise InvalidConfiguration(
                    f"sorted_share must be above 0 and at most 1, got {self.sorted_share:g}.", field="sorted_share"
                )
