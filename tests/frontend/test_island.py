"""The page's own components: what Dash has of the page, and that nothing of the page hides beneath Dash."""

from __future__ import annotations

import re
from pathlib import Path

import dash_mantine_components as dmc
import pytest
from dash import html

from tapedeck_page.components.island import Deck, Island, islands, markup, place

FRONTEND = Path(__file__).parents[2] / "frontend"
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


@pytest.mark.parametrize("what", BENEATH)
def test_nothing_of_the_page_hides_beneath_dash(what: str) -> None:
    sources = [path for ending in ("py", "js", "mjs") for path in FRONTEND.rglob(f"*.{ending}")]
    assert len(sources) > 50
    found = [path.name for path in sources if re.search(BENEATH[what], path.read_text(encoding="utf-8"), re.DOTALL)]
    assert found == []


def test_a_document_has_html_and_places_for_the_islands() -> None:
    field = Island("name", [dmc.TextInput()], until=[html.P("Name")])
    tree = html.Div([place("film", [html.Img(alt='A "film" <1>')]), html.Button(["Run ", 3, field], disabled=True)])
    assert list(islands(tree)) == [field]
    assert markup(tree) == (
        '<div><div class="place" data-place="film"><img alt="A &quot;film&quot; &lt;1&gt;"></div>'
        '<button disabled>Run 3<div class="island" data-island="name"><p>Name</p></div></button></div>'
    )
    assert markup(html.Label("a < b & c", htmlFor="it", hidden=False)) == '<label for="it">a &lt; b &amp; c</label>'


def test_a_component_of_another_library_stands_on_an_island() -> None:
    with pytest.raises(TypeError, match="TextInput of dash_mantine_components"):
        markup(html.Div([html.P(), dmc.TextInput()]))
    with pytest.raises(TypeError, match="style is dict"):
        markup(html.P(style={"color": "red"}))


def test_the_script_defines_every_component_that_python_has() -> None:
    script = (FRONTEND / "tapedeck_page/components/deck.js").read_text(encoding="utf-8")
    defined = re.search(r"window\.tapedeck_page = \{ (.*) \};", script)
    assert defined is not None
    assert set(defined[1].split(", ")) == {component.__name__ for component in (Deck, Island)}
