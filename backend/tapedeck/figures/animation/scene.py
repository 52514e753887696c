"""A run, laid out. Whatever does not move is drawn once; a frame adds the curtain, the playhead and the memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tapedeck.figures import axes, outcome, palette
from tapedeck.figures.animation import canvas, colours, ground, layout
from tapedeck.figures.animation.canvas import Box, Place
from tapedeck.figures.animation.colours import Indices
from tapedeck.figures.drawing import Values
from tapedeck.tracing import Trace
from tapedeck.tracing.export import Document

MOST_ROWS = 200
"""The most locations that are shown."""

LEAST_BAR = 0.01
"""The least weight that has a bar beside the memory."""


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
    panels: Sequence[layout.Panel]
    memory: Box
    high: float
    ground: Indices

    @classmethod
    def of(cls, trace: Trace, checkpoint: Document) -> Scene:
        """The scene of a run."""
        weightings = [trace.arrays[f"{head}.weighting"] for head in ("write", "read")]
        rows = axes.locations_in_use(weightings, MOST_ROWS)
        panels, memory = list(layout.panels(trace, rows)), layout.memory_box()
        high = palette.round_up(max(float(moment.memory.max()) for moment in moments(trace, rows, range(trace.steps))))
        still = ground.draw(panels, memory, trace, checkpoint)
        ground.draw_memory_axes(still, memory, rows, trace.initial.memory.shape[1], high)
        return cls(trace, rows, panels, memory, high, still)

    def frame(self, moment: Moment) -> Indices:
        """The scene at a step."""
        frame, steps = self.ground.copy(), self.trace.steps
        for panel in self.panels:
            box = panel.box
            veiled = frame[box.y : box.bottom, canvas.edge(box, moment.step + 1, steps) : box.right]
            veiled[:] = colours.BEHIND_CURTAIN[veiled]
            at = canvas.middle(box, moment.step, steps)
            canvas.fill(frame, Box(max(box.x, at - 2), box.y, 4, box.height), colours.WHITE)
            canvas.fill(frame, Box(max(box.x, at - 1), box.y, 2, box.height), colours.full("ink"))
        self._draw_memory(frame, moment)
        said = f"step {moment.step} of {steps - 1} · {outcome.place(self.trace, moment.step)}"
        corner = Place(frame.shape[1] - layout.MARGIN, layout.MARGIN + 2)
        canvas.words(frame, said, corner, "ink", ground.MEDIUM, at=1)
        return frame

    def _draw_memory(self, frame: Indices, moment: Moment) -> None:
        box, count = self.memory, len(self.rows)
        canvas.cells(frame, box, canvas.shades(moment.memory, self.high, colours.MAP, colours.MAP_SHADES), colours.GAP)
        for head, weighting in moment.weightings.items():
            for row in np.flatnonzero(weighting >= LEAST_BAR).tolist():
                length = max(1, round(float(weighting[row]) * (layout.BARS - 6)))
                top, end = (box.y + at * box.height // count for at in (row, row + 1))
                height = max(1, end - top - (end - top > canvas.GAP_FROM))
                x = box.x - 4 - length if head == "write" else box.right + 4
                canvas.fill(frame, Box(x, top, length, height), colours.full(head))


def moments(trace: Trace, rows: list[int], steps: Iterable[int]) -> Iterator[Moment]:
    """What moves at these ascending steps. The memory is rebuilt: M ← M ∘ (1 − w eᵀ) + w aᵀ (equations 3 and 4)."""
    memory, wanted = trace.initial.memory[rows], set(steps)
    write, erase, add = (trace.arrays[f"write.{name}"] for name in ("weighting", "erase_vector", "add_vector"))
    for step in range(trace.steps):
        w = write[step, rows]
        memory = memory * (1 - np.outer(w, erase[step])) + np.outer(w, add[step])
        if step in wanted:
            yield Moment(step, memory, {"write": w, "read": trace.arrays["read.weighting"][step, rows]})
