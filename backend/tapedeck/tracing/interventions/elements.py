"""Which elements an intervention is about, and the values that it gives them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tapedeck.errors import quoted
from tapedeck.tracing.interventions.refusal import At

Ints = npt.NDArray[np.int64]
Doubles = npt.NDArray[np.float64]


class Cells(NamedTuple):
    """Rows and columns of a memory [N, W], as a grid."""

    rows: Ints
    columns: Ints
    width: int

    @property
    def places(self) -> Ints:
        """location · W + column of each, row by row."""
        return (self.rows[:, np.newaxis] * self.width + self.columns).ravel()

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.rows), len(self.columns)


def cells_of(declared: Any, at: At, shape: tuple[int, int]) -> Cells:
    """Those of a memory of this shape, or all."""
    locations, width = shape
    if getattr(declared, "elements", None) is not None:
        at.refuse(f": {declared.target} has rows and columns; give these instead of elements.", "elements")
    rows = _listed(declared.rows, "rows", at, locations, "location")
    return Cells(rows, _listed(getattr(declared, "columns", None), "columns", at, width, "column"), width)


def elements_of(declared: Any, at: At, size: int, names: Sequence[str] = ()) -> Ints:
    """Those of a field of so many numbers, whose channels may have names, or all."""
    for name in ("rows", "columns"):
        if getattr(declared, name) is not None:
            at.refuse(f": {declared.target} has elements; give these instead of {name}.", name)
    if declared.elements is None:
        return np.arange(size)
    found = []
    for element in declared.elements:
        if isinstance(element, str):
            if element not in names:
                known = f"it has {', '.join(names)}" if names else "its elements have no names, only indices"
                at.refuse(f": {declared.target} has no element {quoted(element)}; {known}.", "elements")
            found.append(names.index(element))
        else:
            found.append(element)
    return _listed(found, "elements", at, size, "element")


def _listed(given: Sequence[int] | None, field: str, at: At, size: int, noun: str) -> Ints:
    if given is None:
        return np.arange(size)
    for value in given:
        if value >= size:
            at.refuse(f": there is no {noun} {value:,}; there are {size:,}, counted from 0.", field)
    known: set[int] = set()
    for value in given:
        if value in known:
            at.refuse(f" names {noun} {value} twice; once is enough.", field)
        known.add(value)
    return np.array(given, np.int64)


def values_for(declared: Any, at: At, count: int) -> Doubles:
    """[count], of elements of a field."""
    value = declared.value
    if isinstance(value, list):
        if any(isinstance(each, list) for each in value):
            at.refuse(": value is a list of lists, which only the memory has; give a number or a list.", "value")
        if len(value) != count:
            at.refuse(f": value has {len(value)} numbers; {declared.target} takes 1 or {count} here.", "value")
    return np.broadcast_to(np.array(value, np.float64), (count,)).copy()


def values_for_cells(declared: Any, at: At, cells: Cells) -> Doubles:
    """[rows · columns], of cells of the memory."""
    rows, columns = cells.shape
    value = declared.value
    if isinstance(value, list):
        lists = [isinstance(each, list) for each in value]
        if any(lists) and not (all(lists) and len(value) == rows and all(len(each) == columns for each in value)):
            at.refuse(f": value must have {rows} lists of {columns} numbers, one for each row.", "value")
        if not any(lists) and len(value) != columns:
            at.refuse(
                f": value has {len(value)} numbers; a row takes 1 or {columns} here, one for each column.", "value"
            )
    return np.broadcast_to(np.array(value, np.float64), (rows, columns)).ravel()
