"""The generalization page: bit errors against length for chosen machines, counted live; a point opens on the tape."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update

from frontend import ids
from frontend.components.attributes import attributes
from frontend.components.chooser import choices
from frontend.components.navigation import PAGES, on_pages
from frontend.components.number_field import whole_number
from frontend.components.term import term
from frontend.figures.generalization import DASHES, frame

PATTERNS = [
    {"value": name, "label": name.replace("-", " ")}
    for name in ("random", "any-density", "sparse", "dense", "zeros", "ones", "one-hot", "repeated", "edge-rows")
]
PATH = next(page.path for page in PAGES if page.name == "generalize")
MOST_MACHINES = len(DASHES)
MOST_POINTS = 40
LONGEST = 140
"""What the page begins with: beyond what 128 locations hold."""


def layout() -> html.Main:
    """What to evaluate, the progress, the figure."""
    return html.Main(
        className="generalize",
        **on_pages("generalize"),
        children=[
            dcc.Store(id=ids.EVALUATION),
            html.Section([_what(), _progress()], className="evaluation", **attributes(aria_label="What to evaluate")),
            html.P(id=ids.EVALUATION_MESSAGE, className="field-message", role="alert"),
            html.Figure(
                id="generalization",
                className="generalization",
                **attributes(aria_label="Bit error rate by length of the sequence, a line for each machine."),
                children=[
                    html.Figcaption(
                        [html.H2(term("Bit error rate", "bit error rate")), html.Span(className="readout")]
                    ),
                    html.Div(id=ids.GENERALIZATION_PLACE),
                ],
            ),
            html.P(
                "Evaluate draws a point for each length. Press one to open its worst sequence on the tape. "
                "Its bar is where the rate lies with 95 % confidence: the more bits, the shorter.",
                className="hint",
            ),
            html.Div(className="results-table", **attributes(data_readout="results")),
        ],
    )


def graph() -> dcc.Graph:
    """The figure, empty. It is put in its place when the page is first seen: Plotly is larger than all the rest."""
    return dcc.Graph(
        id=ids.GENERALIZATION,
        figure=frame(128, 20, LONGEST),
        config={"displaylogo": False, "responsive": True, "modeBarButtonsToRemove": ["select2d", "lasso2d"]},
    )


def _what() -> html.Div:
    return html.Div(
        className="evaluation-what",
        children=[
            dmc.MultiSelect(
                id=ids.EVALUATED,
                label="Machines",
                data=[],
                maxValues=MOST_MACHINES,
                searchable=True,
                size="sm",
                className="evaluated",
            ),
            dmc.Select(
                id=ids.PATTERN, label="Sequences", data=PATTERNS, value="random", allowDeselect=False, size="sm"
            ),
            whole_number(ids.LONGEST, "Longest", 1, 1000, value=LONGEST, w=104),
            whole_number(ids.EACH, "Of each length", 1, 1000, value=10, w=120),
            whole_number(ids.EVALUATION_LOCATIONS, "Locations", 3, 4096, placeholder="128", w=104),
            html.Button("Evaluate", id=ids.EVALUATE, type="button", className="run"),
        ],
    )


def _progress() -> html.Div:
    return html.Div(
        className="evaluation-progress",
        hidden=True,
        children=[
            html.Progress(max="1", value="0", **attributes(aria_label="Evaluation")),
            html.Span(**attributes(data_readout="evaluation")),
            html.Button("Cancel", type="button", className="quiet", **attributes(data_action="cancel-evaluation")),
        ],
    )


def register(app: Dash) -> None:
    """The callbacks of the page."""
    _register_graph(app)
    _register_machines(app)
    _register_evaluation(app)
    app.clientside_callback(ClientsideFunction("tapedeck", "openPoint"), Input(ids.GENERALIZATION, "clickData"))


def _register_graph(app: Dash) -> None:
    @app.callback(
        Output(ids.GENERALIZATION_PLACE, "children"),
        Input(ids.ADDRESS, "pathname"),
        State(ids.GENERALIZATION_PLACE, "children"),
    )
    async def bring_graph(path: str, there: Any) -> Any:
        return graph() if path == PATH and not there else no_update


def _register_machines(app: Dash) -> None:
    @app.callback(
        Output(ids.EVALUATED, "data"),
        Output(ids.EVALUATED, "value"),
        Input(ids.MACHINES, "data"),
        State(ids.EVALUATED, "value"),
    )
    async def list_machines(listed: list[dict[str, Any]], chosen: list[str] | None) -> tuple[Any, Any]:
        options, first, _ = choices(listed, None)
        known = {option["value"] for option in options}
        kept = [each for each in chosen or [] if each in known]
        return options, kept or ([first] if first else [])


def _register_evaluation(app: Dash) -> None:
    @app.callback(
        Output(ids.EVALUATION, "data"),
        Output(ids.GENERALIZATION, "figure"),
        Output(ids.EVALUATION_MESSAGE, "children"),
        Input(ids.EVALUATE, "n_clicks"),
        State(ids.EVALUATED, "value"),
        State(ids.PATTERN, "value"),
        State(ids.LONGEST, "value"),
        State(ids.EACH, "value"),
        State(ids.EVALUATION_LOCATIONS, "value"),
        State(ids.MACHINES, "data"),
        prevent_initial_call=True,
    )
    async def evaluate(clicks: int, *asked: Any) -> tuple[Any, Any, str]:
        machines, pattern, longest, each, locations, listed = asked
        problem = _problem(machines, longest, each)
        if problem:
            return no_update, no_update, problem
        entries = {entry["id"]: entry for entry in listed}
        wanted = locations if isinstance(locations, int) else None
        requests = [
            {
                "checkpoint": machine,
                "lengths": lengths(longest),
                "patterns": [pattern],
                "sequences": each,
                "locations": wanted,
            }
            for machine in machines
        ]
        first = entries[machines[0]]
        figure = frame(
            wanted or first["config"]["locations"], first["origin"].get("recipe", {}).get("longest"), longest
        )
        return {"requests": requests, "dashes": DASHES, "nonce": clicks}, figure, ""

    app.clientside_callback(ClientsideFunction("tapedeck", "evaluate"), Input(ids.EVALUATION, "data"))


def lengths(longest: int) -> list[int]:
    """Lengths from 1 to the longest, evenly spread, at most 40 of them."""
    count = min(longest, MOST_POINTS)
    return [1 + round((longest - 1) * at / max(1, count - 1)) for at in range(count)]


def _problem(machines: list[str] | None, longest: Any, each: Any) -> str:
    if not machines:
        return "Choose at least one machine."
    if not isinstance(longest, int) or not 1 <= longest <= 1000:
        return f"The longest sequence must be a whole number of 1 to 1,000; got {longest!r}."
    if not isinstance(each, int) or not 1 <= each <= 1000:
        return f"Of each length must be a whole number of 1 to 1,000; got {each!r}."
    return ""
