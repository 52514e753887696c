"""The colour bar of a panel, with its limits."""

from __future__ import annotations

from dash import html


def scale_bar() -> html.Span:
    """From 0 to 1 until the browser modules say otherwise."""
    return html.Span(
        [
            html.Span("0", className="scale-low"),
            html.Span(className="scale-bar"),
            html.Span("1", className="scale-high"),
        ],
        className="scale",
    )
