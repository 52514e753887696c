"""Bit error rate against length: the frame that the browser fills with a line for each machine."""

from __future__ import annotations

import plotly.graph_objects as go

CHANCE = 0.5
MARGIN = 1.06
COLOURS = ("#2a78c8", "#b8651c", "#75861f", "#9b5cc8", "#767a82", "#d03a72")
"""One a machine, told apart by their dashes too; each has a contrast of 3 : 1 on the page's ground in both themes."""
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


def frame(locations: int, trained: int | None, longest: int) -> go.Figure:
    """An empty figure with its axes, the trained range and what the memory holds.

    Args:
        locations: N of the runs; a copy of more than N − 2 vectors finds no room.
        trained: the longest sequence of the training; None where that is not known.
        longest: the longest sequence that is to be shown. The axis has room for N − 2, too, unless that is far away.
    """
    figure = go.Figure()
    if trained:
        figure.add_vrect(x0=0, x1=trained, fillcolor="rgba(128,128,128,0.14)", line_width=0)
        figure.add_annotation(
            x=0,
            y=1,
            yref="paper",
            text=f"trained to {trained}",
            showarrow=False,
            xanchor="left",
            yanchor="bottom",
        )
    figure.add_vline(x=locations - 2, line={"dash": "dot", "width": 1})
    figure.add_annotation(
        x=locations - 2,
        y=1,
        yref="paper",
        text=f"N − 2 = {locations - 2:,}",
        showarrow=False,
        xanchor="right",
        yanchor="bottom",
    )
    figure.update_layout(
        margin={"l": 56, "r": 16, "t": 32, "b": 48},
        height=440,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "Inter, system-ui, sans-serif", "size": 13},
        colorway=list(COLOURS),
        hovermode="closest",
        showlegend=True,
        legend={"orientation": "h", "y": -0.16},
        uirevision=f"{longest} {locations}",
        xaxis={
            "title": {"text": "vectors in the sequence, L", "font": {"size": 13}},
            "range": [0, MARGIN * max(longest, locations - 2 if 2 * longest > locations else 0, trained or 0)],
            "gridcolor": "rgba(128,128,128,0.2)",
            "zeroline": False,
        },
        yaxis={
            "title": {"text": "bit error rate", "font": {"size": 13}},
            "range": [-0.01, CHANCE + 0.06],
            "gridcolor": "rgba(128,128,128,0.2)",
            "zeroline": False,
        },
    )
    return figure
