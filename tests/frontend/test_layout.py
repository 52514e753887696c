"""The layout: what callbacks and browser modules speak of is there, once, and has a name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dash import Dash, html
from dash.development.base_component import Component

from tapedeck_page import ids
from tapedeck_page.components import curves
from tapedeck_page.document import Page as DashPage
from tapedeck_page.pages import generalize
from tests.frontend.conftest import Page, page_app

MODULES = sorted((Path(__file__).parents[2] / "frontend" / "tapedeck_page" / "assets").rglob("*.*js"))
VIEWER = Path(__file__).parents[2] / "viewer/tapedeck_viewer"


def components(app: Dash) -> Iterator[Component]:
    """Everything of the layout."""
    # What is there from the start, on the islands and around them, and what comes later.
    assert isinstance(app, DashPage)
    for part in (app.tree(""), generalize.graph(), *(curves.graph(each) for _, each, _ in curves.CURVES)):
        yield from (each for each in (part, *part._traverse()) if isinstance(each, Component))


def prop(component: Component, name: str) -> Any:
    return getattr(component, name, None)


def ids_of(app: Dash) -> list[str]:
    return [str(found) for each in components(app) if (found := prop(each, "id")) is not None]


def shown(component: Component) -> str:
    """The words in a component."""
    children = prop(component, "children")
    parts = children if isinstance(children, list | tuple) else [children]
    return "".join(shown(part) if isinstance(part, Component) else str(part or "") for part in parts).strip()


def test_ids_are_unique(app: Dash) -> None:
    assert [each for each, count in Counter(ids_of(app)).items() if count > 1] == []


def test_every_id_that_has_a_name_is_in_the_layout(app: Dash) -> None:
    present = set(ids_of(app))
    patterned = {each["type"] for component in components(app) if isinstance(each := prop(component, "id"), dict)}
    named = {name: value for name, value in vars(ids).items() if name.isupper()}
    assert {name for name, value in named.items() if value not in present | patterned} == set()


def test_callbacks_speak_of_components_that_are_there(app: Dash, page: Page) -> None:
    present = set(ids_of(app))
    spoken: set[str] = set()
    for callback in page.dependencies:
        outputs = callback["output"].strip(".").split("...")
        spoken |= {name.rpartition(".")[0] for name in outputs if "." in name}
        spoken |= {each["id"] for each in (*callback["inputs"], *callback["state"])}
    assert len(spoken) > 10
    assert {name for name in spoken if not name.startswith("{")} - present == set()


def test_browser_modules_speak_of_components_that_are_there(app: Dash) -> None:
    present = set(ids_of(app))
    found = {}
    for module in MODULES:
        for name in re.findall(r"""(?:find|whenPresent|querySelector)\(["']#([\w-]+)["']""", module.read_text()):
            found[name] = module.name
    assert len(found) > 5
    assert {name: module for name, module in found.items() if name not in present} == {}


def test_browser_modules_speak_of_actions_that_are_there(app: Dash) -> None:
    made = re.findall(r'"data-action": "([\w-]+)"', "".join(path.read_text() for path in VIEWER.rglob("*.mjs")))
    actions = {prop(each, "data-action") for each in components(app)} | set(made)
    found = {}
    for module in MODULES:
        for name in re.findall(r"""\[data-action=([\w-]+)\]""", module.read_text()):
            found[name] = module.name
    assert len(found) > 3
    assert {name: module for name, module in found.items() if name not in actions} == {}


def test_what_is_pressed_has_a_name(app: Dash) -> None:
    nameless = [
        each
        for each in components(app)
        if isinstance(each, html.Button) and not shown(each) and not prop(each, "aria-label")
    ]
    assert nameless == []


@pytest.mark.parametrize("role", ["slider", "application"])
def test_what_has_a_role_has_a_name(app: Dash, role: str) -> None:
    for each in components(app):
        if prop(each, "role") == role:
            assert prop(each, "aria-label")


@pytest.mark.parametrize("kind", [html.Nav, html.Dialog])
def test_parts_of_the_page_have_names(app: Dash, kind: type[Component]) -> None:
    found = [each for each in components(app) if isinstance(each, kind)]
    assert found
    assert [each for each in found if not (prop(each, "aria-label") or prop(each, "aria-labelledby"))] == []


def test_two_apps_share_no_component(app: Dash) -> None:
    own, other = (list(components(each)) for each in (app, page_app([])))
    assert len(own) == len(other) > 100
    assert not {id(each) for each in own} & {id(each) for each in other}
