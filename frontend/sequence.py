"""The page's own sequences: examples worth watching, and sequences drawn at random.

A row is a string of 0s and 1s, one for each bit of a vector.
"""

from __future__ import annotations

import random
from typing import NamedTuple

from tapedeck_sequences import parse_text

BITS = 8


def random_rows(length: int, density: float, seed: int) -> list[str]:
    """Rows whose bits are each 1 with probability `density`; the same for the same arguments."""
    draw = random.Random(seed)  # noqa: S311 - nothing secret
    return ["".join("1" if draw.random() < density else "0" for _ in range(BITS)) for _ in range(length)]


class Example(NamedTuple):
    """A sequence worth watching, and why."""

    label: str
    rows: list[str]


EXAMPLES = {
    "greeting": Example("A greeting, 20 characters", parse_text("Hello, tape machine!")),
    "one": Example("One vector", ["10110011"]),
    "diagonal": Example("A diagonal, twice", [f"{1 << bit:08b}" for bit in (*range(7, -1, -1), *range(8))]),
    "counter": Example("Counting from 0 to 31", [f"{count:08b}" for count in range(32)]),
    "same": Example("The same vector, 16 times: position, not content", ["11001010"] * 16),
    "silence": Example("Twelve vectors of zeros", ["0" * BITS] * 12),
    "long": Example("60 random vectors, three times the trained length", random_rows(60, 0.5, 60)),
    "full": Example("126 random vectors, all that 128 locations hold", random_rows(126, 0.5, 126)),
    "over": Example("140 random vectors, more than the memory holds", random_rows(140, 0.5, 140)),
}
