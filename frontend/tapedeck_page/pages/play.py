"""The play page: composer, machine, tape, player."""

from __future__ import annotations

from dash import Dash, html
from dash.development.base_component import Component

from tapedeck_page.client import ServiceClient
from tapedeck_page.components import (
    chooser,
    composer,
    film,
    fixed,
    link,
    table,
    takeaway,
    tape,
    tour,
    training,
    transport,
)
from tapedeck_page.components.attributes import attributes
from tapedeck_page.components.navigation import on_pages
from tapedeck_page.settings import PageSettings


def layout(settings: PageSettings) -> html.Main:
    """The whole page; in the order of focus the composer comes first, then the player, then the parts of a tape."""
    return html.Main(
        className="play",
        **on_pages("play", "learn"),
        children=[
            html.A("Skip to the player", href="#transport", className="skip", **attributes(data_action="skip")),
            html.Div([fixed.place("composer"), chooser.layout()], className="desk"),
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
            fixed.place("player"),
            fixed.place("tour"),
            html.Div([training.layout(), fixed.place("film")], className="learning"),
            fixed.place("tape"),
        ],
    )


def fixed_parts(settings: PageSettings) -> dict[str, list[Component]]:
    """What the browser puts in the places."""
    return {
        "composer": [composer.layout(settings)],
        "player": [transport.layout(), transport.help_dialog()],
        "tour": [tour.layout()],
        "film": [film.layout()],
        "tape": [tape.layout(), takeaway.menu(), table.table_dialog()],
    }


def register(app: Dash, client: ServiceClient) -> None:
    """All callbacks of the page."""
    link.register(app)
    composer.register(app)
    chooser.register(app, client)
    training.register(app, client)
