"""Outside specifications, tasks and recipes nothing names a head, a phase or an output layer, and nothing knows how
wide a vector, a memory or a controller is: all is read off a run.

The words of the source are looked at, without comments and docstrings. Kinds of heads and roles of phases and of fields
are the contract's, and may be named. A limit or a byte has a name of its own: MOST_BITS, BYTE.
"""

from __future__ import annotations

import ast
import json
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

SIZED = re.compile(r"(\w+_)?(bits|channels|hidden|hidden_size|controller_size)|(memory_)?width")
"""What a number says how many there are of."""

LEAST_COUNT, MOST_COUNT = 4, 4096
"""A smaller number tells shapes apart, such as one bit from several; a larger one is no machine's."""

COUNTED = re.compile(
    r"(?<![\w.])(?:[\w.]+\.)?(?:[a-z]\w*B|b)its(?:\.length)?\s*(?:[!=]==?|[<>]=?|=|:|\?\?)\s*(\d+)\b"
    r"|\b[cC]hannels\.length\s*(?:[!=]==?|[<>]=?)\s*(\d+)\b"
    r"|\b(\d+)\s*(?:[!=]==?|[<>]=?)\s*(?:[\w.]+\.)?(?:[a-z]\w*B|b)its\b"
)
"""The same in JavaScript: `bits !== 8`, `bits = 8`, `{ bits: 8 }`."""

COUNTED_IN_WORDS = re.compile(r"\b\d+ bits\b")

SPECIFY = (
    "backend/tapedeck/ntm",
    "backend/tapedeck/tasks",
    "backend/tapedeck/checkpoints",  # other programs' names of the same parts
    "backend/tapedeck/training/starting.py",
    "backend/tapedeck/training/fused.py",
    "backend/tapedeck/training/recipe",  # recipes specify the machines that they train
    "backend/tapedeck/training/sized_recipe.py",
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


def is_count(number: object) -> bool:
    return type(number) is int and LEAST_COUNT <= number <= MOST_COUNT


def python_counts(source: str) -> Iterator[str]:
    """Where a name of something that is counted is compared with a number, set to it, or has it as its default."""
    for node in ast.walk(ast.parse(source)):
        for name, value in python_pairs(node):
            if SIZED.fullmatch(name) and isinstance(value, ast.Constant) and is_count(value.value):
                yield ast.unparse(node)


def python_pairs(node: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    match node:
        case ast.Compare(left, _, others):
            sides = [left, *others]
            yield from ((name_of(one), other) for one in sides for other in sides)
        case ast.keyword(arg=str(name), value=value):
            yield name, value
        case ast.Assign(targets, value):
            yield from ((name_of(target), value) for target in targets)
        case ast.AnnAssign(target, _, value):
            yield name_of(target), value
        case ast.arguments():
            given = [*node.posonlyargs, *node.args]
            defaults: list[ast.expr | None] = list(node.defaults)
            yield from zip((each.arg for each in given[len(given) - len(defaults) :]), defaults, strict=True)
            yield from zip((each.arg for each in node.kwonlyargs), node.kw_defaults, strict=True)


def name_of(node: ast.expr) -> str:
    """Of a variable, an attribute, or what `len` is of."""
    match node:
        case ast.Name(name) | ast.Attribute(_, name):
            return name
        case ast.Call(ast.Name("len"), [inner]):
            return name_of(inner)
    return ""


def javascript_counts(source: str) -> list[str]:
    found = COUNTED.finditer(without_comments(source))
    return [each[0] for each in found if is_count(int(next(filter(None, each.groups()))))]


def found_in(path: Path) -> list[str]:
    """What a module names, or counts, that it should read off a description."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        texts, counts, code = list(python_texts(source)), list(python_counts(source)), source
    else:
        texts, counts, code = list(javascript_texts(source)), javascript_counts(source), without_comments(source)
    in_words = [text for text in texts if COUNTED_IN_WORDS.search(text)]
    return named(iter(texts)) + PHASE.findall(code) + counts + in_words


def test_no_module_names_a_head_a_phase_an_output_layer_or_a_bit_count_of_one_machine() -> None:
    modules = list(sources((".py", ".mjs", ".js")))
    assert len(modules) > 200
    assert {path.relative_to(ROOT).as_posix(): found for path in modules if (found := found_in(path))} == {}


OF_ONE = re.compile(r"(?i)(?<!\.)\b(?:[2-9]|\d{2,}|two|three|four|five|eight|ten)\b|\bthe (?:write|read) head\b")
"""How many there are of something, or that there is one head alone."""


def test_the_glossary_is_true_of_every_machine() -> None:
    glossary = json.loads((ROOT / "viewer/tapedeck_viewer/glossary.json").read_text(encoding="utf-8"))
    meanings = {word: entry["meaning"] for word, entry in glossary.items()}
    assert len(meanings) > 30
    assert {word: said for word, said in meanings.items() if OF_ONE.search(said)} == {}
    for said in ("Three shares: move one on.", "7 bits for all 128 alike.", "After the write head has written."):
        assert OF_ONE.search(said)
    assert OF_ONE.search("Above 0.5 a bit counts as 1.") is None


def test_what_is_looked_for_is_found() -> None:
    assert named(python_texts('"""read.weighting"""\nx = trace["read.weighting"]')) == ["read.weighting"]
    assert named(javascript_texts("/* `write2` */ at('write2.add_vector', 3); // r_to_s")) == ["write2.add_vector"]
    assert named(javascript_texts('head.kind === "write" && field("weighting")')) == []
    assert list(python_counts("def f(bits: int = 8): ...")) == ["bits: int=8"]
    assert list(python_counts("if len(bits) == 8 or 100 < spec.hidden_size: f(width=20)")) == [
        "len(bits) == 8",
        "100 < spec.hidden_size",
        "width=20",
    ]
    assert list(python_counts("MOST_BITS = 16\nif bits < 3 or bits == BYTE: f(width=100_000)")) == []
    assert javascript_counts("bits = 8; if (bits !== 8) f({ bits: 9 }); channels.length === 10; 8 < config.bits") == [
        "bits = 8",
        "bits !== 8",
        "bits: 9",
        "channels.length === 10",
        "8 < config.bits",
    ]
    assert javascript_counts("const MOST_BITS = 16; bits < 3; bits === BYTE; 2 * bits; // bits = 8") == []
    assert COUNTED_IN_WORDS.search("two vectors of 8 bits")
    assert PHASE.search('if (phase.name === "recall") return;')
    assert PHASE.search('phase.name == "recall"')
    assert PHASE.search('phase.role == "recall"') is None
