"""The parts of the frames: panels with their axes and scales, which do not move, the verdict, and the step in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from tapedeck.figures import axes, outcome, words
from tapedeck.figures.animation import canvas, colours
from tapedeck.figures.animation.canvas import Box, Place
from tapedeck.figures.animation.colours import Indices
from tapedeck.figures.animation.layout import ABOVE, BELOW, FOOTER, LEFT, MARGIN, STRIP, Layout, Panel
from tapedeck.figures.drawing import Scale, Tick, number
from tapedeck.tracing import Trace
from tapedeck.tracing.export import Document
from tapedeck_viewer.appearance import APPEARANCE

SMALL, MEDIUM, TITLE, LARGE = 10, 12, 14, 17
LONGEST_TEXT = 34
RESULT_LINES = (0, 26, 46, 60)
"""How far below the first line each one of the result stands."""

BELOW_NAME = 21
SIGNS = {" ✓": ", right", " ✗": ", wrong", "–": "-", "−": "-"}


def draw(layout: Layout, trace: Trace, checkpoint: Document) -> Indices:
    """All but the cells of the memory."""
    memory = layout.memory
    ground = canvas.blank(memory.right + layout.strips["read"] + MARGIN, memory.bottom + BELOW + FOOTER)
    left = MARGIN + LEFT
    canvas.words(ground, _machine(checkpoint, trace), Place(left, MARGIN), "ink", TITLE, bold=True)
    for panel in layout.panels:
        _draw_panel(ground, panel, trace)
        _mark_errors(ground, panel)
    said = f"{_phases(trace, ground.shape[1])} · SHA-256 {checkpoint['sha256']}"
    canvas.words(ground, said, Place(left, ground.shape[0] - MARGIN - SMALL), "soft", SMALL)
    return ground


def draw_result(frame: Indices, layout: Layout, trace: Trace) -> None:
    """What came of the run, in the place that has no panel."""
    for below, (line, hue, size) in zip(RESULT_LINES, _result(trace), strict=True):
        canvas.words(frame, line, Place(MARGIN + LEFT, layout.result.y - ABOVE - 8 + below), hue, size)


def draw_narration(frame: Indices, sentence: str) -> None:
    """The sentence on the step, under the machine's name; signs that the font lacks in words."""
    for sign, words_for_it in SIGNS.items():
        sentence = sentence.replace(sign, words_for_it)
    canvas.words(frame, sentence, Place(MARGIN + LEFT, MARGIN + BELOW_NAME), "ink", MEDIUM)


