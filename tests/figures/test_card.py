"""The run card as a file: what stands on it, and that nothing breaks out of its place. How it plays: tests/browser."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

from tapedeck.checkpoints import Checkpoint
from tapedeck.figures import card, outcome
from tapedeck.figures.card import numbers
from tapedeck.figures.card.pieces import FOLDER, player
from tapedeck.ntm import NeuralTM
from tapedeck.tasks import TASKS
from tapedeck.tracing import Trace, prepare
from tapedeck.training.starting import initial_machine
from tests.figures.machines import DOCUMENT, DRAWN, Drawn, run_of
from tests.training.tiny import TINY_SORT
from tests.verdicts import verdict_on

Floats = npt.NDArray[np.float32]


class Card(NamedTuple):
    """A card, taken apart again."""

    text: str
    about: dict[str, Any]
    memory: Floats
    """[kept, W] before the first step"""
    weightings: dict[str, Floats]
    """[kept] of each head before the first step"""
    fields: dict[str, Floats]

    @property
    def words(self) -> str:
        """What is read on it."""
        return html.unescape(re.sub(r"<(style|script)\b.*?</\1>|<[^>]*>", " ", self.text, flags=re.DOTALL))


def element(text: str, name: str, attributes: str) -> str:
    """What stands in the only element with these attributes."""
    (found,) = re.findall(rf"<{name}{attributes}>(.*?)</{name}>", text, flags=re.DOTALL)
    return str(found)


def floats(packed: str) -> Floats:
    return np.frombuffer(zlib.decompress(base64.b64decode(packed, validate=True)), "<f4")


def parts_of(packed: Floats, about: Mapping[str, Any], width: int) -> list[Floats]:
    """The memory, each head's weighting, and the rows."""
    kept = about["kept"]["count"]
    ends = np.cumsum([kept * width, *(kept for _ in about["heads"])])
    memory, *weightings, rows = np.split(packed, ends)
    return [memory.reshape(kept, width), *weightings, rows.reshape(about["steps"], -1)]


def of(trace: Trace, checkpoint: Mapping[str, Any], said: Mapping[str, Any]) -> Card:
    text = b"".join(card.card_pieces(trace, checkpoint, said)).decode()
    about = json.loads(element(text, "script", ' type="application/json" id="run"'))
    packed = floats(element(text, "script", ' type="text/plain" id="numbers"').strip())
    memory, *weightings, rows = parts_of(packed, about, about["width"])
    kept = about["kept"]["count"]
    lengths = [kept if field["role"] == "weighting" else int(np.prod(field["shape"])) for field in about["fields"]]
    parts = np.split(rows, np.cumsum(lengths)[:-1], axis=1)
    heads = dict(zip((head["name"] for head in about["heads"]), weightings, strict=True))
    return Card(text, about, memory, heads, {f["name"]: part for f, part in zip(about["fields"], parts, strict=True)})


def take_apart(trace: Trace, checkpoint: Checkpoint, **names: Any) -> Card:
    said = {"diagnosis": verdict_on(trace, checkpoint.machine).document()}
    return of(trace, replace(checkpoint.info, **names).document(), said)


@pytest.fixture(scope="module")
def made(trace: Trace, checkpoint: Checkpoint) -> Card:
    return take_apart(trace, checkpoint)


@pytest.mark.parametrize("drawn", DRAWN.values(), ids=list(DRAWN))
def test_holds_every_number_of_any_run_that_it_shows(drawn: Drawn) -> None:
    trace = run_of(drawn)
    made = of(trace, DOCUMENT, {})
    for head in trace.layout.heads:
        shown = ["weighting", "key_strength", "interpolation_gate", "shift_weighting", "sharpening"]
        shown += ["read_vector"] if head.kind == "read" else ["erase_vector", "add_vector"]
        assert {f"{head.name}.{name}" for name in shown} <= made.fields.keys()
        np.testing.assert_array_equal(made.weightings[head.name], trace.initial.weightings[head.name])
    for name, values in made.fields.items():
        np.testing.assert_array_equal(values, trace.arrays[name].reshape(trace.steps, -1), err_msg=name)
    np.testing.assert_array_equal(made.memory, trace.initial.memory)
    assert made.about["kept"] == {"first": 0, "count": 12}
    assert [field["name"] for field in made.about["fields"]] == list(made.fields)
    assert {name for head in made.about["heads"] for name in head["fields"]} <= made.fields.keys()


