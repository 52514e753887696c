"""The fixed parts, as a parser of HTML reads them."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import dash_mantine_components as dmc
import pytest
from dash import html

from tapedeck_page.app import fixed_parts
from tapedeck_page.components.attributes import attributes
from tapedeck_page.components.fixed import VOID, markup, place, templates
from tapedeck_page.settings import PageSettings
from tests.frontend.conftest import Page, page_app, run

ASSETS = Path(__file__).parents[2] / "frontend/tapedeck_page/assets"
VIEWER = Path(__file__).parents[2] / "viewer/tapedeck_viewer"


class Outline(HTMLParser):
    """Every element with its attributes, every text; and whether each end tag ends what began last."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID | {"link", "meta"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_elements_attributes_and_texts_come_through() -> None:
    hostile = "<b> & \"quoted\" 'too'"
    node = html.Div(
        [
            html.P(
                [hostile, 3, None, html.Br()], className="a b", tabIndex=-1, hidden=True, **attributes(data_x=hostile)
            )
        ],
        id="outer",
        hidden=False,
    )
    outline = Outline(markup(node))
    assert outline.elements == [
        ("div", {"id": "outer"}),
        ("p", {"class": "a b", "tabindex": "-1", "hidden": None, "data-x": hostile}),
        ("br", {}),
    ]
    assert "".join(outline.texts) == f"{hostile}3"
    assert outline.open == []


def test_what_needs_dash_to_be_alive_is_refused() -> None:
    with pytest.raises(TypeError, match="TextInput of dash_mantine_components"):
        markup(html.Div(dmc.TextInput()))


def test_every_part_has_its_place_and_every_place_its_part() -> None:
    parts, layout = fixed_parts(PageSettings()), page_app([]).layout()
    places = [
        each.to_plotly_json()["props"].get("data-place") for each in layout._traverse() if hasattr(each, "children")
    ]
    assert {name for name in places if name} == set(parts)
    outline = Outline(templates(parts))
    assert outline.open == []
    named = [attributes["data-part"] for tag, attributes in outline.elements if tag == "template"]
    assert named == list(parts)


def test_the_document_names_every_browser_module(page: Page) -> None:
    outline = Outline(run(page.text("/")))
    links = {attributes["href"] for tag, attributes in outline.elements if attributes.get("rel") == "modulepreload"}
    own = {f"/assets/{path.relative_to(ASSETS).as_posix()}" for path in ASSETS.rglob("*.mjs")}
    assert links == own | {f"/viewer/{path.relative_to(VIEWER).as_posix()}" for path in VIEWER.rglob("*.mjs")}


def test_a_place_is_empty() -> None:
    assert markup(place("tape")) == '<div class="place" data-place="tape"></div>'
