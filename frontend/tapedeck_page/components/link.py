"""A link that was opened: the run that the address names, which the composer and the chooser take over.

The browser reads the address (`assets/tape/link.mjs`) and keeps what it names of the run in a store. What is missing
or cannot be read is null there: the page shows what it opens on by itself.
"""

from __future__ import annotations

import unicodedata
from typing import Any, TypedDict

from dash import ClientsideFunction, Dash, Input, Output, ctx, dcc, html, no_update

from tapedeck_page import ids
from tapedeck_page.components.attributes import attributes
from tapedeck_page.settings import PageSettings
from tapedeck_sequences import as_text, parse_text


class Link(TypedDict):
    """What a link says of a run."""

    checkpoint: str | None
    rows: list[str] | None
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


def register(app: Dash, settings: PageSettings) -> None:
    """Reads the address once; shows an opened link's sequence in the way in that suits it, and its locations."""
    app.clientside_callback(ClientsideFunction("tapedeck", "open"), Output(ids.LINK, "data"), Input(ids.ADDRESS, "id"))

    @app.callback(
        Output(ids.WAY_IN, "value"),
        Output(ids.LOCATIONS, "value"),
        Input(ids.LINK, "data"),
        prevent_initial_call=True,
    )
    async def show_link(link: Link | None) -> tuple[Any, Any]:
        if link is None:
            return no_update, no_update
        way = way_in(link["rows"] or parse_text(settings.default_text))
        return way, "" if link["locations"] is None else link["locations"]


def way_in(rows: list[str]) -> str:
    """Text where the rows are text as it can be typed: no control characters but line breaks and tabs. Else bits.

    A carriage return is none of these: a text field would make a line break of it.
    """
    text = as_text(rows)
    typed = text is not None and not any(unicodedata.category(sign) == "Cc" for sign in text if sign not in "\n\t")
    return "text" if typed else "bits"
