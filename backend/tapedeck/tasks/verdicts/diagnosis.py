"""The verdict on a run, as every task gives it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple


class Mark(NamedTuple):
    """A step at which wrong bits came out."""

    step: int
    kind: str


@dataclass(frozen=True)
class Diagnosis:
    """The verdict on a run.

    Attributes:
        kind: what became of it, or the first trouble that a good part of the wrong steps suffer from: `exact`, or a
            word of the task's own.
        first_wrong_step: the first at which a wrong bit came out; None where none did.
        offset: of a copy, from the location where a vector was written to the one where the read head looked for it,
            the shorter way round the memory, at the first vector that it missed; > 0 is too far. None where that is
            not the trouble.
        sentence: for people.
        marks: every step at which wrong bits came out, each with its own trouble.
    """

    kind: str
    first_wrong_step: int | None
    offset: int | None
    sentence: str
    marks: tuple[Mark, ...] = ()

    @classmethod
    def of_all(cls, kind: str, wrong_steps: Iterable[int], sentence: str) -> Diagnosis:
        """One trouble at all steps that came out wrong, at least one."""
        marks = tuple(Mark(step, kind) for step in wrong_steps)
        return cls(kind, marks[0].step, None, sentence, marks)

    def document(self) -> dict[str, Any]:
        """As plain JSON: {"kind", "first_wrong_step", "offset", "sentence", "marks": [{"step", "kind"}, …]}."""
        return {
            "kind": str(self.kind),
            "first_wrong_step": self.first_wrong_step,
            "offset": self.offset,
            "sentence": self.sentence,
            "marks": [{"step": step, "kind": str(kind)} for step, kind in self.marks],
        }
