"""The run card as a file: what stands on it, and that nothing breaks out of its place. How it plays: tests/browser."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

from tapedeck.checkpoints import Checkpoint
from tapedeck.figures import card, outcome
from tapedeck.figures.card import numbers
from tapedeck.figures.card.pieces import FOLDER, MODULES, player
from tapedeck.ntm import NeuralTM
from tapedeck.tracing import Trace, prepare
from tests.verdicts import verdict_on


class Card(NamedTuple):
    """A card, taken apart again."""

    text: str
    about: dict[str, Any]
    fields: dict[str, npt.NDArray[np.float32]]

    @property
    def words(self) -> str:
        """What is read on it."""
        return html.unescape(re.sub(r"<(style|script)\b.*?</\1>|<[^>]*>", " ", self.text, flags=re.DOTALL))


def element(text: str, name: str, attributes: str) -> str:
    """What stands in the only element with these attributes."""
    (found,) = re.findall(rf"<{name}{attributes}>(.*?)</{name}>", text, flags=re.DOTALL)
    return str(found)


def floats(packed: str) -> npt.NDArray[np.float32]:
    return np.frombuffer(base64.b64decode(packed, validate=True), "<f4")


def take_apart(trace: Trace, checkpoint: Checkpoint, **names: Any) -> Card:
    said = {"diagnosis": verdict_on(trace, checkpoint.machine).document()}
    text = b"".join(card.card_pieces(trace, replace(checkpoint.info, **names).document(), said)).decode()
    about = json.loads(element(text, "script", ' type="application/json" id="run"'))
    rows = floats(element(text, "script", ' type="text/plain" id="rows"').strip()).reshape(trace.steps, -1)
    ends = np.cumsum([field["length"] for field in about["fields"]])
    parts = np.split(rows, ends[:-1], axis=1)
    return Card(text, about, {field["name"]: part for field, part in zip(about["fields"], parts, strict=True)})


@pytest.fixture(scope="module")
def made(trace: Trace, checkpoint: Checkpoint) -> Card:
    return take_apart(trace, checkpoint)


def test_holds_every_number_of_the_trace_that_it_shows(made: Card, trace: Trace) -> None:
    for name in ("inputs", "outputs", *numbers.VECTORS, "write.weighting", "read.weighting"):
        np.testing.assert_array_equal(made.fields[name], trace.arrays[name], err_msg=name)
    np.testing.assert_array_equal(made.fields["targets"], trace.arrays["targets"][:, :3])
    for head in ("write", "read"):
        weighting = trace.arrays[f"{head}.weighting"]
        np.testing.assert_array_equal(made.fields[f"{head}.location"][:, 0], weighting.argmax(axis=1))
        np.testing.assert_array_equal(made.fields[f"{head}.peak"][:, 0], weighting.max(axis=1))
        np.testing.assert_array_equal(made.fields[f"{head}.shift_weighting"], trace.arrays[f"{head}.shift_weighting"])
        for name in ("key_strength", "interpolation_gate", "sharpening"):
            np.testing.assert_array_equal(made.fields[f"{head}.{name}"][:, 0], trace.arrays[f"{head}.{name}"])
    np.testing.assert_array_equal(floats(made.about["initial_memory"]).reshape(12, 4), trace.initial.memory)
    assert made.about["kept"] == list(range(12))


def test_says_which_machine_did_what(made: Card, trace: Trace, checkpoint: Checkpoint) -> None:
    said = verdict_on(trace, checkpoint.machine).sentence
    heard, back = outcome.vectors(trace)
    for words in (
        checkpoint.info.sha256,
        "Never trained",
        "on 1,200 sequences",
        "A copy of 6 vectors",
        said,
        heard,
        back,
    ):
        assert words in made.words
    assert f"{trace.bit_errors} wrong bits" in made.words
    assert made.about["checkpoint"] == {"id": "small", "name": "Never trained", "sha256": checkpoint.info.sha256}


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
    assert "://" not in made.text
    assert not re.search(r"\s(style|on\w+|src|href)=", made.text)


def test_the_player_is_one_script_of_all_its_modules() -> None:
    script = player()
    assert not re.search(r"^(import|export) ", script, re.MULTILINE)
    assert sorted(MODULES) == sorted(path.stem for path in FOLDER.glob("*.mjs"))


def test_the_same_run_gives_the_same_bytes(made: Card, trace: Trace, checkpoint: Checkpoint) -> None:
    assert take_apart(trace, checkpoint).text == made.text


@pytest.fixture(scope="module")
def full_size() -> NeuralTM:
    return NeuralTM()


@pytest.mark.parametrize(("length", "most"), [(20, 200_000), (1000, 4_000_000)])
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
    kept = made.about["kept"]
    assert len(kept) == 5
    assert made.about["in_use"] == [0, 1, 2, 3, 4]
    np.testing.assert_array_equal(made.fields["read.weighting"], trace.arrays["read.weighting"][:, kept])
    np.testing.assert_array_equal(made.fields["read.peak"][:, 0], trace.arrays["read.weighting"].max(axis=1))
    assert f"holds the locations {kept[0]} to {kept[-1]}" in made.words
