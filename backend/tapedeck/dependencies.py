"""What `pip install tapedeck` alone leaves out: the page and the figures have an extra each.

`tapedeck.installed` looks at once for what a library needs; the command line and the server need more, and say so when
they are started.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

OWN = ("tapedeck", "tapedeck_page", "tapedeck_sequences")
EXTRAS = {
    "dash": "page",
    "dash_mantine_components": "page",
    "httpx": "page",
    "matplotlib": "figures",
    "plotly": "figures",
    "PIL": "figures",
    "pandas": "frames",
    "numba": "compiled",
    "distributed": "cluster",
}


def sentence(module: str | None) -> str | None:
    """What to do about a module that is not installed; None for one of Tapedeck's own, which is a fault."""
    package = (module or "").partition(".")[0]
    if package in ("", *OWN):
        return None
    extra = f"[{EXTRAS[package]}]" if package in EXTRAS else ""
    return f"Tapedeck needs {package} here, which is not installed; install it with: pip install 'tapedeck{extra}'"


def needed(module: str) -> ModuleType:
    """A module of Tapedeck's that an extra may be missing for.

    Raises:
        ModuleNotFoundError: it is; says what to install.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(sentence(error.name) or str(error), name=error.name) from error
