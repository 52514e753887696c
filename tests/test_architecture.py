"""Imports point one way: api → tracing, training → tasks, checkpoints → ntm. Read from the source, nothing is imported.

An import inside a function or under TYPE_CHECKING counts like any other.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("backend", "frontend", "tapedeck_sequences")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))

INSTALLED = {"backend", "backend.installed"}
CORE = {*INSTALLED, "backend.ntm", "backend.errors"}
MACHINES = CORE | {"backend.tasks", "backend.checkpoints"}
RUNS = MACHINES | {"backend.tracing", "backend.training"}

LAYERS = {
    "backend.errors": set(),
    "backend.dependencies": set(),
    "backend.installed": {"backend.dependencies"},
    "backend.ntm": {*INSTALLED, "backend.errors"},
    "backend.tasks": CORE,
    "backend.checkpoints": CORE,
    "backend.tracing": MACHINES,
    "backend.training": MACHINES,
    "backend.figures": RUNS,
    "backend.api": RUNS | {"backend.figures"},
    "frontend.figures": {"frontend"},
    "frontend": {"frontend.figures", "tapedeck_sequences"},
    "tapedeck_sequences": set(),
}
"""What each layer may import of the project beside itself. The command line, on top of all, may import anything of
backend; its `serve` alone the frontend. `backend` itself is its version. How sequences are written down is the page's
and the command line's, and knows neither."""

SERVING = {"fastapi", "fastapi_offline", "starlette", "uvicorn"}
SERVES = ("backend.api", "backend.cli.serve", "frontend")

DRAWING = {
    "matplotlib": ("backend.figures.printed",),
    "plotly": ("backend.figures", "frontend"),
    "PIL": ("backend.figures.animation",),
}
"""Who may know the libraries that draw."""

TORCH_ALONE = {"torch", "jaxtyping"}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def layer_of(module: str) -> str | None:
    """The innermost layer that a module is part of; `backend` alone for its version."""
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
    if within(name, "frontend") and within(module, "backend"):
        return module == "backend.cli.serve"
    if not any(within(name, package) for package in PACKAGES):
        return True
    if within(module, "backend.cli"):
        return True
    layer = layer_of(module)
    assert layer is not None, f"{module} is in no layer; put it into LAYERS"
    return (layer_of(name) or "backend") in LAYERS[layer] | {layer}


def _of_others(module: str, name: str) -> bool:
    package = name.partition(".")[0]
    if within(module, "backend.errors") or within(module, "backend.ntm"):
        allowed = TORCH_ALONE if within(module, "backend.ntm") else set()
        return package in allowed | {"backend"} or package in sys.stdlib_module_names
    if package in SERVING:
        return any(within(module, serves) for serves in SERVES)
    if package in DRAWING:
        return any(within(module, draws) for draws in DRAWING[package])
    if within(module, "tapedeck_sequences"):
        return package in {"numpy", "tapedeck_sequences"} or package in sys.stdlib_module_names
    if within(module, "frontend"):
        page_only_as_data = within(module, "frontend.figures") and package.startswith("dash")
        return package != "torch" and not page_only_as_data
    return not package.startswith("dash")


def test_every_module_imports_only_what_its_layer_may() -> None:
    sources = {module_name(path): path.read_text() for path in FILES}
    found = {module: violations(module, source) for module, source in sources.items() if module != "backend"}
    assert {module: names for module, names in found.items() if names} == {}


def test_all_packages_are_looked_at() -> None:
    found = {module_name(path) for path in FILES}
    assert found >= {
        "backend.ntm.addressing",
        "backend.api.app",
        "backend.cli.serve",
        "frontend.app",
        "tapedeck_sequences",
    }


WRONG: list[tuple[str, str]] = [
    ("backend.ntm.head", "import numpy"),
    ("backend.ntm.head", "from backend.tasks import CopyTask"),
    ("backend.tasks.copy", "def f():\n    from backend.tracing.engine import prepare"),
    ("backend.tasks.copy", "from backend import tracing"),
    ("backend.checkpoints.format", "from backend.training.recipe import Recipe"),
    ("backend.tracing.engine", "import backend.training.trainer"),
    ("backend.tracing.engine", "from fastapi import HTTPException"),
    ("backend.training.trainer", "import uvicorn"),
    ("backend.api.app", "import frontend"),
    ("backend.api.app", "from dash import Dash"),
    ("backend.cli.train", "from frontend.app import create_app"),
    ("backend.cli.train", "from fastapi import FastAPI"),
    ("backend.errors", "from pydantic import BaseModel"),
    ("backend.cli.figures", "import plotly.graph_objects"),
    ("backend.figures.verification", "from matplotlib.figure import Figure"),
    ("frontend.client", "import torch.nn"),
    ("backend.tracing.engine", "from tapedeck_sequences import parse_bits"),
    ("tapedeck_sequences.files", "from backend.errors import TapedeckError"),
    ("tapedeck_sequences.files", "import pandas"),
    ("frontend.client", "from backend.errors import TapedeckError"),
    ("frontend.figures.loss", "from dash import html"),
    ("frontend.figures.loss", "import dash_mantine_components"),
]


def test_a_wrong_import_is_found() -> None:
    assert [case for case in WRONG if len(violations(*case)) != 1] == []


RIGHT: list[tuple[str, str]] = [
    ("backend.ntm.head", "import torch\nfrom jaxtyping import Float\nfrom typing import NamedTuple"),
    ("backend.tracing.engine", "from backend.tasks import Episode\nimport numpy"),
    ("backend.api.app", "from backend.tracing import prepare\nimport fastapi\nfrom backend import __version__"),
    ("backend.cli.serve", "from frontend.app import create_app\nimport uvicorn"),
    ("frontend.pages.play", "from frontend.figures import loss\nimport dash"),
    ("frontend.components.composer", "from tapedeck_sequences import parse_bits"),
    ("backend.cli.trace", "from tapedeck_sequences import parse_bits"),
]


def test_a_right_import_is_left_alone() -> None:
    assert [case for case in RIGHT if violations(*case)] == []
