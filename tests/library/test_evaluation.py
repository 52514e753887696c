"""`evaluate`: what the command counts, as an object, a data frame, a figure and files, in one process or several."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

import tapedeck as td
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.cli.commands import app
from tapedeck.errors import FileUnwritable, InvalidConfiguration, InvalidLocations
from tapedeck.training.evaluation import Plan
from tests.checkpoints.conftest import random_machine

PLAN = {"sizes": {"length": (2, 5)}, "patterns": ("random", "zeros"), "sequences": 3}


@pytest.fixture(scope="module")
def counted() -> td.Evaluation:
    return td.evaluate(["copy-1", SHIPPED_CHECKPOINTS / "copy-1-000400.safetensors"], **PLAN)  # type: ignore[arg-type]


def test_a_frame_has_a_row_for_each_result(counted: td.Evaluation) -> None:
    frame = counted.to_frame()
    assert [*frame["label"].unique()] == ["copy-1", "copy-1-000400"]
    assert [*frame.columns[:4]] == ["label", "checkpoint", "sha256", "length"]
    exact = frame[frame["label"] == "copy-1"]
    assert (len(frame), len(exact)) == (8, 4)
    assert (exact["bit_error_rate"] == 0).all()
    assert (exact["low"] <= exact["high"]).all()
    assert (frame[frame["label"] == "copy-1-000400"]["wrong_bits"] > 0).any()


def test_the_command_counts_the_same(counted: td.Evaluation, tmp_path: Path) -> None:
    out = tmp_path / "counted.json"
    options = ["--lengths", "2,5", "--patterns", "random,zeros", "--sequences", "3", "--json", str(out)]
    done = CliRunner().invoke(app, ["evaluate", "copy-1", "copy-1-000400", *options])
    assert done.exception is None
    theirs, ours = json.loads(out.read_text()), json.loads(counted.save(tmp_path / "ours.json").read_text())
    assert theirs.pop("command").startswith("tapedeck evaluate copy-1 copy-1-000400 --lengths 2,5")
    assert ours.pop("command") is None
    assert ours == theirs


def test_parts_that_an_executor_computes_are_the_same(counted: td.Evaluation) -> None:
    with ThreadPoolExecutor(2) as executor:
        spread = td.evaluate([*map(td.load, counted.machines)], **PLAN, executor=executor)  # type: ignore[arg-type]
        assert executor.submit(lambda: "still open").result() == "still open"
    assert spread.document() == counted.document()


def test_an_evaluation_is_a_figure_and_files(counted: td.Evaluation, tmp_path: Path) -> None:
    assert [each.name for each in counted.plot().data] == [
        f"{label}, {pattern}" for label in counted.machines for pattern in ("random", "zeros")
    ]
    assert counted.save(tmp_path / "a.csv").read_text().splitlines()[0].startswith("label,checkpoint,sha256,length,")
    assert 'id="evaluation"' in counted.save(tmp_path / "a.html").read_text()
    with pytest.raises(FileUnwritable, match=r"must end in \.json, \.csv or \.html"):
        counted.save(tmp_path / "a.xlsx")
    assert repr(counted).startswith("<Evaluation copy-1: bit error rate 0 (length 2), 0 (length 2, zeros)")


def test_predictions_have_their_own_columns() -> None:
    frame = td.evaluate("dynamic_ngrams-1", sizes={"length": (10,)}, sequences=2).to_frame()
    assert [*frame.columns[-6:]] == ["bits", "cost", "optimum", "excess", "low", "high"]


def test_machines_of_two_tasks_or_none_are_refused() -> None:
    with pytest.raises(InvalidConfiguration, match="copy-1 was trained on copy and repeat_copy-1 on repeat_copy"):
        td.evaluate(["copy-1", "repeat_copy-1"])
    with pytest.raises(InvalidConfiguration, match="at least one machine"):
        td.evaluate([])
    for values in (["3"], 3.5, "3", [None]):
        with pytest.raises(InvalidConfiguration, match="length must be a whole number, got"):
            td.evaluate("copy-1", sizes={"length": values})  # type: ignore[dict-item]
    assert td.evaluate("copy-1", sizes={"length": np.array([2])}, sequences=1).plan.sizes == {"length": (2,)}
    with pytest.raises(InvalidConfiguration, match="takes the sizes length, got items"):
        td.evaluate("copy-1", sizes={"items": [2]})


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"sequences": 1.5}, r"sequences must be a whole number, got 1\.5\."),
        ({"sequences": np.array([1, 2])}, "sequences must be a whole number, got"),
        ({"sequences": None}, r"sequences must be a whole number, got null\."),
        ({"locations": "x"}, r"locations must be a whole number, got “x”\."),
        ({"seed": "x"}, r"seed must be a whole number, got “x”\."),
        ({"seed": True}, r"seed must be a whole number, got true\."),
        ({"sizes": [5]}, r"sizes must be values by name, such as {\"length\": \(10, 20\)}, got a list\."),
        ({"sizes": {3: 5}}, r"sizes must be values by name, .* got an object\."),
        ({"sizes": {"length": torch.tensor(1.5)}}, "length must be a whole number, got"),
        ({"patterns": 5}, r"patterns must be names, got 5\."),
    ],
    ids=repr,
)
def test_options_of_the_wrong_kind_are_refused_in_a_sentence(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises((InvalidConfiguration, InvalidLocations), match=sentence):
        td.evaluate("copy-1", **options)


def test_whole_numbers_of_any_kind_are_taken() -> None:
    counts = {"sequences": np.int64(1), "seed": np.int64(2), "locations": np.int32(16)}
    plan = td.evaluate(td.load("copy-1").module, sizes={"length": np.array(2)}, **counts).plan  # type: ignore[arg-type]
    assert repr(plan) == repr(Plan({"length": (2,)}, ("random",), 1, 16, 2))


def test_machines_that_share_an_id_are_all_evaluated_and_the_same_machine_once() -> None:
    machines = [td.load(random_machine(seed)) for seed in (1, 2)]
    one, other = machines
    assert one.id == other.id
    found = td.evaluate([one, other, one, td.load(one.module)], sizes={"length": 2}, sequences=1)
    assert [*found.machines] == [f"{each.id} ({each.info.sha256[:8]})" for each in machines]
    assert [row["sha256"] for row in found.rows()] == [each.info.sha256 for each in machines]
    assert [*td.evaluate([one, one], sizes={"length": 2}, sequences=1).machines] == [one.id]
