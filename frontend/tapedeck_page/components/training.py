"""Training a machine: fields for the seed and the recipe, and a list of the trainings that run, wait or are over."""

from __future__ import annotations

from typing import Any, NamedTuple

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update

from tapedeck_page import ids
from tapedeck_page.client import ServiceAway, ServiceClient
from tapedeck_page.components import curves
from tapedeck_page.components.attributes import attributes
from tapedeck_page.components.island import Island
from tapedeck_page.components.navigation import on_pages


class Field(NamedTuple):
    """A number of a recipe: its name in the service's contract, its label, what it does, and whether it is whole."""

    name: str
    label: str
    meaning: str
    whole: bool = False


WANTED = [
    Field("sequences", "Sequences", "How many the machine sees in total; copy-1, which ships, saw 40,000.", whole=True),
    Field("batch_size", "Batch size", "Sequences per update of the parameters.", whole=True),
    Field("shortest", "Shortest", "The fewest vectors in a training sequence.", whole=True),
    Field("longest", "Longest", "The most vectors in a training sequence.", whole=True),
    Field("learning_rate", "Learning rate", "How far each update moves the parameters."),
]
FURTHER = [
    Field(
        "locations", "Locations", "N, the rows of the memory: at least two more than the longest sequence.", whole=True
    ),
    Field("width", "Width", "W, the columns of the memory.", whole=True),
    Field("controller_size", "Controller", "Units in the controller's layer.", whole=True),
    Field("late_from", "Late from", "The share of the run after which sparse and lopsided sequences join in."),
    Field("gate_bias", "Gate bias", "Below 0, both heads start out following their previous weighting."),
    Field("forward_bias", "Forward bias", "Above 0, both heads start out moving one location forward."),
    Field("steepness", "Steepness", "How sharply the loss tells 0 from 1 around an output of one half."),
    Field("momentum", "Momentum", "How much of the previous update carries over into the next."),
    Field("smoothing", "Smoothing", "How slowly RMSprop's average of the squared gradients changes."),
    Field("epsilon", "Epsilon", "Keeps RMSprop from dividing by zero."),
    Field("gradient_norm", "Gradient norm", "Longer gradients are shortened to this length."),
    Field("decay", "Decay", "The last part of the run, as a share, in which the learning rate falls."),
    Field("final_rate", "Final rate", "The share of the learning rate that is left at the end."),
]
MESSAGE = "training-message"
SEED = Field("seed", "Seed", "The same seed and recipe give the same machine.", whole=True)
FIELDS = [*WANTED, *FURTHER]


def layout() -> html.Details:
    """Folded until the user opens it or something trains. The browser modules fill in the jobs."""
    return html.Details(
        id="training",
        className="training",
        **on_pages("learn"),
        **attributes(data_state="unknown"),
        children=[
            html.Summary([html.H2("Train a machine"), html.Span(**attributes(data_readout="training"))]),
            html.Div(
                className="recipe",
                role="group",
                **attributes(aria_label="What to train"),
                children=[
                    Island(
                        "recipe",
                        [
                            dcc.Store(id=ids.TRAINING),
                            _number(ids.SEED, SEED),
                            *(_number(ids.recipe(field.name), field) for field in WANTED),
                        ],
                    ),
                    html.Button("Start", type="button", className="run", **attributes(data_action="train")),
                    html.Details(
                        className="recipe-further",
                        children=[
                            html.Summary("The rest of the recipe"),
                            html.Div(
                                Island("recipe-further", [_number(ids.recipe(field.name), field) for field in FURTHER]),
                                className="recipe",
                            ),
                        ],
                    ),
                ],
            ),
            html.P(id=MESSAGE, className="field-message", role="alert", **attributes(data_readout="training-message")),
            html.P(className="training-news", role="status", **attributes(data_readout="training-news")),
            curves.place(ids.TRAINING_FIGURE, ids.TRAINING_PLACE, "training-curve"),
            html.Div(className="jobs"),
        ],
    )


def register(app: Dash, client: ServiceClient) -> None:
    """The callbacks: whether the service trains, and the default recipe. The rest happens in the browser."""

    @app.callback(
        Output(ids.TRAINING, "data"),
        Output(ids.SEED, "value"),
        *(Output(ids.recipe(field.name), "value") for field in FIELDS),
        Input(ids.SERVICE, "data"),
        State(ids.SEED, "value"),
    )
    async def look(state: str | None, seed: int | None) -> tuple[Any, ...]:
        if state and state.startswith("machines"):  # only the list of machines has changed
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
    """What the fields start with: a seed that has not been trained yet, and the service's default recipe, as text."""
    recipe = (told or {}).get("recipe", {})
    seeds = [job["seed"] for job in (told or {}).get("jobs", []) if job["state"] != "unreadable"]
    return [str(max([1, *seeds]) + 1), *(_written(recipe.get(field.name)) for field in FIELDS)]


def _written(value: float | None) -> str:
    """A number as people write it: 40,000, 0.0001, -2."""
    return "" if value is None else f"{value:,}".removesuffix(".0")


def _number(field_id: str, field: Field) -> html.Div:
    """A field that takes any text: the service says what is wrong with it."""
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
