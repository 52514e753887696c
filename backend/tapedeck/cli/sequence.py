"""The sequence that a command is given: typed, as text, or in a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from tapedeck.errors import InvalidInterventions, InvalidRequest, InvalidSequence, shown
from tapedeck_sequences import MAX_BYTES, Problem, parse_bits, parse_text, read_file

STANDARD_INPUT = Path("-")


class Given(NamedTuple):
    """A sequence.

    Attributes:
        vectors: of 0s and 1s.
        is_text: whether they are the bytes of a text.
        said: how a file was read; None where there was no file.
    """

    vectors: list[list[int]]
    is_text: bool
    said: str | None = None


def given(sequence: str | None, text: str | None, file: Path | None, bits: int) -> Given:
    """The sequence, in the one form in which it is given.

    Raises:
        InvalidSequence: it is not a sequence of vectors of so many bits; says which, and where.
    """
    try:
        if file is not None:
            found = _read(file, bits)
        elif sequence is not None:
            found = Given(_vectors(parse_bits(sequence, bits)), is_text=False)
        else:
            found = Given(_vectors(parse_text(text or "", bits)), is_text=True)
    except Problem as problem:
        raise InvalidSequence(str(problem)) from problem
    return found


def check_one(sequence: str | None, text: str | None, file: Path | None, given_input: str | None = None) -> None:
    """Raises InvalidRequest unless exactly one of them is given."""
    if sum(form is not None for form in (sequence, text, file, given_input)) != 1:
        raise InvalidRequest("Give one of --sequence, --text, --file and --input.")


def parse_input(text: str) -> dict[str, Any]:
    """A task's input as it is typed.

    Raises:
        InvalidRequest: it is not a JSON object.
    """
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InvalidRequest(f"--input is not valid JSON: {error.msg}, at character {error.pos + 1}.") from error
    if not isinstance(document, dict):
        raise InvalidRequest(f"--input must be a JSON object, got {text[:40]}.")
    return document


def parse_interventions(text: str) -> list[Any]:
    """Interventions as they are typed, or in the file of that name.

    Raises:
        InvalidInterventions: they are not a list in JSON, or the file cannot be read.
    """
    try:
        data: str | bytes = text if text.lstrip().startswith(("[", "{")) else Path(text).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InvalidInterventions(
            f"--interventions is neither a JSON list nor a file that can be read: {text[:40]} ({reason})."
        ) from error
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise InvalidInterventions(
            f"--interventions is not valid JSON: {error.msg}, at character {error.pos + 1}."
        ) from error
    if not isinstance(document, list):
        raise InvalidInterventions(f"--interventions must be a JSON list, got {shown(document)}.")
    return document


def decode(vectors: list[list[int]]) -> str:
    """The text whose bytes the vectors are, � for bytes that are not UTF-8."""
    return bytes(int("".join(map(str, vector)), 2) for vector in vectors).decode(errors="replace")


def _read(file: Path, bits: int) -> Given:
    is_standard = file == STANDARD_INPUT
    try:
        if is_standard:
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with file.open("rb") as opened:
                data = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise InvalidSequence(f"{file} cannot be read: {error.strerror or error}.") from error
    found = read_file("standard input" if is_standard else file.name, data, bits)
    return Given(_vectors(found.rows), found.is_text, found.sentence)


def _vectors(rows: list[str]) -> list[list[int]]:
    return [[int(bit) for bit in row] for row in rows]
