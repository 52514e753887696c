"""Imports point one way: api → tracing, training → tasks, checkpoints → ntm. Read from the source, nothing is imported.

An import inside a function or under TYPE_CHECKING counts like any other.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = {
    "tapedeck": "backend",
    "tapedeck_dash": "frontend",
    "tapedeck_page": "frontend",
    "tapedeck_sequences": "backend",
    "tapedeck_viewer": "viewer",
}
FILES = sorted(path for package, folder in PACKAGES.items() for path in (ROOT / folder / package).rglob("*.py"))

INSTALLED = {"tapedeck", "tapedeck.installed"}
CORE = {*INSTALLED, "tapedeck.ntm", "tapedeck.errors", "tapedeck.parts"}
MACHINES = CORE | {"tapedeck.tasks", "tapedeck.checkpoints", "tapedeck.compiled"}
RUNS = MACHINES | {"tapedeck.executing", "tapedeck.tracing", "tapedeck.training"}

LAYERS = {
    "tapedeck.errors": set(),
    "tapedeck.dependencies": set(),
    "tapedeck.parts": set(),
    "tapedeck.installed": {"tapedeck.dependencies"},
    "tapedeck.executing": {"tapedeck", "tapedeck.dependencies", "tapedeck.errors"},
    "tapedeck.ntm": {*INSTALLED, "tapedeck.errors"},
    "tapedeck.tasks": CORE,
    "tapedeck.checkpoints": CORE | {"tapedeck.tasks"},
    "tapedeck.compiled": CORE | {"tapedeck.tasks"},
    "tapedeck.tracing": MACHINES,
    "tapedeck.training": MACHINES | {"tapedeck.executing"},
    "tapedeck.lab": RUNS,
    "tapedeck.figures": RUNS | {"tapedeck.dependencies", "tapedeck_viewer"},
    "tapedeck.library": RUNS | {"tapedeck.figures", "tapedeck.lab", "tapedeck.dependencies", "tapedeck_sequences"},
    "tapedeck.api": RUNS | {"tapedeck.figures", "tapedeck.lab"},
    "tapedeck.recorder": RUNS | {"tapedeck.figures", "tapedeck.library", "tapedeck_viewer"},
    "tapedeck.serving": {"tapedeck", "tapedeck.errors", "tapedeck.api"},
    "tapedeck.viewing": {
        "tapedeck",
        "tapedeck.dependencies",
        "tapedeck.errors",
        "tapedeck.api",
        "tapedeck.serving",
        "tapedeck.tracing",
    },
    "tapedeck_page.figures": {"tapedeck_page", "tapedeck_viewer"},
    "tapedeck_page": {"tapedeck_dash", "tapedeck_page.figures", "tapedeck_sequences", "tapedeck_viewer"},
    "tapedeck_dash": {"tapedeck_viewer"},
    "tapedeck_sequences": set(),
    "tapedeck_viewer": set(),
}
"""What each layer may import of the project beside itself. The command line, on top of all, may import anything of
backend; `tapedeck.serving` alone the frontend. `tapedeck` itself is its version and, imported when they are used, the
names of the library. How sequences are written down is the page's and the command line's, and knows neither."""

SERVING = {"fastapi", "fastapi_offline", "starlette", "uvicorn"}
SERVES = ("tapedeck.api", "tapedeck.cli.serve", "tapedeck.serving", "tapedeck.viewing", "tapedeck_page")

DRAWING = {
    "matplotlib": ("tapedeck.figures.printed", "tapedeck.figures.printed_charts", "tapedeck.figures.cells"),
    "plotly": ("tapedeck.figures", "tapedeck.library", "tapedeck_page"),
    "PIL": ("tapedeck.figures.animation",),
}
"""Who may know the libraries that draw."""

TORCH_ALONE = {"torch", "jaxtyping"}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts[1:]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def layer_of(module: str) -> str | None:
    """The innermost layer that a module is part of; `tapedeck` alone for its version."""
    layers = [layer for layer in LAYERS if within(module, layer)]
    return max(layers, key=len) if layers else None


def imported(source: str) -> Iterator[str]:
    """Every module that a source imports, `from a import b` as a.b, which stands for a as well."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def violations(module: str, source: str) -> list[str]:
    """What a module imports and must not."""
    return [name for name in imported(source) if not (_of_project(module, name) and _of_others(module, name))]


def _of_project(module: str, name: str) -> bool:
    if within(name, "tapedeck_page") and within(module, "tapedeck"):
        return module == "tapedeck.serving"
    if not any(within(name, package) for package in PACKAGES):
        return True
    if within(module, "tapedeck.cli"):
        return True
    layer = layer_of(module)
    assert layer is not None, f"{module} is in no layer; put it into LAYERS"
    return (layer_of(name) or "tapedeck") in LAYERS[layer] | {layer}


