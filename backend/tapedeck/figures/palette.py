"""The colours of the page's light theme on white paper, and its scales: page and paper show the same picture."""

from __future__ import annotations

import math

from tapedeck.figures.drawing import Scale
from tapedeck_viewer.appearance import APPEARANCE, THEMES

_ON_PAPER = {**THEMES["light"], **APPEARANCE["print"]}

PAPER: str = _ON_PAPER["page"]
INK: str = _ON_PAPER["ink"]
SOFT_INK: str = _ON_PAPER["ink-soft"]
LINE: str = _ON_PAPER["line-strong"]
ERROR: str = _ON_PAPER["error"]
KINDS: dict[str, str] = {kind: _ON_PAPER[kind] for kind in ("write", "read")}
"""By the kind of a head."""

PHASES: dict[str, str] = {role: _ON_PAPER[each["colour"]] for role, each in APPEARANCE["phases"].items()}
"""By the role of a phase."""

MAP = tuple(APPEARANCE["ramps"]["map"])
SIGNED = tuple(APPEARANCE["ramps"]["signed"])
MAP_GAP: str = _ON_PAPER["map-gap"]
SIGNED_GAP: str = APPEARANCE["gaps"]["signed"]

BIT = Scale("bit", 1, (_ON_PAPER["cell-paper"], _ON_PAPER["cell-ink"]), _ON_PAPER["cell-gap"])
ERROR_SIZE = Scale("error", 1, (_ON_PAPER["cell-paper"], ERROR), _ON_PAPER["cell-gap"])
WEIGHTING = Scale("weighting", 1, MAP, MAP_GAP)


def scale(name: str, least: float, greatest: float) -> Scale:
    """From 0 to a round number at or above the greatest value; where there are values below 0, from the same below."""
    if least < 0:
        high = round_up(max(-least, greatest))
        return Scale(name, high, SIGNED, SIGNED_GAP, -high)
    return Scale(name, round_up(greatest), MAP, MAP_GAP)


def round_up(value: float) -> float:
    """A round number at or above a value: 1, 1.5, 2, 3, 4, 5, 6, 8 · 10ⁿ; 1 for 0."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    digit = next(digit for digit in APPEARANCE["limits"] if digit * power >= value * (1 - 1e-6))
    return float(f"{digit * power:.2g}")
