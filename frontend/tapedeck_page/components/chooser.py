"""What the sequence is run on: the machine and its number of memory locations, and the button that runs it."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update

from tapedeck_page import ids
from tapedeck_page.client import ServiceAway, ServiceClient
from tapedeck_page.components.attributes import attributes
from tapedeck_page.components.link import Link, just_opened
from tapedeck_page.components.number_field import whole_number

FEWEST, MOST = 3, 4096
"""Locations of a memory, as the service runs them."""


def layout() -> html.Section:
    """Machine, locations, Run."""
    return html.Section(
        className="chooser",
        **attributes(aria_label="What to run it on"),
        children=[
            dcc.Store(id=ids.SERVICE),
            dcc.Store(id=ids.MACHINES, data=[]),
            dmc.Select(
                id=ids.MACHINE,
                label="Machine",
                data=[],
                allowDeselect=False,
                searchable=True,
                size="sm",
                className="machine",
                nothingFoundMessage="No machine by that name",
                comboboxProps={"width": 360, "position": "bottom-start"},
            ),
            whole_number(ids.LOCATIONS, "Locations", FEWEST, MOST, placeholder="as trained", className="locations"),
            html.Button(
                "Run",
                id=ids.RUN,
                type="button",
                className="run",
                title="Enter in the field, or Ctrl + Enter from anywhere",
            ),
            html.P(id=ids.MACHINE_MESSAGE, className="field-message", role="alert"),
        ],
    )


def register(app: Dash, client: ServiceClient) -> None:
    """The callbacks of the chooser."""
    _register_machines(app, client)
    app.clientside_callback(
        ClientsideFunction("tapedeck", "warn"),
        Output(ids.COMPOSER_FLAG, "children"),
        Input(ids.COMPOSED, "data"),
        Input(ids.MACHINE, "value"),
        Input(ids.LOCATIONS, "value"),
        Input(ids.MACHINES, "data"),
    )
    # What is composed goes to the browser with every change, so that Run needs no word of the page's server.
    app.clientside_callback(
        ClientsideFunction("tapedeck", "compose"),
        Input(ids.MACHINE, "value"),
        Input(ids.LINK, "data"),
        Input(ids.COMPOSED, "data"),
        State(ids.MACHINES, "data"),
    )


def _register_machines(app: Dash, client: ServiceClient) -> None:
    @app.callback(
        Output(ids.MACHINES, "data"),
        Output(ids.MACHINE, "data"),
        Output(ids.MACHINE, "value"),
        Output(ids.MACHINE_MESSAGE, "children"),
        Input(ids.SERVICE, "data"),
        Input(ids.LINK, "data"),
        State(ids.MACHINE, "value"),
    )
    async def list_machines(_state: str | None, link: Link | None, chosen: str | None) -> tuple[Any, ...]:
        try:
            listed = await client.checkpoints()
        except ServiceAway:
            return *[no_update] * 3, "The service did not list its machines; the page asks again when it is back."
        wanted = just_opened(link) if chosen else link
        options, value, word = choices(listed, (wanted and wanted["checkpoint"]) or chosen)
        # A value that is set runs the machine, even where it is the same as before.
        return listed, options, no_update if value == chosen else value, word

    app.clientside_callback(ClientsideFunction("tapedeck", "know"), Input(ids.MACHINES, "data"))


def choices(listed: list[dict[str, Any]], chosen: str | None) -> tuple[list[dict[str, Any]], str | None, str]:
    """The options of the chooser, the one to choose, and a word on files that could not be read."""
    readable = [entry for entry in listed if not entry.get("error")]
    options = [{"value": entry["id"], "label": _label(entry)} for entry in readable]
    known = {entry["id"] for entry in readable}
    first = readable[0]["id"] if readable else None
    broken = [entry["id"] for entry in listed if entry.get("error")]
    word = f"These could not be read and were left out: {', '.join(broken)}." if broken else ""
    if not readable:
        word = "The service has no machines. Train one with “tapedeck train copy”." + (f" {word}" if word else "")
    return options, chosen if chosen in known else first, word


def _label(entry: dict[str, Any]) -> str:
    seen = entry.get("sequences_seen")
    return entry["name"] if seen is None else f"{entry['name']} · {seen:,} sequences"
