"""What stands where in a frame. All that lies still is drawn once; a frame adds the curtain, the playhead and the memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from backend.figures import axes, palette
from backend.figures.animation import canvas, colours
from backend.figures.animation.canvas import Box
from backend.figures.animation.colours import Indices
from backend.figures.drawing import Tick, Values
from backend.tasks.episode import THRESHOLD
from backend.tracing import Trace
from backend.tracing.export import Document

MARGIN, LEFT, COLUMN, GUTTER, MEMORY, BARS = 16, 56, 300, 22, 132, 30
HEADER, ABOVE, BELOW = 40, 22, 26
SMALL, MEDIUM, LARGE = 10, 12, 17
MOST_ROWS = 200
LONGEST_NAME = 40
LONGEST_TEXT = 34
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
        return self.axis == "channel"


class Moment(NamedTuple):
    """What moves."""

    step: int
    memory: Values
    """[rows, W] after the step"""
    weightings: dict[str, Values]
    """[rows] of each head"""


@dataclass(frozen=True, slots=True)
class Scene:
    """A run, laid out.

    Attributes:
        trace: the run.
        rows: the locations that are shown.
        panels: over time.
        memory: the box of the memory's cells.
        high: the memory's largest value, rounded up.
        ground: what lies still.
    """

    trace: Trace
    rows: list[int]
    panels: list[Panel]
    memory: Box
    high: float
    ground: Indices

    @classmethod
    def of(cls, trace: Trace, checkpoint: Document) -> Scene:
        """The scene of a run."""
        weightings = [trace.arrays[f"{head}.weighting"] for head in ("write", "read")]
        rows = axes.locations_in_use(weightings, MOST_ROWS)
        panels = list(_panels(trace, rows))
        top, bottom = panels[0].box.y, panels[-1].box.bottom
        memory = Box(panels[1].box.right + GUTTER + LEFT + BARS, top, MEMORY, bottom - top)
        high = palette.round_up(max(float(moment.memory.max()) for moment in moments(trace, rows, range(trace.steps))))
        ground = canvas.blank(memory.right + BARS + MARGIN, bottom + BELOW + 24)
        scene = cls(trace, rows, panels, memory, high, ground)
        scene._draw_ground(checkpoint)  # noqa: SLF001 - its own
        return scene

    def frame(self, moment: Moment) -> Indices:
        """The scene at a step."""
        frame = self.ground.copy()
        steps = self.trace.steps
        for panel in self.panels:
            box = panel.box
            veiled = frame[box.y : box.bottom, canvas.edge(box, moment.step + 1, steps) : box.right]
            veiled[:] = colours.BEHIND_CURTAIN[veiled]
            at = canvas.middle(box, moment.step, steps)
            canvas.fill(frame, Box(max(box.x, at - 2), box.y, 4, box.height), colours.WHITE)
            canvas.fill(frame, Box(max(box.x, at - 1), box.y, 2, box.height), colours.full("ink"))
        self._draw_memory(frame, moment)
        said = f"step {moment.step} of {steps - 1} · {_phase(self.trace, moment.step)}"
        canvas.words(frame, said, frame.shape[1] - MARGIN, MARGIN + 2, "ink", MEDIUM, at=1)
        return frame

    def _draw_ground(self, checkpoint: Document) -> None:
        ground, trace = self.ground, self.trace
        canvas.words(ground, _machine(checkpoint, trace), MARGIN + LEFT, MARGIN, "ink", MEDIUM + 2, bold=True)
        for panel in self.panels:
            _draw_panel(ground, panel, trace)
        output = self.panels[1]
        for step, bit in zip(*np.nonzero(_wrong(trace)), strict=True):
            _cross(ground, output.box, trace.steps, len(output.values), int(step), int(bit))
        for at, (line, hue, size) in enumerate(_result(trace)):
            canvas.words(ground, line, MARGIN + LEFT, self.panels[2].box.y - 8 + (0, 26, 46, 60)[at], hue, size)
        phases = ", ".join(
            f"{phase.name} {phase.start}" + (f"-{phase.stop - 1}" if phase.stop - phase.start > 1 else "")
            for phase in trace.phases
        )
        below = ground.shape[0] - MARGIN - SMALL
        said = f"Phases, in steps: {phases} · SHA-256 {checkpoint['sha256']}"
        canvas.words(ground, said, MARGIN + LEFT, below, "soft", SMALL)
        _draw_title(ground, "Memory", "ink", self.memory._replace(x=self.memory.x - BARS), None, self.memory.right)
        _draw_scale(ground, self.memory, self.high, bits=False)
        _draw_axes(ground, self.memory, "location", axes.ticks(self.rows, most=24), len(self.rows), LEFT + BARS)
        width = trace.initial.memory.shape[1]
        _draw_columns(ground, self.memory, width, axes.ticks(range(width), most=5))
        canvas.words(ground, "column", self.memory.x + MEMORY // 2, self.memory.bottom + 17, "soft", SMALL, at=0.5)
        canvas.words(ground, "write", self.memory.x - 4, self.memory.bottom + 4, "write", SMALL, at=1)
        canvas.words(ground, "read", self.memory.right + 4, self.memory.bottom + 4, "read", SMALL)

    def _draw_memory(self, frame: Indices, moment: Moment) -> None:
        box, count = self.memory, len(self.rows)
        shown = canvas.shades(moment.memory, self.high, colours.MAP, colours.MAP_SHADES)
        canvas.cells(frame, box, shown, colours.GAP)
        for head, weighting in moment.weightings.items():
            for row in np.flatnonzero(weighting >= 0.01).tolist():
                length = max(1, round(float(weighting[row]) * (BARS - 6)))
                top, end = (box.y + at * box.height // count for at in (row, row + 1))
                x = box.x - 4 - length if head == "write" else box.right + 4
                canvas.fill(
                    frame, Box(x, top, length, max(1, end - top - (end - top > canvas.GAP_FROM))), colours.full(head)
                )


def moments(trace: Trace, rows: list[int], steps: Iterable[int]) -> Iterator[Moment]:
    """What moves at these steps, which rise. The memory is rebuilt: M ← M ∘ (1 − w eᵀ) + w aᵀ (equations 3 and 4)."""
    memory, wanted = trace.initial.memory[rows], set(steps)
    write, erase, add = (trace.arrays[f"write.{name}"] for name in ("weighting", "erase_vector", "add_vector"))
    for step in range(trace.steps):
        w = write[step, rows]
        memory = memory * (1 - np.outer(w, erase[step])) + np.outer(w, add[step])
        if step in wanted:
            yield Moment(step, memory, {"write": w, "read": trace.arrays["read.weighting"][step, rows]})


def _panels(trace: Trace, rows: list[int]) -> Iterator[Panel]:
    arrays = trace.arrays
    bits = arrays["inputs"].shape[1] - len(DELIMITERS)
    channels = [
        Tick(0, "0"),
        Tick(bits - 1, str(bits - 1)),
        *(Tick(bits + at, sign) for at, sign in enumerate(DELIMITERS)),
    ]
    width = axes.ticks(range(trace.initial.memory.shape[1]), most=5)
    places = axes.ticks(rows, most=7)
    adds, reads = arrays["write.add_vector"], arrays["read.read_vector"]
    x = [MARGIN + LEFT, MARGIN + 2 * LEFT + COLUMN + GUTTER]
    y = [MARGIN + HEADER]
    for height in (90, 72, 100, 138):
        y.append(y[-1] + ABOVE + height + BELOW)

    def box(column: int, row: int, height: int) -> Box:
        return Box(x[column], y[row] + ABOVE, COLUMN, height)

    yield Panel("Input", "ink", "channel", channels, box(0, 0, 90), arrays["inputs"].T, 1)
    yield Panel("Output", "ink", "channel", channels, box(1, 0, 90), arrays["outputs"].T, 1)
    yield Panel("Target", "ink", "channel", channels[:2], box(1, 1, 72), arrays["targets"][:, :bits].T, 1)
    high = [palette.round_up(float(values.max())) for values in (adds, reads)]
    yield Panel("Add vectors", "write", "column", width, box(0, 2, 100), adds.T, high[0])
    yield Panel("Read vectors", "read", "column", width, box(1, 2, 100), reads.T, high[1])
    for column, head in enumerate(("write", "read")):
        values = arrays[f"{head}.weighting"][:, rows].T
        yield Panel(f"{head.capitalize()} weighting", head, "location", places, box(column, 3, 138), values, 1)


def _draw_panel(ground: Indices, panel: Panel, trace: Trace) -> None:
    box = panel.box
    _draw_title(ground, panel.title, panel.hue, box, trace)
    _draw_scale(ground, box, panel.high, bits=panel.bits)
    first, count = (colours.BITS, colours.BIT_SHADES) if panel.bits else (colours.MAP, colours.MAP_SHADES)
    gap = colours.WHITE if panel.bits else colours.GAP
    canvas.cells(ground, box, canvas.shades(panel.values, panel.high, first, count), gap)
    for phase in trace.phases[1:]:
        canvas.fill(ground, Box(canvas.edge(box, phase.start, trace.steps), box.y, 1, box.height), colours.full("line"))
    _draw_axes(ground, box, panel.axis, panel.ticks, len(panel.values), LEFT)
    _draw_columns(ground, box, trace.steps, axes.ticks(range(trace.steps), most=8))
    canvas.words(ground, "time step", box.x - 8, box.bottom + 4, "soft", SMALL, at=1)


def _draw_title(
    ground: Indices, title: str, hue: str, box: Box, trace: Trace | None, _right: int | None = None
) -> None:
    canvas.words(ground, title, box.x, box.y - ABOVE, hue, MEDIUM, bold=True)
    for phase in trace.phases if trace else ():
        left, right = (canvas.edge(box, step, len(trace.rows)) for step in (phase.start, phase.stop))  # type: ignore[union-attr]
        tint = {"input": "write", "recall": "read"}.get(phase.name, "line")
        canvas.fill(ground, Box(left, box.y - 4, max(1, right - left - 1), 2), colours.full(tint))


def _draw_scale(ground: Indices, box: Box, high: float, *, bits: bool) -> None:
    count, first = (colours.BIT_SHADES, colours.BITS) if bits else (colours.MAP_SHADES, colours.MAP)
    said = f"{high:g}"
    right = box.right - canvas.letters(said, SMALL).shape[1] - 2
    bar = Box(right - 44, box.y - ABOVE + 4, 44, 6)
    canvas.cells(ground, bar, np.arange(first, first + count, dtype=np.uint8)[np.newaxis], colours.WHITE)
    canvas.words(ground, said, box.right, box.y - ABOVE + 1, "soft", SMALL, at=1)
    canvas.words(ground, "0", bar.x - 4, box.y - ABOVE + 1, "soft", SMALL, at=1)


def _draw_axes(ground: Indices, box: Box, name: str, ticks: Sequence[Tick], count: int, left: int) -> None:
    for tick in ticks:
        y = box.y + int((tick.place + 0.5) * box.height / count) - SMALL // 2
        canvas.words(ground, tick.text, box.x - (left - LEFT) - 6, y, "soft", SMALL, at=1)
    canvas.turned_words(ground, name, box.x - left + 10, box.y + box.height // 2, "soft", SMALL)


def _draw_columns(ground: Indices, box: Box, count: int, ticks: Sequence[Tick]) -> None:
    for tick in ticks:
        canvas.words(ground, tick.text, canvas.middle(box, tick.place, count), box.bottom + 4, "soft", SMALL, at=0.5)


def _cross(ground: Indices, box: Box, columns: int, rows: int, step: int, bit: int) -> None:
    x, y = canvas.middle(box, step, columns), box.y + int((bit + 0.5) * box.height / rows)
    arm = max(0, min(3, int(0.35 * min(box.width / columns, box.height / rows))))
    for hue, about in ((colours.WHITE, arm + 1), (colours.full("error"), arm)):
        for at in range(-about, about + 1):
            for dy in (at, -at):
                if box.y <= y + dy < box.bottom and box.x <= x + at < box.right:
                    ground[y + dy, x + at] = hue


def _wrong(trace: Trace) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """[T, bits], in the scored phase."""
    scored, bits = trace.phases[-1], trace.arrays["inputs"].shape[1] - len(DELIMITERS)
    wrong = (trace.arrays["outputs"][:, :bits] > THRESHOLD) != (trace.arrays["targets"][:, :bits] > THRESHOLD)
    wrong[: scored.start] = False
    return wrong


def _result(trace: Trace) -> Iterator[tuple[str, str, int]]:
    scored, bits = trace.phases[-1], trace.arrays["inputs"].shape[1] - len(DELIMITERS)
    total = (scored.stop - scored.start) * bits
    if trace.bit_errors:
        yield f"{trace.bit_errors:,} wrong {'bit' if trace.bit_errors == 1 else 'bits'}", "error", LARGE
    else:
        yield "Exact copy", "ink", LARGE
    yield f"{total - trace.bit_errors:,} of {total:,} bits right", "soft", SMALL
    heard = next((phase for phase in trace.phases if phase.name == "input"), scored)
    yield f"in    {_text(trace.arrays['inputs'][heard.start : heard.stop, :bits])}", "ink", SMALL
    yield f"out  {_text(trace.arrays['outputs'][scored.start : scored.stop, :bits])}", "ink", SMALL


def _text(vectors: Values) -> str:
    """As text where all of it is plain, else in hexadecimal."""
    said = np.packbits(vectors > THRESHOLD, axis=1)[:, 0].tobytes()
    text = said.decode() if said.isascii() and said.decode().isprintable() else said.hex(" ")
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def _machine(checkpoint: Document, trace: Trace) -> str:
    name, seen = checkpoint["id"], checkpoint["sequences_seen"]
    shown = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
    trained = "" if seen is None else f" · {seen:,} sequences seen"
    return f"{shown}{trained} · {len(trace.initial.memory):,} locations"


def _phase(trace: Trace, step: int) -> str:
    phase = next(phase for phase in trace.phases if phase.start <= step < phase.stop)
    length = phase.stop - phase.start
    return f"{phase.name} {step - phase.start + 1} of {length}" if length > 1 else phase.name
