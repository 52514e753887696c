"""The colours of the page's light theme, and its scales: the page and paper show the same picture."""

from __future__ import annotations

import math

from tapedeck.figures.drawing import Scale

PAPER = "#ffffff"
INK = "#1a1c1f"
SOFT_INK = "#585b61"
LINE = "#8d8c86"
WRITE = "#9c4600"
READ = "#0a5aab"
ERROR = "#b01040"

_CELL_PAPER = "#e9e7df"
_MAP_GAP = "#00183c"
_CIVIDIS = (
    "#00224e",
    "#123570",
    "#3b496c",
    "#575d6d",
    "#707173",
    "#8a8678",
    "#a59c74",
    "#c3b369",
    "#e1cc55",
    "#fee838",
)
_ROUND = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)

BIT = Scale("bit", 1, (_CELL_PAPER, INK), PAPER)
ERROR_SIZE = Scale("error", 1, (_CELL_PAPER, ERROR), PAPER)
WEIGHTING = Scale("weighting", 1, _CIVIDIS, _MAP_GAP)


def content(greatest: float) -> Scale:
    """Of add and read vectors, which are never negative: from 0 to a round number at or above the greatest value."""
    return Scale("content", round_up(greatest), _CIVIDIS, _MAP_GAP)


def round_up(value: float) -> float:
    """A round number at or above a value: 1, 1.5, 2, 3, 4, 5, 6, 8 · 10ⁿ; 1 for 0."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    digit = next(digit for digit in _ROUND if digit * power >= value * (1 - 1e-6))
    return float(f"{digit * power:.2g}")
