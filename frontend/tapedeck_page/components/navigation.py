"""The pages and the way from one to another. All stay laid out: a tape keeps playing while another page is shown."""

from __future__ import annotations

from typing import Any, NamedTuple

from dash import dcc, html
from dash.development.base_component import Component

from tapedeck_page import ids
from tapedeck_page.components.attributes import attributes
from tapedeck_page.components.island import Island


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
            Island("address", [dcc.Location(id=ids.ADDRESS, refresh=False)]),
            html.H1("Tapedeck", className="masthead"),
            html.Nav(
                [html.A(page.label, href=root + page.path, className=f"page-link page-{page.name}") for page in PAGES],
                className="pages",
                **attributes(aria_label="Pages"),
            ),
            *(html.P(page.promise, className="promise", **on_pages(page.name)) for page in PAGES),
        ],
    )


def on_pages(*names: str) -> dict[str, Any]:
    """The attribute of what only these pages show."""
    return attributes(data_pages=" ".join(names))


def page_of(path: str) -> Page:
    """The page of an address, without the sub-path; the first where there is none."""
    return next((page for page in PAGES if page.path == path), PAGES[0])


def only(page: str, tree: Component) -> Component:
    """The tree, with what other pages show hidden."""
    for each in (tree, *tree._traverse()):  # noqa: SLF001
        if isinstance(each, Component) and (pages := getattr(each, "data-pages", None)) and page not in pages.split():
            setattr(each, "hidden", True)  # noqa: B010 - Component does not name it
    return tree
