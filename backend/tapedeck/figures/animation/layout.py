"""Where everything stands in a frame, in pixels: the rows of the verification figure, and the memory beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tapedeck.figures import axes
from tapedeck.figures.animation.canvas import Box
from tapedeck.figures.drawing import Cell, Scale, Tick, Values
from tapedeck.figures.rows import Row, rows_of
from tapedeck.figures.tracks import Track
from tapedeck.figures.view import View
from tapedeck.tracing import Trace

MARGIN, LEFT, COLUMN, GUTTER, MEMORY, BARS = 16, 56, 300, 22, 132, 30
HEADER, ABOVE, BELOW, FOOTER = 40, 22, 26, 24
HEIGHTS = {"input": 12, "output": 12, "target": 12, "optimum": 12, "weighting": 138}
"""Of a row of channels, or of a whole panel by its role; others are vectors."""
VECTORS = 100
HEIGHTS_OF_SEVERAL = {"weighting": 72}
VECTORS_OF_SEVERAL = 46
BELOW_WITHIN = 8
"""Below a panel whose steps the one under it numbers."""
STRIP = 8
"""Of a head's weighting beside the memory, where there are several of a kind."""

RESULT_HEIGHT = 40
"""The least room that the verdict takes."""

CHANNELS = ("input", "output", "target", "optimum")
LETTERS, PIXELS_A_TICK = 10, 16
"""How far apart the names of channels stand, and the marks of other rows."""


class Panel(NamedTuple):
    """A field over time."""

    track: Track
    box: Box
    timed: bool
    """Whether its steps are numbered below it"""

    @property
    def title(self) -> str:
        """In words."""
        return self.track.title

    @property
    def hue(self) -> str:
        """Of the title: what writes, what reads, or neither."""
        return self.track.kind or "ink"

    @property
    def values(self) -> Values:
        """[rows, T]"""
        return self.track.values

    @property
    def scale(self) -> Scale:
        """From a number to a colour."""
        return self.track.scale

    @property
    def ticks(self) -> Sequence[Tick]:
        """Of the rows: as many as have room."""
        given, each = self.track.rows.ticks, self.box.height / len(self.values)
        if self.track.role in CHANNELS:
            return [
                tick for at, tick in enumerate(given) if not at or each * (tick.place - given[at - 1].place) >= LETTERS
            ]
        return axes.thinned(given, max(2, int(self.box.height / PIXELS_A_TICK)))

    @property
    def errors(self) -> tuple[Cell, ...]:
        """The wrong bits."""
        return self.track.errors


@dataclass(frozen=True, slots=True)
class Layout:
    """Of a whole frame.

    Attributes:
        panels: over time.
        memory: the box of the memory's cells, beside the panels and as high as all of them.
        strips: of each kind of head, how wide what stands beside the memory is.
        result: where the verdict stands: in the place that has no panel.
    """

    panels: list[Panel]
    memory: Box
    strips: dict[str, int]
    result: Box

    @classmethod
    def of(cls, trace: Trace, rows: list[int]) -> Layout:
        """The panels of a run; `rows` are the locations that are shown."""
        found, holes = list[Panel](), list[Box]()
        top = MARGIN + HEADER
        several = len(trace.layout.heads) > 2
        shown = list(rows_of(trace, View(step=0), rows))
        heights = [max(_height(track, several=several) for track in row.tracks) for row in shown]
        free = [at for at, row in enumerate(shown) if row.sides[0] is None]
        if all(heights[at] <= RESULT_HEIGHT for at in free):  # a single channel is not as tall as what stands beside it
            heights[free[0]] = RESULT_HEIGHT + 1
        for row, after, height in zip(shown, [*shown[1:], None], heights, strict=True):
            timed = after is None or not several or after.tracks[0].role != row.tracks[0].role
            for panel, hole in _of_row(row, top + ABOVE, height, timed=timed):
                if panel is None:
                    holes.append(hole)
                else:
                    found.append(panel)
            top += ABOVE + height + (BELOW if timed else BELOW_WITHIN)
        counts = {kind: sum(head.kind == kind for head in trace.layout.heads) for kind in ("write", "read")}
        strips = {kind: BARS if count == 1 else STRIP * count + 6 for kind, count in counts.items()}
        first, last = found[0].box, max(panel.box.bottom for panel in found)
        left = MARGIN + 2 * LEFT + 2 * COLUMN + GUTTER + GUTTER + LEFT + strips["write"]
        result = next(hole for hole in holes if hole.x == MARGIN + LEFT and hole.height > RESULT_HEIGHT)
        return cls(found, Box(left, first.y, MEMORY, last - first.y), strips, result)


def _of_row(row: Row, top: int, height: int, *, timed: bool) -> Iterator[tuple[Panel | None, Box]]:
    for side, track in enumerate(row.sides):
        box = Box(MARGIN + LEFT + side * (COLUMN + GUTTER + LEFT), top, COLUMN, height)
        yield (None if track is None else Panel(track, box, timed)), box


def _height(track: Track, *, several: bool) -> int:
    if track.role in CHANNELS:
        return max(14, HEIGHTS[track.role] * len(track.values))
    if several:
        return HEIGHTS_OF_SEVERAL.get(track.role, VECTORS_OF_SEVERAL)
    return HEIGHTS.get(track.role, VECTORS)
