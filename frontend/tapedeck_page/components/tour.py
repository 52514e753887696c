"""The tour of a first visit: an offer that gets in nobody's way, and its stops, shown by the browser modules."""

from __future__ import annotations

from typing import NamedTuple

from dash import html

from tapedeck_page.components.attributes import attributes
from tapedeck_page.components.navigation import on_pages


class Stop(NamedTuple):
    """What a stop points at, as a CSS selector, and what it says."""

    target: str
    title: str
    says: str


STOPS = [
    Stop(
        ".composer",
        "Your sequence",
        "Type bits or text, draw, or press an example: it runs as you type. A long one waits for Run, or Ctrl + Enter.",
    ),
    Stop(
        ".panel-input",
        "What it hears",
        "One column per step: S starts the sequence, then come the vectors, then E ends it.",
    ),
    Stop(
        ".panel-write-weighting",
        "Where it writes",
        "Where it is orange the write head writes. A clean diagonal: each vector goes one location further on.",
    ),
    Stop(
        ".panel-read-weighting",
        "Where it reads",
        "The same for the read head, in blue. In the recall phase it follows the same diagonal again.",
    ),
    Stop(
        ".panel-output",
        "What it says",
        "The copy. Wrong bits are marked ✕. Point at a bit to see which writes it came from.",
    ),
    Stop(
        ".memory",
        "The memory",
        "The memory at the cursor, with the write weighting on its left and the read weighting on its right.",
    ),
    Stop("#transport", "Time", "Play, step or scrub, and everything on the page follows."),
    Stop(
        "#inspector",
        "Why there",
        "How each head arrived at its weighting. Point at a term to highlight it; in the Lab you can change it.",
    ),
]


def layout() -> html.Div:
    """The offer, the stops, and the card that shows one."""
    return html.Div(
        id="tour",
        **on_pages("play"),
        children=[
            html.Div(
                className="tour-offer",
                hidden=True,
                children=[
                    html.Span("New here?"),
                    _button("Take the tour", "start"),
                    _button("No, thanks", "decline"),
                ],
            ),
            html.Ol(
                [_stop(stop) for stop in STOPS],
                hidden=True,
            ),
            html.Div(
                className="tour-card",
                hidden=True,
                role="dialog",
                tabIndex=-1,
                **attributes(aria_label="Tour"),
                children=[
                    html.Div(className="tour-words", **attributes(aria_live="polite")),
                    html.Div(
                        className="tour-buttons",
                        children=[
                            html.Span(className="tour-place"),
                            _button("Leave", "leave"),
                            _button("Back", "back"),
                            _button("Next", "next"),
                        ],
                    ),
                ],
            ),
        ],
    )


def _stop(stop: Stop) -> html.Li:
    return html.Li([html.H2(stop.title), html.P(stop.says)], **attributes(data_target=stop.target))


def _button(label: str, action: str) -> html.Button:
    return html.Button(label, type="button", className="quiet", **attributes(data_tour=action))
