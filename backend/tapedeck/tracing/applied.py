"""What interventions changed in the memory: cells that were set before the writes of a step.

A change is a source of its own: what was in the cell before is gone, and what it was set to is read like what a write
added. Dimensions: K changes, N locations, W width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tapedeck.errors import InvalidInterventions

Ints = npt.NDArray[np.int64]


class Cells(NamedTuple):
    """Cells of the memory, each once, and what they were set to."""

    rows: Ints
    columns: Ints
    values: npt.NDArray[np.float64]

    def set_in(self, memory: npt.NDArray[Any]) -> None:
        """Sets them in a memory [N, W]."""
        memory[self.rows, self.columns] = self.values

    def of(self, locations: Sequence[int]) -> Cells:
        """Those at these locations, as they stand in a memory of these alone."""
        places = {location: place for place, location in enumerate(locations)}
        held = [at for at, row in enumerate(self.rows.tolist()) if row in places]
        rows = np.array([places[row] for row in self.rows[held].tolist()], np.int64)
        return Cells(rows, self.columns[held], self.values[held])

    def given(self, reaching: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """[W]: what they give to a read, of whose cells [N, W] so much reaches it."""
        found = np.zeros(reaching.shape[1])
        np.add.at(found, self.columns, self.values * reaching[self.rows, self.columns])
        return found


@dataclass(frozen=True)
class Applied:
    """All of a run, [K] each, in the order in which they were made; of one cell in one step the last counts.

    Attributes:
        steps: before whose first head.
        rows: locations.
        columns: of the memory.
        values: that stand there from then on.

    Raises:
        InvalidInterventions: they are not of one length, or not whole numbers from 0 and finite values.
    """

    steps: Ints
    rows: Ints
    columns: Ints
    values: npt.NDArray[np.floating]

    def __post_init__(self) -> None:
        if len({len(each) for each in (self.steps, self.rows, self.columns, self.values)}) != 1:
            raise InvalidInterventions("Each change of the memory needs a step, a row, a column and a value.")
        if any((each < 0).any() for each in (self.steps, self.rows, self.columns)):
            raise InvalidInterventions("A change of the memory has a step, a row or a column below 0.")
        if not np.isfinite(self.values).all():
            raise InvalidInterventions("A change of the memory is set to what is no number.")

    def check(self, steps: int, locations: int, width: int | None) -> None:
        """That all are of a run's steps and of its memory, as far as its width is known.

        Raises:
            InvalidInterventions: one is not.
        """
        for name, values, most in (("step", self.steps, steps), ("row", self.rows, locations)):
            self._check(name, values, most)
        if width is not None:
            self._check("column", self.columns, width)

    def at(self, step: int) -> Cells | None:
        """Those of a step; None where there are none."""
        of_step = np.flatnonzero(self.steps == step)
        if not len(of_step):
            return None
        last = {(int(self.rows[at]), int(self.columns[at])): int(at) for at in of_step}
        chosen = np.array(list(last.values()))
        return Cells(self.rows[chosen], self.columns[chosen], self.values[chosen].astype(np.float64))

    @classmethod
    def joined(cls, parts: Sequence[Applied]) -> Applied | None:
        """Those of several stretches of a run, one after another; None where there are none."""
        if not parts:
            return None
        return cls(*(np.concatenate([list(part.arrays.values())[at] for part in parts]) for at in range(4)))

    @property
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """By the names of a trace file, below `memory.applied`."""
        return {"steps": self.steps, "rows": self.rows, "columns": self.columns, "values": self.values}

    @staticmethod
    def _check(name: str, values: Ints, most: int) -> None:
        if len(values) and values.max() >= most:
            raise InvalidInterventions(
                f"A change of the memory has the {name} {values.max():,}; this run has {most:,}, counted from 0."
            )


@dataclass(frozen=True)
class AppliedReads:
    """What interventions made of read vectors: r ← gain · r + offset, elementwise, [K] each.

    So what a write gave reaches the step times its gain, and the offset is the intervention's own.

    Attributes:
        steps: at which one was changed.
        heads: which read head, counted from 0 in acting order.
        columns: of the read vector.
        gains: of what was read.
        offsets: that were put in.
    """

    steps: Ints
    heads: Ints
    columns: Ints
    gains: npt.NDArray[np.float64]
    offsets: npt.NDArray[np.float64]

    def check(self, steps: int, heads: int, width: int | None) -> None:
        """That all are of a run's steps and read heads, and of its memory's width, as far as that is known.

        Raises:
            InvalidInterventions: one is not.
        """
        for name, values, most in (
            ("step", self.steps, steps),
            ("head", self.heads, heads),
            ("column", self.columns, width),
        ):
            if most is None:
                continue
            wrong = values[(values < 0) | (values >= most)]
            if len(wrong):
                raise InvalidInterventions(
                    f"A change of a read vector has the {name} {wrong[0]:,}; this run has {most:,}, counted from 0."
                )

    def at(self, step: int, head: int, width: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]] | None:
        """The gains and offsets [W] of a head's read at a step; None where it was left alone."""
        chosen = np.flatnonzero((self.steps == step) & (self.heads == head))
        if not len(chosen):
            return None
        gains, offsets = np.ones(width), np.zeros(width)
        gains[self.columns[chosen]], offsets[self.columns[chosen]] = self.gains[chosen], self.offsets[chosen]
        return gains, offsets

    @property
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """By the names of a trace file, below `reads.applied`."""
        return {
            "steps": self.steps,
            "heads": self.heads,
            "columns": self.columns,
            "gains": self.gains.astype(np.float32),
            "offsets": self.offsets.astype(np.float32),
        }
