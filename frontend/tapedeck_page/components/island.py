"""The page's own components: islands, where Dash stands in a document that is there without it, and their deck."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from dash import html
from dash.development.base_component import Component

HTML = html.Div().to_plotly_json()["namespace"]
"""Whose components the document is made of."""

VOID = {"Br", "Hr", "Img", "Input"}
"""Elements that have no end."""

NAMES = {"className": "class", "htmlFor": "for"}
"""Of attributes that React calls otherwise."""


class _Own(Component):
    """A component of the page's own, as Dash's generator would write it."""

    _children_props: list[str] = []  # noqa: RUF012
    _base_nodes: list[str] = ["children"]  # noqa: RUF012
    _namespace = "tapedeck_page"
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012
    available_wildcard_properties = _valid_wildcard_attributes


class Deck(_Own):
    """Dash's share of the page: the islands, and what is nowhere to be seen.

    `tapedeck_dash.Tape` within it is the tape that the document has, and needs no connection of its own.

    Args:
        children: islands, and components without a place.
    """

    _type = "Deck"
    _prop_names: list[str] = ["children"]  # noqa: RUF012
    available_properties = _prop_names

    def __init__(self, children: Sequence[Component]) -> None:
        super().__init__(children=children)  # type: ignore[no-untyped-call]


class Island(_Own):
    """Where Dash's components stand in the document: those that callbacks speak of, and controls of a library.

    All else of the page is HTML that a browser has with its first answer. It can be painted, and the tape on it, before
    Dash has begun.

    Args:
        name: that no other has.
        children: Dash's components.
        until: HTML that stands there until Dash does, so that nothing moves then.
    """

    _type = "Island"
    _prop_names: list[str] = ["name", "children"]  # noqa: RUF012
    available_properties = _prop_names

    def __init__(self, name: str, children: Sequence[Component], until: Sequence[Component] = ()) -> None:
        super().__init__(name=name, children=[*children])  # type: ignore[no-untyped-call]
        self._until = until

    @property
    def place(self) -> Component:
        """What the document has of it."""
        named: dict[str, Any] = {"data-island": str(getattr(self, "name"))}  # noqa: B009 - Component sets it
        return html.Div([*self._until], className="island", **named)


def islands(tree: Any) -> Iterator[Island]:
    """All of a tree, in its order."""
    if isinstance(tree, Island):
        yield tree
    elif isinstance(tree, Component):
        yield from islands(getattr(tree, "children", None))
    elif isinstance(tree, list | tuple):
        for each in tree:
            yield from islands(each)


def markup(tree: Any) -> str:
    """A tree as the document has it.

    Args:
        tree: HTML and islands, text, a list of such, or None.

    Raises:
        TypeError: a component of another library outside of an island, or an attribute that HTML cannot hold.
    """
    if tree is None:
        return ""
    if isinstance(tree, list | tuple):
        return "".join(map(markup, tree))
    if isinstance(tree, Island):
        return markup(tree.place)
    if not isinstance(tree, Component):
        return escape(str(tree), quote=False)
    described: dict[str, Any] = tree.to_plotly_json()
    kind, props = described["type"], {**described["props"]}
    if described["namespace"] != HTML:
        raise TypeError(f"{kind} of {described['namespace']} is not HTML; put it in an Island.")
    children = props.pop("children", None)
    tag = f"<{kind.lower()}{''.join(_attribute(name, value) for name, value in props.items())}>"
    return tag if kind in VOID else f"{tag}{markup(children)}</{kind.lower()}>"


def _attribute(name: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return f" {NAMES.get(name, name).lower()}"
    if not isinstance(value, str | int | float):
        raise TypeError(f"The attribute {name} is {type(value).__name__}; expected text, a number or a truth value.")
    return f' {NAMES.get(name, name).lower()}="{escape(str(value))}"'


def place(name: str, content: Sequence[Component]) -> html.Div:
    """A part of the document, for one of the deck's modules to work on, by its name."""
    named: dict[str, Any] = {"data-place": name}
    return html.Div([*content], className="place", **named)
