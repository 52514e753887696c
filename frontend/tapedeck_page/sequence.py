"""The page's own sequences: examples worth watching, and sequences drawn at random.

A row is a string of 0s and 1s, one for each bit that the machine reads.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple

from tapedeck_sequences import parse_text

BYTE = 8
"""Bits of a vector that stands for a byte of text."""


def random_rows(length: int, density: float, seed: int, bits: int = BYTE) -> list[str]:
    """Rows whose bits are each 1 with probability `density`; the same for the same arguments."""
    draw = random.Random(seed)  # noqa: S311 - nothing secret
    return ["".join("1" if draw.random() < density else "0" for _ in range(bits)) for _ in range(length)]


def first_rows(text: str, bits: int) -> list[str]:
    """What the page opens on: a text where the machine reads bytes, else as many vectors drawn at random."""
    return parse_text(text) if bits == BYTE else random_rows(len(text.encode()), 0.5, 1, bits)


class Example(NamedTuple):
    """A sequence worth watching, and why.

    Attributes:
        label: what it is called on the page.
        rows_of: its rows, for a machine that reads so many bits a vector.
    """

    label: str
    rows_of: Callable[[int], list[str]]

    @property
    def rows(self) -> list[str]:
        """Its rows for a machine that reads bytes."""
        return self.rows_of(BYTE)


def _pattern(pattern: str, bits: int) -> str:
    return (pattern * bits)[:bits]


def _diagonal(bits: int) -> list[str]:
    return [f"{1 << bit:0{bits}b}" for bit in (*range(bits - 1, -1, -1), *range(bits))]


def _count_up(bits: int) -> list[str]:
    return [f"{count:0{bits}b}" for count in range(min(32, 1 << bits))]


EXAMPLES = {
    "greeting": Example("A greeting, 20 characters", lambda bits: parse_text("Hello, tape machine!", bits)),
    "one": Example("One vector", lambda bits: [_pattern("10110011", bits)]),
    "diagonal": Example("A diagonal, twice", _diagonal),
    "counter": Example("Counting up from 0", _count_up),
    "same": Example("The same vector, 16 times: position, not content", lambda bits: [_pattern("11001010", bits)] * 16),
    "silence": Example("Twelve vectors of zeros", lambda bits: ["0" * bits] * 12),
    "long": Example("60 random vectors", lambda bits: random_rows(60, 0.5, 60, bits)),
    "full": Example("126 random vectors, all that 128 locations hold", lambda bits: random_rows(126, 0.5, 126, bits)),
    "over": Example("140 random vectors, more than 128 locations hold", lambda bits: random_rows(140, 0.5, 140, bits)),
}
