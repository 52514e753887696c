"""The page's own components: what the browser is told of them, and that nothing of the page hides beneath Dash."""

from __future__ import annotations

import re
from pathlib import Path

import dash_mantine_components as dmc
import pytest
from dash import html

from tapedeck_page.components.deck import Deck, PageLink, Part

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


def test_a_part_is_html_alone() -> None:
    with pytest.raises(TypeError, match="TextInput of dash_mantine_components"):
        Part("film", [html.Div([html.P(), dmc.TextInput()])])
    Part("film", [html.Div("Loss")])


def test_the_script_defines_every_component_that_python_has() -> None:
    script = (FRONTEND / "tapedeck_page/components/deck.js").read_text(encoding="utf-8")
    defined = re.search(r"window\.tapedeck_page = \{ (.*) \};", script)
    assert defined is not None
    assert set(defined[1].split(", ")) == {component.__name__ for component in (Deck, Part, PageLink)}
