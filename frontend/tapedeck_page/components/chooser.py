"""What the sequence is run on: the machine and its number of memory locations, and the button that runs it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, dcc, html, no_update
from dash.development.base_component import Component

from tapedeck_page import ids
from tapedeck_page.client import ServiceAway, ServiceClient
from tapedeck_page.components.attributes import attributes
from tapedeck_page.components.island import Island
from tapedeck_page.components.number_field import whole_number

FEWEST, MOST = 3, 4096
"""Locations of a memory, as the service runs them."""


def layout() -> html.Section:
    """Machine, locations, Run."""
    return html.Section(
        className="chooser",
        **attributes(aria_label="What to run it on"),
        children=[
            Island("chooser", _fields(), until=[_until("Machine", "machine"), _until("Locations", "locations")]),
            html.Button(
                "Run",
                id=ids.RUN,
                type="button",
                className="run",
                title="Enter in the field, or Ctrl + Enter from anywhere",
            ),
            Island("chooser-message", [html.P(id=ids.MACHINE_MESSAGE, className="field-message", role="alert")]),
        ],
    )


def _fields() -> list[Component]:
    return [
        dcc.Store(id=ids.SERVICE),
        dcc.Store(id=ids.MACHINES, data=[]),
        dcc.Store(id=ids.TASKS, data=[]),
        dmc.Select(
            id=ids.MACHINE,
            label="Machine",
            data=[],
            allowDeselect=False,
            searchable=True,
            size="sm",
            className="machine",
            nothingFoundMessage="No machine by that name",
            maxDropdownHeight=416,
            comboboxProps={"width": 360, "position": "bottom-start"},
        ),
        whole_number(ids.LOCATIONS, "Locations", FEWEST, MOST, placeholder="as trained", className="locations"),
    ]


def _until(label: str, class_name: str) -> html.Div:
    """What a field looks like before Dash has made it."""
    return html.Div([html.Label(label), html.Div(className="until-field")], className=class_name)


def register(app: Dash, client: ServiceClient) -> None:
    """The callbacks of the chooser."""
    _register_options(app, client)
    # The browser composes and runs, and says which machine is chosen: Run needs no word of the page's server.
    app.clientside_callback(
        ClientsideFunction("tapedeck", "compose"),
        Input(ids.MACHINE, "value"),
        Input(ids.LOCATIONS, "value"),
        prevent_initial_call=True,
    )


def _register_options(app: Dash, client: ServiceClient) -> None:
    @app.callback(
        Output(ids.MACHINE, "data"),
        Output(ids.MACHINE_MESSAGE, "children"),
        Input(ids.SERVICE, "data"),
    )
    async def list_options(_state: str | None) -> tuple[Any, str]:
        try:
            listed, tasks = await asyncio.gather(client.checkpoints(), client.tasks())
        except ServiceAway:
            return no_update, "The service did not list its machines; the page asks again when it is back."
        options, _, word = choices(listed, [task["name"] for task in tasks])
        return options, word


class Choices(NamedTuple):
    """What there is to choose from.

    Attributes:
        options: the machines as Mantine takes them, in groups: of each task, and then the checkpoints of each training.
        first: the one to choose where none is; None where there is no machine.
        word: on files that could not be read.
    """

    options: list[dict[str, Any]]
    first: str | None
    word: str


def choices(listed: list[dict[str, Any]], tasks: Sequence[str] = ()) -> Choices:
    """The options of the chooser.

    Args:
        listed: the service's machines.
        tasks: the names of its tasks, in the order in which their machines are offered; others come last.
    """
    readable = [entry for entry in listed if not entry.get("error")]
    order = [*dict.fromkeys([*tasks, *(entry["task"] for entry in readable)])]
    grouped: dict[str, list[dict[str, Any]]] = {titled(task): [] for task in order}
    known = {entry["id"] for entry in readable}
    for entry in sorted(readable, key=lambda entry: order.index(entry["task"])):
        run = entry.get("origin", {}).get("run")
        is_on_the_way = run in known and entry["id"] != run
        grouped.setdefault(f"Checkpoints of {run}" if is_on_the_way else titled(entry["task"]), []).append(
            _option(entry)
        )
    groups: list[dict[str, Any]] = [{"group": name, "items": found} for name, found in grouped.items() if found]
    broken = [entry["id"] for entry in listed if entry.get("error")]
    word = f"These could not be read and were left out: {', '.join(broken)}." if broken else ""
    if not groups:
        word = "The service has no machines. Train one with “tapedeck train copy”." + (f" {word}" if word else "")
        return Choices([], None, word)
    options = next(iter(groups))["items"] if len(groups) == 1 else groups
    first = next(option["value"] for found in grouped.values() for option in found)
    return Choices([*options], first, word)


def titled(task: str) -> str:
    """A task's name as people write it: Repeat copy."""
    return task.replace("_", " ").capitalize()


def _option(entry: dict[str, Any]) -> dict[str, Any]:
    seen = entry.get("sequences_seen")
    label = entry["name"] if seen is None else f"{entry['name']} · {seen:,} sequences"
    return {"value": entry["id"], "label": label}
