"""Bit error rate against length: the frame that the browser fills with a line for each machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from tapedeck_viewer.appearance import APPEARANCE

CHANCE = 0.5
MARGIN = 1.06
COLOURS: list[str] = APPEARANCE["lines"]
"""One a machine, told apart by their dashes too; each has a contrast of 3 : 1 on the page's ground in both themes."""
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")

LINE_HEIGHT = 16
"""Of a label above the figure, in pixels."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is known of a machine before it is evaluated.

    Attributes:
        name: of the machine.
        locations: N of its runs; a copy of more than N − 2 vectors finds no room.
        trained: the longest sequence of its training; None where that is not known.
    """

    name: str
    locations: int
    trained: int | None


def frame(machines: Sequence[Bounds], longest: int) -> go.Figure:
    """An empty figure with its axes, what the machines were trained to and what their memories hold.

    Where machines differ, each label says whose it is.

    Args:
        machines: that are evaluated, none if none is chosen.
        longest: the longest sequence that is to be shown. The axis has room for N − 2, too, unless that is far away.
    """
    figure = go.Figure()
    trained = _owners({each.name: each.trained for each in machines if each.trained})
    holds = _owners({each.name: each.locations - 2 for each in machines})
    near = [length for length in holds if 2 * longest >= length]
    end = MARGIN * max(longest, *near, *trained) if near or trained else MARGIN * longest
    for line, (length, names) in enumerate(trained.items()):
        figure.add_vrect(x0=0, x1=length, fillcolor="rgba(128,128,128,0.14)", line_width=0)
        _label(figure, 0, line, "left", _whose(f"trained to {length:,}", names, machines))
    for line, (length, names) in enumerate(holds.items()):
        figure.add_vline(x=length, line={"dash": "dot", "width": 1})
        left = 2 * length < end  # beside the labels of the training, which begin at 0
        above = line + (len(trained) if left else 0)
        _label(figure, length, above, "left" if left else "right", _whose(f"N − 2 = {length:,}", names, machines))
    lines = len(trained) + len(holds)
    figure.update_layout(
        margin={"l": 56, "r": 16, "t": 16 + LINE_HEIGHT * max(1, lines), "b": 48},
        height=440,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "Inter, system-ui, sans-serif", "size": 13},
        colorway=list(COLOURS),
        hovermode="closest",
        showlegend=True,
        legend={"orientation": "h", "y": -0.16},
        uirevision=f"{longest} {[*trained, *holds]}",
        xaxis={
            "title": {"text": "vectors in the sequence, L", "font": {"size": 13}},
            "range": [0, end],
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


def _owners(lengths: Mapping[str, int | None]) -> dict[int, list[str]]:
    """The machines of each length, the shortest first."""
    known = sorted({length for length in lengths.values() if length is not None})
    return {length: [name for name, each in lengths.items() if each == length] for length in known}


def _whose(label: str, names: Sequence[str], machines: Sequence[Bounds]) -> str:
    return label if len(names) == len(machines) else f"{label} ({', '.join(names)})"


def _label(figure: go.Figure, x: float, line: int, anchor: str, text: str) -> None:
    figure.add_annotation(
        x=x,
        y=1,
        yref="paper",
        yshift=line * LINE_HEIGHT,
        text=text,
        showarrow=False,
        xanchor=anchor,
        yanchor="bottom",
    )
