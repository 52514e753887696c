"""A drawing as a Plotly figure."""

from __future__ import annotations

import html as markup
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
from plotly.basedatatypes import BaseTraceType

from tapedeck.figures.drawing import (
    BRACKET_FOOT,
    BRACKET_NAME,
    BRACKET_TOP,
    GAP,
    TICK_LENGTH,
    TICK_SIZE,
    Axis,
    Box,
    ColourBar,
    Drawing,
    Panel,
    Text,
    number,
)
from tapedeck.figures.palette import ERROR, INK, LINE, PAPER, SOFT_INK
from tapedeck.figures.plot_charts import chart_axes, chart_lines, pixels

FONT = 'Inter, ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'


def plot(drawing: Drawing) -> go.Figure:
    """Panels, bars and texts at the drawing's places, in pixels of the page."""
    scales = {bar.scale: f"coloraxis{number}" for number, bar in enumerate(drawing.bars, 1)}
    leaders: dict[tuple[str, Axis], str] = {}
    parts = [_Part(drawing, panel, _suffix(number)) for number, panel in enumerate(drawing.panels)]
    layout: dict[str, Any] = {
        "width": pixels(drawing.width),
        "height": pixels(drawing.height),
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "font": {"family": FONT},
        "hoverlabel": {"bgcolor": PAPER, "bordercolor": LINE, "font": {"family": FONT, "color": INK}},
        "showlegend": False,
        "annotations": [_text(drawing, text) for text in drawing.texts],
        "shapes": [],
    }
    layout |= {scales[bar.scale]: _colour_axis(drawing, bar) for bar in drawing.bars}
    for part in parts:
        layout |= part.axes(leaders)
        layout["shapes"] += part.shapes()
        layout["annotations"] += part.names()
    traces = [trace for part in parts for trace in part.traces(scales[part.panel.scale])]
    for at, chart in enumerate(drawing.charts, len(parts)):
        layout |= chart_axes(drawing, chart, _suffix(at))
        traces += chart_lines(chart, _suffix(at))
    return go.Figure(traces, layout)


def _suffix(number: int) -> str:
    """Of the ids of a panel's axes, x, x2, x3 …"""
    return str(number + 1) if number else ""


@dataclass(frozen=True)
class _Part:
    """One panel, and the suffix of its axes."""

    drawing: Drawing
    panel: Panel
    suffix: str

    def traces(self, coloraxis: str) -> Iterator[BaseTraceType]:
        """The cells, and ✕ on those that are wrong."""
        panel = self.panel
        where = {"xaxis": f"x{self.suffix}", "yaxis": f"y{self.suffix}"}
        columns, rows = panel.columns.labels, panel.rows.labels
        gap = max(1.0, pixels(GAP)) if panel.has_gaps else 0
        yield go.Heatmap(
            x=columns,
            y=rows,
            z=panel.values,
            coloraxis=coloraxis,
            xgap=gap,
            ygap=gap,
            hovertemplate=f"%{{y}}<br>%{{x}}<br><b>%{{z:.4~g}}</b><extra>{panel.title}</extra>",
            **where,
        )
        if panel.errors:
            yield go.Scatter(
                x=[columns[cell.column] for cell in panel.errors],
                y=[rows[cell.row] for cell in panel.errors],
                mode="markers",
                marker={
                    "symbol": "x",
                    "size": pixels(panel.cross),
                    "color": ERROR,
                    "line": {"width": 1, "color": PAPER},
                },
                hoverinfo="skip",
                **where,
            )

    def axes(self, leaders: dict[tuple[str, Axis], str]) -> dict[str, Any]:
        """Both axes. The first with its labels leads those that come after it, and is entered into `leaders`."""
        panel, (width, height) = self.panel, (self.drawing.width, self.drawing.height)
        left, right = panel.box.left / width, panel.box.right / width
        upper, lower = 1 - panel.box.top / height, 1 - panel.box.bottom / height
        rows, columns = panel.values.shape
        x = _axis(panel.columns) | {
            "domain": (left, right),
            "anchor": f"y{self.suffix}",
            "range": (-0.5, columns - 0.5),
        }
        y = _axis(panel.rows) | {"domain": (lower, upper), "anchor": f"x{self.suffix}", "range": (rows - 0.5, -0.5)}
        for letter, axis, made in (("x", panel.columns, x), ("y", panel.rows, y)):
            leader = leaders.setdefault((letter, axis.unmarked), f"{letter}{self.suffix}")
            if leader != f"{letter}{self.suffix}":
                made["matches"] = leader
        return {f"xaxis{self.suffix}": x, f"yaxis{self.suffix}": y}

    def shapes(self) -> Iterator[dict[str, Any]]:
        """What shows in the gaps, and the brackets."""
        yield _rectangle(self.drawing, self.panel.box, self.panel.scale.gap)
        if self.panel.cursor is not None:
            yield self._line(
                self.panel.cursor, self.panel.cursor, self._above(0), 1 - self.panel.box.bottom / self.drawing.height
            )
        foot, top = (self._above(points) for points in (BRACKET_FOOT, BRACKET_TOP))
        for span in self.panel.spans:
            left, right = span.start - 0.5, span.stop - 0.5
            for x0, y0, x1, y1 in ((left, foot, left, top), (left, top, right, top), (right, top, right, foot)):
                yield self._line(x0, x1, y0, y1) | {"line": {"color": LINE, "width": 1}}

    def names(self) -> Iterator[dict[str, Any]]:
        """Of the brackets."""
        for span in self.panel.spans:
            yield {
                "text": span.name,
                "xref": f"x{self.suffix}",
                "x": (span.start + span.stop - 1) / 2,
                "yref": "paper",
                "y": self._above(BRACKET_NAME),
                "yanchor": "middle",
                "showarrow": False,
                "font": {"size": pixels(TICK_SIZE), "color": SOFT_INK},
            }

    def _line(self, x0: float, x1: float, y0: float, y1: float) -> dict[str, Any]:
        """From column to column, and from height to height of the paper."""
        where = {"xref": f"x{self.suffix}", "yref": "paper", "x0": x0, "x1": x1, "y0": y0, "y1": y1}
        return {"type": "line", "line": {"color": INK, "width": 2}, **where}

    def _above(self, points: float) -> float:
        return 1 - (self.panel.box.top - points) / self.drawing.height


