"""The one order of everything that is recorded at a step: the columns of a trace, of an .npz and of the wire format.

What a step computes, the specification says (`tapedeck.ntm.step_fields`); what goes in and what should come out stand
before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from tapedeck.errors import InvalidRequest, quoted
from tapedeck.ntm import Field, HeadSpec, MachineSpec, step_fields
from tapedeck.ntm.activations import Range


@dataclass(frozen=True, slots=True)
class Layout:
    """The fields of one step's row, side by side in this order; the heads in acting order."""

    fields: tuple[Field, ...]
    heads: tuple[HeadSpec, ...]
    columns: tuple[tuple[Field, slice], ...] = field(init=False, repr=False, compare=False)
    """Every field with the columns that hold it"""

    def __post_init__(self) -> None:
        stops = accumulate(each.length for each in self.fields)
        found = tuple((each, slice(stop - each.length, stop)) for each, stop in zip(self.fields, stops, strict=True))
        object.__setattr__(self, "columns", found)

    @classmethod
    def of(cls, spec: MachineSpec, locations: int, *, foretold: bool = False) -> Layout:
        """The row of a machine that runs on N locations; `foretold` where an optimum stands beside what it says."""
        return _layout(spec, locations, foretold)

    @classmethod
    def _made(cls, spec: MachineSpec, locations: int, *, foretold: bool) -> Layout:
        given = (
            Field("inputs", (len(spec.inputs),), ("channel",), "input", Range(None, None), "x"),
            Field("targets", (len(spec.outputs),), ("channel",), "target", Range(0, 1), "what y should be"),
        )
        best = Field("optimum", (len(spec.outputs),), ("channel",), "optimum", Range(0, 1), "the best that y can be")
        return cls((*given, *((best,) if foretold else ()), *step_fields(spec, locations)), spec.heads)

    @property
    def row_length(self) -> int:
        """Numbers in a row."""
        _, last = self.columns[-1]
        return int(last.stop)

    @property
    def write_heads(self) -> tuple[str, ...]:
        """The names of the heads that write, in acting order."""
        return tuple(head.name for head in self.heads if head.kind == "write")

    @property
    def read_heads(self) -> tuple[str, ...]:
        """The names of the heads that read, in acting order."""
        return tuple(head.name for head in self.heads if head.kind == "read")

    def writes_before(self, read_head: str) -> int:
        """How many heads have written in a step when this one reads."""
        names = [head.name for head in self.heads]
        return sum(head.kind == "write" for head in self.heads[: names.index(read_head)])

    def read_head(self, name: str | None) -> str:
        """The head of that name, or the first that reads.

        Raises:
            InvalidRequest: no head of that name reads.
        """
        if name is None:
            return self.read_heads[0]
        if name not in self.read_heads:
            raise InvalidRequest(
                f"This machine has no read head {quoted(name[:40])}; it has {', '.join(self.read_heads)}.", field="head"
            )
        return name

    def columns_of(self, name: str) -> slice:
        """Those of the field of that name."""
        return next(where for each, where in self.columns if each.name == name)

    def arrays(self, rows: npt.NDArray[np.float32]) -> dict[str, npt.NDArray[np.float32]]:
        """Every field of some rows by name: [steps, length], a number a step as [steps]. Views, not copies."""
        return {each.name: rows[:, where] if each.shape else rows[:, where.start] for each, where in self.columns}


@lru_cache(maxsize=256)
def _layout(spec: MachineSpec, locations: int, foretold: bool) -> Layout:  # noqa: FBT001 - lru_cache counts by place
    """Made once, because a run asks for it at every frame, and it takes as long as the steps of one."""
    return Layout._made(spec, locations, foretold=foretold)  # noqa: SLF001
