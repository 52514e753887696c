"""The player's controls, fixed to the bottom, and the list of its keys."""

from __future__ import annotations

from dash import html

from tapedeck_page.components import takeaway
from tapedeck_page.components.attributes import attributes

KEYS = [
    ("Ctrl + Enter", "run"),
    ("[ ]", "back and forward through the runs"),
    ("Space or K", "play, pause"),
    ("← →", "one step"),
    ("Shift + ← →", "five steps"),
    ("Page Up, Page Down", "ten steps"),
    ("Home, End", "first and last step"),
    ("N, Shift + N", "next and previous phase"),
    ("M, Shift + M", "next and previous mark of what went wrong"),
    ("0 … 9", "jump to that tenth of the tape"),
    ("< >", "slower, faster"),
    ("L", "loop; Shift + drag on the bar loops a range"),
    ("Tab, ↑ ↓, Enter", "move to a panel, choose a cell at the cursor, pin it"),
    ("Esc", "unpin the cell"),
    ("?", "show this list"),
]


def layout() -> html.Section:
    """The player's place, with what the page adds to it; the viewer makes the controls."""
    return html.Section(takeaway.buttons(), id="transport", className="transport", **attributes(aria_label="Player"))


def help_dialog() -> html.Dialog:
    """The list of keys, with the switch for single keys (WCAG 2.1.4)."""
    return html.Dialog(
        id="help",
        className="help",
        **attributes(aria_label="Keys of the player"),
        children=[
            html.H2("Keys"),
            html.Dl([html.Div([html.Dt(html.Kbd(keys)), html.Dd(meaning)]) for keys, meaning in KEYS]),
            html.Div(
                className="help-actions",
                children=[
                    html.Button(
                        "Single-key shortcuts",
                        type="button",
                        className="quiet switch",
                        **attributes(data_action="single-keys", aria_pressed="true"),
                    ),
                    html.Button("Take the tour", type="button", className="quiet", **attributes(data_tour="start")),
                    html.Button("Close", type="button", className="quiet", **attributes(data_action="close-help")),
                ],
            ),
        ],
    )
