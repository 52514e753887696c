"""The cells of a panel as pixels, some at a time: those of a long run on many locations are millions.

Dimensions: R rows and C columns of values, H × W pixels.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from matplotlib.colors import LinearSegmentedColormap, Normalize

from tapedeck.figures.drawing import Box, Scale, Values
from tapedeck.figures.packing import Pixels
from tapedeck.parts import Parts

CELLS_AT_ONCE = 500_000
"""Values that are coloured, or pixels that are painted, before something else may be done: some 20 ms."""

POINTS_PER_INCH = 72


def on_pixels(box: Box, dpi: int) -> Box:
    """The rectangle whose edges are the edges of pixels."""
    left, top, right, bottom = (round(edge * dpi / POINTS_PER_INCH) for edge in (*box[:2], box.right, box.bottom))
    return Box(*(size * POINTS_PER_INCH / dpi for size in (left, top, max(1, right - left), max(1, bottom - top))))


def colours(scale: Scale) -> LinearSegmentedColormap:
    """By the place between the scale's ends."""
    return LinearSegmentedColormap.from_list(scale.name, scale.colours)


def coloured_in_parts(values: Values, scale: Scale) -> Parts[Pixels]:
    """[R, C, 4]: before they are stretched to pixels, of which there may be many more."""
    found, map_of, place = np.empty((*values.shape, 4), np.uint8), colours(scale), Normalize(scale.low, scale.high)
    for rows in _stretches(*values.shape):
        found[rows] = map_of(place(values[rows]), bytes=True)
        yield
    return found


def painted_in_parts(paper: Pixels, box: Box, dpi: int, values: Values, scale: Scale) -> Parts[None]:
    """Paints the cells of a panel over its rectangle of the paper [H, W, 4]."""
    left, top, width, height = (round(edge * dpi / POINTS_PER_INCH) for edge in on_pixels(box, dpi))
    shades = yield from coloured_in_parts(_pooled(values, height, width), scale)
    rows, columns = (_nearest(count, size) for count, size in zip(shades.shape, (height, width), strict=False))
    for stretch in _stretches(height, width):
        paper[top : top + height, left : left + width][stretch] = shades[rows[stretch]][:, columns]
        yield


def _stretches(rows: int, columns: int) -> Iterator[slice]:
    """Some rows at a time."""
    step = max(1, CELLS_AT_ONCE // columns)
    for start in range(0, rows, step):
        yield slice(start, min(rows, start + step))


def _nearest(count: int, pixels: int) -> npt.NDArray[np.int64]:
    """Which of the cells has the middle of each pixel."""
    found: npt.NDArray[np.int64] = (2 * np.arange(pixels) + 1) * count // (2 * pixels)
    return found


def _pooled(values: Values, height: int, width: int) -> Values:
    """The values, at most as many as there are pixels: of those that share one the farthest from 0."""
    for axis, pixels in enumerate((height, width)):
        count = values.shape[axis]
        if count > pixels:
            first = np.arange(pixels) * count // pixels
            high, low = np.maximum.reduceat(values, first, axis), np.minimum.reduceat(values, first, axis)
            values = np.where(-low > high, low, high)
    return values
