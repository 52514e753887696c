"""The parts of the page that no callback speaks of: plain HTML in the document, which the browser puts in its place.

Dash would wrap every one of their thousand elements in a component of its own, which makes a page half as slow again to
open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from dash import html
from dash.development.base_component import Component

from tapedeck_page.components.attributes import attributes

NAMES = {"className": "class", "tabIndex": "tabindex", "htmlFor": "for"}
"""HTML's names of what Dash spells as React does."""

HTML = html.Div().to_plotly_json()["namespace"]
"""Whose components these are."""

VOID = frozenset({"br", "hr", "img", "input"})
"""Elements without an end tag."""


def place(part: str) -> html.Div:
    """Where a fixed part is put."""
    return html.Div(className="place", **attributes(data_place=part))


def templates(parts: Mapping[str, list[Component]]) -> str:
    """Each part as a template element, from which it goes to its place."""
    return "".join(
        f'<template data-part="{escape(part)}">{"".join(map(markup, components))}</template>'
        for part, components in parts.items()
    )


def markup(node: Any) -> str:
    """Dash's HTML components, or a text, as HTML.

    Raises:
        TypeError: a component of another library, which needs Dash to be alive.
    """
    if node is None:
        return ""
    if isinstance(node, list | tuple):
        return "".join(map(markup, node))
    if not isinstance(node, Component):
        return escape(str(node), quote=False)
    described = node.to_plotly_json()
    if described["namespace"] != HTML:
        raise TypeError(f"Only HTML can be fixed; {described['type']} of {described['namespace']} cannot.")
    tag, props = described["type"].lower(), described["props"]
    begin = f"<{tag}{''.join(_attributes(props))}>"
    return begin if tag in VOID else f"{begin}{markup(props.get('children'))}</{tag}>"


def _attributes(props: Mapping[str, Any]) -> Iterator[str]:
    for name, value in props.items():
        if name == "children" or value is None or value is False:
            continue
        spelled = NAMES.get(name, name)
        yield f" {spelled}" if value is True else f' {spelled}="{escape(str(value))}"'
