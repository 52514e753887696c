"""The generalization figure: how large an example the machine still answers, however small those of its training were.

For each length three strips, one column a vector: what should come out, what came out, and how far the two are apart.
Sequences stand side by side as long as a line has room, in the order in which they are given; all cells have one width.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from tapedeck.checkpoints import CheckpointInfo
from tapedeck.figures import axes, furniture, words
from tapedeck.figures.drawing import Box, Cell, ColourBar, Drawing, Panel, Style, Text, Values
from tapedeck.figures.palette import BIT, ERROR_SIZE, INK, SOFT_INK
from tapedeck.tasks import CopyTask
from tapedeck.tracing import Trace

STRIPS = ("target", "output", "error")

WIDTH = 510.0
LEFT = 52.0
LINE_WIDTH = 408.0
FIRST_TOP = furniture.HEADING_HEIGHT + 30
TITLE_ABOVE, VERDICT_ABOVE = 17.0, 7.0
TITLE_LETTER, VERDICT_LETTER = 4.7, 3.5
"""Roughly the width of a letter."""
STRIP_GAP = 3.0
LINE_GAP = 40.0
"""Between lines: the ticks of one and the titles of the next."""

FEWEST_COLUMNS = 40
"""Of a line, so that short sequences alone do not grow huge."""

COLUMNS_BETWEEN = 5
LEAST_BETWEEN = 14.0
BETWEEN_TITLES = 6.0
"""Room between sequences side by side, and between what stands above them."""

STRIP_HEIGHTS = (24.0, 44.0)
"""The smallest and the greatest; between them cells are square."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What should have come out of one run and what did, in the steps and channels that count: [O, L]."""

    trace: Trace

    @cached_property
    def targets(self) -> Values:
        """[O, L]"""
        return self.trace.arrays["targets"][self._counts].T

    @property
    def foretold(self) -> bool:
        """Whether what comes out are probabilities."""
        return self.trace.score is not None and "excess" in self.trace.score

    @property
    def expected(self) -> Values:
        """[O, L], what the outputs are held against: the targets, or the best possible predictions."""
        return self.trace.arrays["optimum"][self._counts].T if self.foretold else self.targets

    @cached_property
    def outputs(self) -> Values:
        """[O, L]"""
        return self.trace.arrays["outputs"][self._counts].T

    @property
    def length(self) -> int:
        """L, its steps."""
        return int(self.targets.shape[1])

    @property
    def errors(self) -> tuple[Cell, ...]:
        """The wrong bits."""
        wrong = self.trace.wrong[self._counts].T.nonzero()
        return tuple(Cell(int(row), int(column)) for row, column in zip(*wrong, strict=True))

    @property
    def title(self) -> str:
        """The length of a copy; of any other run what was asked for."""
        if self.is_copy:
            return words.vectors(self.length)
        asked = words.asked(self.trace)
        return asked[0].upper() + asked[1:]

    @property
    def is_copy(self) -> bool:
        """Whether what comes out is what went in."""
        return bool(self.trace.about["task"] == CopyTask.name)

    @property
    def verdict(self) -> str:
        """How many bits are wrong, and whether the memory was too small for anything else."""
        count = self.trace.bit_errors
        score = self.trace.score
        if score is not None and "excess" in score:
            return f"{words.cost(score)}; {words.excess(score)}"
        said = f"{count:,} of {self.targets.size:,} wrong" if count else "no bit errors"
        needed = words.locations_needed(self.trace)
        return said if needed <= len(self.trace.initial.memory) else f"{said}; needs {needed:,} locations"

    @property
    def _counts(self) -> tuple[slice, slice]:
        """From the first step and channel that count to the last."""
        areas = np.array(self.trace.about["scored"])
        first_step, _, first_channel, _ = areas.min(axis=0).tolist()
        _, stop_step, _, stop_channel = areas.max(axis=0).tolist()
        return slice(first_step, stop_step), slice(first_channel, stop_channel)


