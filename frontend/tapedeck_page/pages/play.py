"""The play page: composer, machine, tape, player."""

from __future__ import annotations

from dash import Dash, html

from tapedeck_dash import Tape
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
from tapedeck_page.components.deck import Part
from tapedeck_page.components.navigation import on_pages
from tapedeck_page.settings import PageSettings


def layout(settings: PageSettings) -> html.Main:
    """The whole page; in the order of focus the composer comes first, then the player, then the parts of a tape."""
    return html.Main(
        className="play",
        **on_pages("play", "learn", "lab"),
        children=[
            html.A("Skip to the player", href="#transport", className="skip", **attributes(data_action="skip")),
            Part("opened", [opened.layout()]),
            html.Div(
                className="desk",
                children=[
                    Part("composer", [composer.layout(settings)]),
                    chooser.layout(),
                    html.Div([Part("shelf", [shelf.layout()]), Part("tour", [tour.layout()])], className="shelf"),
                ],
            ),
            composer.stores(),
            html.Div(
                id="notice",
                className="notice",
                role="alert",
                hidden=True,
                children=[
                    html.Span(**attributes(data_readout="notice")),
                    html.Button("Dismiss", type="button", className="quiet", **attributes(data_action="dismiss")),
                ],
            ),
            link.layout(settings),
            Part("player", [transport.layout(), transport.help_dialog()]),
            html.Div([training.layout(), film.layout()], className="learning"),
            html.Div(
                className="bench",
                children=[
                    Part("lab", [lab.beside()]),
                    html.Div([Part("versus", [lab.above(), lab.probes()]), Tape(id=ids.TAPE)], className="bench-tape"),
                ],
            ),
            Part("away", [takeaway.menu()]),
            Part("table", [table.table_dialog()]),
        ],
    )


def register(app: Dash, client: ServiceClient) -> None:
    """All callbacks of the page."""
    link.register(app)
    composer.register(app)
    chooser.register(app, client)
    training.register(app, client)
    curves.register(app)
