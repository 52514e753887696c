"""Bit errors against size, for machines side by side: an interactive page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import plotly.graph_objects as go

from tapedeck.training.evaluation import AnyResult
from tapedeck.training.prediction_result import PredictionResult

DASHES = ("solid", "dash", "dot", "dashdot")
CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["sendChartToCloud"]}
"""The page is one file, and nothing of it goes to another host."""


def page(results: Mapping[str, Sequence[AnyResult]], evaluation: Mapping[str, Any]) -> str:
    """The figure as one self-contained HTML page, which holds the evaluation whole, for other programs, in the element
    #evaluation.
    """
    html: str = figure(results, evaluation).to_html(include_plotlyjs=True, full_html=True, config=CONFIG)
    counts = orjson.dumps(evaluation).decode().replace("</", "<\\/")
    return html.replace("</body>", f'<script type="application/json" id="evaluation">{counts}</script></body>')


def figure(results: Mapping[str, Sequence[AnyResult]], evaluation: Mapping[str, Any]) -> go.Figure:
    """A line for each machine and pattern, with its 95 % intervals, and N − 2 for each N.

    Of examples that several numbers make longer, the one with the most values goes across, and each combination of the
    others has a line.

    Args:
        results: by the label of the machine.
        evaluation: the results and what they were counted with, see `tapedeck.library.evaluation`.
    """
    drawn = go.Figure()
    sizes: Mapping[str, Sequence[int]] = evaluation["plan"]["sizes"]
    across = max(sizes, key=lambda name: len(sizes[name]))
    for at, (name, each) in enumerate(results.items()):
        for line in dict.fromkeys(_line(result, across) for result in each):
            row = [result for result in each if _line(result, across) == line]
            drawn.add_scatter(
                x=[result.size[across] for result in row],
                y=[result.rate for result in row],
                error_y={
                    "array": [result.interval.high - result.rate for result in row],
                    "arrayminus": [result.rate - result.interval.low for result in row],
                    "thickness": 1,
                },
                customdata=[[_told(result), *result.interval.rounded()] for result in row],
                hovertemplate=f"{_letter(across)} = %{{x}}: "
                " %{y:.2~g}, 95 %: %{customdata[1]} … %{customdata[2]}<br>"
                "%{customdata[0]}<extra>%{fullData.name}</extra>",
                name=f"{name}, {line}",
                mode="lines+markers",
                line={"dash": DASHES[at % len(DASHES)]},
            )
    measure = next(iter(results.values()))[0].measure
    copies = list(sizes) == ["length"] and not measure.foretold  # of which it is known how many a memory holds
    for locations in sorted({result.locations for each in results.values() for result in each} if copies else ()):
        holds = locations - 2
        drawn.add_vline(x=holds, line={"dash": "dot", "width": 1}, annotation_text=f"N − 2 = {holds:,}")
    drawn.update_layout(
        title={
            "text": f"{measure.title[0].upper()}{measure.title[1:]} by {across}",
            "subtitle": {"text": _subtitle(evaluation)},
        },
        template="plotly_white",
        xaxis_title="vectors in the sequence, L" if copies else across,
        yaxis={"title": measure.title, "rangemode": "tozero"},
    )
    return drawn


def _line(result: AnyResult, across: str) -> str:
    return ", ".join([result.pattern, *(f"{name} {n}" for name, n in result.size.items() if name != across)])


def _told(result: AnyResult) -> str:
    if isinstance(result, PredictionResult):
        cost, best = (bits / result.sequences for bits in (result.cost, result.optimum))
        return f"{cost:.2f} bits a stream, best {best:.2f}, of {result.sequences:,} streams"
    return f"{result.exact} of {result.sequences} sequences exact"


def _letter(size: str) -> str:
    return "L" if size == "length" else size


def _subtitle(evaluation: Mapping[str, Any]) -> str:
    plan, versions = evaluation["plan"], evaluation["versions"]
    made_with = ", ".join(f"{name} {version}" for name, version in versions.items())
    return (
        f"{plan['sequences']:,} sequences at each size, seed {plan['seed']}. Bars: 95 %, clustered by sequence. "
        f"Made with {made_with}."
    )
