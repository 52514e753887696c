"""The verification figure: everything that a machine does with its memory in one run.

Three rows of two panels, in the reference's order: what goes in and what comes out; what is added to the memory and
what is read from it; where it is written and where it is read. Time runs from left to right, the same in all six.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tapedeck.checkpoints import CheckpointInfo
from tapedeck.figures import axes, furniture, words
from tapedeck.figures.drawing import Axis, Box, Cell, ColourBar, Drawing, Panel, Scale, Span, Style, Text, Values
from tapedeck.figures.palette import BIT, INK, READ, WEIGHTING, WRITE, content
from tapedeck.ntm import DELIMITERS
from tapedeck.ntm.specification import HeadKind
from tapedeck.tracing import Trace

WIDTH = 510.0
LEFT = 52.0
PANEL_WIDTH = 196.0
COLUMN_GAP = 16.0
LEFTS = (LEFT, LEFT + PANEL_WIDTH + COLUMN_GAP)
FIRST_TOP = furniture.HEADING_HEIGHT + 30
ROW_GAP = 24.0
TITLE_ABOVE = 8.0
BRACKETS_HEIGHT = 13.0

CHANNEL_HEIGHT = 6.0
"""Of a row of inputs and outputs: the name of each delimiter stands beside its own."""

MOST_LOCATIONS_SHOWN = 1024
"""More would be finer than print."""

BRACKETED = ("input", "recall")
"""Phases with a bracket above them; the others last one step."""


class Row(NamedTuple):
    """Two panels side by side: what is written on the left, what is read on the right, on one scale."""

    titles: tuple[str, str]
    values: tuple[Values, Values]
    colours: tuple[str, str]
    """Of the titles."""
    scale: Scale
    axis: Axis
    axis_title: str
    heights: tuple[float, float]
    """The smallest and the greatest; between them cells are square."""
    spans: tuple[Span, ...] = ()
    errors: tuple[Cell, ...] = ()
    """Of the right panel."""


def verification(trace: Trace, info: CheckpointInfo, seed: int | None = None) -> Drawing:
    """The figure of one run. `seed` is that of the sequence's bits, where they are random."""
    title = f"Verification: a copy of {words.vectors(words.length(trace))}"
    errors = words.bit_errors(trace, info.config.bits)
    marked = " ✕ marks a wrong bit." if trace.bit_errors else ""
    texts = list(furniture.heading(title, f"Every step of one run, from left to right: {errors}.{marked}", LEFT))
    rows = (_bits(trace, info.config.bits), _vectors(trace), _weightings(trace))
    time = axes.steps(trace.phases)
    panels: list[Panel] = []
    bars: list[ColourBar] = []
    top = FIRST_TOP
    for row in rows:
        panels += _panels(row, top, time if row is rows[-1] else time.unmarked)
        box = panels[-1].box
        bar, name = furniture.colour_bar(box, row.scale)
        bars.append(bar)
        texts += [name, *_titles(row, box)]
        top = box.bottom + ROW_GAP
    bottom = panels[-1].box.bottom
    texts += [furniture.time_title(panel.box, "time step") for panel in panels[-2:]]
    texts += furniture.caption(info, len(trace.initial.memory), seed, bottom + furniture.TIME_AXIS_HEIGHT, LEFT)
    summary = f"Six heatmaps over {trace.steps:,} time steps, with {errors}: {', '.join(p.title for p in panels)}."
    return Drawing(
        name="verification",
        title=title,
        summary=summary,
        width=WIDTH,
        height=bottom + furniture.TIME_AXIS_HEIGHT + furniture.CAPTION_HEIGHT,
        panels=tuple(panels),
        bars=tuple(bars),
        texts=tuple(texts),
        metadata=words.metadata(info, title, summary),
    )


def _bits(trace: Trace, bits: int) -> Row:
    recall = trace.phases[-1]
    height = CHANNEL_HEIGHT * (bits + DELIMITERS)
    wrong = trace.wrong[recall.start :, :bits].nonzero()
    return Row(
        titles=("Inputs", "Outputs"),
        values=(trace.arrays["inputs"].T, trace.arrays["outputs"].T),
        colours=(INK, INK),
        scale=BIT,
        axis=axes.channels(bits),
        axis_title="bit",
        heights=(height, height),
        spans=tuple(Span(phase.name, phase.start, phase.stop) for phase in trace.phases if phase.name in BRACKETED),
        errors=tuple(Cell(int(bit), recall.start + int(step)) for step, bit in zip(*wrong, strict=True)),
    )


def _vectors(trace: Trace) -> Row:
    added = trace.arrays[f"{_head(trace, 'write')}.add_vector"].T
    read = trace.arrays[f"{_head(trace, 'read')}.read_vector"].T
    return Row(
        titles=("Add vectors", "Read vectors"),
        values=(added, read),
        colours=(WRITE, READ),
        scale=content(max(float(added.max()), float(read.max()))),
        axis=axes.contents(len(added)),
        axis_title="element",
        heights=(70, 110),
    )


def _weightings(trace: Trace) -> Row:
    written = trace.arrays[f"{_head(trace, 'write')}.weighting"]
    read = trace.arrays[f"{_head(trace, 'read')}.weighting"]
    shown = axes.locations_in_use((written, read), MOST_LOCATIONS_SHOWN)
    return Row(
        titles=("Write weightings", "Read weightings"),
        values=(written.T[shown], read.T[shown]),
        colours=(WRITE, READ),
        scale=WEIGHTING,
        axis=axes.locations(shown),
        axis_title="memory location",
        heights=(110, 230),
    )


def _head(trace: Trace, kind: HeadKind) -> str:
    """The name of the first head of a kind."""
    return next(head.name for head in trace.layout.heads if head.kind == kind)


def _panels(row: Row, top: float, time: Axis) -> Iterator[Panel]:
    least, greatest = row.heights
    rows, steps = row.values[0].shape
    height = min(max(rows * PANEL_WIDTH / steps, least), greatest)
    for side, left in enumerate(LEFTS):
        yield Panel(
            title=row.titles[side],
            box=Box(left, top, PANEL_WIDTH, height),
            values=row.values[side],
            scale=row.scale,
            rows=row.axis.unmarked if side else row.axis,
            columns=time,
            spans=row.spans,
            errors=row.errors if side else (),
        )


def _titles(row: Row, box: Box) -> Iterator[Text]:
    above = box.top - TITLE_ABOVE - (BRACKETS_HEIGHT if row.spans else 0)
    for left, title, colour in zip(LEFTS, row.titles, row.colours, strict=True):
        yield Text(left, above, title, Style.HEADING, colour)
    yield furniture.side_title(LEFT - 36, box, row.axis_title)
