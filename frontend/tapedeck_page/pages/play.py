"""The play page: composer, machine, tape, player."""

from __future__ import annotations

from dash import Dash, html

from tapedeck_page import ids
from tapedeck_page.client import ServiceClient
from tapedeck_page.components import (
    chooser,
    composer,
    curves,
    film,
    lab,
    link,
    opened,
    shelf,
    table,
    takeaway,
    tour,
    training,
    transport,
)
from tapedeck_page.components.attributes import attributes
from tapedeck_page.components.island import place
from tapedeck_page.components.navigation import on_pages
from tapedeck_page.settings import PageSettings

FAILED = "The page could not start. Reload it; if that does not help, restart the service."


def layout(settings: PageSettings) -> html.Main:
    """The whole page; in the order of focus the composer comes first, then the player, then the parts of a tape."""
    return html.Main(
        className="play",
        **on_pages("play", "learn", "lab"),
        children=[
            html.A("Skip to the player", href="#transport", className="skip", **attributes(data_action="skip")),
            place("opened", [opened.layout()]),
            html.Div(
                className="desk",
                children=[
                    place("composer", [composer.layout(settings)]),
                    chooser.layout(),
                    html.Div([place("shelf", [shelf.layout()]), place("tour", [tour.layout()])], className="shelf"),
                ],
            ),
            composer.stores(),
            html.Div(
                id="notice",
                className="notice",
                role="alert",
                hidden=True,
                **attributes(data_failed=FAILED),
                children=[
                    html.Span(**attributes(data_readout="notice")),
                    html.Button("Dismiss", type="button", className="quiet", **attributes(data_action="dismiss")),
                ],
            ),
            link.layout(settings),
            place("player", [transport.layout(), transport.help_dialog()]),
            html.Div([training.layout(), film.layout()], className="learning"),
            html.Div(
                className="bench",
                children=[
                    place("lab", [lab.beside()]),
                    html.Div([place("versus", [lab.above(), lab.probes()]), _tape()], className="bench-tape"),
                ],
            ),
            place("away", [takeaway.menu()]),
            place("table", [table.table_dialog()]),
        ],
    )


def _tape() -> html.Section:
    """Where the tape is drawn; the component that Dash knows of it tells of it, and adds nothing."""
    return html.Section(id=ids.TAPE, className="tape", **attributes(aria_label="The tape"))


def register(app: Dash, client: ServiceClient) -> None:
    """All callbacks of the page."""
    composer.register(app)
    chooser.register(app, client)
    training.register(app, client)
    curves.register(app)
