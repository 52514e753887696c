"""The verification figure: everything that a machine does with its memory in one run, of any machine and task.

Rows of two panels, in the reference's order: what goes in and what comes out; for each pair of heads what is added to
the memory and what is read from it, then where it is written and where it is read. Time runs from left to right, the
same in all. With a step, a line stands there in every panel, and the memory as it is after the step stands beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

import numpy as np

from tapedeck.checkpoints import CheckpointInfo
from tapedeck.figures import axes, furniture, memory, words
from tapedeck.figures.drawing import Axis, Box, ColourBar, Drawing, Panel, Scale, Span, Style, Text
from tapedeck.figures.palette import GAP, INK, KINDS, RAMPS
from tapedeck.figures.rows import CHANNEL_HEIGHT, HEIGHTS, VALUE_HEIGHT, Row, height_of_channels, rows_of
from tapedeck.figures.tracks import CHANNELS, Track, number_of, tracks
from tapedeck.figures.view import MEMORY, ORIGINS, WHOLE, View
from tapedeck.tasks import Phase
from tapedeck.tracing import Picture, Trace, explain_reads
from tapedeck.tracing.export import Document
from tapedeck_viewer.appearance import title_of

WIDTH = 510.0
LEFT = 52.0
PANEL_WIDTH = 196.0
WHOLE_WIDTH = 408.0
"""Of the only panel of a figure."""
COLUMN_GAP, COLUMN_GAP_WITH_BAR = 16.0, 84.0
FIRST_TOP = furniture.HEADING_HEIGHT + 30
ROW_GAP = 24.0
TITLE_ABOVE = 8.0
BRACKETS_HEIGHT = 13.0
LETTER = 3.6
"""Roughly the width of a letter over a bracket."""


def verification(
    trace: Trace,
    info: CheckpointInfo | Document,
    seed: int | None = None,
    view: View = WHOLE,
    *,
    found: memory.Limits | None = None,
    shares: Picture | None = None,
) -> Drawing:
    """The figure of one run, or one panel of it.

    Args:
        trace: the run.
        info: its machine, or that as it is described to people.
        seed: of the input's bits, where they are random.
        view: what of the run is shown; checked.
        found: the memory's limits, where a step is shown and they are known already.
        shares: who wrote what is read, where that is shown and known already.
    """
    checkpoint = info.document() if isinstance(info, CheckpointInfo) else info
    errors, asked = words.bit_errors(trace), words.asked(trace)
    marked = " ✕ marks a wrong bit." if trace.bit_errors else ""
    if view.panel is None:
        title, made = f"Verification: {asked}", _whole(trace, view, found)
        explanation = f"Every step of one run, from left to right: {errors}.{marked}"
        shown = ", ".join(panel.title for panel in made.panels)
        summary = f"{_number(len(made.panels))} heatmaps over {trace.steps:,} time steps, with {errors}: {shown}."
    else:
        made = _alone(trace, view, found, shares)
        title = f"{made.panels[0].title}: {asked}"
        explanation = f"One run of {trace.steps:,} steps: {errors}.{marked if made.has_errors else ''}"
        summary = f"A heatmap of one run of {trace.steps:,} time steps, with {errors}: {made.panels[0].title}."
    if view.step is not None:
        explanation += f" At step {view.step:,}, {words.place(trace, view.step)}."
    shape: tuple[int, int] = trace.initial.memory.shape
    made.texts[:0] = furniture.heading(title, explanation, LEFT)
    made.texts += furniture.caption(checkpoint, shape, seed, made.bottom + furniture.TIME_AXIS_HEIGHT, LEFT)
    return Drawing(
        name="verification",
        title=title,
        summary=summary,
        width=made.width,
        height=made.bottom + furniture.TIME_AXIS_HEIGHT + furniture.CAPTION_HEIGHT,
        panels=tuple(made.panels),
        bars=tuple(made.bars),
        texts=tuple(made.texts),
        metadata=words.metadata(checkpoint, title, summary),
    )


@dataclass(slots=True)
class Made:
    """A figure while it is put together."""

    width: float = WIDTH
    bottom: float = 0.0
    """Of the lowest panel."""
    panels: list[Panel] = field(default_factory=list)
    bars: list[ColourBar] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    @property
    def has_errors(self) -> bool:
        """Whether a panel marks wrong bits."""
        return any(panel.errors for panel in self.panels)

    def add_bar(self, box: Box, scale: Scale) -> None:
        """To the right of a panel."""
        bar, name = furniture.colour_bar(box, scale)
        self.bars.append(bar)
        self.texts.append(name)


def _whole(trace: Trace, view: View, found: memory.Limits | None) -> Made:
    shown = view.locations(trace)
    rows = list(rows_of(trace, view, shown))
    gap = COLUMN_GAP if all(row.shared for row in rows) else COLUMN_GAP_WITH_BAR
    made, top = Made(WIDTH + gap - COLUMN_GAP), FIRST_TOP
    lefts = (LEFT, LEFT + PANEL_WIDTH + gap)
    time = axes.steps(trace.phases)
    for row, after in zip_longest(rows, rows[1:]):
        panels = dict(_panels(trace, view, row, time if after is None else time.unmarked, lefts=lefts, top=top))
        made.panels += panels.values()
        _label(made, row, panels, above=row.spans)
        bottom = next(iter(panels.values())).box.bottom
        if after is None:
            made.texts += [furniture.time_title(panel.box, "time step") for panel in panels.values()]
        made.bottom = bottom
        top = bottom + (ROW_GAP + BRACKETS_HEIGHT if after is not None and after.spans else ROW_GAP)
    if view.step is not None:
        _beside(made, trace, view.step, shown, found or memory.limits(trace, shown))
    return made


def _panels(
    trace: Trace, view: View, row: Row, time: Axis, *, lefts: tuple[float, float], top: float
) -> Iterator[tuple[int, Panel]]:
    least, greatest = row.heights
    cells = max(len(track.values) for track in row.tracks) * PANEL_WIDTH / trace.steps
    height = min(max(cells, least), greatest)
    for side, track in enumerate(row.sides):
        if track is None:
            continue
        own = least == greatest and row.shared is None  # rows of channels keep their height
        tall = height_of_channels((track,))[0] if own else height
        marked = not side or row.sides[0] is None or row.sides[0].rows != track.rows
        box = Box(lefts[side], top, PANEL_WIDTH, tall)
        yield side, _panel(track, box, time, trace, view, spans=row.spans, marked=marked)


def _panel(track: Track, box: Box, time: Axis, trace: Trace, view: View, *, spans: bool, marked: bool = True) -> Panel:
    return Panel(
        title=track.plural,
        box=box,
        values=track.values,
        scale=track.scale,
        rows=track.rows if marked else track.rows.unmarked,
        columns=time,
        spans=tuple(_spans(trace.phases, box.width / trace.steps)) if spans else (),
        errors=track.errors,
        cursor=view.step,
    )


def _spans(phases: Sequence[Phase], step: float) -> Iterator[Span]:
    """The channels that are not delimiters. Where a name does not fit, its number stands there, if it has one."""
    for phase in phases:
        if phase.role != "delimiter":
            width, last = (phase.stop - phase.start) * step, phase.name.rpartition(" ")[2]
            names = (phase.name, last if last.isdigit() else "", "")
            fits = next(name for name in names if len(name) * LETTER <= width)
            yield Span(fits, phase.start, phase.stop)


def _label(made: Made, row: Row, panels: dict[int, Panel], *, above: bool) -> None:
    """The titles of a row's panels, their rows, and their scales."""
    for side, track in enumerate(row.sides):
        if track is None:
            continue
        box = panels[side].box
        y = box.top - TITLE_ABOVE - (BRACKETS_HEIGHT if above else 0)
        made.texts.append(Text(box.left, y, track.plural, Style.HEADING, KINDS.get(track.kind, INK)))
        if track.rows_title and panels[side].rows.ticks and (not side or row.sides[0] is None):
            made.texts.append(furniture.side_title(box.left - 36, box, track.rows_title))
        if row.shared is None or side:
            made.add_bar(box, track.scale)