def _axis(axis: Axis) -> dict[str, Any]:
    return {
        "type": "category",
        "showgrid": False,
        "zeroline": False,
        "tickmode": "array",
        "tickvals": [axis.labels[tick.place] for tick in axis.ticks],
        "ticktext": [tick.text for tick in axis.ticks],
        "tickangle": 0,
        "ticks": "outside",
        "ticklen": pixels(TICK_LENGTH),
        "tickcolor": LINE,
        "tickfont": {"size": pixels(TICK_SIZE), "color": SOFT_INK},
    }


def _colour_axis(drawing: Drawing, bar: ColourBar) -> dict[str, Any]:
    colours, box = bar.scale.colours, bar.box
    return {
        "cmin": bar.scale.low,
        "cmax": bar.scale.high,
        "colorscale": [[place / (len(colours) - 1), colour] for place, colour in enumerate(colours)],
        "colorbar": {
            "x": box.left / drawing.width,
            "xanchor": "left",
            "xpad": 0,
            "y": 1 - (box.top + box.height / 2) / drawing.height,
            "yanchor": "middle",
            "ypad": 0,
            "len": box.height / drawing.height,
            "thickness": pixels(box.width),
            "outlinewidth": 0,
            "tickvals": bar.ticks,
            "ticktext": [number(tick) for tick in bar.ticks],
            "ticks": "outside",
            "ticklen": pixels(TICK_LENGTH),
            "tickcolor": LINE,
            "tickfont": {"size": pixels(TICK_SIZE), "color": SOFT_INK},
        },
    }


def _rectangle(drawing: Drawing, box: Box, colour: str) -> dict[str, Any]:
    return {
        "type": "rect",
        "xref": "paper",
        "yref": "paper",
        "x0": box.left / drawing.width,
        "x1": box.right / drawing.width,
        "y0": 1 - box.bottom / drawing.height,
        "y1": 1 - box.top / drawing.height,
        "fillcolor": colour,
        "line": {"width": 0},
        "layer": "below",
    }


def _text(drawing: Drawing, text: Text) -> dict[str, Any]:
    return {
        "text": f"<b>{markup.escape(text.text)}</b>" if text.style.bold else markup.escape(text.text),
        "xref": "paper",
        "x": text.x / drawing.width,
        "xanchor": text.align,
        "yref": "paper",
        "y": 1 - text.y / drawing.height,
        "yanchor": "middle",
        "textangle": -90 if text.turned else 0,
        "showarrow": False,
        "font": {"size": pixels(text.style.size), "color": text.colour},
        "borderpad": 0,
    }
