"""The tape as a Dash component, for any Dash app:

    from dash import Dash
    from tapedeck_dash import Tape

    app = Dash(__name__)
    app.layout = Tape(
        service="http://127.0.0.1:8050",
        request={"checkpoint": "copy-1", "input": {"sequence": [[1, 0, 1, 1, 0, 0, 1, 1]]}},
    )
    app.run()

Dash serves the browser modules of `tapedeck_viewer` beside it; nothing is built, and no other host is asked. The
service must allow the app's origin: TAPEDECK_ALLOWED_ORIGINS.
"""

from __future__ import annotations

import tapedeck_viewer
from tapedeck_dash.tape import Tape

__version__ = tapedeck_viewer.__version__

__all__ = ["Tape"]

_VIEWER = "tapedeck_viewer"

# Dash looks for both here. The script alone stands in the document; what it imports is registered, so that Dash
# serves it.
_js_dist = [
    {"relative_package_path": "tape.js", "namespace": "tapedeck_dash"},
    *({"relative_package_path": path, "namespace": _VIEWER, "dynamic": True} for path in tapedeck_viewer.served()),
]
_css_dist = [
    {"relative_package_path": path, "namespace": _VIEWER} for path in (*tapedeck_viewer.styles(), "style/embedded.css")
]
