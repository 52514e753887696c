"""Bit errors against length, for machines side by side: an interactive page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from backend.training.evaluation import Result

CHANCE = 0.5
DASHES = ("solid", "dash", "dot", "dashdot")


def page(results: Mapping[str, Sequence[Result]]) -> str:
    """One self-contained HTML page: a line for each machine and pattern, with its 95 % interval; N − 2 for each N."""
    figure = go.Figure()
    for at, (name, each) in enumerate(results.items()):
        for pattern in dict.fromkeys(result.pattern for result in each):
            row = [result for result in each if result.pattern == pattern]
            figure.add_scatter(
                x=[result.length for result in row],
                y=[result.bit_error_rate for result in row],
                error_y={
                    "array": [result.interval.high - result.bit_error_rate for result in row],
                    "arrayminus": [result.bit_error_rate - result.interval.low for result in row],
                    "thickness": 1,
                },
                name=f"{name}, {pattern}",
                mode="lines+markers",
                line={"dash": DASHES[at % len(DASHES)]},
            )
    for locations in sorted({result.locations for each in results.values() for result in each}):
        holds = locations - 2
        figure.add_vline(x=holds, line={"dash": "dot", "width": 1}, annotation_text=f"N − 2 = {holds}")
    figure.update_layout(
        title="Bit error rate by length",
        template="plotly_white",
        xaxis_title="vectors in the sequence, L",
        yaxis={"title": "bit error rate", "range": [0, CHANCE * 1.1]},
    )
    html: str = figure.to_html(include_plotlyjs=True, full_html=True)
    return html
