"""The palette of all frames: a GIF holds 256 colours, so a frame is an array of indices into one list of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tapedeck.figures import palette
from tapedeck.figures.drawing import Scale, Values
from tapedeck_viewer.appearance import APPEARANCE

Indices = npt.NDArray[np.uint8]
Rgb = npt.NDArray[np.float64]

SHADES = {"ink": 24, "write": 32, "read": 32, "signed": 41}
"""Of each ramp. Odd where 0 is in the middle, so that one of them is that of 0."""
HUE_SHADES = 7
"""From white to a hue, without white: the edges of letters."""

CURTAIN: float = APPEARANCE["curtain"]
"""How much white lies over what has not been played yet."""

WHITE, TRANSPARENT = 0, 1


def _rgb(colour: str) -> Rgb:
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], dtype=np.float64)


def _between(colours: tuple[str, ...], count: int) -> Rgb:
    """This many colours at equal distances along the given ones, [count, 3]."""
    anchors = np.array([_rgb(colour) for colour in colours])
    places = np.linspace(0, len(anchors) - 1, count)
    return np.stack([np.interp(places, range(len(anchors)), anchors[:, part]) for part in range(3)], axis=1)


def _veiled(colours: Rgb) -> Rgb:
    return colours + CURTAIN * (255 - colours)


_HUES = {
    "ink": palette.INK,
    "soft": palette.SOFT_INK,
    **palette.KINDS,
    "error": palette.ERROR,
    "line": palette.LINE,
}
_RAMPS = {name: _between(palette.RAMPS[name], count) for name, count in SHADES.items()}
_LETTERS = [_between((palette.PAPER, hue), HUE_SHADES + 1)[1:] for hue in _HUES.values()]
_VEILED = [*(_veiled(ramp[::2]) for ramp in _RAMPS.values()), *(_veiled(ramp[-1:]) for ramp in _LETTERS)]
_COLOURS = np.concatenate([np.full((2, 3), 255.0), *_RAMPS.values(), *_LETTERS, *_VEILED]).round()

FIRST = dict(zip(SHADES, np.cumsum([2, *SHADES.values()]).tolist(), strict=False))
"""Where each ramp's least value stands."""
HUES = {name: 2 + sum(SHADES.values()) + at * HUE_SHADES for at, name in enumerate(_HUES)}
"""Where each hue's lightest shade stands."""

PALETTE = bytes(_COLOURS.astype(np.uint8).tobytes().ljust(3 * 256, b"\xff"))
"""256 × red, green, blue."""


class Ramp(NamedTuple):
    """Where the shades of a scale stand in the palette.

    Attributes:
        first: the index of its least value.
        shades: how many there are.
        zero: the index of the value 0.
    """

    first: int
    shades: int
    zero: int

    @classmethod
    def of(cls, scale: Scale) -> Ramp:
        """The shades of a scale."""
        name = next(name for name, colours in palette.RAMPS.items() if colours == scale.colours)
        first, shades = FIRST[name], SHADES[name]
        return cls(first, shades, first + shades // 2 if scale.low < 0 else first)

    def indices(self, values: Values, scale: Scale) -> Indices:
        """Values as indices."""
        share = np.clip((values - scale.low) / (scale.high - scale.low), 0, 1)
        found: Indices = (self.first + share * (self.shades - 1)).round().astype(np.uint8)
        return found


def full(hue: str) -> int:
    """A hue at its strongest."""
    return HUES[hue] + HUE_SHADES - 1


def _behind_curtain() -> Indices:
    """For each index the one of the nearest colour to what is seen of it through the curtain."""
    distances = ((_veiled(_COLOURS)[:, np.newaxis] - _COLOURS) ** 2).sum(axis=2)
    distances[:, TRANSPARENT] = np.inf
    nearest: Indices = distances.argmin(axis=1).astype(np.uint8)
    return nearest


PHASES = {role: each["colour"].removesuffix("-strong") for role, each in APPEARANCE["phases"].items()}
"""The hue of each role of a phase."""

BEHIND_CURTAIN = _behind_curtain()