def _of_others(module: str, name: str) -> bool:
    package = name.partition(".")[0]
    if within(module, "tapedeck.errors") or within(module, "tapedeck.ntm"):
        allowed = TORCH_ALONE if within(module, "tapedeck.ntm") else set()
        return package in allowed | {"tapedeck"} or package in sys.stdlib_module_names
    if package in SERVING:
        return any(within(module, serves) for serves in SERVES)
    if package in DRAWING:
        return any(within(module, draws) for draws in DRAWING[package])
    if within(module, "tapedeck_sequences"):
        return package in {"numpy", "tapedeck_sequences"} or package in sys.stdlib_module_names
    if within(module, "tapedeck_page"):
        page_only_as_data = within(module, "tapedeck_page.figures") and package.startswith("dash")
        return package != "torch" and not page_only_as_data
    return not package.startswith("dash") or within(module, "tapedeck_dash")


def test_every_module_imports_only_what_its_layer_may() -> None:
    sources = {module_name(path): path.read_text() for path in FILES}
    found = {module: violations(module, source) for module, source in sources.items() if module != "tapedeck"}
    assert {module: names for module, names in found.items() if names} == {}


def test_all_packages_are_looked_at() -> None:
    found = {module_name(path) for path in FILES}
    assert found >= {
        "tapedeck.ntm.addressing",
        "tapedeck.api.app",
        "tapedeck.cli.serve",
        "tapedeck_page.app",
        "tapedeck_sequences",
    }


WRONG: list[tuple[str, str]] = [
    ("tapedeck.ntm.head", "import numpy"),
    ("tapedeck.ntm.head", "from tapedeck.tasks import CopyTask"),
    ("tapedeck.tasks.copy", "def f():\n    from tapedeck.tracing.engine import prepare"),
    ("tapedeck.tasks.copy", "from tapedeck import tracing"),
    ("tapedeck.checkpoints.format", "from tapedeck.training.recipe import Recipe"),
    ("tapedeck.tracing.engine", "import tapedeck.training.trainer"),
    ("tapedeck.tracing.engine", "from fastapi import HTTPException"),
    ("tapedeck.training.trainer", "import uvicorn"),
    ("tapedeck.api.app", "import tapedeck_page"),
    ("tapedeck.api.app", "from dash import Dash"),
    ("tapedeck.cli.train", "from tapedeck_page.app import create_app"),
    ("tapedeck.cli.train", "from fastapi import FastAPI"),
    ("tapedeck.errors", "from pydantic import BaseModel"),
    ("tapedeck.cli.figures", "import plotly.graph_objects"),
    ("tapedeck.figures.verification", "from matplotlib.figure import Figure"),
    ("tapedeck_page.client", "import torch.nn"),
    ("tapedeck.tracing.engine", "from tapedeck_sequences import parse_bits"),
    ("tapedeck_sequences.files", "from tapedeck.errors import TapedeckError"),
    ("tapedeck_sequences.files", "import pandas"),
    ("tapedeck_page.client", "from tapedeck.errors import TapedeckError"),
    ("tapedeck_page.figures.loss", "from dash import html"),
    ("tapedeck_page.figures.loss", "import dash_mantine_components"),
]


def test_a_wrong_import_is_found() -> None:
    assert [case for case in WRONG if len(violations(*case)) != 1] == []


RIGHT: list[tuple[str, str]] = [
    ("tapedeck.ntm.head", "import torch\nfrom jaxtyping import Float\nfrom typing import NamedTuple"),
    ("tapedeck.tracing.engine", "from tapedeck.tasks import Episode\nimport numpy"),
    ("tapedeck.api.app", "from tapedeck.tracing import prepare\nimport fastapi\nfrom tapedeck import __version__"),
    ("tapedeck.serving", "from tapedeck_page.app import create_app\nimport uvicorn"),
    ("tapedeck_page.pages.play", "from tapedeck_page.figures import loss\nimport dash"),
    ("tapedeck_page.components.composer", "from tapedeck_sequences import parse_bits"),
    ("tapedeck.cli.trace", "from tapedeck_sequences import parse_bits"),
]


def test_a_right_import_is_left_alone() -> None:
    assert [case for case in RIGHT if violations(*case)] == []


def test_no_sentence_shows_text_the_way_python_does() -> None:
    """Text in a sentence stands in “…” (`tapedeck.errors.quoted`), not in Python's '…'."""
    shown = [
        f"{path.name}:{node.lineno}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FormattedValue) and node.conversion == ord("r")
    ]
    assert shown == []
