"""Lines of cells: a vector a line and a bit a cell, or whole vectors; what else stands in a table is set aside."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from tapedeck_sequences import words
from tapedeck_sequences.problem import Problem, counted, quoted

SEPARATORS = {"\t": "tabs", ";": "semicolons", "|": "bars", "&": "ampersands", ",": "commas", " ": "spaces"}
"""In the order in which they are looked for: where a table has semicolons, its commas are those of decimals."""
RULE = re.compile(
    r"[\s|+:=\-_─━═┌┐└┘├┤┬┴┼╌]*|\s*\\[A-Za-z]+(?:\{.*)?|\s*@[0-9a-fA-F]+\s*|\s*[\[(]?\d+ rows?\b.*|\s*```.*"
)
"""A line that draws a table, counts it or begins and ends it."""


class Record(NamedTuple):
    """A line that has cells. Cells that are set aside count for the place of the others."""

    line: int
    cells: list[str]
    first: int = 1

    def drop(self, columns: int) -> Record:
        """Without its first cells."""
        return Record(self.line, self.cells[columns:], self.first + columns)


class Table(NamedTuple):
    """The records of a text, and what separates their cells."""

    records: list[Record]
    separator: str


def read_table(text: str, bits: int) -> tuple[list[str], str]:
    """The vectors in a text of lines, and how they were found.

    Raises:
        Problem: there are none, or a cell is not what it must be; names the line as the text has it.
    """
    records, separator = _split(text)
    if not records:
        raise Problem("There is no vector in it.")
    whole = sum(words.is_spelled(cell) + bool(words.rows_of(cell, bits)) for record in records for cell in record.cells)
    single = sum(words.bit_of(cell) is not None for record in records for cell in record.cells)
    by_vector = whole > single or (whole == single == 0 and all(len(record.cells) == 1 for record in records))
    reader = _vectors if by_vector else _bits
    rows, aside = reader(records, bits)
    named = "a table" if any(len(record.cells) > 1 for record in records) else "lines"
    apart = f" separated by {SEPARATORS[separator]}" if named == "a table" else ""
    return rows, f"{named}{apart}" + (f", without its {' and '.join(aside)}" if aside else "")


def _split(text: str) -> Table:
    lines = text.split("\n")
    declared = re.fullmatch(r"\s*\"?sep=(.)\"?\s*", lines[0], re.IGNORECASE)
    if declared:
        lines[0] = ""
    lines = ["" if RULE.fullmatch(line) else re.sub(r"\\\\\s*$", "", line) for line in lines]
    separator = declared[1] if declared and declared[1] in SEPARATORS else _separator(lines)
    if separator == " ":
        lines = [line.replace("\t", " ") for line in lines]
    return Table(_aligned([*_records(lines, separator)]), separator)


def _separator(lines: Sequence[str]) -> str:
    filled = [re.sub(r'"[^"]*"|\[[\d, ]*\]', "", line) for line in lines if line.strip()]
    for separator in SEPARATORS:
        if 2 * sum(separator in line.strip(" ") for line in filled) >= len(filled) > 0:
            return separator
    return ","


def _records(lines: list[str], separator: str) -> Iterator[Record]:
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=separator, skipinitialspace=True)
    try:
        for written in reader:
            cells = [cell.strip().strip("'").strip() for cell in written]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                framed = separator == "|" and not cells[0]
                yield Record(reader.line_num, cells[framed:])
    except csv.Error as error:
        raise Problem(f"Line {reader.line_num:,} has a cell of far more characters than a sequence takes.") from error


def _aligned(records: list[Record]) -> list[Record]:
    """Without the columns on the left that are empty in every line."""
    empty = min((next(i for i, cell in enumerate(record.cells) if cell) for record in records), default=0)
    return [record.drop(empty) for record in records]


def _bits(records: list[Record], bits: int) -> tuple[list[str], list[str]]:
    """A bit a cell."""
    found, aside = _body(records, bits)
    cells = [cell for record in found for cell in record.cells]
    flat = len(found) == 1 or all(len(record.cells) == 1 for record in found)
    if flat and len(cells) >= bits and len(cells) % bits == 0 and all(words.bit_of(cell) for cell in cells):
        found = [Record(found[0].line, cells[at : at + bits]) for at in range(0, len(cells), bits)]
    for record in found:
        for place, cell in enumerate(record.cells, record.first):
            if not cell:
                raise Problem(f"Line {record.line:,}, cell {place} is empty; a bit is 0 or 1.")
            if words.bit_of(cell) is None:
                raise Problem(f"Line {record.line:,}, cell {place} is {quoted(cell)}; a bit is 0 or 1.")
        if len(record.cells) != bits:
            if flat and len(found) > 1:
                raise Problem(f"There are {len(cells):,} lines of one bit each; they must be a multiple of {bits}.")
            raise Problem(f"Line {record.line:,} has {counted(len(record.cells), 'bit')}; each vector has {bits}.")
    return ["".join(words.bit_of(cell) or "" for cell in record.cells) for record in found], aside


def _vectors(records: list[Record], bits: int) -> tuple[list[str], list[str]]:
    """Whole vectors: one a line, or several."""
    found, aside = _body(records, bits, by_vector=True)
    several_lines = len(records) > 1
    if joined := _joined(found, bits):
        return joined, aside
    rows: list[str] = []
    for record in found:
        for place, cell in enumerate(record.cells, 1):
            if (spelled := words.rows_of(cell, bits)) is None or (len(spelled) > 1 and len(record.cells) > 1):
                where = f"Vector {place:,}" if not several_lines else f"Line {record.line:,}"
                where += f", vector {place:,}" if several_lines and len(record.cells) > 1 else ""
                raise words.fault(cell, bits, where)
            rows += spelled
    return rows, aside


def _joined(records: list[Record], bits: int) -> list[str] | None:
    """Vectors in groups of bits, such as 1011 0011: a vector a line, or a line of groups of one size."""
    lines = [[words.bits_of(cell) or "?" for cell in record.cells] for record in records]
    if all(len("".join(groups)) == bits and len(groups) > 1 for groups in lines):
        rows = ["".join(groups) for groups in lines]
        return None if any("?" in row for row in rows) else rows
    sizes = {len(group) for groups in lines for group in groups}
    whole = "".join(group for groups in lines for group in groups)
    if len(records) > 1 or len(sizes) > 1 or "?" in whole:
        return None
    if (size := sizes.pop()) >= bits or bits % size or len(whole) % bits:
        return None
    return [whole[at : at + bits] for at in range(0, len(whole), bits)]


def _body(records: list[Record], bits: int, *, by_vector: bool = False) -> tuple[list[Record], list[str]]:
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
    if not by_vector and (width - columns not in (1, bits) or not any(words.bit_of(r.cells[-1]) for r in found)):
        columns = 0
    return [record.drop(columns) for record in found], aside + ["index column"] * (columns > 0)


def _is_heading(cells: list[str], *, by_vector: bool) -> bool:
    """Names, or numbers that go up or down, such as 0,1,2 … or 128,64,32 …"""
    if by_vector and any(map(_is_mostly_bits, cells)):
        return False
    numbers = [_number(cell) for cell in cells if words.is_number(cell)]
    if not any(words.is_spelled(cell) if by_vector else words.bit_of(cell) for cell in cells):
        return len(numbers) < len(cells) / 2 or _is_monotonic(numbers)
    return len(numbers) > 2 and _is_monotonic(numbers)


def _is_mostly_bits(cell: str) -> bool:
    """A vector, perhaps with something wrong in it; not a number such as those that columns are counted by."""
    natural = cell.isdecimal() and len(cell) <= 4 and str(int(cell)) == cell
    return not natural and len(cell) > 1 and 2 * len(re.findall("[01]", cell)) > len(cell)


def _is_index(cells: list[str], *, sure: bool) -> bool:
    """Numbers one after the other, or names, none of which could be of the sequence.

    Args:
        cells: of the column.
        sure: the lines are many, or have a heading; a few bits may look like an index.
    """
    if all(words.is_number(cell) for cell in cells):
        numbers = [_number(cell) for cell in cells]
        return sure and {after - before for before, after in pairwise(numbers)} <= {1.0}
    return not any(not cell or words.bit_of(cell) or words.is_number(cell) or _is_mostly_bits(cell) for cell in cells)


def _is_monotonic(numbers: list[float]) -> bool:
    steps = [after - before for before, after in pairwise(numbers)]
    return all(step > 0 for step in steps) or all(step < 0 for step in steps)


def _number(cell: str) -> float:
    return float(cell.replace(",", "."))
