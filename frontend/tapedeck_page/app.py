"""The Dash app, made from its settings; nothing at module level."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any, cast

import dash_mantine_components as dmc
import httpx
from dash import Dash, html
from fastapi import FastAPI

from tapedeck_page import ids, root_path, whole
from tapedeck_page.client import ServiceClient
from tapedeck_page.components import navigation
from tapedeck_page.components.attributes import attributes
from tapedeck_page.components.deck import Deck, Part
from tapedeck_page.keeping import Keeping
from tapedeck_page.pages import generalize, guide, play
from tapedeck_page.settings import PageSettings


class Page(Dash):
    """Dash, but the document says the sub-path that this request came under."""

    def interpolate_index(self, *parts: str, **named: str) -> str:
        """The document."""
        document: str = super().interpolate_index(*parts, **named)  # type: ignore[no-untyped-call]
        return root_path.filled_in(document)

    def serve_layout(self) -> Any:
        """The layout: the same for all who come by the same sub-path, and it takes 15 ms to make."""
        return self.backend.make_response(self._layout_of(root_path.current()), mimetype="application/json")

    @lru_cache(maxsize=8)  # noqa: B019 - a process has one page
    def _layout_of(self, _root_path: str) -> bytes:
        return bytes(super().serve_layout().body)  # type: ignore[no-untyped-call]


INDEX = """<!DOCTYPE html>
<html lang="en">
<head>
{%metas%}
<title>{%title%}</title>
{%favicon%}
{%whole%}
</head>
<body>
{%app_entry%}
<noscript>Tapedeck draws in the browser and needs JavaScript.</noscript>
<footer>{%config%}{%scripts%}{%renderer%}</footer>
</body>
</html>"""

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
    app.index_string = _index(app)
    app.layout = partial(_layout, settings)  # with the links of each request's sub-path
    navigation.register(app)
    play.register(app, client)
    generalize.register(app, client)
    # Dash does this at the first request to its root only; one that comes to /learn first would get no scripts.
    app._setup_server()  # type: ignore[no-untyped-call]  # noqa: SLF001
    whole.serve(app.server)
    app.server.add_middleware(Keeping)
    app.server.add_middleware(root_path.RootPath, root_path=settings.root_path)
    return app


def _index(app: Dash) -> str:
    """The document, with what it needs beside Dash's own named, so that nothing waits for anything."""
    prefix, served = app.config.requests_pathname_prefix, whole.whole()
    links = (
        f'<link rel="stylesheet" href="{prefix}{served.address(whole.STYLES)}">',
        f'<link rel="modulepreload" href="{prefix}{served.address(whole.MODULES)}">',
        # Dash asks for these when all of its scripts have run.
        *(f'<link rel="preload" as="fetch" crossorigin href="{prefix}{name}">' for name in DASH_ASKS_FOR),
    )
    return INDEX.replace("{%whole%}", "\n".join(links))


DASH_ASKS_FOR = ("_dash-layout", "_dash-dependencies")


TOLD = {
    "evaluated": ids.EVALUATED_FIGURE,
    "file": ids.FILE,
    "film": ids.FILM_FIGURE,
    "link": ids.LINK,
    "locations": ids.LOCATIONS,
    "machine": ids.MACHINE,
    "machineMessage": ids.MACHINE_MESSAGE,
    "seed": ids.SEED,
    "service": ids.SERVICE,
    "training": ids.TRAINING_FIGURE,
}
"""What the deck tells of things, as the browser modules call them."""


def _layout(settings: PageSettings) -> dmc.MantineProvider:
    return dmc.MantineProvider(
        theme=THEME,
        defaultColorScheme="auto",
        children=[
            Deck(
                [
                    play.layout(settings),
                    generalize.layout(),
                    Part("guide", [guide.layout()]),
                    navigation.layout(root_path.current()),
                ],
                ids=TOLD,
            ),
            dmc.ColorSchemeToggle(
                lightIcon=html.Span("Dark", className="theme-word"),
                darkIcon=html.Span("Light", className="theme-word"),
                variant="subtle",
                size="lg",
                className="theme",
                **attributes(aria_label="Switch between light and dark"),
            ),
        ],
    )
