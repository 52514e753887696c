"""What interventions changed, as a trace file has it: cells of the memory, and elements of read vectors."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tapedeck.errors import InvalidInterventions, TraceFileUnreadable
from tapedeck.tracing.applied import Applied, AppliedReads
from tapedeck.tracing.files.archive import Archive, Values
from tapedeck.tracing.files.shapes import Array, Sizes, numbers


class Group(NamedTuple):
    """The arrays of one kind of change: all of them are there, or none.

    Attributes:
        before: what stands before their names.
        places: those of integers.
        values: those of any numbers.
        axis: what they count.
        needs: what is said where one is missing.
    """

    before: str
    places: tuple[str, ...]
    values: tuple[str, ...]
    axis: str
    needs: str

    @property
    def names(self) -> list[str]:
        """Of all arrays, the places first."""
        return [f"{self.before}.{part}" for part in self.places + self.values]


CELLS = Group(
    "memory.applied", ("steps", "rows", "columns"), ("values",), "change", "a change of the memory needs all four"
)
READS = Group(
    "reads.applied",
    ("steps", "heads", "columns"),
    ("gains", "offsets"),
    "read change",
    "a change of a read vector needs all five",
)

OF_CHANGES = frozenset([*CELLS.names, *READS.names])
"""The arrays, which are no fields of the run."""


def applied_cells(archive: Archive, sizes: Sizes) -> Applied | None:
    """The cells of the memory that were set; None where there are none.

    Raises:
        TraceFileUnreadable: an array is missing, or not what it should be.
    """
    found = _arrays(archive, sizes, CELLS)
    if found is None:
        return None
    (steps, rows, columns), (values,) = found
    try:
        return Applied(steps, rows, columns, values)
    except InvalidInterventions as error:
        raise TraceFileUnreadable(f"{CELLS.before}: {error.detail}") from error


def applied_reads(archive: Archive, sizes: Sizes, readers: int) -> AppliedReads | None:
    """What became of read vectors, in a run of so many read heads; None where they were left alone.

    Raises:
        TraceFileUnreadable: an array is missing, not what it should be, or of another run.
    """
    found = _arrays(archive, sizes, READS)
    if found is None:
        return None
    (steps, heads, columns), (gains, offsets) = found
    reads = AppliedReads(steps, heads, columns, gains.astype(np.float64), offsets.astype(np.float64))
    try:
        reads.check(sizes.known["step"][0], readers, sizes.of("column"))
    except InvalidInterventions as error:
        raise TraceFileUnreadable(f"{READS.before}: {error.detail}") from error
    return reads


def _arrays(archive: Archive, sizes: Sizes, group: Group) -> tuple[list[npt.NDArray[np.int64]], list[Array]] | None:
    names = group.names
    there = [name for name in names if name in archive.members]
    if not there:
        return None
    if missing := [name for name in names if name not in there]:
        raise TraceFileUnreadable(f"It has {there[0]} and no {missing[0]}; {group.needs}.")
    found = {}
    for name in names:
        found[name] = archive.numbers(name)
        if not found[name].size:
            return None
        sizes.hold(name, found[name].shape, (group.axis,))
    count = len(group.places)
    whole = [_whole(name, found[name]) for name in names[:count]]
    return whole, [numbers(name, found[name], (group.axis,)) for name in names[count:]]


def _whole(name: str, values: Values) -> npt.NDArray[np.int64]:
    if values.dtype.kind not in "iu":
        raise TraceFileUnreadable(f"{name} must hold integers; it holds {values.dtype.name}.")
    return values.astype(np.int64)