def _alone(trace: Trace, view: View, found: memory.Limits | None, shares: Picture | None) -> Made:
    if head := view.origins_of:
        return _origins_alone(trace, view, head, shares or explain_reads(trace, head))
    return _memory_alone(trace, view, found) if view.panel == MEMORY else _single(trace, view)


def _origins_alone(trace: Trace, view: View, head: str, shares: Picture) -> Made:
    """Who wrote what a head reads: a column a step that reads, a row a step that wrote."""
    title, made = title_of(f"{head}.{ORIGINS}", number=number_of(trace, head)), Made()
    time, scale = axes.steps(trace.phases), Scale("share of the magnitude", 1, RAMPS["read"], GAP)
    box = Box(LEFT, FIRST_TOP, WHOLE_WIDTH, WHOLE_WIDTH)
    values = shares.writes.T.astype(np.float32)
    spans = tuple(_spans(trace.phases, box.width / trace.steps))
    made.panels.append(Panel(title, box, values, scale, time, time, spans, cursor=view.step))
    made.texts += [
        Text(box.left, box.top - TITLE_ABOVE - BRACKETS_HEIGHT, title, Style.HEADING, KINDS["read"]),
        furniture.side_title(box.left - 36, box, "written at step"),
        furniture.time_title(box, "time step"),
    ]
    made.add_bar(box, scale)
    made.bottom = box.bottom
    return made


