"""Drawing on an array of palette indices: cells, rectangles, words."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from tapedeck.figures.animation import colours
from tapedeck.figures.animation.colours import Indices
from tapedeck.figures.drawing import Scale, Values

FINER = 4
"""Words are drawn this many times larger and scaled down: drawn at their own size, letters are spaced unevenly."""

GAP_FROM = 5
"""Cells of at least this many pixels are separated by one pixel."""


class Place(NamedTuple):
    """A pixel."""

    x: int
    y: int


class Box(NamedTuple):
    """A rectangle of pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column beyond it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row beyond it."""
        return self.y + self.height


def blank(width: int, height: int) -> Indices:
    """A white canvas."""
    return np.full((height, width), colours.WHITE, dtype=np.uint8)


def fill(canvas: Indices, box: Box, index: int) -> None:
    """One colour all over the box."""
    canvas[box.y : box.bottom, box.x : box.right] = index


def cells(canvas: Indices, box: Box, values: Values, scale: Scale) -> None:
    """Cells [rows, columns] that fill the box; of those that share a pixel the one that is farthest from 0."""
    rows, columns = values.shape
    ramp = colours.Ramp.of(scale)
    shades = _stretched(_stretched(ramp.indices(values, scale), box.width, ramp.zero).T, box.height, ramp.zero).T
    canvas[box.y : box.bottom, box.x : box.right] = shades
    if box.width >= GAP_FROM * columns:
        canvas[box.y : box.bottom, box.x + _ends(columns, box.width)] = colours.WHITE
    if box.height >= GAP_FROM * rows:
        canvas[box.y + _ends(rows, box.height), box.x : box.right] = colours.WHITE


def middle(box: Box, column: int, columns: int) -> int:
    """The pixel column in the middle of a cell."""
    return box.x + int((column + 0.5) * box.width / columns)


def edge(box: Box, column: int, columns: int) -> int:
    """The first pixel column of a cell."""
    return box.x + round(column * box.width / columns)


def words(canvas: Indices, said: str, place: Place, hue: str, size: int, *, bold: bool = False, at: float = 0) -> None:
    """Words whose upper left corner is at a place; with `at` 0.5 their upper middle, with 1 the right one."""
    mask = letters(said, size, bold=bold)
    _put(canvas, mask, Place(place.x - round(at * mask.shape[1]), place.y), hue)


def turned_words(canvas: Indices, said: str, place: Place, hue: str, size: int) -> None:
    """Words that run upwards, the middle of them at a place."""
    mask = np.rot90(letters(said, size))
    height, width = mask.shape
    _put(canvas, mask, Place(place.x - round(width / 2), place.y - height // 2), hue)


def cross(canvas: Indices, place: Place, arm: int, box: Box) -> None:
    """A ✕ with a white edge around it, as far as it is within the box."""
    for hue, about in ((colours.WHITE, arm + 1), (colours.full("error"), arm)):
        for at in range(-about, about + 1):
            for y in (place.y + at, place.y - at):
                if box.y <= y < box.bottom and box.x <= place.x + at < box.right:
                    canvas[y, place.x + at] = hue


@lru_cache(maxsize=512)
def letters(said: str, size: int, *, bold: bool = False) -> npt.NDArray[np.uint8]:
    """How much of each pixel the letters cover, 0 … 255. What the font lacks becomes a question mark."""
    shown = "".join(sign if " " <= sign <= "~" or sign in "·…‘’" else "?" for sign in said)
    font = ImageFont.load_default(size * FINER)
    stroke = 1 if bold else 0
    left, _, right, _ = font.getbbox(shown, stroke_width=stroke)
    width, height = int(right - left) // FINER + 2, size * 5 // 4
    image = Image.new("L", (width * FINER, height * FINER))
    ImageDraw.Draw(image).text((-left, 0), shown, fill=255, font=font, stroke_width=stroke)
    return np.asarray(image.resize((width, height), Image.Resampling.BOX))


def _put(canvas: Indices, mask: npt.NDArray[np.uint8], place: Place, hue: str) -> None:
    under = canvas[place.y : place.y + mask.shape[0], place.x : place.x + mask.shape[1]]
    height, width = under.shape
    strength = np.round(mask[:height, :width] / 255 * colours.HUE_SHADES).astype(np.uint8)
    under[strength > 0] = colours.HUES[hue] + strength[strength > 0] - 1


def _stretched(indices: Indices, size: int, zero: int) -> Indices:
    """This many columns from the given ones: each repeated, or of those that share one the farthest from that of 0."""
    count = indices.shape[1]
    first = np.arange(size) * count // size
    if count <= size:
        return indices[:, first]
    high, low = (each.reduceat(indices, first, axis=1) for each in (np.maximum, np.minimum))
    farthest: Indices = np.where(zero - low.astype(int) > high.astype(int) - zero, low, high)
    return farthest


def _ends(count: int, size: int) -> npt.NDArray[np.int64]:
    """The last pixel of every cell but the last."""
    return np.flatnonzero(np.diff(np.arange(size) * count // size))
