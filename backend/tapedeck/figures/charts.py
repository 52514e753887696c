"""Lines over axes of numbers: a part of a drawing, as data. Places and sizes are in points, as in the drawing."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

from tapedeck.figures.drawing import Box, number

LINE_WIDTH = 1.0
RING = 5.0
"""The width of what marks a point of a line."""

BAND = 0.2
"""How strong the shade of a band is."""

ROUND = (1, 2, 5)
"""The digits of distances between marks."""


@dataclass(frozen=True, slots=True)
class NumberAxis:
    """A continuous axis.

    Attributes:
        low, high: its ends.
        ticks: the values that are marked, as they are written.
        logarithmic: or else linear.
    """

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    logarithmic: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points.

    Attributes:
        name: of what it shows, in words.
        dashes: lengths of dashes and of gaps by turns, in points; none for a solid line.
        marked: points that stand out, as rings.
        band: the lower and the upper edge of a shade behind it, at the same points; empty for none.
    """

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    colour: str
    dashes: tuple[float, ...] = ()
    marked: tuple[tuple[float, float], ...] = ()
    band: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over one pair of axes; the first is drawn first.

    Attributes:
        title: what it shows, for people who cannot see it and for programs; the printed words are in the texts.
        x_name, y_name: of the axes, for what is shown under a pointer.
    """

    title: str
    box: Box
    lines: tuple[Line, ...]
    x: NumberAxis
    y: NumberAxis
    x_name: str
    y_name: str


def linear(low: float, high: float, most: int) -> NumberAxis:
    """From round numbers to round numbers, with at most so many marks but one."""
    every = _round_distance((high - low) / most if high > low else 1.0)
    first, last = math.floor(low / every + 1e-9), math.ceil(high / every - 1e-9)
    last = max(last, first + 1)
    marks = [round(place * every, 12) for place in range(first, last + 1)]
    return NumberAxis(marks[0], marks[-1], tuple((mark, _written(mark)) for mark in marks))


def logarithmic(low: float, high: float) -> NumberAxis:
    """From power of ten to power of ten, each of which is marked; both numbers are above 0."""
    first, last = math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9)
    powers = [10.0**power for power in range(first, max(last, first + 1) + 1)]
    return NumberAxis(powers[0], powers[-1], tuple((power, _written(power)) for power in powers), logarithmic=True)


def _round_distance(least: float) -> float:
    """1, 2 or 5 · 10ⁿ, the first that is not less."""
    power = 10.0 ** math.floor(math.log10(least))
    candidates: Iterator[float] = (digit * scale for scale in (power, 10 * power) for digit in ROUND)
    return next(itertools.dropwhile(lambda distance: distance < least * (1 - 1e-9), candidates))


def _written(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else number(value)
