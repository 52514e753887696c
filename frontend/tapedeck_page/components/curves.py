"""The curves of the learn page: a place for each, the graphs that come there, and what they show."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update

from tapedeck_page import ids
from tapedeck_page.components.island import Island
from tapedeck_page.components.navigation import PAGES

PATH = next(page.path for page in PAGES if page.name == "learn")
CURVES = (
    (ids.FILM_FIGURE, ids.FILM_GRAPH, ids.FILM_PLACE),
    (ids.TRAINING_FIGURE, ids.TRAINING_GRAPH, ids.TRAINING_PLACE),
)

NOT_OFFERED = ["zoom2d", "pan2d", "select2d", "lasso2d", "resetScale2d", "sendChartToCloud"]
"""Of Plotly's buttons: those for what a drag does, and the one that would upload the figure to another host."""


def place(figure: str, where: str, class_name: str) -> html.Div:
    """Where a curve comes to stand, with what it shows."""
    return html.Div(Island(where, [dcc.Store(id=figure), html.Div(id=where)]), className=class_name)


def graph(graph_id: str) -> dcc.Graph:
    """A curve. It is put there when the page is first seen: Plotly is larger than all the rest."""
    return dcc.Graph(
        id=graph_id,
        config={
            "displaylogo": False,
            "responsive": True,
            "modeBarButtonsToRemove": NOT_OFFERED,
            "doubleClick": "autosize",
        },
    )


def register(app: Dash) -> None:
    """The callbacks: the graphs come, show what the browser counts, and a checkpoint can be pressed."""

    @app.callback(
        *(Output(where, "children") for _, _, where in CURVES),
        Input(ids.ADDRESS, "pathname"),
        State(ids.FILM_PLACE, "children"),
    )
    async def bring_graphs(path: str, there: Any) -> Any:
        return [graph(each) if path == PATH and not there else no_update for _, each, _ in CURVES]

    for figure, each, _ in CURVES:
        app.clientside_callback(
            ClientsideFunction("tapedeck", "curve"),
            Output(each, "figure"),
            Input(figure, "data"),
            Input(each, "relayoutData"),
            State(each, "figure"),
        )
    app.clientside_callback(
        ClientsideFunction("tapedeck", "isIdle"),
        Output(ids.TRAINING_PLACE, "hidden"),
        Input(ids.TRAINING_FIGURE, "data"),
    )
    app.clientside_callback(
        ClientsideFunction("tapedeck", "pressCheckpoint"),
        Output(ids.FILM_GRAPH, "clickData"),
        Input(ids.FILM_GRAPH, "clickData"),
        prevent_initial_call=True,
    )
