"""The names at the top of the package: few, found by Python and type checkers alike, imported when they are used."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import tapedeck as td

SOURCE = Path(td.__file__).read_text()


def test_every_name_is_imported_listed_and_shown_to_type_checkers() -> None:
    names = set(td._HOMES)
    checked = {
        alias.asname or alias.name: node.module
        for block in ast.parse(SOURCE).body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert checked == td._HOMES
    assert set(td.__all__) == (names | {"__version__"}) - {"set"}, "a star import leaves Python's own set alone"
    assert names <= set(dir(td))
    for name, home in td._HOMES.items():
        value = getattr(td, name)
        assert (value.__name__, value.__module__) == (name, home)
        assert value.__doc__


def test_a_name_that_is_not_there_is_answered_with_those_that_are() -> None:
    with pytest.raises(AttributeError, match=r"tapedeck has no “laod”; it has .*\bload\b"):
        _ = td.laod  # type: ignore[attr-defined]


def test_importing_the_package_imports_neither_torch_nor_numpy() -> None:
    look = "import sys, tapedeck; dir(tapedeck); print({'torch', 'numpy', 'typer'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert said.stdout == "set()\n"
