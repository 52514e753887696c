"""Requests: what begins, what goes on, and what is refused before anything is done."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tapedeck.errors import InvalidConfiguration, TrainingError
from tapedeck.training import event_files
from tapedeck.training.compiling import Compilation
from tapedeck.training.request import TrainingRequest
from tapedeck.training.supervisor import Instruction, Order
from tests.training import tiny

TINY = replace(tiny.TINY, sequences=60, longest=2)


def request(folder: Path, **options: Any) -> TrainingRequest:
    return replace(TrainingRequest(5, folder, TINY.as_dict(), Compilation.NEVER), **options)


def begin(asked: TrainingRequest, items: int) -> None:
    """So many items of the run."""
    for _, _ in zip(range(items), asked.open(), strict=False):
        pass


def finish(asked: TrainingRequest) -> None:
    for _ in asked.open():
        pass


def test_a_new_run_then_one_that_is_gone_on_with(tmp_path: Path) -> None:
    new, resumed = request(tmp_path), request(tmp_path, resume=True)
    assert (new.name, new.recipe) == ("copy-5", TINY)
    assert not new.begun
    begin(new, 2)
    assert (resumed.begun, resumed.is_over) == (True, False)
    finish(resumed)
    assert (resumed.begun, resumed.is_over) == (False, True)
    resumed.check()
    with pytest.raises(TrainingError, match="already holds a run copy-5"):
        new.check()
    begin(replace(new, replace=True), 1)
    assert not resumed.is_over


def test_going_on_needs_no_recipe(tmp_path: Path) -> None:
    """Not even one that would be possible with the defaults for the rest."""
    begin(request(tmp_path), 1)
    for fields in ({}, {"locations": TINY.locations}):
        resumed = request(tmp_path, fields=fields, resume=True)
        resumed.check()
        assert resumed.recipe == TINY


@pytest.mark.parametrize("over", [True, False])
def test_a_run_of_another_recipe_is_not_gone_on_with(tmp_path: Path, *, over: bool) -> None:
    if over:
        finish(request(tmp_path))
    else:
        begin(request(tmp_path), 1)
    before = {path.name: path.read_bytes() for path in tmp_path.glob("copy*")}
    other = request(tmp_path, fields={"longest": 1, "momentum": 0.5}, resume=True)
    with pytest.raises(
        TrainingError, match=r"trained with another recipe \(longest is 2, not 1; momentum is 0\.9, not 0\.5\)"
    ):
        other.open()
    assert {path.name: path.read_bytes() for path in tmp_path.glob("copy*")} == before


def test_a_run_that_died_before_its_first_resume_file_begins(tmp_path: Path) -> None:
    resumed = request(tmp_path / "runs", resume=True)
    begin(resumed, 1)
    (tmp_path / "runs" / "copy-5.resume").unlink()
    finish(resumed)
    assert resumed.is_over


def test_machines_without_a_resume_file_are_not_lost(tmp_path: Path) -> None:
    begin(request(tmp_path, fields=replace(TINY, sequences=300).as_dict()), 8)
    (tmp_path / "copy-5.resume").unlink()
    before = sorted(tmp_path.glob("*.safetensors"))
    assert len(before) > 1
    with pytest.raises(TrainingError, match=r"holds machines of copy-5, but no copy-5\.resume to resume from"):
        request(tmp_path, resume=True).open()
    assert sorted(tmp_path.glob("*.safetensors")) == before


def test_a_damaged_resume_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "copy-5.resume").write_bytes(b"half")
    with pytest.raises(TrainingError, match=r"copy-5\.resume is not a whole resume file"):
        request(tmp_path, resume=True).check()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"seed": -1}, "seed must be"),
        ({"fields": {"longst": 3}}, "has no field “longst”"),
        ({"fields": {"longest": 200}}, "needs at least 202 locations"),
        ({"fields": {"task": "sort"}}, "There is no task “sort”"),
        ({"fields": {"longst": 3}, "resume": True}, "has no field “longst”"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, options: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidConfiguration, match=says):
        request(tmp_path / "runs", **options).check()
    assert not (tmp_path / "runs").exists()


def test_without_tensorboard_it_says_so_before_it_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_files, "find_spec", lambda name: None if name == "tensorboard" else find_spec(name))
    with pytest.raises(TrainingError, match="TensorBoard is not installed"):
        request(tmp_path / "runs", tensorboard=True).open()
    assert not (tmp_path / "runs").exists()


def test_a_request_goes_to_another_process(tmp_path: Path) -> None:
    asked = request(tmp_path, resume=True)
    order = Order(request=asked)
    assert Instruction.model_validate_json(order.model_dump_json()).root == order
