"""Tapedeck's page: a Dash app that knows the service by its HTTP and WebSocket contract alone."""

from __future__ import annotations

from tapedeck_viewer import __version__

__all__ = ["__version__"]

# Dash looks here for the script of the page's own components.
_js_dist = [{"relative_package_path": "components/deck.js", "namespace": "tapedeck_page"}]
