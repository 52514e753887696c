"""The Dash app, made from its settings; nothing at module level."""

from __future__ import annotations

import json
from functools import partial
from typing import Any, cast

import dash_mantine_components as dmc
import httpx
from dash import Dash, html
from fastapi import FastAPI

from tapedeck_dash import Tape
from tapedeck_page import ids, root_path, whole
from tapedeck_page.client import ServiceClient
from tapedeck_page.components import navigation
from tapedeck_page.components.attributes import attributes
from tapedeck_page.components.island import Deck, Island, islands, place
from tapedeck_page.document import Page, index_of
from tapedeck_page.keeping import Keeping
from tapedeck_page.pages import generalize, guide, play
from tapedeck_page.settings import PageSettings

METAS = [
    {"name": "viewport", "content": "width=device-width, initial-scale=1"},
    {"name": "description", "content": navigation.PAGES[0].promise},
]

THEME = {
    "fontFamily": "var(--sans)",
    "fontFamilyMonospace": "var(--mono)",
    "primaryColor": "dark",
    "defaultRadius": 4,
    "cursorType": "pointer",
}


def create_app(settings: PageSettings, server: FastAPI | None = None) -> Dash:
    """The page, on a server of its own or on the service's.

    Args:
        settings: of this deployment.
        server: the service's app, when one process serves both; the page then reaches it without a network.
    """
    transport = httpx.ASGITransport(app=server) if server is not None else None
    client = ServiceClient(settings.service_url, settings.service_timeout, transport)
    app = Page(
        __name__,
        server=cast("Any", server) if server is not None else True,
        backend="fastapi",
        routes_pathname_prefix="/",
        requests_pathname_prefix=f"{root_path.PLACEHOLDER}/",
        title="Tapedeck: watch a Neural Turing Machine use its memory",
        update_title="",
        compress=True,
        meta_tags=METAS,
        # Else every page carries its whole layout a second time, to be checked in the browser. Tests check it here.
        suppress_callback_exceptions=True,
        # All but bridge.js is served whole.
        assets_path_ignore=["tape"],
    )
    # Dash would open a WebSocket of its own in every browser, for callbacks over it. There are none.
    app.backend.websocket_capability = False
    app.index_string = index_of(app)
    app.layout = partial(_layout, settings)
    app.tree = partial(page_tree, settings)  # with the links of each request's sub-path
    play.register(app, client)
    generalize.register(app, client)
    # Dash does this at the first request to its root only; one that comes to /learn first would get no scripts.
    app._setup_server()  # type: ignore[no-untyped-call]  # noqa: SLF001
    whole.serve(app.server)
    app.server.add_middleware(Keeping)
    app.server.add_middleware(root_path.RootPath, root_path=settings.root_path)
    return app


TOLD = {
    "evaluated": ids.EVALUATED_FIGURE,
    "file": ids.FILE,
    "film": ids.FILM_FIGURE,
    "locations": ids.LOCATIONS,
    "machine": ids.MACHINE,
    "machineMessage": ids.MACHINE_MESSAGE,
    "machines": ids.MACHINES,
    "seed": ids.SEED,
    "service": ids.SERVICE,
    "tasks": ids.TASKS,
    "training": ids.TRAINING_FIGURE,
}
"""What the deck tells of things, as the browser modules call them."""


def page_tree(settings: PageSettings, root: str) -> html.Div:
    """All that the page is made of: HTML, and the islands where Dash stands in it.

    Args:
        settings: of this deployment.
        root: the sub-path that the page is served under.
    """
    return html.Div(
        id="page",
        **attributes(data_told=json.dumps(TOLD)),
        children=[
            play.layout(settings),
            generalize.layout(),
            place("guide", [guide.layout()]),
            navigation.layout(root),
            Island("theme", [_theme()]),
        ],
    )


def _layout(settings: PageSettings) -> dmc.MantineProvider:
    """Dash's share."""
    tree = page_tree(settings, root_path.current())
    return dmc.MantineProvider(
        theme=THEME, defaultColorScheme="auto", children=[Deck([Tape(id=ids.TAPE), *islands(tree)])]
    )


def _theme() -> dmc.ColorSchemeToggle:
    return dmc.ColorSchemeToggle(
        lightIcon=html.Span("Dark", className="theme-word"),
        darkIcon=html.Span("Light", className="theme-word"),
        variant="subtle",
        size="lg",
        className="theme",
        **attributes(aria_label="Switch between light and dark"),
    )
