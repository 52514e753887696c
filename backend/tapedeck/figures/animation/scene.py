"""A run, laid out. Whatever does not move is drawn once; a frame adds the curtain, the playhead and the memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tapedeck.figures import outcome, palette
from tapedeck.figures.animation import canvas, colours, ground
from tapedeck.figures.animation.canvas import Box, Place
from tapedeck.figures.animation.colours import Indices
from tapedeck.figures.animation.layout import MARGIN, Layout, Panel
from tapedeck.figures.axes import locations_in_use
from tapedeck.figures.drawing import Scale, Values
from tapedeck.figures.memory import Moment, limits_in_parts
from tapedeck.parts import Parts
from tapedeck.tracing import Trace
from tapedeck.tracing.export import Document
from tapedeck.tracing.narration import Narrator
from tapedeck_viewer.appearance import APPEARANCE

MOST_ROWS = 200
"""The most locations that are shown."""

OUTPUT = "output"
"""The role of what comes out."""

LEAST_BAR = 0.01
"""The least weight that has a bar beside the memory."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A run, laid out.

    Attributes:
        trace: the run.
        rows: the locations that are shown.
        layout: where everything stands.
        scale: of the memory.
        ground: what lies still.
        narrator: tells each step.
    """

    trace: Trace
    rows: list[int]
    layout: Layout
    scale: Scale
    ground: Indices
    narrator: Narrator

    @classmethod
    def of(cls, trace: Trace, checkpoint: Document) -> Parts[Scene]:
        """The scene of a run, in parts."""
        weightings = [trace.arrays[f"{head.name}.weighting"] for head in trace.layout.heads]
        rows = locations_in_use(weightings, MOST_ROWS, trace.set_locations)
        found = yield from limits_in_parts(trace, rows)
        scale = palette.scale(APPEARANCE["scales"]["memory"], *found)
        layout = Layout.of(trace, rows)
        still = ground.draw(layout, trace, checkpoint)
        ground.draw_memory_axes(still, layout, trace, rows, scale)
        return cls(trace, rows, layout, scale, still, Narrator(trace.about, trace.arrays))

    @property
    def panels(self) -> list[Panel]:
        """Over time."""
        return self.layout.panels

    def frame(self, moment: Moment) -> Indices:
        """The scene at a step."""
        frame, steps = self.ground.copy(), self.trace.steps
        for panel in self.panels:
            box = panel.box
            veiled = frame[box.y : box.bottom, canvas.edge(box, moment.step + 1, steps) : box.right]
            # What is to come out is not drawn: it comes with the cursor, and the verdict at the end.
            veiled[:] = colours.WHITE if panel.track.role == OUTPUT else colours.BEHIND_CURTAIN[veiled]
            at = canvas.middle(box, moment.step, steps)
            canvas.fill(frame, Box(max(box.x, at - 2), box.y, 4, box.height), colours.WHITE)
            canvas.fill(frame, Box(max(box.x, at - 1), box.y, 2, box.height), colours.full("ink"))
        self._draw_memory(frame, moment)
        ground.draw_narration(frame, self.narrator.sentence(moment.step))
        if moment.step == steps - 1:
            ground.draw_result(frame, self.layout, self.trace)
        said = f"step {moment.step} of {steps - 1} · {outcome.place(self.trace, moment.step)}"
        corner = Place(frame.shape[1] - MARGIN, MARGIN + 2)
        canvas.words(frame, said, corner, "ink", ground.MEDIUM, at=1)
        return frame

    def _draw_memory(self, frame: Indices, moment: Moment) -> None:
        canvas.cells(frame, self.layout.memory, moment.memory, self.scale)
        for kind in ("write", "read"):
            names = [head.name for head in self.trace.layout.heads if head.kind == kind]
            if len(names) == 1:
                self._draw_bars(frame, kind, moment.weightings[names[0]])
                continue
            for at, name in enumerate(names):
                weighting = moment.weightings[name][:, np.newaxis]
                canvas.cells(frame, ground.strip(self.layout, kind, at), weighting, palette.WEIGHTINGS[kind])

    def _draw_bars(self, frame: Indices, kind: str, weighting: Values) -> None:
        box, count, longest = self.layout.memory, len(self.rows), self.layout.strips[kind] - 6
        for row in np.flatnonzero(weighting >= LEAST_BAR).tolist():
            length = max(1, round(float(weighting[row]) * longest))
            top, end = (box.y + at * box.height // count for at in (row, row + 1))
            height = max(1, end - top - (end - top > canvas.GAP_FROM))
            x = box.x - 4 - length if kind == "write" else box.right + 4
            canvas.fill(frame, Box(x, top, length, height), colours.full(kind))
