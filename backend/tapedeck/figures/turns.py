"""From work in parts to a file in pieces: an empty piece for each part, a moment for something else."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

from tapedeck.parts import Parts, next_part

T = TypeVar("T")


def in_turns(parts: Parts[T]) -> Generator[bytes, None, T]:
    """The result, after an empty piece for each part."""
    while True:
        match next_part(parts):
            case (result,):
                return result
        yield b""
