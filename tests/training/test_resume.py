"""Resume files: everything comes back, and nothing that is not whole does."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import safetensors.torch
import torch

from tapedeck.checkpoints.files import MOST_BYTES
from tapedeck.errors import CheckpointUnwritable, TrainingError
from tapedeck.training import resume
from tapedeck.training.resume import METADATA_KEY
from tapedeck.training.trainer import Trainer
from tests.training.test_trainer import assert_same
from tests.training.tiny import TINY


@pytest.fixture
def file(tmp_path: Path) -> Path:
    trainer = Trainer(TINY, seed=8)
    trainer.advance(7)
    trainer.validate()
    path = tmp_path / "copy-8.resume"
    resume.save(path, trainer, compiled=None)
    return path


def test_it_goes_on_as_if_nothing_had_been(file: Path) -> None:
    whole = Trainer(TINY, seed=8)
    whole.advance(7)
    whole.validate()
    saved = resume.read(file)
    assert (saved.recipe, saved.seed, saved.compiled) == (TINY, 8, None)
    trainer = Trainer(saved.recipe, saved.seed)
    saved.restore(trainer)
    assert trainer.progress.sequences == 14
    for each in (whole, trainer):
        each.advance(9)
        each.validate()
    assert_same(whole.machine, trainer.machine)
    ours, theirs = whole.optimizer.state_dict()["state"], trainer.optimizer.state_dict()["state"]
    assert ours.keys() == theirs.keys() == {0}
    for place, state in ours.items():
        assert state.keys() == theirs[place].keys() >= {"square_avg", "momentum_buffer", "step"}
        for key, value in state.items():
            assert torch.equal(value, theirs[place][key]), key
    assert torch.equal(whole.batches.state, trainer.batches.state)
    assert (whole.progress.loss, whole.progress.bit_error_rate) == (
        trainer.progress.loss,
        trainer.progress.bit_error_rate,
    )


def test_before_the_first_update(tmp_path: Path) -> None:
    path = tmp_path / "a.resume"
    resume.save(path, Trainer(TINY, seed=1), compiled=True)
    saved = resume.read(path)
    assert saved.compiled is True
    trainer = Trainer(TINY, seed=1)
    saved.restore(trainer)
    assert_same(trainer.machine, Trainer(TINY, seed=1).machine)


def test_one_of_the_largest_machines_is_read_though_it_takes_three_checkpoints(tmp_path: Path) -> None:
    path = tmp_path / "a.resume"
    trainer = Trainer(replace(TINY, controller_size=150_000), seed=1)
    trainer.advance(1)
    resume.save(path, trainer, compiled=None)
    assert path.stat().st_size > MOST_BYTES
    assert resume.read(path).counters == trainer.counters


def test_any_part_of_a_file_is_no_file(file: Path) -> None:
    data = file.read_bytes()
    for size in (0, 7, 8, 100, len(data) // 2, len(data) - 1):
        file.write_bytes(data[:size])
        with pytest.raises(TrainingError, match=r"^copy-8\.resume"):
            resume.read(file)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"format_version":2', '"format_version":9', None),
        ('"seed":8', '"seed":"8"', None),
        ('"longest":3', '"longest":9', "needs at least 11 locations"),
        ('"task":"copy"', '"task":"sort"', "There is no task “sort”"),
    ],
)
def test_a_file_of_something_else(file: Path, old: str, new: str, says: str | None) -> None:
    change(file, old, new)
    with pytest.raises(TrainingError, match=re.escape(says or "is not a whole resume file of this version")):
        resume.read(file)


def test_tensors_of_another_recipe(file: Path) -> None:
    change(file, '"width":4', '"width":5')
    saved = resume.read(file)
    with pytest.raises(TrainingError, match=r"copy-8\.resume: its tensors are not those of its recipe"):
        saved.restore(Trainer(saved.recipe, saved.seed))


def test_a_missing_file_and_one_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"a\.resume: there is no such file"):
        resume.read(tmp_path / "a.resume")
    with pytest.raises(CheckpointUnwritable):
        resume.save(tmp_path / "none" / "a.resume", Trainer(TINY, seed=1), compiled=None)


def change(path: Path, old: str, new: str) -> None:
    """Something in the metadata of a file that is otherwise whole."""
    with safetensors.safe_open(path, "pt") as opened:
        document = opened.metadata()[METADATA_KEY]
    assert old in document
    tensors = safetensors.torch.load_file(path)
    safetensors.torch.save_file(tensors, path, {METADATA_KEY: document.replace(old, new)})
