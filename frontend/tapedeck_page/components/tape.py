"""The tape: the browser modules make its panels, when they know what machine the first run is of."""

from __future__ import annotations

from dash import html

from tapedeck_page.components.attributes import attributes


def layout() -> html.Section:
    """Its place."""
    return html.Section(id="tape", className="tape", **attributes(aria_label="The tape"))