def draw_memory_axes(ground: Indices, layout: Layout, trace: Trace, rows: Sequence[int], scale: Scale) -> None:
    """What stands around the cells of the memory."""
    box, strips = layout.memory, layout.strips
    _draw_title(ground, APPEARANCE["fields"]["memory"]["title"], "ink", box._replace(x=box.x - strips["write"]))
    _draw_scale(ground, box, scale)
    beside = LEFT + strips["write"]
    _draw_rows(ground, box, APPEARANCE["axes"]["location"], axes.ticks(rows, most=24), len(rows), left=beside)
    width = trace.initial.memory.shape[1]
    _draw_columns(ground, box, width, axes.ticks(range(width), most=5))
    canvas.words(
        ground, APPEARANCE["axes"]["column"], Place(box.x + box.width // 2, box.bottom + 17), "soft", SMALL, at=0.5
    )
    canvas.words(ground, "write", Place(box.x - 4, box.bottom + 4), "write", SMALL, at=1)
    canvas.words(ground, "read", Place(box.right + 4, box.bottom + 4), "read", SMALL)


def strip(layout: Layout, kind: str, at: int) -> Box:
    """Where the weighting of one of several heads of a kind stands beside the memory."""
    box = layout.memory
    left = box.right + 4 if kind == "read" else box.x - layout.strips["write"] + 2
    return Box(left + at * STRIP, box.y, STRIP - 1, box.height)


def _draw_panel(ground: Indices, panel: Panel, trace: Trace) -> None:
    box = panel.box
    _draw_title(ground, panel.title, panel.hue, box)
    _draw_phases(ground, box, trace)
    _draw_scale(ground, box, panel.scale)
    canvas.cells(ground, box, panel.values, panel.scale)
    for phase in trace.phases[1:]:
        canvas.fill(ground, Box(canvas.edge(box, phase.start, trace.steps), box.y, 1, box.height), colours.full("line"))
    name = panel.track.rows_title.removeprefix("memory ")
    _draw_rows(ground, box, name, panel.ticks, len(panel.values), left=LEFT)
    if panel.timed:
        _draw_columns(ground, box, trace.steps, axes.ticks(range(trace.steps), most=8))
        canvas.words(ground, APPEARANCE["axes"]["step"], Place(box.x - 8, box.bottom + 4), "soft", SMALL, at=1)


def _draw_title(ground: Indices, title: str, hue: str, box: Box) -> None:
    canvas.words(ground, title, Place(box.x, box.y - ABOVE), hue, MEDIUM, bold=True)


def _draw_phases(ground: Indices, box: Box, trace: Trace) -> None:
    for phase in trace.phases:
        left, right = (canvas.edge(box, step, trace.steps) for step in (phase.start, phase.stop))
        hue = colours.full(colours.PHASES[phase.role])
        canvas.fill(ground, Box(left, box.y - 4, max(1, right - left - 1), 2), hue)


def _draw_scale(ground: Indices, box: Box, scale: Scale) -> None:
    low, high = (number(value).replace("−", "-") for value in (scale.low, scale.high))
    top = box.y - ABOVE
    bar = Box(box.right - canvas.letters(high, SMALL).shape[1] - 2 - 44, top + 4, 44, 6)
    values = np.linspace(scale.low, scale.high, bar.width, dtype=np.float32)[np.newaxis]
    canvas.cells(ground, bar, values, scale)
    canvas.words(ground, high, Place(box.right, top + 1), "soft", SMALL, at=1)
    canvas.words(ground, low, Place(bar.x - 4, top + 1), "soft", SMALL, at=1)


def _draw_rows(ground: Indices, box: Box, name: str, ticks: Sequence[Tick], count: int, *, left: int) -> None:
    for tick in ticks:
        y = box.y + int((tick.place + 0.5) * box.height / count) - SMALL // 2
        canvas.words(ground, tick.text, Place(box.x - (left - LEFT) - 6, y), "soft", SMALL, at=1)
    if canvas.letters(name, SMALL).shape[1] <= box.height:
        canvas.turned_words(ground, name, Place(box.x - left + 10, box.y + box.height // 2), "soft", SMALL)


def _draw_columns(ground: Indices, box: Box, count: int, ticks: Sequence[Tick]) -> None:
    for tick in ticks:
        x = canvas.middle(box, tick.place, count)
        canvas.words(ground, tick.text, Place(x, box.bottom + 4), "soft", SMALL, at=0.5)


def _mark_errors(ground: Indices, panel: Panel) -> None:
    box, (rows, steps) = panel.box, panel.values.shape
    arm = max(0, min(3, int(0.35 * min(box.width / steps, box.height / rows))))
    for row, step in panel.errors:
        y = box.y + int((row + 0.5) * box.height / rows)
        canvas.cross(ground, Place(canvas.middle(box, step, steps), y), arm, box)


def _result(trace: Trace) -> Iterator[tuple[str, str, int]]:
    """Lines, each with its hue and size."""
    yield outcome.verdict(trace), "error" if trace.bit_errors else "ink", LARGE
    yield outcome.count(trace), "soft", SMALL
    texts = outcome.texts(trace)
    target, output = texts if texts.target.isascii() else outcome.numerals(trace)  # the font has no other letters
    yield f"target   {_shortened(target, LONGEST_TEXT)}", "ink", SMALL
    yield f"output  {_shortened(output, LONGEST_TEXT)}", "ink", SMALL


def _machine(checkpoint: Document, trace: Trace) -> str:
    seen = checkpoint["sequences_seen"]
    trained = "" if seen is None else f" · {seen:,} sequences seen"
    asked = words.asked(trace)
    return f"{words.printable(checkpoint['id'])}{trained} · {len(trace.initial.memory):,} locations · {asked}"


def _phases(trace: Trace, width: int) -> str:
    """The phases with their steps, or how many there are where all of them have no room beside the hash."""
    named = (
        f"{phase.name} {phase.start}" + (f"-{phase.stop - 1}" if phase.stop - phase.start > 1 else "")
        for phase in trace.phases
    )
    said = f"Phases, in steps: {', '.join(named)}"
    room = width - HASH_WIDTH
    return (
        said if canvas.letters(said, SMALL).shape[1] <= room else f"{len(trace.phases)} phases, {trace.steps:,} steps"
    )


HASH_WIDTH = LEFT + 2 * MARGIN + 480
"""Of the machine's hash, and what stands around it."""


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