def test_says_which_machine_did_what(made: Card, trace: Trace, checkpoint: Checkpoint) -> None:
    said = verdict_on(trace, checkpoint.machine).sentence
    target, output = outcome.vectors(trace)
    for words in (
        checkpoint.info.sha256,
        "Never trained",
        "on 1,200 sequences",
        "A copy of 6 vectors",
        "1 that writes and 1 that reads",
        said,
        target,
        output,
    ):
        assert words in made.words
    assert f"{trace.bit_errors} wrong bits" in made.words
    known = {"id": "small", "name": "Never trained", "sha256": checkpoint.info.sha256, "sequences_seen": 1200}
    machine = made.about["checkpoint"].pop("machine")
    assert made.about["checkpoint"] == known
    assert machine["controller"]["kind"] == checkpoint.machine.spec.controller.kind
    assert made.about["results"]["wrong"] == trace.bit_errors
    assert made.about["results"]["diagnosis"]["sentence"] == said


def test_marks_every_wrong_bit_of_its_vectors(made: Card, trace: Trace) -> None:
    vectors = element(made.text, "ol", "")
    marked = re.findall(r"<mark>([01]+)</mark>", vectors)
    assert sum(map(len, marked)) == trace.bit_errors > 0
    assert vectors.count("✕") == trace.wrong.any(axis=1).sum()


def test_a_name_cannot_break_out_of_its_place(trace: Trace, checkpoint: Checkpoint) -> None:
    hostile = '</script><script>alert("&")</script><!--\u2028\x00'
    made = take_apart(trace, checkpoint, name=hostile, id="<b>")
    assert made.text.count("<script") == made.text.count("</script>") == 3
    assert "<!--" not in made.text
    assert "alert" in made.words
    assert made.about["checkpoint"]["name"] == hostile
    assert "<b>" not in made.text.replace("<b>&lt;", "")


def test_the_browser_carries_out_nothing_but_its_style_and_its_player(made: Card) -> None:
    policy = html.unescape(re.findall(r'Content-Security-Policy" content="([^"]*)"', made.text)[0])
    for name, attributes, directive in (("style", "", "style-src"), ("script", ' type="module"', "script-src")):
        digest = hashlib.sha256(element(made.text, name, attributes).encode()).digest()
        assert f"{directive} 'sha256-{base64.b64encode(digest).decode()}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    page = made.text.replace(element(made.text, "script", ' type="module"'), "")
    assert "://" not in made.text
    assert not re.search(r"\s(style|on\w+|src|href)=", page)


def test_the_player_is_one_script_of_the_viewers_modules() -> None:
    script = player()
    assert not re.search(r"^(import|export) ", script, re.MULTILINE)
    assert "</script" not in script
    assert (FOLDER / "card.mjs").is_file()
    assert {path.name for path in FOLDER.glob("*.mjs")} == {
        "card.mjs",
        "played.mjs",
        "opened.mjs",
    }  # the rest is the viewer's


def test_the_same_run_gives_the_same_bytes(made: Card, trace: Trace, checkpoint: Checkpoint) -> None:
    assert take_apart(trace, checkpoint).text == made.text


@pytest.fixture(scope="module")
def full_size() -> NeuralTM:
    return NeuralTM()


@pytest.mark.parametrize(("length", "most"), [(20, 240_000), (1000, 4_000_000)])
def test_stays_small_enough_to_be_sent(full_size: NeuralTM, checkpoint: Checkpoint, length: int, most: int) -> None:
    sequence = np.random.default_rng(length).integers(2, size=(length, 8)).tolist()
    made = take_apart(prepare(full_size, "copy", sequence).trace(), Checkpoint(checkpoint.info, full_size))
    assert len(made.text.encode()) < most


def test_a_large_memory_is_held_where_it_is_in_use(
    trace: Trace, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbers, "MOST_WEIGHTS", 1)
    monkeypatch.setattr(numbers, "MOST_LOCATIONS", 5)
    made = take_apart(trace, checkpoint)
    first, count = made.about["kept"]["first"], made.about["kept"]["count"]
    kept = [(first + row) % 12 for row in range(count)]
    assert count == 5
    np.testing.assert_array_equal(made.fields["read.weighting"], trace.arrays["read.weighting"][:, kept])
    np.testing.assert_array_equal(made.memory, trace.initial.memory[kept])
    assert f"holds the locations {kept[0]} to {kept[-1]}" in made.words


def test_vectors_that_were_not_heard_as_text_are_not_told_as_text_when_their_order_makes_some() -> None:
    """CA B3 is a character of UTF-8, B3 CA is none."""
    heard = [[int(bit) for bit in f"{byte:08b}"] for byte in (0xB3, 0xCA)]
    task = TASKS["priority_sort"]
    machine = initial_machine(replace(TINY_SORT, bits=8), seed=1)
    trace = prepare(machine, task.name, {"vectors": heard, "priorities": [0.25, 0.5]}).trace()
    assert outcome.texts(trace).target == "ca b3"
