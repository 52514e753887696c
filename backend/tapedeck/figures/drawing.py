"""A figure as data: what stands where, in which colours, and in which words. Renderers decide nothing.

All places and sizes are in points (1/72 inch) from the figure's upper left corner, y downwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from tapedeck.figures.charts import Chart

Values = npt.NDArray[np.float32]


class Box(NamedTuple):
    """A rectangle."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """x of the right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """y of the lower edge."""
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Scale:
    """From a number to a colour, within fixed limits.

    Attributes:
        name: of what is shown, in words.
        high: the greatest value.
        colours: hexadecimal, at equal distances from `low` to `high`.
        gap: the colour of the lines between cells.
        low: the least value, 0 or −`high`.
    """

    name: str
    high: float
    colours: tuple[str, ...]
    gap: str
    low: float = 0.0


class Tick(NamedTuple):
    """A mark at the middle of one row or column."""

    place: int
    text: str


@dataclass(frozen=True, slots=True)
class Axis:
    """The rows or the columns of a panel. Panels whose labels are the same share the axis: they are zoomed together.

    Attributes:
        labels: what each row or column is, in words; all different.
        ticks: those that are marked; none where a neighbour's marks serve.
    """

    labels: tuple[str, ...]
    ticks: tuple[Tick, ...] = ()

    @property
    def unmarked(self) -> Axis:
        """The same without marks."""
        return Axis(self.labels)


class Span(NamedTuple):
    """Columns with a name, `start` included, `stop` not; a bracket above the panel."""

    name: str
    start: int
    stop: int


class Cell(NamedTuple):
    """A place in a panel."""

    row: int
    column: int


@dataclass(frozen=True, eq=False, slots=True)
class Panel:
    """A heatmap.

    Attributes:
        title: what it shows, for people who cannot see it and for programs; the printed words are in the texts.
        values: [rows, columns], the first row on top.
        errors: cells marked as wrong, with ✕.
        cursor: the column that a line goes through from top to bottom; None for no line.
    """

    title: str
    box: Box
    values: Values
    scale: Scale
    rows: Axis
    columns: Axis
    spans: tuple[Span, ...] = ()
    errors: tuple[Cell, ...] = ()
    cursor: int | None = None

    @property
    def cell(self) -> tuple[float, float]:
        """Width and height of a cell."""
        rows, columns = self.values.shape
        return self.box.width / columns, self.box.height / rows

    @property
    def has_gaps(self) -> bool:
        """Whether the cells are large enough to be set apart by lines."""
        return min(self.cell) >= LEAST_CELL_WITH_GAP

    @property
    def cross(self) -> float:
        """The width of ✕ in a cell."""
        return min(CROSS, CROSS_OF_A_CELL * min(self.cell))


LEAST_CELL_WITH_GAP = 2.5
GAP = 0.35
"""The width of a line between cells."""

CROSS = 4.0
CROSS_OF_A_CELL = 0.7

BRACKET_FOOT, BRACKET_TOP, BRACKET_NAME = 2.5, 5.0, 10.0
"""How far above a panel a bracket begins and ends, and the middle of its name is."""

TICK_LENGTH = 2.0
TICK_SIZE = 6.0
"""The letter size at axes and colour bars."""


@dataclass(frozen=True, slots=True)
class ColourBar:
    """What the colours of a scale mean; marked at both limits and, where there is room, halfway."""

    box: Box
    scale: Scale

    @property
    def ticks(self) -> tuple[float, ...]:
        """The marked values."""
        low, high = self.scale.low, self.scale.high
        return (low, (low + high) / 2, high) if self.box.height >= 3 * TICK_SIZE else (low, high)


def number(value: float) -> str:
    """As it stands at an axis."""
    return f"{value:g}".replace("-", "−")


class Style(Enum):
    """Of a text: its size, and whether it is bold."""

    TITLE = (10.0, True)
    HEADING = (7.5, True)
    BODY = (7.0, False)
    SMALL = (6.0, False)

    @property
    def size(self) -> float:
        """Of the letters."""
        return self.value[0]

    @property
    def bold(self) -> bool:
        """Or regular."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Text:
    """One line. `x` is its left edge, middle or right edge, and `y` the middle of its height.

    Attributes:
        turned: by 90° anticlockwise, around its middle, which is then at `x` and `y`.
    """

    x: float
    y: float
    text: str
    style: Style
    colour: str
    align: Literal["left", "center", "right"] = "left"
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole figure.

    Attributes:
        name: of its files.
        title: what it shows.
        summary: what can be seen in it, for people who cannot see it.
        metadata: about the figure and its machine, to be written into the files; names as in the Dublin Core.
    """

    name: str
    title: str
    summary: str
    width: float
    height: float
    panels: tuple[Panel, ...]
    bars: tuple[ColourBar, ...]
    texts: tuple[Text, ...]
    charts: tuple[Chart, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
