"""Training a machine of one's own: the seed and the recipe, and a place for what trains, waits and is done."""

from __future__ import annotations

from typing import Any, NamedTuple

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update

from frontend import ids
from frontend.client import ServiceAway, ServiceClient
from frontend.components.attributes import attributes
from frontend.components.navigation import on_pages


class Field(NamedTuple):
    """A number of a recipe: its name in the service's contract, its label, what it does, and whether it is whole."""

    name: str
    label: str
    meaning: str
    whole: bool = False


WANTED = [
    Field("sequences", "Sequences", "How many the machine sees in all; the shipped one saw 40,000.", whole=True),
    Field("batch_size", "Batch size", "Sequences in one update of the parameters.", whole=True),
    Field("shortest", "Shortest", "The least vectors of a training sequence.", whole=True),
    Field("longest", "Longest", "The most vectors of a training sequence.", whole=True),
    Field("learning_rate", "Learning rate", "How far one update moves the parameters."),
]
FURTHER = [
    Field("locations", "Locations", "N, the rows of the memory: at least two more than the longest.", whole=True),
    Field("width", "Width", "W, the columns of the memory.", whole=True),
    Field("controller_size", "Controller", "Units of the controller's layer.", whole=True),
    Field("late_from", "Late from", "The share of the run after which sparse and lopsided sequences come in."),
    Field("gate_bias", "Gate bias", "Below 0, both heads begin by following their last weighting."),
    Field("forward_bias", "Forward bias", "Above 0, both heads begin by moving one location on."),
    Field("steepness", "Steepness", "How fast the loss tells 0 from 1 around an output of one half."),
    Field("momentum", "Momentum", "How much of the last update goes into the next."),
    Field("smoothing", "Smoothing", "Over how many updates RMSprop measures the gradients."),
    Field("epsilon", "Epsilon", "Keeps RMSprop from dividing by nothing."),
    Field("gradient_norm", "Gradient norm", "Longer gradients are cut to this length."),
    Field("decay", "Decay", "The last share of the run, in which the learning rate falls …"),
    Field("final_rate", "Final rate", "… to this share of itself."),
]
MESSAGE = "training-message"
SEED = Field("seed", "Seed", "The same seed and recipe give the same machine.", whole=True)
FIELDS = [*WANTED, *FURTHER]


def layout() -> html.Details:
    """Folded away until she wants it, or something trains. The browser modules fill in the jobs."""
    return html.Details(
        id="training",
        className="training",
        **on_pages("learn"),
        **attributes(data_state="unknown"),
        children=[
            html.Summary([html.H2("Train a machine"), html.Span(**attributes(data_readout="training"))]),
            dcc.Store(id=ids.TRAINING),
            html.Div(
                className="recipe",
                role="group",
                **attributes(aria_label="What to train"),
                children=[
                    _number(ids.SEED, SEED),
                    *(_number(ids.recipe(field.name), field) for field in WANTED),
                    html.Button("Start", type="button", className="run", **attributes(data_action="train")),
                    html.Details(
                        className="recipe-further",
                        children=[
                            html.Summary("The rest of the recipe"),
                            html.Div([_number(ids.recipe(field.name), field) for field in FURTHER], className="recipe"),
                        ],
                    ),
                ],
            ),
            html.P(id=MESSAGE, className="field-message", role="alert", **attributes(data_readout="training-message")),
            html.P(className="training-news", role="status", **attributes(data_readout="training-news")),
            html.Div(className="jobs"),
        ],
    )


def register(app: Dash, client: ServiceClient) -> None:
    """The callbacks: whether there is training at all, and the default recipe. The rest happens in the browser."""

    @app.callback(
        Output(ids.TRAINING, "data"),
        Output(ids.SEED, "value"),
        *(Output(ids.recipe(field.name), "value") for field in FIELDS),
        Input(ids.SERVICE, "data"),
        State(ids.SEED, "value"),
    )
    async def look(state: str | None, seed: int | None) -> tuple[Any, ...]:
        if state and state.startswith("machines"):  # only they are to be listed anew
            return (no_update,) * (2 + len(FIELDS))
        try:
            told = await client.training()
        except ServiceAway:
            return (no_update,) * (2 + len(FIELDS))
        return told, *(defaults(told) if seed is None else [no_update] * (1 + len(FIELDS)))

    app.clientside_callback(
        ClientsideFunction("tapedeck", "knowTraining"), Input(ids.TRAINING, "data"), prevent_initial_call=True
    )


def defaults(told: dict[str, Any] | None) -> list[Any]:
    """What the fields begin with: a seed that was not trained yet, and the service's default recipe, in text."""
    recipe = (told or {}).get("recipe", {})
    seeds = [job["seed"] for job in (told or {}).get("jobs", []) if job["state"] != "unreadable"]
    return [str(max([1, *seeds]) + 1), *(_written(recipe.get(field.name)) for field in FIELDS)]


def _written(value: float | None) -> str:
    """A number as one writes it: 40,000, 0.0001, -2."""
    return "" if value is None else f"{value:,}".removesuffix(".0")


def _number(field_id: str, field: Field) -> html.Div:
    """Takes whatever is typed, as text: what is wrong with it the service says."""
    return html.Div(
        dmc.TextInput(
            id=field_id,
            label=field.label,
            inputProps={"inputMode": "numeric" if field.whole else "decimal", "aria-errormessage": MESSAGE},
            size="sm",
        ),
        title=field.meaning,
        className="recipe-field",
        **attributes(data_recipe=field.name),
    )
