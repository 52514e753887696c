"""The player's controls, fixed to the bottom, and the list of its keys."""

from __future__ import annotations

from dash import html

from tapedeck_page.components import takeaway
from tapedeck_page.components.attributes import attributes

BUTTONS = [
    ("start", "To the start", "Home"),
    ("back", "One step back", "←"),
    ("play", "Play", "Space"),
    ("forward", "One step forward", "→"),
    ("end", "To the end", "End"),
]
KEYS = [
    ("Ctrl + Enter", "run"),
    ("Space or K", "play, pause"),
    ("← →", "one step"),
    ("Shift + ← →", "five steps"),
    ("Page Up, Page Down", "ten steps"),
    ("Home, End", "first and last step"),
    ("0 … 9", "jump to that tenth of the tape"),
    ("< >", "slower, faster"),
    ("L", "loop; Shift + drag on the bar loops a range"),
    ("Tab, ↑ ↓, Enter", "move to a panel, choose a cell at the cursor, pin it"),
    ("Esc", "unpin the cell"),
    ("?", "show this list"),
]


def layout() -> html.Section:
    """Buttons, time bar, position, speed, loop, help."""
    return html.Section(
        id="transport",
        className="transport",
        **attributes(aria_label="Player"),
        children=[
            html.Div([_button(*button) for button in BUTTONS], className="buttons"),
            html.Div([_bar(), html.Div(className="bar-marks")], className="bar-place"),
            html.P("no tape yet", className="position", **attributes(data_readout="position")),
            html.Div(
                className="modes",
                children=[
                    html.Select(
                        **attributes(data_action="speed", aria_label="Speed"), title="Speed; 1× is ten steps a second"
                    ),
                    html.Button(
                        "",
                        type="button",
                        title="Loop (L)",
                        className="icon icon-loop",
                        **attributes(data_action="loop", aria_label="Loop", aria_pressed="false"),
                    ),
                    html.Button(
                        "?",
                        type="button",
                        title="Keys (?)",
                        className="icon",
                        **attributes(data_action="help", aria_label="Keys"),
                    ),
                ],
            ),
            takeaway.buttons(),
            html.P(className="heard-only", **attributes(aria_live="polite")),
        ],
    )


def _bar() -> html.Div:
    """The time bar, a slider. The marks below it are buttons, which cannot stand inside one."""
    return html.Div(
        className="bar",
        role="slider",
        tabIndex=0,
        **attributes(
            aria_label="Time",
            aria_valuemin="0",
            aria_valuemax="0",
            aria_valuenow="0",
            aria_valuetext="no tape yet",
        ),
        children=[
            html.Div(className="bar-phases"),
            html.Div([html.Div(className="bar-loaded"), html.Div(className="bar-fill")], className="bar-track"),
            html.Div(className="bar-thumb"),
        ],
    )


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


def _button(action: str, label: str, key: str) -> html.Button:
    return html.Button(
        "",
        type="button",
        title=f"{label} ({key})",
        className=f"icon icon-{action}",
        **attributes(data_action=action, aria_label=label),
    )
