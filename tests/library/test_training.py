"""`train`: what `tapedeck train` leaves, from Python, by a name of one's own, interrupted and continued."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import tapedeck as td
from tapedeck.errors import InvalidConfiguration, TrainingError
from tapedeck.training.compiling import Compilation
from tapedeck.training.run import TrainingRun
from tapedeck.training.trainer import Progress
from tests.training import tiny

TINY = replace(tiny.TINY, sequences=16)
NEVER: dict[str, Any] = {"compilation": "never"}


def test_a_recipe_gives_the_machine_that_the_command_trains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAPEDECK_RUNS", str(tmp_path / "mine"))
    seen: list[Progress] = []
    machine = td.train(TINY, seed=3, name="gates", report=seen.append, **NEVER)
    for _ in (run := TrainingRun.start(TINY, 3, tmp_path / "theirs", Compilation.NEVER)):
        pass
    theirs = td.load(run.final_path)
    assert (machine.id, theirs.id, machine.info.name) == ("gates", "copy-3", "copy, seed 3 (gates)")
    assert all((machine.module.state_dict()[name] == value).all() for name, value in theirs.module.state_dict().items())
    assert (seen[0].sequences, seen[-1].sequences) == (0, TINY.sequences)
    assert td.load("gates").info.sha256 == machine.info.sha256


def test_an_interrupted_training_can_be_continued_in_the_same_process(tmp_path: Path) -> None:
    def interrupt(progress: Progress) -> None:
        if progress.sequences:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        td.train(TINY, out=tmp_path, report=interrupt, **NEVER)
    machine = td.train(TINY.as_dict(), out=tmp_path, resume=True, **NEVER)
    assert machine.info.sequences_seen == TINY.sequences
    with pytest.raises(TrainingError, match="already holds a run copy-1"):
        td.train(TINY, out=tmp_path, **NEVER)
    assert td.train(TINY, out=tmp_path, force=True, **NEVER).info.sha256 == machine.info.sha256


@pytest.mark.parametrize(
    ("recipe", "options", "sentence"),
    [
        ("sing", {}, "There is no task “sing”; the tasks are copy"),
        ({"longer": 3}, {}, "A recipe has no field “longer”"),
        ("copy", {"name": "a/b"}, "The name of a run must be up to 80 letters, .*got “a/b”"),
        ("copy", {"name": "copy-1-004000"}, "would look like one of a run's series"),
        ("copy", {"seed": -1}, "seed must be a whole number"),
        ("copy", {"seed": 1.5}, r"seed must be a whole number, got 1\.5\."),
        ("copy", {"seed": True}, r"seed must be a whole number, got true\."),
        ("copy", {"seed": "x"}, r"seed must be a whole number, got “x”\."),
        ("copy", {"name": 5}, "The name of a run must be .*got 5"),
        ("copy", {"compilation": "nope"}, r"compilation must be auto, always or never, got “nope”\."),
        ("copy", {"compilation": None}, r"compilation must be auto, always or never, got null\."),
        (None, {}, r"recipe must be the name of a task, fields by name or a recipe, got null\."),
        (5, {}, r"recipe must be the name of a task, fields by name or a recipe, got 5\."),
        ({3: 3}, {}, "A recipe has no field"),
    ],
)
def test_what_cannot_be_trained_is_refused_before_anything_is_written(
    recipe: Any, options: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(InvalidConfiguration, match=sentence):
        td.train(recipe, out=tmp_path, **options)
    assert list(tmp_path.iterdir()) == []


def test_resuming_and_starting_over_at_once_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="resume continues and force starts over; give one of them, not both"):
        td.train(TINY, out=tmp_path, resume=True, force=True, **NEVER)
    assert list(tmp_path.iterdir()) == []