def generalization(traces: Sequence[Trace], info: CheckpointInfo, seed: int) -> Drawing:
    """The figure of runs of different sizes on the same number of locations. `seed` is that of the bits."""
    copies = [Answer(trace) for trace in traces]
    lengths = "copies of " + words.enumerated([f"{copy.length:,}" for copy in copies]) + " vectors"
    title = f"Generalization: {lengths if copies[0].is_copy else info.task.replace('_', ' ')}"
    explanation = "What should come out, what comes out, and the error, |output − target|. ✕ marks a wrong bit."
    if copies[0].foretold:
        explanation = "The best possible predictions, what the machine says, and the error, |output − best|."
    texts = list(furniture.heading(title, explanation, LEFT))
    scale = Measures.of(copies)
    panels: list[Panel] = []
    top = FIRST_TOP
    for line in _lines(copies, scale.cell):
        boxes = scale.strips(top)
        titles = ("best", *STRIPS[1:]) if copies[0].foretold else STRIPS
        texts += [furniture.row_title(LEFT, box, name) for name, box in zip(titles, boxes, strict=True)]
        for copy, left in line:
            panels += _strips(copy, left, boxes, scale)
            texts += _titles(copy, left, top)
        top = boxes[-1].bottom + LINE_GAP
    last = panels[-1].box
    texts.append(furniture.time_title(last, "vector" if copies[0].is_copy else "step of the answer"))
    bars = _bars(scale.strips(FIRST_TOP))
    texts += [name for _, name in bars]
    texts += furniture.caption(
        info.document(), traces[0].initial.memory.shape, seed, last.bottom + furniture.TIME_AXIS_HEIGHT, LEFT
    )
    verdicts = "; ".join(f"{copy.title}: {copy.verdict}" for copy in copies)
    summary = (
        f"Heatmaps of target, output and error for each {'length' if copies[0].is_copy else 'example'}. {verdicts}."
    )
    return Drawing(
        name="generalization",
        title=title,
        summary=summary,
        width=WIDTH,
        height=last.bottom + furniture.TIME_AXIS_HEIGHT + furniture.CAPTION_HEIGHT,
        panels=tuple(panels),
        bars=tuple(bar for bar, _ in bars),
        texts=tuple(texts),
        metadata=words.metadata(info.document(), title, summary),
    )


class Measures(NamedTuple):
    """The sizes that all strips share."""

    cell: float
    """The width of a cell."""
    height: float
    """Of a strip."""
    every: int
    """So many vectors are between two ticks."""

    @classmethod
    def of(cls, copies: Sequence[Answer]) -> Measures:
        """As large as the longest sequence lets them be."""
        columns = max(FEWEST_COLUMNS, *(copy.length for copy in copies))
        cell = LINE_WIDTH / columns
        least, greatest = STRIP_HEIGHTS
        height = min(max(len(copies[0].targets) * cell, least), greatest)
        return cls(cell, height, axes.round_step(columns, most=12))

    def strips(self, top: float) -> list[Box]:
        """Where the strips of a line that begins at `top` are, as wide as the whole line."""
        return [
            Box(LEFT, top + number * (self.height + STRIP_GAP), LINE_WIDTH, self.height)
            for number in range(len(STRIPS))
        ]


def _lines(copies: Sequence[Answer], cell: float) -> Iterator[list[tuple[Answer, float]]]:
    """The copies side by side, each with its left edge, in as many lines as they need."""
    line: list[tuple[Answer, float]] = []
    left = LEFT
    for copy in copies:
        width = copy.length * cell
        titles = max(len(copy.title) * TITLE_LETTER, len(copy.verdict) * VERDICT_LETTER)
        if line and left + max(width, titles) > LEFT + LINE_WIDTH + 1e-6:
            yield line
            line, left = [], LEFT
        line.append((copy, left))
        left += max(width + max(COLUMNS_BETWEEN * cell, LEAST_BETWEEN), titles + BETWEEN_TITLES)
    yield line


def _strips(copy: Answer, left: float, boxes: Sequence[Box], measures: Measures) -> Iterator[Panel]:
    rows = axes.bit_rows(len(copy.targets))
    columns = axes.vectors(copy.length, measures.every)
    values = (copy.expected, copy.outputs, np.abs(copy.outputs - copy.expected))
    for name, box, shown in zip(STRIPS, boxes, values, strict=True):
        yield Panel(
            title=f"{copy.title}: {name}",
            box=box._replace(left=left, width=copy.length * measures.cell),
            values=shown,
            scale=ERROR_SIZE if name == "error" else BIT,
            rows=rows.unmarked,
            columns=columns if name == "error" else columns.unmarked,
            errors=copy.errors if name == "output" else (),
        )


def _titles(copy: Answer, left: float, top: float) -> Iterator[Text]:
    yield Text(left, top - TITLE_ABOVE, copy.title, Style.HEADING, INK)
    yield Text(left, top - VERDICT_ABOVE, copy.verdict, Style.SMALL, SOFT_INK)


def _bars(strips: Sequence[Box]) -> tuple[tuple[ColourBar, Text], tuple[ColourBar, Text]]:
    """Beside the first line, as high as one strip: for target and output, between the two, and for the error."""
    target, output, error = strips
    between = target._replace(top=(target.top + output.top) / 2)
    return furniture.colour_bar(between, BIT), furniture.colour_bar(error, ERROR_SIZE)
