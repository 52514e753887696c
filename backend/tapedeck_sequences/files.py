"""Files that hold a sequence. Their content says how they are read; their name, whether they may be words."""

from __future__ import annotations

import base64
from pathlib import PurePath
from typing import NamedTuple, TypedDict

from tapedeck_sequences import foreign
from tapedeck_sequences.arrays import rows_of_archive, rows_of_array
from tapedeck_sequences.decoding import decoded
from tapedeck_sequences.matrix import Reading, looks_like_bits, read_matrix
from tapedeck_sequences.problem import Problem, counted
from tapedeck_sequences.typed import parse_text
from tapedeck_sequences.words import BYTE

MAX_BYTES = 1_000_000
"""Far more than the longest sequence takes in any form."""

WORDS = (".txt", ".text", ".md", "")
"""The endings of files that may hold words, which are read as text."""
ENDINGS = (
    *(".txt", ".csv", ".tsv", ".json", ".npy", ".npz", ".jsonl", ".ndjson", ".tab", ".dat", ".text", ".md"),
    *(".yaml", ".yml", ".log", ".out", ".prn", ".py", ".m", ".c", ".h", ".v", ".mem", ".tex", ".data", ".asc"),
)
"""Of files that are looked into. The first six are named where others are refused."""

TEXT = "text"


class Upload(TypedDict):
    """A file as the browser modules hand it over."""

    name: str
    size: int
    contents: str | None
    """A data URL in base64; none where the size is beyond `MAX_BYTES`."""
    turn: int


class FileReading(NamedTuple):
    """A sequence, and the file that it was read from.

    Attributes:
        rows: the vectors, each a string of 0s and 1s.
        name: the file's.
        form: what it was read as, such as “a table separated by commas, without its heading”.
    """

    rows: list[str]
    name: str
    form: str

    @property
    def is_text(self) -> bool:
        """Whether each vector is a byte of words, not of a matrix."""
        return self.form.startswith(TEXT)

    @property
    def sentence(self) -> str:
        """How the file was read, in words."""
        return f"Read {counted(len(self.rows), 'vector')} from {self.name}: {self.form}."


def read_upload(file: Upload, bits: int = BYTE) -> FileReading:
    """The sequence in a file that was chosen, dropped or pasted.

    Raises:
        Problem: as `read_file`.
    """
    if file["contents"] is None:
        raise _too_large(file["name"], file["size"])
    return read_file(file["name"], base64.b64decode(file["contents"].partition(",")[2]), bits)


def read_file(name: str, data: bytes, bits: int = BYTE) -> FileReading:
    """The sequence in a file.

    Args:
        name: of the file; its ending says whether it may hold words.
        data: all of it.
        bits: of a vector.

    Raises:
        Problem: too large a file, one of another kind, or content that is not a sequence; names the file and the place.
    """
    if len(data) > MAX_BYTES:
        raise _too_large(name, len(data))
    ending = PurePath(name).suffix.lower()
    try:
        rows, form = _read(ending, data, bits)
    except Problem as problem:
        is_unknown = ending not in ENDINGS and ending not in WORDS and not isinstance(problem, foreign.OtherKind)
        if is_unknown and not looks_like_bits(data.decode("latin-1")):
            raise Problem(
                f"{name} is not a file that holds a sequence; choose one that ends in {', '.join(ENDINGS[:6])}."
            ) from problem
        said = str(problem)
        raise Problem(f"{name}: {said[0].lower()}{said[1:]}") from problem
    return FileReading(rows, name, form)


def _read(ending: str, data: bytes, bits: int) -> Reading:
    if not data.strip():
        raise Problem("The file is empty.")
    if data.startswith(b"\x93NUMPY") or ending == ".npy":
        return Reading(*rows_of_array(data, bits))
    foreign.check_bytes(data)
    if data.startswith(b"PK") or ending == ".npz":
        foreign.check_archive(data)
        return Reading(*rows_of_archive(data, bits))
    text, fault = decoded(data)
    if not text.strip():
        raise fault or Problem("The file is empty.")
    try:
        return read_matrix(text, bits)
    except foreign.OtherKind:
        raise
    except Problem as problem:
        foreign.check_text(text)
        if ending in WORDS and not looks_like_bits(text) and fault is None:
            return Reading(parse_text(text, bits), f"{TEXT}, {counted(len(text.encode()), 'byte')}, each a vector")
        raise fault or problem from problem


def _too_large(name: str, size: int) -> Problem:
    return Problem(f"{name} has {size:,} bytes; a sequence takes {MAX_BYTES:,} at most. Choose a shorter one.")
