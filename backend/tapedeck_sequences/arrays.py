"""Arrays that NumPy saved: .npy, and .npz with several of them."""

from __future__ import annotations

import io
import math
import tokenize
import zipfile
import zlib
from typing import Any

import numpy as np
from numpy.lib import format as npy

from tapedeck_sequences import words
from tapedeck_sequences.problem import Problem, quoted

MAX_UNPACKED = 20_000_000
"""Bytes of one array of an .npz file: far more than a sequence takes, in any type."""

HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
"""Newer versions differ in the names of fields alone, and an array of numbers has none."""
FAULTS = (ValueError, KeyError, TypeError, SyntaxError, tokenize.TokenError, RecursionError, MemoryError, OSError)
"""What a header gives that NumPy did not write: it is parsed as Python."""
NOT_SAVED = "It is not an array that NumPy saved without pickle; save it with numpy.save."
KINDS = {
    "c": "complex numbers",
    "M": "dates",
    "m": "times",
    "V": "records with fields",
    "O": "Python objects, which need pickle",
}

Array = np.ndarray[Any, Any]


def rows_of_array(data: bytes, bits: int) -> tuple[list[str], str]:
    """The vectors in an .npy file, and how they were found.

    Raises:
        Problem: it is damaged, or holds anything but vectors of 0s and 1s.
    """
    return _rows(_load(data), bits)


def rows_of_archive(data: bytes, bits: int) -> tuple[list[str], str]:
    """The vectors in an .npz file: its only array, the one whose shape fits, or the one that is called `sequence`.

    Raises:
        Problem: it is damaged, has no such array or several, or the array holds anything but vectors of 0s and 1s.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            arrays = {entry.filename.removesuffix(".npy"): _unpacked(archive, entry) for entry in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError) as error:
        raise Problem("It is not a whole .npz file; save it again with numpy.savez.") from error
    if not any(data.startswith(npy.MAGIC_PREFIX) for data in arrays.values()):
        raise Problem("It is an archive without an array of NumPy; save a spreadsheet as CSV.")
    name = _chosen({name: member for name, member in arrays.items() if name.strip("/")}, bits)
    rows, form = _rows(_load(arrays[name]), bits)
    return rows, f"the array “{name}”, {form.removeprefix('an array ')}"


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.file_size > MAX_UNPACKED:
        raise Problem(f"The array {quoted(entry.filename)} takes {entry.file_size:,} bytes, far more than a sequence.")
    with archive.open(entry) as member:
        return member.read(MAX_UNPACKED)


def _chosen(arrays: dict[str, bytes], bits: int) -> str:
    if len(arrays) == 1:
        return next(iter(arrays))
    if words.NAMES[0] in arrays:
        return words.NAMES[0]
    fitting = [name for name, data in arrays.items() if _fits(data, bits)]
    if len(fitting) == 1:
        return fitting[0]
    if named := next((name for name in words.NAMES if name in (fitting or arrays)), None):
        return named
    listed = ", ".join(list(arrays)[:6]) or "none"
    raise Problem(f"It has no single array of shape (L, {bits}) ({listed}); call the one that is meant “sequence”.")


def _fits(data: bytes, bits: int) -> bool:
    try:
        shape, dtype = _header(data)
    except Problem:
        return False
    return len(shape) == 2 and shape[1] == bits and dtype.kind in "biuf"


def _load(data: bytes) -> Array:
    shape, dtype = _header(data)
    if dtype.kind in KINDS:
        raise Problem(f"The array holds {KINDS[dtype.kind]}; a bit is 0 or 1.")
    if 0 in shape:
        raise Problem(f"The array is empty: its shape is {shape}.")
    try:
        array: Array = np.load(io.BytesIO(data), allow_pickle=False)
    except FAULTS as error:
        raise Problem(NOT_SAVED) from error
    return array


def _header(data: bytes) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """The shape and the type of an array, once the file is known to hold as much: NumPy makes room before it reads."""
    file = io.BytesIO(data)
    try:
        shape, _, dtype = HEADERS[npy.read_magic(file)](file)
    except FAULTS as error:
        raise Problem(NOT_SAVED) from error
    held = len(data) - file.tell()
    if 0 in shape or dtype.kind == "O":  # neither is read
        return shape, dtype
    if any(not 0 < count <= held for count in shape) or math.prod(shape) * dtype.itemsize > held:
        raise Problem("Its header promises more numbers than the file holds; save it again.")
    return shape, dtype


def _rows(array: Array, bits: int) -> tuple[list[str], str]:
    kind = "text" if array.dtype.kind in "SU" else array.dtype.name
    form = f"an array of {' × '.join(map(str, array.shape))}, {kind}"
    shape = array.shape
    if kind == "text" and array.ndim == 1 and words.is_spelled(_text(array[0])):
        return [row for number, word in enumerate(array.tolist(), 1) for row in _words(_text(word), number, bits)], form
    if array.ndim > 2:  # a batch of one
        array = array.squeeze()
    if array.ndim < 2 and array.size % bits == 0:
        array = array.reshape(-1, bits)
    if array.ndim != 2 or array.shape[1] != bits:
        turned = " Transpose it." if array.ndim == 2 and array.shape[0] == bits else ""
        raise Problem(f"The array must have the shape (L, {bits}), a vector a row; it has {shape}.{turned}")
    rows = []
    for number, vector in enumerate(array.tolist(), 1):
        rows.append("".join(_bit(cell, number, place) for place, cell in enumerate(vector, 1)))
    return rows, form


def _words(word: str, number: int, bits: int) -> list[str]:
    if (rows := words.rows_of(word, bits)) is None:
        raise words.fault(word, bits, f"Vector {number:,}")
    return rows


def _bit(cell: Any, number: int, place: int) -> str:
    if isinstance(cell, str | bytes):
        written = _text(cell)
        bit = words.bit_of(written)
    else:
        written = f"{cell:g}" if isinstance(cell, float) else str(cell)
        bit = str(int(cell)) if cell in (0, 1) else None
    if bit is None:
        raise Problem(f"Bit {place} of vector {number:,} is {quoted(written)}; a bit is 0 or 1.")
    return bit


def _text(cell: str | bytes) -> str:
    return cell.decode("latin-1") if isinstance(cell, bytes) else str(cell)