def _single(trace: Trace, view: View) -> Made:
    """One field, over the width of the figure: its channels with values beyond 0 to 1 below the others."""
    made, top = Made(), FIRST_TOP
    found = list(tracks(trace, view.panel or "", view.locations(trace)))
    time = axes.steps(trace.phases)
    for number, track in enumerate(found):
        last = number == len(found) - 1
        box = Box(LEFT, top, WHOLE_WIDTH, _height(track))
        panel = _panel(track, box, time if last else time.unmarked, trace, view, spans=not number)
        made.panels.append(panel)
        _label(made, Row((track, None), (0, 0)), {0: panel}, above=not number)
        made.bottom, top = box.bottom, box.bottom + ROW_GAP
    made.texts.append(furniture.time_title(made.panels[-1].box, "time step"))
    return made


def _height(track: Track) -> float:
    if track.role in CHANNELS:
        return len(track.values) * (2 * CHANNEL_HEIGHT if track.rows_title else 2 * VALUE_HEIGHT)
    if len(track.values) == 1:
        return 2 * VALUE_HEIGHT
    least, greatest = HEIGHTS["weightings" if track.role == "weighting" else "vectors"]
    cells = len(track.values) * WHOLE_WIDTH / track.values.shape[1]
    height: float = min(max(cells, least), 1.5 * greatest)
    return height


def _memory_alone(trace: Trace, view: View, found: memory.Limits | None) -> Made:
    made, step = Made(), view.step or 0
    shown = view.locations(trace)
    height = min(max(7.0 * len(shown), 120.0), 400.0)
    box, known = Box(LEFT, FIRST_TOP, memory.room(trace, 220), height), found or memory.limits(trace, shown)
    panels, texts = memory.beside(trace, step, shown, known, box)
    made.panels, made.texts = panels, texts
    made.add_bar(_right_of(panels), panels[0].scale)
    made.bottom = panels[0].box.bottom
    return made


def _beside(made: Made, trace: Trace, step: int, shown: Sequence[int], found: memory.Limits) -> None:
    """The memory to the right of everything, no higher than all of it."""
    height = min(max(7.0 * len(shown), 120.0), made.bottom - FIRST_TOP)
    panels, texts = memory.beside(
        trace, step, shown, found, Box(made.width + 34, FIRST_TOP, memory.room(trace, 110), height)
    )
    made.panels += panels
    made.texts += texts
    edge = _right_of(panels)
    made.add_bar(edge, panels[0].scale)
    made.width = edge.right + 50


def _right_of(panels: Sequence[Panel]) -> Box:
    return max((panel.box for panel in panels), key=lambda box: box.right)


def _number(count: int) -> str:
    """At the beginning of a sentence."""
    return {6: "Six"}.get(count, str(count))
