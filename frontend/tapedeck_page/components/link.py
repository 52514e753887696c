"""A link that was opened: the run that the address names, which the composer and the chooser take over.

The browser reads the address (`assets/tape/link.mjs`) and keeps what it names of the run in a store. What is missing
or cannot be read is null there: the page shows what it opens on by itself.
"""

from __future__ import annotations

from typing import Any, TypedDict

from dash import ClientsideFunction, Dash, Input, Output, ctx, dcc, html

from tapedeck_page import ids
from tapedeck_page.components.attributes import attributes
from tapedeck_page.settings import PageSettings


class Link(TypedDict):
    """What a link says of a run."""

    checkpoint: str | None
    input: dict[str, Any] | None
    locations: int | None
    interventions: list[Any]


def layout(settings: PageSettings) -> html.Div:
    """The store of the link, empty while none was opened, and what a link may hold."""
    return html.Div(
        dcc.Store(id=ids.LINK), id="links", hidden=True, **attributes(data_most_vectors=str(settings.max_vectors))
    )


def just_opened(link: Link | None) -> Link | None:
    """The link, in a callback that was called because it was opened."""
    return link if link is not None and ids.LINK in ctx.triggered_prop_ids.values() else None


def register(app: Dash) -> None:
    """Reads the address once."""
    app.clientside_callback(ClientsideFunction("tapedeck", "open"), Output(ids.LINK, "data"), Input(ids.ADDRESS, "id"))
