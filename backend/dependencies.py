"""What the service needs beside NumPy: its extra, which `pip install tapedeck` alone leaves out.

`backend.installed` looks at once for what a library needs; the command line and the server need more, and say so when
they are started.
"""

from __future__ import annotations

OWN = ("backend", "frontend", "tapedeck_sequences")
OF_THE_PAGE = ("dash", "dash_mantine_components", "httpx")


def sentence(module: str | None) -> str | None:
    """What to do about a module that is not installed; None for one of Tapedeck's own, which is a fault."""
    package = (module or "").partition(".")[0]
    if package in ("", *OWN):
        return None
    extra = "frontend" if package in OF_THE_PAGE else "backend"
    return f"Tapedeck needs {package} here, which is not installed; install it with: pip install 'tapedeck[{extra}]'"
