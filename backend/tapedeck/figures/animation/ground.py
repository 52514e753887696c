"""The parts of the frames that do not move: panels with their axes and scales, the verdict, the machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from tapedeck.figures import axes, outcome, words
from tapedeck.figures.animation import canvas, colours
from tapedeck.figures.animation.canvas import Box, Place
from tapedeck.figures.animation.colours import Indices
from tapedeck.figures.animation.layout import ABOVE, BARS, BELOW, FOOTER, LEFT, MARGIN, Panel
from tapedeck.figures.drawing import Tick
from tapedeck.tracing import Trace
from tapedeck.tracing.export import Document

SMALL, MEDIUM, TITLE, LARGE = 10, 12, 14, 17
LONGEST_TEXT = 34
PHASE_HUES = {"input": "write", "recall": "read"}
RESULT_LINES = (0, 26, 46, 60)
"""How far below the first line each one of the result stands."""


def draw(panels: Sequence[Panel], memory: Box, trace: Trace, checkpoint: Document) -> Indices:
    """All but the cells of the memory."""
    ground = canvas.blank(memory.right + BARS + MARGIN, memory.bottom + BELOW + FOOTER)
    left = MARGIN + LEFT
    canvas.words(ground, _machine(checkpoint, trace), Place(left, MARGIN), "ink", TITLE, bold=True)
    for panel in panels:
        _draw_panel(ground, panel, trace)
    _mark_errors(ground, panels[1], trace)
    # The left column has no second panel: the result stands in its place.
    top = panels[2].box.y - 8
    for below, (line, hue, size) in zip(RESULT_LINES, _result(trace), strict=True):
        canvas.words(ground, line, Place(left, top + below), hue, size)
    said = f"{_phases(trace)} · SHA-256 {checkpoint['sha256']}"
    canvas.words(ground, said, Place(left, ground.shape[0] - MARGIN - SMALL), "soft", SMALL)
    return ground


def draw_memory_axes(ground: Indices, box: Box, rows: Sequence[int], width: int, high: float) -> None:
    """What stands around the cells of the memory."""
    _draw_title(ground, "Memory", "ink", box._replace(x=box.x - BARS))
    _draw_scale(ground, box, high, bits=False)
    _draw_rows(ground, box, "location", axes.ticks(rows, most=24), len(rows), left=LEFT + BARS)
    _draw_columns(ground, box, width, axes.ticks(range(width), most=5))
    canvas.words(ground, "column", Place(box.x + box.width // 2, box.bottom + 17), "soft", SMALL, at=0.5)
    canvas.words(ground, "write", Place(box.x - 4, box.bottom + 4), "write", SMALL, at=1)
    canvas.words(ground, "read", Place(box.right + 4, box.bottom + 4), "read", SMALL)


def _draw_panel(ground: Indices, panel: Panel, trace: Trace) -> None:
    box = panel.box
    _draw_title(ground, panel.title, panel.hue, box)
    _draw_phases(ground, box, trace)
    _draw_scale(ground, box, panel.high, bits=panel.bits)
    first, count = (colours.BITS, colours.BIT_SHADES) if panel.bits else (colours.MAP, colours.MAP_SHADES)
    gap = colours.WHITE if panel.bits else colours.GAP
    canvas.cells(ground, box, canvas.shades(panel.values, panel.high, first, count), gap)
    for phase in trace.phases[1:]:
        canvas.fill(ground, Box(canvas.edge(box, phase.start, trace.steps), box.y, 1, box.height), colours.full("line"))
    _draw_rows(ground, box, panel.axis, panel.ticks, len(panel.values), left=LEFT)
    _draw_columns(ground, box, trace.steps, axes.ticks(range(trace.steps), most=8))
    canvas.words(ground, "time step", Place(box.x - 8, box.bottom + 4), "soft", SMALL, at=1)


def _draw_title(ground: Indices, title: str, hue: str, box: Box) -> None:
    canvas.words(ground, title, Place(box.x, box.y - ABOVE), hue, MEDIUM, bold=True)


def _draw_phases(ground: Indices, box: Box, trace: Trace) -> None:
    for phase in trace.phases:
        left, right = (canvas.edge(box, step, trace.steps) for step in (phase.start, phase.stop))
        hue = colours.full(PHASE_HUES.get(phase.name, "line"))
        canvas.fill(ground, Box(left, box.y - 4, max(1, right - left - 1), 2), hue)


def _draw_scale(ground: Indices, box: Box, high: float, *, bits: bool) -> None:
    count, first = (colours.BIT_SHADES, colours.BITS) if bits else (colours.MAP_SHADES, colours.MAP)
    said, top = f"{high:g}", box.y - ABOVE
    bar = Box(box.right - canvas.letters(said, SMALL).shape[1] - 2 - 44, top + 4, 44, 6)
    canvas.cells(ground, bar, np.arange(first, first + count, dtype=np.uint8)[np.newaxis], colours.WHITE)
    canvas.words(ground, said, Place(box.right, top + 1), "soft", SMALL, at=1)
    canvas.words(ground, "0", Place(bar.x - 4, top + 1), "soft", SMALL, at=1)


def _draw_rows(ground: Indices, box: Box, name: str, ticks: Sequence[Tick], count: int, *, left: int) -> None:
    for tick in ticks:
        y = box.y + int((tick.place + 0.5) * box.height / count) - SMALL // 2
        canvas.words(ground, tick.text, Place(box.x - (left - LEFT) - 6, y), "soft", SMALL, at=1)
    canvas.turned_words(ground, name, Place(box.x - left + 10, box.y + box.height // 2), "soft", SMALL)


def _draw_columns(ground: Indices, box: Box, count: int, ticks: Sequence[Tick]) -> None:
    for tick in ticks:
        x = canvas.middle(box, tick.place, count)
        canvas.words(ground, tick.text, Place(x, box.bottom + 4), "soft", SMALL, at=0.5)


def _mark_errors(ground: Indices, output: Panel, trace: Trace) -> None:
    box, rows = output.box, len(output.values)
    arm = max(0, min(3, int(0.35 * min(box.width / trace.steps, box.height / rows))))
    for step, bit in zip(*np.nonzero(outcome.wrong(trace)), strict=True):
        y = box.y + int((bit + 0.5) * box.height / rows)
        canvas.cross(ground, Place(canvas.middle(box, int(step), trace.steps), y), arm, box)


def _result(trace: Trace) -> Iterator[tuple[str, str, int]]:
    """Lines, each with its hue and size."""
    yield outcome.verdict(trace), "error" if trace.bit_errors else "ink", LARGE
    yield outcome.count(trace), "soft", SMALL
    texts = outcome.texts(trace)
    heard, said = texts if texts.heard.isascii() else outcome.numerals(trace)  # the font has no other letters
    yield f"in    {_shortened(heard, LONGEST_TEXT)}", "ink", SMALL
    yield f"out  {_shortened(said, LONGEST_TEXT)}", "ink", SMALL


def _machine(checkpoint: Document, trace: Trace) -> str:
    seen = checkpoint["sequences_seen"]
    trained = "" if seen is None else f" · {seen:,} sequences seen"
    return f"{words.printable(checkpoint['id'])}{trained} · {len(trace.initial.memory):,} locations"


def _phases(trace: Trace) -> str:
    named = (
        f"{phase.name} {phase.start}" + (f"-{phase.stop - 1}" if phase.stop - phase.start > 1 else "")
        for phase in trace.phases
    )
    return f"Phases, in steps: {', '.join(named)}"


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
