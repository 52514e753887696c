"""The page's own components: what the browser is told of them, and that nothing of the page hides beneath Dash."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import dash_mantine_components as dmc
import pytest
from dash import html

from tapedeck_page.components.deck import Deck, PageLink, Part
from tests.frontend.conftest import Page, run

FRONTEND = Path(__file__).parents[2] / "frontend"
ASSETS = FRONTEND / "tapedeck_page/assets"
VIEWER = Path(__file__).parents[2] / "viewer/tapedeck_viewer"
BENEATH = {
    "Dash's private names": r"_dashprivate|__dash\w+|dash_component_api",
    "presses that are taken before Dash hears of them": (
        r"addEventListener\(\s*[\"'](?:click|pointer\w+|mouse\w+|key\w+|beforeinput|input|change)[\"'](?:(?!addEventListener).)*?"
        r"(?:capture: true|,\s*true\s*\))|stopImmediatePropagation"
    ),
    "templates that are put into the page beside React": r"<template|HTMLTemplateElement|data-part",
    "waiting for elements that Dash lays out": r"observe\([^)]*childList",
}
"""What the source may not have, as patterns over whole files."""


class Links(HTMLParser):
    """The attributes of every link and script of a document."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("link", "script"):
            self.found.append(dict(attrs))


@pytest.mark.parametrize("what", BENEATH)
def test_nothing_of_the_page_hides_beneath_dash(what: str) -> None:
    sources = [path for ending in ("py", "js", "mjs") for path in FRONTEND.rglob(f"*.{ending}")]
    assert len(sources) > 50
    found = [path.name for path in sources if re.search(BENEATH[what], path.read_text(encoding="utf-8"), re.DOTALL)]
    assert found == []


def test_a_part_is_html_alone() -> None:
    with pytest.raises(TypeError, match="TextInput of dash_mantine_components"):
        Part("film", [html.Div([html.P(), dmc.TextInput()])])
    Part("film", [html.Div("Loss")])


def test_the_script_defines_every_component_that_python_has() -> None:
    script = (FRONTEND / "tapedeck_page/components/deck.js").read_text(encoding="utf-8")
    defined = re.search(r"window\.tapedeck_page = \{ (.*) \};", script)
    assert defined is not None
    assert set(defined[1].split(", ")) == {component.__name__ for component in (Deck, Part, PageLink)}


def test_the_document_names_every_browser_module(page: Page) -> None:
    links = {link["href"] for link in Links(run(page.text("/"))).found if link.get("rel") == "modulepreload"}
    own = {f"/assets/{path.relative_to(ASSETS).as_posix()}" for path in ASSETS.rglob("*.mjs")}
    assert links == own | {f"/viewer/{path.relative_to(VIEWER).as_posix()}" for path in VIEWER.rglob("*.mjs")}


def test_the_tapes_own_sheets_come_before_the_pages(page: Page) -> None:
    sheets = [str(link["href"]) for link in Links(run(page.text("/"))).found if link.get("rel") == "stylesheet"]
    own = [at for at, sheet in enumerate(sheets) if "/assets/" in sheet]
    viewer = [at for at, sheet in enumerate(sheets) if "/tapedeck_viewer/" in sheet]
    assert viewer
    assert max(viewer) < min(own)
