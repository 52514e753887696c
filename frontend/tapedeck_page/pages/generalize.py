"""The generalization page: bit errors by size for chosen machines, as counted when they were made and, on top, live."""

from __future__ import annotations

import asyncio
from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update

from tapedeck_page import ids
from tapedeck_page.client import ServiceAway, ServiceClient
from tapedeck_page.components.attributes import attributes
from tapedeck_page.components.chooser import choices, titled
from tapedeck_page.components.island import Island
from tapedeck_page.components.navigation import PAGES, on_pages
from tapedeck_page.components.number_field import whole_number
from tapedeck_page.components.term import term
from tapedeck_page.evaluation import MOST_SEQUENCES, bounds, job, label, prospect, task_of, usual, wrong_size
from tapedeck_page.figures.generalization import DASHES
from tapedeck_page.kept import Kept, caption_of, kept_of, sizes_of

STORES = (ids.EVALUATION, ids.FRAME, ids.KEPT, ids.SUITED, ids.EVALUATED_FIGURE)
PATH = next(page.path for page in PAGES if page.name == "generalize")
MOST_MACHINES = len(DASHES)

NOT_OFFERED = ["select2d", "lasso2d", "sendChartToCloud"]
"""Of Plotly's buttons: those that do nothing here, and the one that would upload the figure to another host."""


def layout() -> html.Main:
    """What to evaluate, the progress, the figure."""
    return html.Main(
        className="generalize",
        **on_pages("generalize"),
        children=[
            Island("evaluation-stores", [dcc.Store(id=each) for each in STORES]),
            html.Section(
                [Island("evaluation-what", [_what()]), _progress()],
                className="evaluation",
                **attributes(aria_label="What to evaluate"),
            ),
            html.P(id=ids.EVALUATION_MESSAGE, className="field-message", role="alert"),
            html.Figure(
                id="generalization",
                className="generalization",
                **attributes(aria_label="Bit error rate by size of the input, a line or a map for each machine."),
                children=[
                    html.Figcaption(
                        [
                            html.H2(term("Bit error rate", "bit error rate")),
                            html.Span(className="readout", **attributes(data_readout="kept")),
                            html.Span(className="readout", **attributes(data_readout="evaluated")),
                        ]
                    ),
                    html.Div(
                        Island("generalization", [html.Div(id=ids.GENERALIZATION_PLACE)]),
                        className="generalization-figure",
                    ),
                ],
            ),
            html.P(
                "Evaluate counts anew, on top of what ships with a machine. Press a point to open its worst input on "
                "the tape. Its bar is where the rate lies with 95 % confidence: the more inputs, the shorter. The bits "
                "of an input fail together, so they do not count as independent.",
                className="hint",
            ),
            html.Div(
                className="results-table",
                role="region",
                tabIndex=0,  # it scrolls
                **attributes(data_readout="results", aria_label="What was counted"),
            ),
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
            _shown_for_some(
                ids.PATTERN, dmc.Select(id=ids.PATTERN, label="Pattern", value="random", allowDeselect=False, size="sm")
            ),
            _number(ids.LONGEST, "Longest", 1, None, value=140, w=104),
            _shown_for_some(ids.SECOND, _number(ids.SECOND, "Most", 1, None, value=10, w=104)),
            _number(ids.EACH, "Sequences each", 1, MOST_SEQUENCES, value=20, w=120),
            _number(ids.EVALUATION_LOCATIONS, "Locations", 3, 4096, placeholder="as trained", w=120),
            html.Button("Evaluate", id=ids.EVALUATE, type="button", className="run"),
        ],
    )


def _number(field: str, label: str, minimum: int, maximum: int | None, **more: Any) -> dmc.NumberInput:
    """A number that is told when its field is left, or on Enter: before the press on Evaluate that leaves it."""
    return whole_number(field, label, minimum, maximum, debounce=True, **more)


def _shown_for_some(field: str, control: Any) -> html.Div:
    """A field that not every task has."""
    return html.Div(control, id=f"{field}-place", hidden=True)


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


def register(app: Dash, client: ServiceClient) -> None:
    """The callbacks of the page."""
    _register_kept(app, client)
    _register_graph(app)
    _register_machines(app)
    _register_evaluation(app)
    app.clientside_callback(ClientsideFunction("tapedeck", "openPoint"), Input(ids.GENERALIZATION, "clickData"))


def _register_kept(app: Dash, client: ServiceClient) -> None:
    @app.callback(
        Output(ids.KEPT, "data"),
        Input(ids.ADDRESS, "pathname"),
        Input(ids.EVALUATED, "value"),
        Input(ids.PATTERN, "value"),
        Input(ids.MACHINES, "data"),
    )
    async def bring_kept(path: str, machines: list[str] | None, pattern: str | None, _listed: Any) -> Any:
        """What ships with the chosen machines, once the page is seen."""
        if path != PATH:
            return no_update
        names = machines or []
        found = await asyncio.gather(*(_kept(client, name, pattern) for name in names))
        kept = [each for each in found if isinstance(each, dict)]
        problems = [each for each in found if isinstance(each, str)]
        return {"kept": kept, "caption": caption_of(kept, names), "problem": " ".join(problems)}


