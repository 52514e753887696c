"""Bit errors against length, for machines side by side: an interactive page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import plotly.graph_objects as go

from tapedeck.training.evaluation import Result

DASHES = ("solid", "dash", "dot", "dashdot")
CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["sendChartToCloud"]}
"""The page is one file, and nothing of it goes to another host."""


def page(results: Mapping[str, Sequence[Result]], evaluation: Mapping[str, Any]) -> str:
    """One self-contained HTML page: a line for each machine and pattern, with its 95 % intervals, and N − 2 for each N.

    Args:
        results: by the label of the machine.
        evaluation: the results and what they were counted with, as `tapedeck evaluate --json` writes them. The page
            holds it whole, for other programs, in the element #evaluation.
    """
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
                customdata=[[result.exact, result.sequences, *result.interval.rounded()] for result in row],
                hovertemplate="L = %{x}: %{y:.2~g}, 95 %: %{customdata[2]} … %{customdata[3]}<br>"
                "%{customdata[0]} of %{customdata[1]} sequences exact<extra>%{fullData.name}</extra>",
                name=f"{name}, {pattern}",
                mode="lines+markers",
                line={"dash": DASHES[at % len(DASHES)]},
            )
    for locations in sorted({result.locations for each in results.values() for result in each}):
        holds = locations - 2
        figure.add_vline(x=holds, line={"dash": "dot", "width": 1}, annotation_text=f"N − 2 = {holds:,}")
    figure.update_layout(
        title={"text": "Bit error rate by length", "subtitle": {"text": _subtitle(evaluation)}},
        template="plotly_white",
        xaxis_title="vectors in the sequence, L",
        yaxis={"title": "bit error rate", "rangemode": "tozero"},
    )
    html: str = figure.to_html(include_plotlyjs=True, full_html=True, config=CONFIG)
    counts = orjson.dumps(evaluation).decode().replace("</", "<\\/")
    return html.replace("</body>", f'<script type="application/json" id="evaluation">{counts}</script></body>')


def _subtitle(evaluation: Mapping[str, Any]) -> str:
    plan, versions = evaluation["plan"], evaluation["versions"]
    made_with = ", ".join(f"{name} {version}" for name, version in versions.items())
    return (
        f"{plan['sequences']:,} sequences at each length, seed {plan['seed']}. Bars: 95 %, clustered by sequence. "
        f"Made with {made_with}."
    )
