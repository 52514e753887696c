"""The learning figure: what a sequence costs, in bits, against how many a run had seen; several runs on one axes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from tapedeck.checkpoints import CheckpointInfo
from tapedeck.figures import furniture, words
from tapedeck.figures.charts import Chart, Line, NumberAxis, linear, logarithmic
from tapedeck.figures.drawing import Box, Drawing, Style, Text
from tapedeck.figures.palette import SOFT_INK
from tapedeck.training.curves import Curve
from tapedeck_viewer.appearance import APPEARANCE

WIDTH = 510.0
LEFT = 62.0
TOP = furniture.HEADING_HEIGHT + 6
CHART_WIDTH, CHART_HEIGHT = 420.0, 190.0
NAME_LINE = 12.0
LETTER = 4.0
"""Roughly the width of a letter of a run's name."""

LOGARITHMIC_FROM = 100
"""How many times the least cost the greatest is where a linear axis would show the end of the curve as 0."""

COLOURS: Sequence[str] = APPEARANCE["lines"]
STYLES = (((), "—"), ((4.0, 2.0), "– –"), ((1.0, 1.5), "···"), ((5.0, 1.5, 1.0, 1.5), "–·–"))
"""The dashes of a line, and what they look like beside its name."""

MOST_RUNS = len(COLOURS)


def learning(curves: Sequence[Curve], info: CheckpointInfo) -> Drawing:
    """The figure of 1 to `MOST_RUNS` runs of one task.

    Args:
        curves: the first is the machine's.
        info: the machine that the figure is of.
    """
    of_sequence = len({curve.bits for curve in curves}) == 1 and curves[0].bits is not None
    bits = (curves[0].bits or 1) if of_sequence else 1
    what = "sequence" if of_sequence else "bit that counts"
    optimum = bits * curves[0].optimum
    lines = tuple(_lines(curves, bits, optimum))
    y = _vertical([value for line in lines for edge in (line.y, *line.band) for value in edge], optimum)
    solved = {curve.name: curve.solved_at for curve in curves}
    lines = tuple(_ringed(line, solved.get(line.name), logarithmic=y.logarithmic) for line in lines)
    x = linear(0, max(curve.sequences[-1] for curve in curves), 6)
    y_name = f"cost of a {what} (bits)"
    names = list(_names(lines)) if len(lines) > 1 else []
    box = Box(LEFT, (names[-1].y if names else TOP) + NAME_LINE, CHART_WIDTH, CHART_HEIGHT)
    kind = "logarithmic" if y.logarithmic else "linear"
    title = f"Learning: {info.task.replace('_', ' ')}"
    meant = (
        "On the same sequences each time; dashed, the best that is possible on them"
        if optimum
        else "Mean over the batches between two points"
    )
    rings = " ○ the first validation without a wrong bit." if any(line.marked for line in lines) else ""
    bands = " Shaded, from the least to the greatest of all seeds." if any(line.band for line in lines) else ""
    explanation = f"{meant}. The vertical axis is {kind}.{rings}{bands}"
    summary = f"{y_name[0].upper()}{y_name[1:]} against sequences seen. {'; '.join(_said(curves, bits))}."
    bottom = box.bottom + furniture.TIME_AXIS_HEIGHT
    size = (info.spec.memory.locations, info.spec.memory.width)
    return Drawing(
        name="learning",
        title=title,
        summary=summary,
        width=WIDTH,
        height=bottom + furniture.CAPTION_HEIGHT,
        panels=(),
        bars=(),
        texts=(
            *furniture.heading(title, explanation, LEFT),
            *names,
            furniture.side_title(LEFT - 42, box, y_name),
            furniture.time_title(box, "sequences seen"),
            *furniture.caption(info.document(), size, None, bottom, LEFT),
        ),
        charts=(Chart(title, box, lines, x, y, "sequences", "bits"),),
        metadata=words.metadata(info.document(), title, summary),
    )


def _lines(curves: Sequence[Curve], bits: int, optimum: float) -> Iterator[Line]:
    if optimum:
        ends = (0.0, float(max(curve.sequences[-1] for curve in curves)))
        yield Line(f"the best possible, {optimum:.4g}", ends, (optimum, optimum), SOFT_INK, STYLES[1][0])
    for at, (curve, colour) in enumerate(zip(curves, COLOURS, strict=False)):
        dashes, _ = STYLES[at % len(STYLES)]
        band = tuple(tuple(bits * each for each in edge) for edge in curve.band)
        x, y = tuple(map(float, curve.sequences)), tuple(curve.costs(bits))
        yield Line(curve.name, x, y, colour, dashes, band=band)


def _ringed(line: Line, solved_at: int | None, *, logarithmic: bool) -> Line:
    """With a ring where nothing was wrong for the first time: on the line, though that may be between two points."""
    if solved_at is None:
        return line
    y = np.interp(solved_at, line.x, np.log(line.y) if logarithmic else line.y)
    return replace(line, marked=((float(solved_at), float(np.exp(y) if logarithmic else y)),))


def _vertical(costs: Sequence[float], optimum: float) -> NumberAxis:
    """From 0, from below the optimum, or over the powers of ten."""
    low, high = min(costs), max(costs)
    if optimum:
        return linear(low, high, 6)
    return logarithmic(low, high) if 0 < low * LOGARITHMIC_FROM < high else linear(0, high, 6)


def _names(lines: Sequence[Line]) -> Iterator[Text]:
    """Above the chart, with the dashes that each line has; as many side by side as there is room for."""
    x, y, looks = LEFT, TOP, dict(STYLES)
    for line in lines:
        text = f"{looks[line.dashes]} {words.printable(line.name)}"
        width = LETTER * len(text) + 14
        if x > LEFT and x + width > LEFT + CHART_WIDTH:
            x, y = LEFT, y + NAME_LINE
        yield Text(x, y, text, Style.BODY, line.colour)
        x += width


def _said(curves: Sequence[Curve], bits: int) -> Iterator[str]:
    for curve in curves:
        ends = f"{curve.name}: {curve.costs(bits)[-1]:.3g} bits after {curve.sequences[-1]:,} sequences"
        best = f", {bits * curve.optimum:.4g} at best" if curve.optimum else ""
        if curve.band:
            ends += f" in the median, {bits * curve.band[0][-1]:.3g} to {bits * curve.band[1][-1]:.3g}"
        right = "" if curve.solved_at is None else f", first without a wrong bit at {curve.solved_at:,}"
        yield ends + best + right
