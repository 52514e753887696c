"""The generalization page: bit errors against length for chosen machines, counted live; a point opens on the tape."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update

from tapedeck_page import ids
from tapedeck_page.components.attributes import attributes
from tapedeck_page.components.chooser import choices
from tapedeck_page.components.navigation import PAGES, on_pages
from tapedeck_page.components.number_field import whole_number
from tapedeck_page.components.term import term
from tapedeck_page.figures.generalization import DASHES, Bounds, frame

PATTERNS = [
    {"value": name, "label": name.replace("-", " ")}
    for name in ("random", "any-density", "sparse", "dense", "zeros", "ones", "one-hot", "repeated", "edge-rows")
]
PATH = next(page.path for page in PAGES if page.name == "generalize")
MOST_MACHINES = len(DASHES)
MOST_POINTS = 40
MOST_LENGTH = 1000
MOST_SEQUENCES = 1000
SEED = 1

NOT_OFFERED = ["select2d", "lasso2d", "sendChartToCloud"]
"""Of Plotly's buttons: those that do nothing here, and the one that would upload the figure to another host."""
LONGEST = 140
"""What the page starts with: more than 128 locations hold."""


def layout() -> html.Main:
    """What to evaluate, the progress, the figure."""
    return html.Main(
        className="generalize",
        **on_pages("generalize"),
        children=[
            dcc.Store(id=ids.EVALUATION),
            dcc.Store(id=ids.FRAME),
            dcc.Store(id=ids.EVALUATED_FIGURE),
            html.Section([_what(), _progress()], className="evaluation", **attributes(aria_label="What to evaluate")),
            html.P(id=ids.EVALUATION_MESSAGE, className="field-message", role="alert"),
            html.Figure(
                id="generalization",
                className="generalization",
                **attributes(aria_label="Bit error rate by length of the sequence, a line for each machine."),
                children=[
                    html.Figcaption(
                        [
                            html.H2(term("Bit error rate", "bit error rate")),
                            html.Span(className="readout", **attributes(data_readout="evaluated")),
                        ]
                    ),
                    html.Div(id=ids.GENERALIZATION_PLACE),
                ],
            ),
            html.P(
                "Evaluate draws a point for each length. Press one to open its worst sequence on the tape. "
                "Its bar is where the rate lies with 95 % confidence: the more sequences, the shorter. The bits of a "
                "sequence fail together, so they do not count as independent.",
                className="hint",
            ),
            html.Div(className="results-table", **attributes(data_readout="results")),
        ],
    )


