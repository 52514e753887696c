"""`tapedeck sweep`: a table, and files; what is typed wrong is a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tapedeck.cli.sweep import parse_axis
from tapedeck.errors import InvalidConfiguration
from tests.cli.conftest import Tapedeck


def test_a_sweep_is_a_table_and_files_with_every_point(tapedeck: Tapedeck, tmp_path: Path) -> None:
    out = tmp_path / "sweep.json"
    options = (
        "--over",
        "scale read.sharpening=0.125,1",
        "--phase",
        "recall",
        "--size",
        "length=8",
        "--sequences",
        "10",
    )
    said = tapedeck(
        "sweep", "copy-1", *options, "--json", out, "--html", tmp_path / "a.html", "--csv", tmp_path / "a.txt"
    ).stdout
    assert "read.sharpening ×, in recall" in said
    assert "10 of 10" in said
    found = json.loads(out.read_text())
    assert len((tmp_path / "a.txt").read_text().splitlines()) == 1 + len(found["points"]), "whatever it is called"
    assert [point["read.sharpening ×, in recall"] for point in found["points"]] == [0.125, 1]
    assert found["points"][1]["bit_error_rate"] == 0
    assert "plotly" in (tmp_path / "a.html").read_text()[:100_000].lower()


@pytest.mark.parametrize(
    ("typed", "vary", "values"),
    [
        ("length=10,20", "length", [10, 20]),
        ("noise memory=0:1:3", {"kind": "noise", "target": "memory", "phase": "recall"}, [0, 0.5, 1]),
        ("move read=-1,1", {"kind": "move", "head": "read", "phase": "recall"}, [-1, 1]),
        ('{"kind": "add", "target": "read.key", "step": 3}=1', {"kind": "add", "target": "read.key", "step": 3}, [1]),
    ],
)
def test_what_is_varied_is_typed(typed: str, vary: object, values: list[float]) -> None:
    axis = parse_axis(typed, "recall")
    assert (axis.vary, axis.values) == (vary, values)


@pytest.mark.parametrize("typed", ["length", "=1", "length=a", "length=1:2", "freeze read=1", "{=1"])
def test_what_is_typed_wrong_is_one_sentence(typed: str) -> None:
    with pytest.raises(InvalidConfiguration, match="--over"):
        parse_axis(typed)
