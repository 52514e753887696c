"""Lines of cells: a vector a line and a bit a cell, or whole vectors; what else stands in a table is set aside."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tapedeck_sequences import words
from tapedeck_sequences.margins import Record, body_of
from tapedeck_sequences.problem import Problem, counted, quoted

SEPARATORS = {"\t": "tabs", ";": "semicolons", "|": "bars", "&": "ampersands", ",": "commas", " ": "spaces"}
"""In the order in which they are looked for: where a table has semicolons, its commas are those of decimals."""
RULE = re.compile(
    r"[\s|+:=\-_\u2500-\u257f]*|\s*@[0-9a-fA-F]+\s*|\s*[\[(]?\d+ rows?\b.*|\s*shape: \([\d, ]*\)\s*|\s*```[^01]*"
)
"""A line that draws a table, counts it or begins and ends it."""
COMMAND = re.compile(
    r"\\(?:begin|end)\{[^}]*\}(?:\{[^}]*\})?|\\(?:[a-z]*line|[a-z]*rule)\b(?:\{[^}]*\})?|\\[A-Za-z]+\{[^}]*\}"
)
"""Of LaTeX, which may stand in a line with cells."""


class Table(NamedTuple):
    """The records of a text, and what separates their cells."""

    records: list[Record]
    separator: str


def read_table(text: str, bits: int) -> tuple[list[str], str]:
    """The vectors in a text of lines, and how they were found.

    Raises:
        Problem: there are none, or a cell is not what it must be; names the line as the text has it.
    """
    records, separator = _split(text, bits)
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


def _split(text: str, bits: int) -> Table:
    lines = text.split("\n")
    declared = re.fullmatch(r"\s*\"?sep=(.)\"?\s*", lines[0], re.IGNORECASE)
    if declared:
        lines[0] = ""
    lines = [re.sub(r"\\\\\s*$", "", COMMAND.sub("", line)) for line in lines]
    lines = _normal(["" if RULE.fullmatch(line) else line for line in lines], bits)
    separator = declared[1] if declared and declared[1] in SEPARATORS else _separator(lines)
    if separator == " ":
        lines = [line.replace("\t", " ") for line in lines]
    records = _aligned([*_records(lines, separator)])
    for record in records:
        if any(re.fullmatch(r"\.{2,}", cell) for cell in record.cells):
            raise Problem(f"Line {record.line:,} has “...” in place of numbers; print or save all of them.")
    return Table(_unpadded(_unquoted(records), bits), separator)


def _normal(lines: list[str], bits: int) -> list[str]:
    """With commas where a sign between bits is not one of `SEPARATORS`, or is another one in every line."""
    filled = [line for line in lines if line.strip()]
    joined = [re.fullmatch(rf"\s*[01](?:([^\w\s])[01])(?:\1[01]){{{bits - 2}}}\s*", line) for line in filled]
    if bits > 2 and all(joined) and {match[1] for match in joined if match} - {",", ";", "|", "&"}:
        return [re.sub(r"[^\w\s]", ",", line) for line in lines]
    uneven = {
        sign for line in filled for sign in "\t;, " if re.fullmatch(rf"[01](?:{sign}[01]){{{bits - 1}}}", line.strip())
    }
    if len(uneven) > 1 and all(re.fullmatch(rf"[01](?:[\t;, ][01]){{{bits - 1}}}", line.strip()) for line in filled):
        return [re.sub(r"[\t; ]", ",", line.strip()) for line in lines]
    if len(filled) == 1 and "&" in filled[0]:
        return [line.replace("\\\\", "&") for line in lines]
    return lines


def _unquoted(records: list[Record]) -> list[Record]:
    """Lines that a spreadsheet holds in one cell each, taken apart."""
    if all(len(record.cells) == 1 and re.fullmatch(r"[01](?:[,;\s]+[01])+", record.cells[0]) for record in records):
        return [Record(record.line, re.split(r"[,;\s]+", record.cells[0])) for record in records]
    return records


def _unpadded(records: list[Record], bits: int) -> list[Record]:
    """Bits with zeros in front, as %02d writes them, without them."""
    if all(
        len(record.cells) == bits and all(re.fullmatch("0+[01]", cell) and len(cell) < bits for cell in record.cells)
        for record in records
    ):
        return [Record(record.line, [cell[-1] for cell in record.cells], record.first) for record in records]
    return records


def _separator(lines: Sequence[str]) -> str:
    filled = [re.sub(r'"[^"]*"|\[[\d, ]*\]', "x", line) for line in lines if line.strip()]
    words_of = [line.split() for line in filled]
    if all(len(parts) > 1 and all(re.fullmatch(r"[+-]?\d+,\d+", part) for part in parts) for parts in words_of):
        return " "  # decimal commas
    for separator in SEPARATORS:
        if 2 * sum(separator in line.strip(" ") for line in filled) >= len(filled) > 0:
            return separator
    return ","


def _records(lines: list[str], separator: str) -> Iterator[Record]:
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=separator, skipinitialspace=True)
    try:
        for written in reader:
            cells = [_cell(cell) for cell in written]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                framed = separator == "|" and not cells[0]
                yield Record(reader.line_num, cells[framed:])
    except csv.Error as error:
        raise Problem(f"Line {reader.line_num:,} has a cell of far more characters than a sequence takes.") from error


def _cell(written: str) -> str:
    """Without what marks it as text: '10110011, ="10110011", `10110011`."""
    cell = written.strip()
    if formula := re.fullmatch('="([^"]*)"', cell):
        cell = formula[1]
    return cell.strip("'`").strip()


def _aligned(records: list[Record]) -> list[Record]:
    """Without the columns on the left that are empty in every line."""
    empty = min((next(i for i, cell in enumerate(record.cells) if cell) for record in records), default=0)
    return [record.drop(empty) for record in records]


def _bits(records: list[Record], bits: int) -> tuple[list[str], list[str]]:
    """A bit a cell."""
    found, aside = body_of(records, bits)
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
    found, aside = body_of(records, bits, by_vector=True)
    several_lines = len(records) > 1
    if joined := _joined(found, bits):
        return joined, aside
    found, aside = _one_column(records, found, aside)
    rows: list[str] = []
    for record in found:
        for place, cell in enumerate(record.cells, 1):
            if (spelled := words.rows_of(cell, bits)) is None or (len(spelled) > 1 and len(record.cells) > 1):
                where = f"Vector {place:,}" if not several_lines else f"Line {record.line:,}"
                where += f", vector {place:,}" if several_lines and len(record.cells) > 1 else ""
                raise words.fault(cell, bits, where)
            rows += spelled
    return rows, aside


def _one_column(records: list[Record], found: list[Record], aside: list[str]) -> tuple[list[Record], list[str]]:
    """Of several columns of vectors with names, the one that is called a sequence.

    Raises:
        Problem: none is.
    """
    count = len(found[0].cells)
    above = [record for record in records if record.line < found[0].line]
    if count < 2 or not above or len(above[-1].cells) < count or any(len(record.cells) != count for record in found):
        return found, aside
    names = above[-1].cells[found[0].first - 1 :][:count]
    name = next((name for name in words.NAMES if name in map(str.lower, names)), None)
    if name is None:
        listed = ", ".join(map(quoted, names[:4]))
        raise Problem(f"Line {above[-1].line:,} names {count} columns of vectors ({listed}); keep one.")
    at = [*map(str.lower, names)].index(name)
    return [Record(record.line, [record.cells[at]], record.first + at) for record in found], [*aside, "other columns"]


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