async def _kept(client: ServiceClient, name: str, pattern: str | None) -> Kept | str | None:
    """The evaluation that ships with a machine, None where there is none; or a sentence on what is wrong with it."""
    try:
        told = await client.evaluation(name)
        if told is None:
            return None
        if "error" not in told:
            return kept_of(name, told, pattern)
    except ServiceAway:
        return None  # the page says so already, and asks again when the service is back
    except (LookupError, TypeError, ValueError):
        return f"What ships with {name} is not an evaluation; write one with “tapedeck evaluate {name} --json”."
    return f"What ships with {name} cannot be shown: {told['error']['detail']}"


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
        Input(ids.SECOND, "value"),
        Input(ids.EVALUATION_LOCATIONS, "value"),
        Input(ids.MACHINES, "data"),
        Input(ids.TASKS, "data"),
        Input(ids.KEPT, "data"),
    )
    async def frame_choice(machines: list[str] | None, *values: Any) -> Any:
        longest, second, locations, listed, tasks, kept = values
        task = task_of(machines or [], listed or [], tasks or [])
        if task is None or wrong_size(task, [longest, second]):
            return no_update
        chosen = bounds(machines or [], locations, listed or [])
        return prospect(task, chosen, [longest, second], _sizes(kept, machines))

    app.clientside_callback(
        ClientsideFunction("tapedeck", "prepare"), Input(ids.FRAME, "data"), Input(ids.KEPT, "data")
    )
    # The one owner of the figure: it shows what ships with the machines, and what was evaluated.
    app.clientside_callback(
        ClientsideFunction("tapedeck", "figure"),
        Output(ids.GENERALIZATION, "figure"),
        Input(ids.EVALUATED_FIGURE, "data"),
    )


def _sizes(kept: dict[str, Any] | None, machines: list[str] | None) -> dict[str, list[int]]:
    return sizes_of(kept["kept"], machines or []) if kept else {}


def _register_machines(app: Dash) -> None:
    @app.callback(
        Output(ids.EVALUATED, "data"),
        Output(ids.EVALUATED, "value"),
        Input(ids.MACHINES, "data"),
        State(ids.TASKS, "data"),
        State(ids.EVALUATED, "value"),
    )
    async def list_machines(
        listed: list[dict[str, Any]], tasks: list[dict[str, Any]] | None, chosen: list[str] | None
    ) -> tuple[Any, Any]:
        options, first, _ = choices(listed, [task["name"] for task in tasks or []])
        known = {entry["id"] for entry in listed if not entry.get("error")}
        kept = [each for each in chosen or [] if each in known]
        return options, kept or ([first] if first else [])

    @app.callback(
        Output(ids.SUITED, "data"),
        Output(ids.LONGEST, "label"),
        Output(ids.LONGEST, "value"),
        Output(ids.SECOND, "label"),
        Output(ids.SECOND, "value"),
        Output(f"{ids.SECOND}-place", "hidden"),
        Output(ids.PATTERN, "data"),
        Output(f"{ids.PATTERN}-place", "hidden"),
        Input(ids.EVALUATED, "value"),
        Input(ids.TASKS, "data"),
        State(ids.MACHINES, "data"),
        State(ids.SUITED, "data"),
    )
    async def suit(machines: list[str] | None, tasks: Any, listed: Any, before: str | None) -> tuple[Any, ...]:
        """The fields are those of the machines' task; what was typed for another one is not kept."""
        task = task_of(machines or [], listed or [], tasks or [])
        if task is None:
            return (no_update,) * 8
        first, *more = task["sizes"]
        patterns = [{"value": name, "label": name.replace("-", " ")} for name in task.get("patterns", [])]
        second = [label(more[0]), usual(more[0])] if more else [no_update, no_update]
        values = [usual(first), second[1]] if task["name"] != before else [no_update, no_update]
        return task["name"], label(first), values[0], second[0], values[1], not more, patterns, not patterns


def _register_evaluation(app: Dash) -> None:
    @app.callback(
        Output(ids.EVALUATION, "data"),
        Input(ids.EVALUATE, "n_clicks"),
        State(ids.EVALUATED, "value"),
        State(ids.PATTERN, "value"),
        State(ids.LONGEST, "value"),
        State(ids.SECOND, "value"),
        State(ids.EACH, "value"),
        State(ids.EVALUATION_LOCATIONS, "value"),
        State(ids.MACHINES, "data"),
        State(ids.TASKS, "data"),
        State(ids.KEPT, "data"),
        prevent_initial_call=True,
    )
    async def evaluate(clicks: int, machines: list[str] | None, pattern: str, *fields: Any) -> dict[str, Any]:
        longest, second, each, locations, listed, tasks, kept = fields
        of = {entry["id"]: entry["task"] for entry in listed if not entry.get("error")}
        asked = {of[name] for name in machines or [] if name in of}
        task = task_of(machines or [], listed, tasks or [])
        if len(asked) > 1:
            names = " and ".join(map(titled, sorted(asked)))
            problem = f"These machines have different tasks ({names}); evaluate those of one task at a time."
            return {"nonce": clicks, "problem": problem}
        if task is None:
            return {"nonce": clicks, "problem": "The service does not say what this machine can be asked."}
        chosen = bounds(machines or [], locations, listed)
        sizes = _sizes(kept, machines)
        most = [longest, second]
        return {"nonce": clicks, **job(task, chosen, pattern, most, each=each, locations=locations, kept=sizes)}

    app.clientside_callback(ClientsideFunction("tapedeck", "evaluate"), Input(ids.EVALUATION, "data"))
