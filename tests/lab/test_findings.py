"""The findings of docs/lab.md: each is so, and its link is the run that its Python has."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import numpy as np
import pytest

import tapedeck as td
from tapedeck.library.recorded import RecordedRun

PAGE = (Path(__file__).parents[2] / "docs" / "lab.md").read_text(encoding="utf-8")


def unpacked(text: str) -> bytes:
    length, _, packed = text[1:].partition(".")
    data = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
    assert len(data) == int(length)
    return data


def opened(link: str) -> tuple[RecordedRun, RecordedRun]:
    """The run of a link, without and with its interventions."""
    parts = {name: value for name, (value,) in parse_qs(link.partition("#")[2]).items()}
    given: Any
    if "sequence" in parts:
        given = unpacked(parts["sequence"])
    else:
        given = json.loads(unpacked(parts["input"]))
        given["sequence"] = [[int(bit) for bit in vector] for vector in given["sequence"]]
    machine = td.load(parts["checkpoint"])
    return machine.run(given), machine.run(given, interventions=json.loads(unpacked(parts["do"])))


LINKS = re.findall(r"^    (/#v=1\S+)$", PAGE, re.M)


@pytest.fixture(scope="module")
def runs() -> list[tuple[RecordedRun, RecordedRun]]:
    assert len(LINKS) == 4
    return [opened(link) for link in LINKS]


def wrong(run: RecordedRun) -> list[int]:
    """The steps at which a wrong bit came out."""
    return [int(step) for step in np.flatnonzero(run.wrong.any(axis=1))]


def test_the_copy_machine_looks_nothing_up_and_erases_nothing(runs: list[tuple[RecordedRun, RecordedRun]]) -> None:
    plain, changed = runs[0]
    assert (wrong(plain), wrong(changed)) == ([], [])
    assert not changed["read.interpolation_gate"].any()
    assert not changed["write.interpolation_gate"].any()
    assert not changed["write.erase_vector"].any()


def test_its_sharpening_may_be_halved_and_then_falls_off_a_cliff(runs: list[tuple[RecordedRun, RecordedRun]]) -> None:
    plain, changed = runs[1]
    assert (wrong(plain), wrong(changed) != []) == ([], True)
    scale = td.scale("read.sharpening", 1)
    short = td.sweep("copy-1", scale, [0.35, 0.4, 0.5], size={"length": 20}, sequences=10).rate
    assert short[0] > 0.4
    assert 0.02 < short[1] < 0.2
    assert short[2] == 0


def test_the_repeat_copy_machine_writes_while_it_answers(runs: list[tuple[RecordedRun, RecordedRun]]) -> None:
    (plain, unwritten), (_, erased) = runs[2:]
    assert wrong(plain) == []
    assert wrong(unwritten)[0] == 14, "the first vector of the second repeat"
    assert wrong(erased)[0] == 15, "that one stands twice; the second is missed"
    found = plain.importance()
    content = found.above[[part.name for part in found.parts].index("read.content")]
    assert np.flatnonzero(content > 0).tolist() == [8, 15, 21, 27]
    given = np.abs(plain.provenance(14).reads[0].writes).sum(axis=1)
    assert given[7:11].sum() > 0.9 * given.sum(), "written as it began to answer"
