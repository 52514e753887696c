"""The arrays of an .npz file from anywhere: bounded before anything is made, and never a pickle.

The archive's own index is bounded first: how many members it lists, and how large each says that it is. A member that
unpacks to more is cut off there, and one that promises more numbers than it holds is refused before they are read.
"""

from __future__ import annotations

import math
import tokenize
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy

from tapedeck.errors import TraceFileUnreadable, quoted

MAX_ARRAYS = 1_000
MAX_BYTES = 2**30
"""Of all arrays together, unpacked."""
MAX_INDEX = 2**20
"""Bytes of the archive's index."""
MAX_ITEM = 8
"""Bytes of a number: NumPy's longer floats are of a machine's own form."""

END = b"PK\x05\x06"
END_64 = b"PK\x06\x07"
"""Before the end of an archive whose index is too large for the old form."""
END_BYTES, COMMENT_BYTES = 22, 65535

HEADERS = {
    (1, 0): npy.read_array_header_1_0,
    (2, 0): npy.read_array_header_2_0,
    (3, 0): npy.read_array_header_2_0,
}
"""Version 3 differs in how it writes the names of fields, which an array of numbers has none of."""
FAULTS = (ValueError, KeyError, TypeError, SyntaxError, tokenize.TokenError, RecursionError, MemoryError, EOFError)
"""What a header gives that NumPy did not write: it is parsed as Python."""
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError, OSError)

KINDS = {
    "c": "complex numbers",
    "M": "dates",
    "m": "times",
    "V": "records, or numbers of a type that NumPy does not have",
    "O": "Python objects, which need pickle and are never opened",
    "S": "text",
    "U": "text",
}
AGAIN = "save the arrays with numpy.savez"

Values = npt.NDArray[Any]


@dataclass(frozen=True)
class Archive:
    """The members of an archive by the names of their arrays, in its order; nothing of them has been read."""

    file: zipfile.ZipFile
    members: dict[str, zipfile.ZipInfo]

    @classmethod
    def of(cls, file: BufferedIOBase) -> Archive:
        """Looks at the index alone.

        Raises:
            TraceFileUnreadable: not an archive; too many members, or too large ones; two of one name.
        """
        _check_index(file)
        try:
            archive = zipfile.ZipFile(file)
        except DAMAGED as error:
            raise TraceFileUnreadable(f"It is not a whole .npz file; {AGAIN}.") from error
        return cls(archive, _members(archive.infolist()))

    def numbers(self, name: str) -> Values:
        """An array of floats, integers or booleans, as it was saved.

        Raises:
            TraceFileUnreadable: anything else, or a damaged one.
        """
        values = self._read(name)
        if values.dtype.kind not in "fiub":
            raise TraceFileUnreadable(f"{name} holds {KINDS.get(values.dtype.kind, 'no numbers')}; {FLOATS}.")
        if values.dtype.itemsize > MAX_ITEM:
            raise TraceFileUnreadable(f"{name} holds numbers wider than float64, {values.dtype.str}; {FLOATS}.")
        return values

    def text(self, name: str, most: int) -> str | bytes:
        """An array without dimensions that holds text, or UTF-8.

        Raises:
            TraceFileUnreadable: anything else, a damaged one, or one of more bytes.
        """
        if self.members[name].file_size > most:
            raise TraceFileUnreadable(
                f"{name} takes {self.members[name].file_size:,} bytes; the most is {most:,}. Say less in it."
            )
        values = self._read(name)
        if values.dtype.kind not in "US" or values.size != 1:
            raise TraceFileUnreadable(
                f"{name} must be one JSON text, numpy.array(json.dumps(…)); it is an array of the shape "
                f"{values.shape} that holds {values.dtype.name if values.dtype.kind in 'fiub' else 'something else'}."
            )
        try:
            text: str | bytes = values.reshape(()).item()
        except ValueError as error:
            raise TraceFileUnreadable(f"{name} is not text: {error}.") from error
        return text

    def _read(self, name: str) -> Values:
        entry = self.members[name]
        if entry.flag_bits & 1:
            raise TraceFileUnreadable(f"{name} is encrypted; {AGAIN}.")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise TraceFileUnreadable(
                f"{name} is compressed in another way than numpy.savez_compressed does; save it with that."
            )
        try:
            with self.file.open(entry) as member:
                assert isinstance(member, BufferedIOBase)  # noqa: S101 - which its type does not say
                return _array(name, member, entry.file_size)
        except DAMAGED as error:
            raise TraceFileUnreadable(f"{name} is damaged: the file is not whole. Save it again.") from error


FLOATS = "it must hold floats, integers or booleans"


def _array(name: str, member: BufferedIOBase, size: int) -> Values:
    try:
        shape, fortran, dtype = HEADERS[npy.read_magic(member)](member)
    except FAULTS as error:
        raise TraceFileUnreadable(f"{name} is not an array that NumPy saved; {AGAIN}.") from error
    if dtype.kind in "OV":
        raise TraceFileUnreadable(f"{name} holds {KINDS[dtype.kind]}; {FLOATS}.")
    count = math.prod(shape)
    if any(length < 0 for length in shape) or count * dtype.itemsize > size:
        raise TraceFileUnreadable(f"{name} promises more numbers than the file holds: {shape}. Save it again.")
    data = member.read(count * dtype.itemsize)
    if len(data) < count * dtype.itemsize:
        raise TraceFileUnreadable(f"{name} is damaged: the file is not whole. Save it again.")
    if member.read(1):  # reading to the end also checks the sum
        raise TraceFileUnreadable(f"{name} holds more than the {count:,} numbers of its shape {shape}. Save it again.")
    return np.frombuffer(data, dtype).reshape(shape, order="F" if fortran else "C")


def _check_index(file: BufferedIOBase) -> None:
    """Before `zipfile` makes an object of each member: what the end of the archive says of its index."""
    size = file.seek(0, 2)
    file.seek(max(0, size - END_BYTES - COMMENT_BYTES - END_BYTES))
    tail = file.read()
    at = tail.rfind(END)
    file.seek(0)
    if at < 0 or len(tail) - at < END_BYTES:
        begins = file.read(len(npy.MAGIC_PREFIX)) == npy.MAGIC_PREFIX
        what = "a single array (.npy)" if begins else "no .npz file"
        raise TraceFileUnreadable(f"It is {what}; {AGAIN}, and `meta` among them.")
    count, length = (int.from_bytes(tail[at + start : at + stop], "little") for start, stop in ((10, 12), (12, 16)))
    if count > MAX_ARRAYS or length > MAX_INDEX or END_64 in tail[max(0, at - END_BYTES) : at]:
        raise TraceFileUnreadable(f"It lists more than {MAX_ARRAYS:,} arrays, which no trace file has.")


def _members(entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    members = dict(_named(entries))
    total = sum(entry.file_size for entry in members.values())
    if len(members) > MAX_ARRAYS:
        raise TraceFileUnreadable(f"It holds {len(members):,} arrays; the most is {MAX_ARRAYS:,}.")
    if total > MAX_BYTES:
        largest = max(members, key=lambda name: members[name].file_size)
        raise TraceFileUnreadable(
            f"Its arrays take {total:,} bytes unpacked; the most is {MAX_BYTES:,}. The largest is "
            f"{quoted(largest[:100])}: leave it out, or record fewer steps."
        )
    return members


def _named(entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    seen = set()
    for entry in entries:
        name = entry.filename.removesuffix(".npy")
        if name in seen:
            raise TraceFileUnreadable(f"It holds {quoted(name[:100])} twice; which is meant, nobody can say.")
        seen.add(name)
        if name != entry.filename:
            yield name, entry
