"""Who wrote what is read: the shares of one read or of one output bit, and those of all reads."""

from __future__ import annotations

from typing import Any

from dash import html

from tapedeck_page.components.attributes import attributes
from tapedeck_page.components.scale import scale_bar
from tapedeck_page.components.table import table_button
from tapedeck_page.components.term import term

PARTS = [("writes", "writes"), ("initial", "initial memory"), ("bias", "bias")]
"""What a read is made of, and an output before its clamp; a read has no bias."""


def origins() -> list[html.Figure]:
    """Both panels, empty."""
    return [
        html.Figure(
            className="panel origins",
            **attributes(
                data_origins="bars",
                data_head_kind="write",
                aria_label="Written at. How much each step's write contributes to what is read at the cursor, or to "
                "the output bit that is pointed at.",
            ),
            children=[
                html.Figcaption(
                    [
                        html.H2(term("Written at", "provenance")),
                        html.Span(className="readout"),
                        table_button("Written at"),
                    ]
                ),
                html.Div("share", className="row-title"),
                html.Div(
                    [html.Span("1", className="tick high"), html.Span("0", className="tick low")],
                    className="row-axis",
                ),
                *_plot(),
                _whole(),
            ],
        ),
        html.Figure(
            className="panel origins",
            **attributes(
                data_origins="picture",
                data_head_kind="read",
                aria_label="Who wrote what is read. The share of every write in the magnitude of every read.",
            ),
            children=[
                html.Figcaption(
                    [
                        html.H2(term("Who wrote what is read", "provenance")),
                        html.Span(className="readout"),
                        table_button("Who wrote what is read"),
                        scale_bar(),
                    ]
                ),
                html.Div("written at", className="row-title"),
                html.Div(className="row-axis"),
                *_plot(),
            ],
        ),
    ]


def _plot() -> list[Any]:
    return [
        html.Div(className="plot"),
        html.Div(className="time-axis"),
        html.Div("time step", className="time-title"),
    ]


def _whole() -> html.Div:
    """All of it in one bar: the writes together, what the initial memory gave, and the bias."""
    return html.Div(
        className="whole",
        children=[
            html.Div(
                [html.Div(className=f"whole-{part}", **attributes(data_part=part)) for part, _ in PARTS],
                className="whole-bar",
            ),
            html.Dl(
                [
                    html.Div(
                        [html.Dt(called), html.Dd("–", **attributes(data_readout=f"whole-{part}"))],
                        className=f"whole-key whole-{part}",
                    )
                    for part, called in PARTS
                ]
            ),
            html.P(className="origin", **attributes(data_readout="origin")),
        ],
    )
