"""Files that hold a sequence: text, CSV, JSON, and NumPy's .npy."""

from __future__ import annotations

import base64
import csv
import io
import json
import math
import re
import tokenize
from collections.abc import Callable
from pathlib import PurePath
from typing import Any, TypedDict

import numpy as np
from numpy.lib import format as npy

from tapedeck_sequences.typed import BYTE as BITS
from tapedeck_sequences.typed import Problem, parse_bits, parse_text

MAX_BYTES = 1_000_000
"""Far more than the longest sequence takes in any form."""


class Upload(TypedDict):
    """A file as the browser modules hand it over."""

    name: str
    size: int
    contents: str | None
    """A data URL in base64; none where the size is beyond `MAX_BYTES`."""
    turn: int


def rows_of_upload(file: Upload) -> list[str]:
    """The sequence in a file that was chosen, dropped or pasted.

    Raises:
        Problem: as `rows_of_file`.
    """
    if file["contents"] is None:
        raise _too_large(file["name"], file["size"])
    return rows_of_file(file["name"], base64.b64decode(file["contents"].partition(",")[2]))


def rows_of_file(name: str, data: bytes) -> list[str]:
    """The sequence in a file, one string of eight bits a vector; its ending says the form.

    Raises:
        Problem: an ending that names no form, too large a file, or content that is no sequence; names the place.
    """
    ending = PurePath(name).suffix.lower()
    if ending not in READERS:
        raise Problem(f"{name} is no file that holds a sequence; choose one that ends in {', '.join(READERS)}.")
    if len(data) > MAX_BYTES:
        raise _too_large(name, len(data))
    try:
        return READERS[ending](data)
    except Problem as problem:
        raise Problem(f"{name}: {problem}") from problem


def _read_text(data: bytes) -> list[str]:
    """Bits where nothing but 0s, 1s and what parts them is there; otherwise text."""
    typed = _decoded(data)
    return parse_bits(typed) if re.fullmatch(r"[01\s,;]+", typed) else parse_text(typed)


def _read_csv(data: bytes) -> list[str]:
    """A vector a line, a bit a cell; a first line without a digit is a heading."""
    try:
        lines = [line for line in csv.reader(io.StringIO(_decoded(data))) if any(cell.strip() for cell in line)]
    except csv.Error as error:
        raise Problem(f"this is no CSV: {error}.") from error
    if lines and not any(re.search(r"\d", cell) for cell in lines[0]):
        lines = lines[1:]
    if lines and all(len(line) == 1 for line in lines):  # whole vectors, one a line
        return parse_bits("\n".join(line[0] for line in lines))
    return _rows([[_number(cell.strip()) for cell in line] for line in lines])


def _read_json(data: bytes) -> list[str]:
    """A list of vectors, each a list of 0s and 1s or a string of them; or an object whose `sequence` is that."""
    try:
        found = json.loads(_decoded(data))
    except ValueError as error:
        raise Problem(f"this is no JSON: {error}.") from error
    except RecursionError as error:
        raise Problem("its lists are nested too deeply; a sequence is a list of lists of bits.") from error
    if isinstance(found, dict):
        if "sequence" not in found:
            raise Problem("the object has no “sequence”; give one, or a list of vectors.")
        found = found["sequence"]
    if not isinstance(found, list):
        raise Problem("the sequence must be a list of vectors, such as [[1,0,1,1,0,0,1,1]].")
    return _rows([list(map(_number, vector)) if isinstance(vector, str) else vector for vector in found])


def _read_npy(data: bytes) -> list[str]:
    """An array [L, 8] of 0s and 1s, of any type of numbers."""
    shape, dtype = _npy_header(data)
    if dtype.kind not in "biuf" or len(shape) != 2 or shape[1] != BITS:
        raise Problem(f"the array must be of numbers and have the shape (L, {BITS}); this one has {shape}.")
    array: np.ndarray[Any, Any] = np.load(io.BytesIO(data), allow_pickle=False)
    return _rows(array.tolist())


def _npy_header(data: bytes) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """The shape and the type of an array, once the file is known to hold as much: NumPy makes room before it reads."""
    if data.startswith(b"PK"):
        raise Problem("it holds several arrays (numpy.savez); save the one of the sequence with numpy.save.")
    file = io.BytesIO(data)
    try:
        read_header = NPY_HEADERS[npy.read_magic(file)]
        shape, _, dtype = read_header(file)
    except NPY_FAULTS as error:
        raise Problem("this is no array that NumPy saved without pickle (numpy.save).") from error
    if dtype.hasobject:
        raise Problem("this is no array that NumPy saved without pickle (numpy.save).")
    held = len(data) - file.tell()
    if any(not 0 <= count <= held for count in shape) or math.prod(shape) * dtype.itemsize > held:
        raise Problem("its header speaks of more numbers than the file holds; save it again.")
    return shape, dtype


NPY_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
"""Newer versions differ in the names of fields alone, and an array of numbers has none."""
NPY_FAULTS = (ValueError, KeyError, TypeError, SyntaxError, tokenize.TokenError, RecursionError, MemoryError, OSError)
"""What a header gives that NumPy did not write: it is parsed as Python."""

READERS: dict[str, Callable[[bytes], list[str]]] = {
    ".txt": _read_text,
    ".csv": _read_csv,
    ".json": _read_json,
    ".npy": _read_npy,
}
"""How each form is read, by the ending of its files."""
ENDINGS = tuple(READERS)


def _rows(vectors: list[Any]) -> list[str]:
    if not vectors:
        raise Problem("there is no vector in it.")
    for number, vector in enumerate(vectors, 1):
        if not isinstance(vector, list):
            raise Problem(f"vector {number} is {vector!r:.40}; each one is a list of {BITS} bits.")
        if len(vector) != BITS:
            raise Problem(f"vector {number} has {len(vector):,} bits; each one has {BITS}.")
        for place, bit in enumerate(vector, 1):
            if isinstance(bit, str | list | dict) or bit not in (0, 1):
                raise Problem(f"bit {place} of vector {number} is {bit!r:.40}; a bit is 0 or 1.")
    return ["".join(str(int(bit)) for bit in vector) for vector in vectors]


def _too_large(name: str, size: int) -> Problem:
    return Problem(f"{name} has {size:,} bytes; a sequence takes {MAX_BYTES:,} at most. Take a shorter one.")


def _number(cell: str) -> float | str:
    """The number that a cell holds; the cell itself where it holds none."""
    try:
        return float(cell)
    except ValueError:
        return cell


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem(f"byte {error.start + 1:,} is not valid UTF-8; save it as UTF-8 text.") from error
