"""The learning film: a slider over the checkpoints of a run, above the curve of its training."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from tapedeck_page import ids
from tapedeck_page.components import curves
from tapedeck_page.components.attributes import attributes
from tapedeck_page.components.island import place
from tapedeck_page.components.navigation import on_pages
from tapedeck_page.components.term import term


def layout() -> html.Section:
    """The film's player and its curve."""
    return html.Section(
        id="film",
        className="film",
        **on_pages("learn"),
        **attributes(aria_label="Training"),
        children=[
            place("film", _player()),
            curves.place(ids.FILM_FIGURE, ids.FILM_PLACE, "film-curve"),
            place("comparison", [comparison()]),
        ],
    )


def comparison() -> html.Section:
    """Two checkpoints side by side, once the second is chosen; its columns are the tape's."""
    return html.Section(
        id="comparison",
        className="comparison",
        hidden=True,
        **attributes(aria_label="Two checkpoints"),
        children=[
            html.Div(className="panels"),
            html.Button(
                "Close the comparison", type="button", className="quiet", **attributes(data_action="close-comparison")
            ),
        ],
    )


def _player() -> list[Component]:
    numbers = (
        ("seen", term("sequences seen", "checkpoint")),
        ("loss", term("loss", "loss")),
        ("errors", term("bit error rate", "bit error rate")),
        ("own", "your wrong bits"),
    )
    return [
        html.Div(
            className="film-head",
            children=[
                html.Dl(
                    className="film-numbers",
                    children=[
                        html.Div(
                            [html.Dt(label), html.Dd("–", **attributes(data_readout=f"film-{name}"))],
                            className=f"of-{name}",
                        )
                        for name, label in numbers
                    ],
                ),
                html.Label(["compare with", html.Select()], className="compare-with"),
            ],
        ),
        html.P(className="film-note", role="status", **attributes(data_readout="film-note")),
        html.Div(
            [html.Div(className=f"film-{each}") for each in ("marks", "other", "handle")],
            className="film-slider",
            role="slider",
            tabIndex=0,
            **attributes(
                aria_label="Checkpoint",
                aria_valuemin="0",
                aria_valuemax="0",
                aria_valuenow="0",
                aria_valuetext="no film yet",
            ),
        ),
    ]
