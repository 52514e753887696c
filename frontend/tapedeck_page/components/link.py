"""What a link that is opened may hold; the browser reads it (`assets/tape/link.mjs`) and runs what it names."""

from __future__ import annotations

from dash import html

from tapedeck_page.components.attributes import attributes
from tapedeck_page.settings import PageSettings


def layout(settings: PageSettings) -> html.Div:
    """Nothing to see."""
    return html.Div(id="links", hidden=True, **attributes(data_most_vectors=str(settings.max_vectors)))
