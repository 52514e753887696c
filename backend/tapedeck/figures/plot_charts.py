"""A chart as part of a Plotly figure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import plotly.graph_objects as go
from plotly.basedatatypes import BaseTraceType

from tapedeck.figures.charts import BAND, LINE_WIDTH, RING, Chart, Line, NumberAxis
from tapedeck.figures.drawing import TICK_LENGTH, TICK_SIZE, Drawing
from tapedeck.figures.palette import LINE, PAPER, SOFT_INK

PIXELS = 1.75
"""Of the page for one point of the drawing: text of 7 points becomes readable on a screen."""


def pixels(points: float) -> float:
    """Of the page."""
    return round(points * PIXELS, 2)


def chart_lines(chart: Chart, suffix: str) -> Iterator[BaseTraceType]:
    """Each line, and rings on it."""
    where = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
    for line in chart.lines:
        if line.band:
            yield from _band(line, where)
        yield go.Scatter(
            x=list(line.x),
            y=list(line.y),
            mode="lines",
            name=line.name,
            line={
                "color": line.colour,
                "width": pixels(LINE_WIDTH),
                "dash": ",".join(f"{pixels(length)}px" for length in line.dashes) or "solid",
            },
            hovertemplate=f"%{{x:,.0f}} {chart.x_name}<br><b>%{{y:.4~g}}</b> {chart.y_name}<extra>{line.name}</extra>",
            **where,
        )
        if line.marked:
            x, y = zip(*line.marked, strict=True)
            yield go.Scatter(
                x=x,
                y=y,
                mode="markers",
                marker={
                    "size": pixels(RING),
                    "color": PAPER,
                    "line": {"width": pixels(LINE_WIDTH), "color": line.colour},
                },
                hoverinfo="skip",
                **where,
            )


def _band(line: Line, where: dict[str, str]) -> Iterator[BaseTraceType]:
    """Its upper edge, and its lower one, up from which it is shaded."""
    for edge, fill in zip(reversed(line.band), (None, "tonexty"), strict=True):
        yield go.Scatter(
            x=list(line.x),
            y=list(edge),
            mode="lines",
            line={"width": 0},
            fill=fill,
            fillcolor=f"rgba({', '.join(str(int(line.colour[at : at + 2], 16)) for at in (1, 3, 5))}, {BAND})",
            hoverinfo="skip",
            **where,
        )


def chart_axes(drawing: Drawing, chart: Chart, suffix: str) -> dict[str, Any]:
    """Both axes, at the place of the chart."""
    left, right = chart.box.left / drawing.width, chart.box.right / drawing.width
    upper, lower = 1 - chart.box.top / drawing.height, 1 - chart.box.bottom / drawing.height
    x = _axis(chart.x) | {"domain": (left, right), "anchor": f"y{suffix}", "showgrid": False}
    y = _axis(chart.y) | {"domain": (lower, upper), "anchor": f"x{suffix}", "gridcolor": LINE, "gridwidth": 1}
    return {f"xaxis{suffix}": x, f"yaxis{suffix}": y}


def _axis(axis: NumberAxis) -> dict[str, Any]:
    ends = (axis.low, axis.high)
    return {
        "type": "log" if axis.logarithmic else "linear",
        "range": [math.log10(end) for end in ends] if axis.logarithmic else list(ends),
        "zeroline": False,
        "tickmode": "array",
        "tickvals": [value for value, _ in axis.ticks],
        "ticktext": [text for _, text in axis.ticks],
        "ticks": "outside",
        "ticklen": pixels(TICK_LENGTH),
        "tickcolor": LINE,
        "tickfont": {"size": pixels(TICK_SIZE), "color": SOFT_INK},
    }
