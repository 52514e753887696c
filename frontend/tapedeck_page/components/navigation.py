"""The pages and the way from one to another. All stay laid out: a tape keeps playing while another page is shown."""

from __future__ import annotations

from typing import Any, NamedTuple

from dash import ClientsideFunction, Dash, Input, dcc, html

from tapedeck_page import ids
from tapedeck_page.components.attributes import attributes
from tapedeck_page.components.deck import PageLink


class Page(NamedTuple):
    """A page: its name in `data-pages`, its path, its label, and the sentence that says what it shows."""

    name: str
    path: str
    label: str
    promise: str


PAGES = [
    Page(
        "play",
        "/",
        "Play",
        "A trained Neural Turing Machine writes your sequence to its memory, then reads it back, step by step.",
    ),
    Page(
        "learn",
        "/learn",
        "Learn",
        "Your sequence on every checkpoint of a training run. Drag the slider to see the procedure emerge.",
    ),
    Page(
        "generalize",
        "/generalize",
        "Generalize",
        "How well does a machine trained on short inputs do on longer ones? Wrong bits by size, on new inputs.",
    ),
    Page(
        "lab",
        "/lab",
        "Lab",
        "Change something inside the machine while it runs, and see what becomes of the answer.",
    ),
    Page("guide", "/guide", "Guide", "Five machines in ten short chapters, on tapes you can play and step through."),
]


def layout(root: str) -> html.Header:
    """The address, the links and the sentence of each page; after everything else in the order of focus.

    Args:
        root: the sub-path that the page is served under.
    """
    return html.Header(
        className="top",
        children=[
            dcc.Location(id=ids.ADDRESS, refresh=False),
            html.H1("Tapedeck", className="masthead"),
            html.Nav(
                [
                    PageLink(page.label, href=root + page.path, class_name=f"page-link page-{page.name}")
                    for page in PAGES
                ],
                className="pages",
                **attributes(aria_label="Pages"),
            ),
            *(html.P(page.promise, className="promise", **on_pages(page.name)) for page in PAGES),
        ],
    )


def on_pages(*names: str) -> dict[str, Any]:
    """The attribute of what only these pages show."""
    return attributes(data_pages=" ".join(names))


def register(app: Dash) -> None:
    """Shows the page of the address."""
    app.clientside_callback(ClientsideFunction("tapedeck", "navigate"), Input(ids.ADDRESS, "pathname"))