def graph() -> dcc.Graph:
    """The figure's place. It is put there when the page is first seen: Plotly is larger than all the rest."""
    return dcc.Graph(
        id=ids.GENERALIZATION,
        config={"displaylogo": False, "responsive": True, "modeBarButtonsToRemove": NOT_OFFERED},
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
            dmc.Select(id=ids.PATTERN, label="Pattern", data=PATTERNS, value="random", allowDeselect=False, size="sm"),
            whole_number(ids.LONGEST, "Longest", 1, MOST_LENGTH, value=LONGEST, w=104),
            whole_number(ids.EACH, "Sequences each", 1, MOST_SEQUENCES, value=20, w=120),
            whole_number(ids.EVALUATION_LOCATIONS, "Locations", 3, 4096, placeholder="as trained", w=120),
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

    @app.callback(
        Output(ids.FRAME, "data"),
        Input(ids.EVALUATED, "value"),
        Input(ids.LONGEST, "value"),
        Input(ids.EVALUATION_LOCATIONS, "value"),
        Input(ids.MACHINES, "data"),
    )
    async def frame_choice(machines: list[str] | None, longest: Any, locations: Any, listed: list[Any] | None) -> Any:
        if not _is_whole(longest, MOST_LENGTH):
            return no_update
        return frame(_bounds(machines or [], locations, listed or []), longest)

    # The one owner of the figure: it shows what was evaluated or, before that, the frame of what is chosen.
    app.clientside_callback(
        ClientsideFunction("tapedeck", "figure"),
        Output(ids.GENERALIZATION, "figure"),
        Input(ids.FRAME, "data"),
        Input(ids.EVALUATED_FIGURE, "data"),
    )


def _register_machines(app: Dash) -> None:
    @app.callback(
        Output(ids.EVALUATED, "data"),
        Output(ids.EVALUATED, "value"),
        Input(ids.MACHINES, "data"),
        State(ids.EVALUATED, "value"),
    )
    async def list_machines(listed: list[dict[str, Any]], chosen: list[str] | None) -> tuple[Any, Any]:
        options, first, _ = choices(listed)
        known = {entry["id"] for entry in listed if not entry.get("error")}
        kept = [each for each in chosen or [] if each in known]
        return options, kept or ([first] if first else [])


def _register_evaluation(app: Dash) -> None:
    @app.callback(
        Output(ids.EVALUATION, "data"),
        Input(ids.EVALUATE, "n_clicks"),
        State(ids.EVALUATED, "value"),
        State(ids.PATTERN, "value"),
        State(ids.LONGEST, "value"),
        State(ids.EACH, "value"),
        State(ids.EVALUATION_LOCATIONS, "value"),
        State(ids.MACHINES, "data"),
        prevent_initial_call=True,
    )
    async def evaluate(clicks: int, machines: list[str] | None, pattern: str, *fields: Any) -> dict[str, Any]:
        longest, each, locations, listed = fields
        bounds = _bounds(machines or [], locations, listed)
        return {"nonce": clicks, **job(bounds, pattern, longest, each, locations)}

    app.clientside_callback(ClientsideFunction("tapedeck", "evaluate"), Input(ids.EVALUATION, "data"))


def job(machines: list[Bounds], pattern: str, longest: Any, each: Any, locations: Any) -> dict[str, Any]:
    """What the browser is to evaluate, with the figure's frame and a caption; or what is wrong, as `problem`."""
    problem = _problem(machines, longest, each)
    if problem:
        return {"problem": problem}
    asked = {
        "lengths": lengths(longest),
        "patterns": [pattern],
        "sequences": each,
        "locations": locations if isinstance(locations, int) else None,
        "seed": SEED,
    }
    return {
        "requests": [{"checkpoint": machine.name, **asked} for machine in machines],
        "dashes": DASHES,
        "frame": frame(machines, longest),
        "caption": _caption(pattern, each, {machine.locations for machine in machines}),
    }


def lengths(longest: int) -> list[int]:
    """Lengths from 1 to the longest, evenly spread, at most 40 of them."""
    count = min(longest, MOST_POINTS)
    return [1 + round((longest - 1) * at / max(1, count - 1)) for at in range(count)]


def _bounds(machines: list[str], locations: Any, listed: list[dict[str, Any]]) -> list[Bounds]:
    """Those of the chosen machines that the service has."""
    entries = {entry["id"]: entry for entry in listed if not entry.get("error")}
    own = locations if isinstance(locations, int) else None
    return [
        Bounds(
            name,
            own or entries[name]["config"]["locations"],
            entries[name].get("origin", {}).get("recipe", {}).get("longest"),
        )
        for name in machines
        if name in entries
    ]


def _caption(pattern: str, each: int, locations: set[int]) -> str:
    """What the figure shows, which the fields may have left behind since."""
    count = "1 sequence" if each == 1 else f"{each:,} sequences"
    on = f"{locations.pop():,} locations" if len(locations) == 1 else "each machine’s own locations"
    return f"{pattern.replace('-', ' ')}, {count} of each length, on {on}, seed {SEED}"


def _problem(machines: list[Bounds], longest: Any, each: Any) -> str:
    if not machines:
        return "Choose at least one machine."
    if not _is_whole(longest, MOST_LENGTH):
        return f"Longest must be a whole number from 1 to {MOST_LENGTH:,}{_got(longest)}."
    if not _is_whole(each, MOST_SEQUENCES):
        return f"Sequences each must be a whole number from 1 to {MOST_SEQUENCES:,}{_got(each)}."
    return ""


def _is_whole(value: Any, most: int) -> bool:
    return isinstance(value, int) and 1 <= value <= most


def _got(value: Any) -> str:
    return "; the field is empty" if value in (None, "") else f"; got {value}"
