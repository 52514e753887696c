"""Below the composer: the way back and forward through the runs, a file's, and a place for the examples of the task."""

from __future__ import annotations

from dash import html

from tapedeck_page.components import opened
from tapedeck_page.components.attributes import attributes


def layout() -> html.Div:
    """Two buttons that lead nowhere yet, and one that opens a file; the browser adds the examples."""
    return html.Div(
        className="shelf-parts",
        children=[
            html.Div(
                [_button("back", "[", "Previous run"), _button("forward", "]", "Next run")],
                className="visits",
                role="group",
                **attributes(aria_label="Runs"),
            ),
            opened.button(),
            html.Div(className="chips", role="group", **attributes(aria_label="Examples")),
        ],
    )


def _button(way: str, key: str, name: str) -> html.Button:
    return html.Button(
        type="button",
        className=f"visit visit-{way}",
        **attributes(data_run=way, aria_label=name, aria_keyshortcuts=key, aria_disabled="true"),
    )
