"""Outside specifications, tasks and recipes nothing names a head, a phase or an output layer: all is read off a run.

The words of the source are looked at, without comments and docstrings. Kinds of heads and roles of phases and of fields
are the contract's, and may be named.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]

NAMED_HEAD = re.compile(r"(write|read)\d*\.[a-z_]+|(write|read)\d+")
"""Of one machine: `read.weighting`, `write2`."""

NAMED_LAYER = re.compile(r"r_to_s|layer1|readhead|writehead|produce_\w+")
"""Of the reference's state_dict."""

PHASE = re.compile(r"""(\bphase\b|\bname)\W{0,4}={2,3}\s*["'`](start|input|end|recall|query|item)\b""")
"""A phase that is known by its name."""

SPECIFY = (
    "backend/tapedeck/ntm",
    "backend/tapedeck/tasks",
    "backend/tapedeck/checkpoints",  # other programs' names of the same parts
    "backend/tapedeck/training/starting.py",
    "backend/tapedeck/training/fused.py",
    "backend/tapedeck/training/sized_recipe.py",  # whose machine it specifies
)
"""What says how a machine or a task is, and may name its parts."""

SPEAK_OF_ONE = (
    "frontend/tapedeck_page/pages/guide.py",  # text about the copy machine, with its panels beside it
    "frontend/tapedeck_page/assets/tape/guide.mjs",
    "backend/tapedeck/api/trace_forms.py",  # examples in the documentation of the service
)


def sources(suffixes: tuple[str, ...]) -> Iterator[Path]:
    for folder in ("backend", "frontend", "viewer"):
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in suffixes and "__pycache__" not in name and not name.startswith(SPECIFY + SPEAK_OF_ONE):
                yield path


def python_texts(source: str) -> Iterator[str]:
    """Every string of a module that is no docstring."""
    tree = ast.parse(source)
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


def without_comments(source: str) -> str:
    """JavaScript; no string of ours holds what begins a comment but an address."""
    return re.sub(r"(?<!:)//[^\n]*", "", re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL))


def javascript_texts(source: str) -> Iterator[str]:
    for found in re.finditer(r"\"([^\"\n]*)\"|'([^'\n]*)'|`([^`]*)`", without_comments(source)):
        yield next(text for text in found.groups() if text is not None)


def named(texts: Iterator[str]) -> list[str]:
    return [text for text in texts if NAMED_HEAD.fullmatch(text) or NAMED_LAYER.search(text)]


def found_in(path: Path) -> list[str]:
    """What a module names that it should read off a description."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return named(python_texts(source)) + PHASE.findall(source)
    return named(javascript_texts(source)) + PHASE.findall(without_comments(source))


def test_no_module_names_a_head_a_phase_or_an_output_layer_of_one_machine() -> None:
    modules = list(sources((".py", ".mjs", ".js")))
    assert len(modules) > 200
    assert {path.relative_to(ROOT).as_posix(): found for path in modules if (found := found_in(path))} == {}


def test_what_is_looked_for_is_found() -> None:
    assert named(python_texts('"""read.weighting"""\nx = trace["read.weighting"]')) == ["read.weighting"]
    assert named(javascript_texts("/* `write2` */ at('write2.add_vector', 3); // r_to_s")) == ["write2.add_vector"]
    assert named(javascript_texts('head.kind === "write" && field("weighting")')) == []
    assert PHASE.search('if (phase.name === "recall") return;')
    assert PHASE.search('phase.name == "recall"')
    assert PHASE.search('phase.role == "recall"') is None
