"""Matrices in two other signs than 1 and 0: on and off, yes and no, # and ., ■ and □."""

from __future__ import annotations

import re
from typing import NamedTuple

from tapedeck_sequences import words
from tapedeck_sequences.foreign import OtherKind
from tapedeck_sequences.problem import quoted

PAIRS = {
    "on": "off",
    "yes": "no",
    "y": "n",
    "t": "f",
    "ja": "nein",
    "oui": "non",
    "high": "low",
    "x": ".",
    "#": ".",
    "*": ".",
    "■": "□",
    "●": "○",
    "⬛": "⬜",
    "█": "░",
    "▓": "░",
    "✓": "✗",
    "✔": "✘",
    "☑": "☐",
    "🟩": "⬜",
}
"""What stands for 1, and what for 0 beside it."""


class Signs(NamedTuple):
    """A text with 1 and 0 in place of two signs.

    Attributes:
        text: line for line as before.
        said: “with “#” for 1 and “.” for 0”.
    """

    text: str
    said: str


def in_digits(text: str, bits: int) -> Signs | None:
    """The text in 1 and 0, if it is a matrix of two signs; None if it is not.

    Raises:
        OtherKind: a matrix of two signs of which none is known to stand for 1.
    """
    lines = [_cells(line) for line in text.split("\n") if line.strip()]
    if not lines or any(len(line) != bits for line in lines):
        return None
    written = {cell.lower(): cell for line in lines for cell in line}
    if len(written) != 2 or bits < 3:
        return None
    known = next(((one, zero) for one, zero in PAIRS.items() if written.keys() == {one, zero}), None)
    if known is not None:
        one, zero = known
        rows = [["1" if cell.lower() == one else "0" for cell in _cells(line)] for line in text.split("\n")]
        return Signs(
            "\n".join(map(" ".join, rows)), f"with {quoted(written[one])} for 1 and {quoted(written[zero])} for 0"
        )
    if len(lines) > 1 and not any(re.search(r"\d", cell) or words.bit_of(cell) for cell in written):
        raise OtherKind(f"It is written in {' and '.join(map(quoted, written.values()))}; write 1 and 0.")
    return None


def _cells(line: str) -> list[str]:
    parts = [part for part in re.split(r"[\s,;|]+", line.strip()) if part]
    return list(parts[0]) if len(parts) == 1 else parts
