"""The colours of the page's light theme on white paper, and its scales: page and paper show the same picture."""

from __future__ import annotations

import math

from tapedeck.figures.drawing import Scale
from tapedeck_viewer.appearance import APPEARANCE, THEMES, ramps_of

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

GAP: str = _ON_PAPER["cell-gap"]
"""Between cells."""

RAMPS = ramps_of("light")
SIGNED = RAMPS["signed"]
BIT = Scale("bit", 1, RAMPS["ink"], GAP)
ERROR_SIZE = Scale("error", 1, (_ON_PAPER["cell-paper"], ERROR), GAP)
WEIGHTINGS = {kind: Scale("weighting", 1, RAMPS[kind], GAP) for kind in KINDS}
"""By the kind of a head."""


def scale(name: str, least: float, greatest: float, kind: str = "") -> Scale:
    """From 0 to a round number at or above the greatest value; where there are values below 0, from the same below.

    Args:
        name: of what is shown, in words.
        least: of its values.
        greatest: of its values.
        kind: of the head that it is of, whose hue it has; empty for none.
    """
    if least < 0:
        high = round_up(max(-least, greatest))
        return Scale(name, high, SIGNED, GAP, -high)
    return Scale(name, round_up(greatest), RAMPS[kind or "ink"], GAP)


def round_up(value: float) -> float:
    """A round number at or above a value: 1, 1.5, 2, 3, 4, 5, 6, 8 · 10ⁿ; 1 for 0."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    digit = next(digit for digit in APPEARANCE["limits"] if digit * power >= value * (1 - 1e-6))
    return float(f"{digit * power:.2g}")
