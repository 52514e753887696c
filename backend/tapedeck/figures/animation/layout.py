"""Where everything stands in a frame, in pixels, and the panels with their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tapedeck.figures import axes, outcome, palette
from tapedeck.figures.animation.canvas import Box
from tapedeck.figures.drawing import Tick, Values
from tapedeck.tracing import Trace

MARGIN, LEFT, COLUMN, GUTTER, MEMORY, BARS = 16, 56, 300, 22, 132, 30
HEADER, ABOVE, BELOW, FOOTER = 40, 22, 26, 24
HEIGHTS = {"bit": 120, "target": 96, "column": 100, "location": 138}
DELIMITERS = ("S", "E")


class Panel(NamedTuple):
    """A field over time."""

    title: str
    hue: str
    axis: str
    ticks: Sequence[Tick]
    box: Box
    values: Values
    """[rows, T]"""
    high: float

    @property
    def bits(self) -> bool:
        """From paper to ink; the others in cividis."""
        return self.axis == "bit"


def panels(trace: Trace, rows: list[int]) -> Iterator[Panel]:
    """What is written on the left, what is read on the right. `rows` are the locations that are shown."""
    arrays, bits = trace.arrays, outcome.bits(trace)
    ends = axes.bit_rows(bits).ticks
    channels = [*ends, *(Tick(bits + at, sign) for at, sign in enumerate(DELIMITERS))]
    width = axes.ticks(range(trace.initial.memory.shape[1]), most=5)
    places = axes.ticks(rows, most=7)
    adds, reads = arrays["write.add_vector"], arrays["read.read_vector"]
    yield Panel("Input", "ink", "bit", channels, _box(0, 0), arrays["inputs"].T, 1)
    yield Panel("Output", "ink", "bit", channels, _box(1, 0), arrays["outputs"].T, 1)
    yield Panel("Target", "ink", "bit", ends, _box(1, 1), arrays["targets"][:, :bits].T, 1)
    high = [palette.round_up(float(values.max())) for values in (adds, reads)]
    yield Panel("Add vectors", "write", "column", width, _box(0, 2), adds.T, high[0])
    yield Panel("Read vectors", "read", "column", width, _box(1, 2), reads.T, high[1])
    for column, head in enumerate(("write", "read")):
        values = arrays[f"{head}.weighting"][:, rows].T
        yield Panel(f"{head.capitalize()} weighting", head, "location", places, _box(column, 3), values, 1)


def memory_box() -> Box:
    """Of the memory's cells: beside the panels, as high as all of them."""
    first, last = _box(1, 0), _box(1, 3)
    return Box(last.right + GUTTER + LEFT + BARS, first.y, MEMORY, last.bottom - first.y)


def _box(column: int, row: int) -> Box:
    heights = list(HEIGHTS.values())
    top = MARGIN + HEADER + sum(ABOVE + height + BELOW for height in heights[:row])
    left = MARGIN + LEFT + column * (COLUMN + GUTTER + LEFT)
    return Box(left, top + ABOVE, COLUMN, heights[row])
