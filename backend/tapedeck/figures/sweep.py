"""The figure of a sweep: a curve with its band, or a map of two parameters."""

from __future__ import annotations

from typing import Any, Protocol

import plotly.graph_objects as go

BLUE, BAND = "#3b5bdb", "rgba(59, 91, 219, 0.18)"
SCALE = "Cividis"


class Drawn(Protocol):
    """What a sweep has that is drawn."""

    plan: Any
    rate: Any
    low: Any
    high: Any
    points: Any


def draw(sweep: Drawn) -> go.Figure:
    """The figure; a point without a result is left out."""
    axes, measure = sweep.plan.axes, _measure(sweep)
    if len(axes) == 2:
        figure = go.Figure(
            go.Heatmap(x=axes[1].values, y=axes[0].values, z=sweep.rate, colorscale=SCALE, colorbar={"title": measure})
        )
        return figure.update_layout(xaxis_title=axes[1].title, yaxis_title=axes[0].title)
    x = axes[0].values
    band = go.Scatter(
        x=[*x, *x[::-1]],
        y=[*sweep.high, *sweep.low[::-1]],
        fill="toself",
        fillcolor=BAND,
        line={"width": 0},
        hoverinfo="skip",
        name="95 %, clustered by sequence",
    )
    curve = go.Scatter(x=x, y=sweep.rate, mode="lines+markers", line={"color": BLUE}, name=measure)
    figure = go.Figure([band, curve])
    return figure.update_layout(xaxis_title=axes[0].title, yaxis_title=measure, yaxis_rangemode="tozero")


def _measure(sweep: Drawn) -> str:
    titles = [swept.result.measure.title for swept in sweep.points if swept.result is not None]
    return str(titles[0]) if titles else ""
