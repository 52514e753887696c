"""The page's own components: the deck around the page, the parts it is put together of, and links between pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

HTML = html.Div().to_plotly_json()["namespace"]
"""Whose components a part is made of."""


class _Own(Component):
    """A component of the page's own, as Dash's generator would write it."""

    _children_props: list[str] = []  # noqa: RUF012
    _base_nodes: list[str] = ["children"]  # noqa: RUF012
    _namespace = "tapedeck_page"
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012
    available_wildcard_properties = _valid_wildcard_attributes


class Deck(_Own):
    """What has the run of a page: one connection, one cursor, and all that its parts show.

    `tapedeck_dash.Tape` within it is of that run, and needs no connection of its own.

    Args:
        children: the page.
        ids: of the components that the deck tells of things, by what they are to it.
    """

    _type = "Deck"
    _prop_names: list[str] = ["children", "ids"]  # noqa: RUF012
    available_properties = _prop_names

    def __init__(self, children: Sequence[Component], *, ids: Mapping[str, str]) -> None:
        super().__init__(children=children, ids=ids)  # type: ignore[no-untyped-call]


class Part(_Own):
    """HTML that no callback speaks of, for one of the deck's modules to work on.

    React lays it out as it is described. As Dash's children its thousand elements would each be wrapped in a component
    that listens for callbacks, and the page would be half as slow again to open.

    Args:
        name: by which the module finds it.
        content: HTML alone.

    Raises:
        TypeError: a component of another library, which needs Dash to be alive.
    """

    _type = "Part"
    _prop_names: list[str] = ["name", "content"]  # noqa: RUF012
    available_properties = _prop_names

    def __init__(self, name: str, content: Sequence[Component]) -> None:
        for node in content:
            _check(node)
        super().__init__(name=name, content=[*content])  # type: ignore[no-untyped-call]


class PageLink(_Own):
    """A link to another page of this app, which opens without loading anew.

    Args:
        children: its words.
        href: the page's address.
        class_name: for the style sheet.
    """

    _type = "PageLink"
    _prop_names: list[str] = ["children", "href", "className"]  # noqa: RUF012
    available_properties = _prop_names

    def __init__(self, children: str, *, href: str, class_name: str) -> None:
        super().__init__(children=children, href=href, className=class_name)  # type: ignore[no-untyped-call]


def _check(node: Any) -> None:
    if isinstance(node, list | tuple):
        for each in node:
            _check(each)
    if not isinstance(node, Component):
        return
    described: dict[str, Any] = node.to_plotly_json()
    if described["namespace"] != HTML:
        raise TypeError(f"A part is HTML alone; {described['type']} of {described['namespace']} cannot be in it.")
    _check(described["props"].get("children"))
