"""What stands around the bits of a table: headings above, an index on the left, labels on the right."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from tapedeck_sequences import words

MISSING = {"nan", "na", "n/a", "null", "none", "inf", "-inf", "?", "-", "#n/a"}
"""Cells that are values without being numbers, and so never names."""


class Record(NamedTuple):
    """A line that has cells. Cells that are set aside count for the place of the others."""

    line: int
    cells: list[str]
    first: int = 1

    def drop(self, columns: int) -> Record:
        """Without its first cells."""
        return Record(self.line, self.cells[columns:], self.first + columns)


def body_of(records: list[Record], bits: int, *, by_vector: bool = False) -> tuple[list[Record], list[str]]:
    """The records that hold the sequence, without the headings and the index columns, and what was set aside."""
    start = 0
    while start < len(records) - 1 and _is_heading(records[start].cells, by_vector=by_vector):
        start += 1
    found, aside = records[start:], ["heading"] * (start > 0)
    widths = {len(record.cells) for record in found}
    width, columns = max(widths), 0
    while len(widths) == 1 and width - columns not in (1, bits):
        column = [record.cells[columns] for record in found]
        if by_vector and any(words.rows_of(cell, bits) for cell in column):
            break
        if not _is_index(column, sure=start > 0 or len(column) > 2):
            break
        columns += 1
    last = 0
    while len(widths) == 1 and width - last > (1 if by_vector else bits):
        if not _is_index([record.cells[width - 1 - last] for record in found], sure=False, names=True):
            break
        last += 1
    if last and not by_vector and width - columns - last != bits:
        last = 0
    width -= last
    found = [Record(record.line, record.cells[:width], record.first) for record in found] if last else found
    if not by_vector and (width - columns not in (1, bits) or not any(words.bit_of(r.cells[-1]) for r in found)):
        columns = 0
    aside += ["index column"] * (columns > 0) + ["column of labels"] * (last > 0)
    return [record.drop(columns) for record in found], aside


def _is_heading(cells: list[str], *, by_vector: bool) -> bool:
    """Names, or numbers that go up or down, such as 0,1,2 … or 128,64,32 …"""
    if by_vector and any(map(_is_mostly_bits, cells)):
        return False
    numbers = [_number(cell) for cell in cells if words.is_number(cell)]
    if any(words.is_number(cell) and not re.fullmatch(r"-?\d+(?:\.0)?", cell) for cell in cells):
        return False
    if all(cell.lower() in MISSING or not cell for cell in cells) or (len(cells) == 1 and cells[0].isdecimal()):
        return cells == ["0"]  # the name of a column in pandas
    if not any(words.is_spelled(cell) if by_vector else words.bit_of(cell) for cell in cells):
        return len(numbers) < len(cells) / 2 or _is_monotonic(numbers)
    return len(numbers) > 2 and _is_monotonic(numbers)


def _is_mostly_bits(cell: str) -> bool:
    """A vector, perhaps with something wrong in it; not a number such as those that columns are counted by."""
    natural = cell.isdecimal() and len(cell) <= 4 and str(int(cell)) == cell
    return not natural and len(cell) > 1 and 2 * len(re.findall("[01]", cell)) > len(cell)


def _is_index(cells: list[str], *, sure: bool, names: bool = False) -> bool:
    """Numbers one after the other, or names, none of which could be of the sequence.

    Args:
        cells: of the column.
        sure: the lines are many, or have a heading; a few bits may look like an index.
        names: numbers are none; a single line has no column.
    """
    if all(words.is_number(cell) for cell in cells):
        numbers = [_number(cell) for cell in cells]
        if names:
            return False
        steps = [after - before for before, after in pairwise(numbers)]
        return sure and (set(steps) <= {1.0} or (len(steps) > 1 and min(steps) > 0))
    return (len(cells) > 1 or not names) and not any(map(_may_be_of_bits, cells))


def _may_be_of_bits(cell: str) -> bool:
    return (
        not cell
        or cell.lower() in MISSING
        or words.bit_of(cell) is not None
        or words.is_number(cell)
        or _is_mostly_bits(cell)
        or re.search("[01]{5}|0[xXbB]", cell) is not None
    )


def _is_monotonic(numbers: list[float]) -> bool:
    steps = [after - before for before, after in pairwise(numbers)]
    return all(step > 0 for step in steps) or all(step < 0 for step in steps)


def _number(cell: str) -> float:
    return float(cell.replace(",", "."))
