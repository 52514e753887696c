"""The lab: what is changed inside the machine, beside the tape, and what that did, above it; the browser fills both."""

from __future__ import annotations

from dash import html

from tapedeck_page.components.attributes import attributes
from tapedeck_page.components.navigation import on_pages


def beside() -> html.Section:
    """Experiments, the list of changes, and what can be changed at the cursor."""
    return html.Section(id="lab", className="lab", **on_pages("lab"), **attributes(aria_label="What if"))


def above() -> html.Section:
    """Which of the two runs the tape shows, what the changes did, and both runs side by side."""
    return html.Section(id="versus", className="versus", **on_pages("lab"), **attributes(aria_label="Comparison"))


def probes() -> html.Section:
    """What is asked of many runs at once."""
    return html.Section(id="probes", className="probes", **on_pages("lab"), **attributes(aria_label="Many runs"))
