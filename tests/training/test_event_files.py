"""TensorBoard's event files, read back by TensorBoard."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tapedeck.errors import CheckpointUnwritable, TrainingError
from tapedeck.training import event_files
from tapedeck.training.event_files import EventFiles
from tapedeck.training.trainer import Progress


def line(sequences: int, loss: float | None) -> Progress:
    return Progress(sequences, 100, loss, None, 3, None, None, skipped=1, seconds=2.5)


def scalars(folder: Path) -> dict[str, list[tuple[int, float]]]:
    found = EventAccumulator(str(folder)).Reload()
    return {tag: [(each.step, each.value) for each in found.Scalars(tag)] for tag in found.Tags()["scalars"]}


def test_every_number_that_there_is(tmp_path: Path) -> None:
    files = EventFiles(tmp_path / "a")
    files.begin(0)
    files.record(line(0, None))
    files.record(line(10, 0.5))
    assert scalars(tmp_path / "a") == {
        "loss": [(10, 0.5)],
        "validation errors": [(0, 3.0), (10, 3.0)],
        "skipped updates": [(0, 1.0), (10, 1.0)],
    }


@pytest.mark.parametrize(("sequences", "kept"), [(0, []), (10, [(10, 0.5)])])
def test_what_comes_again_is_hidden(tmp_path: Path, sequences: int, kept: list[tuple[int, float]]) -> None:
    files = EventFiles(tmp_path)
    files.begin(0)
    for each in (10, 20, 30):
        files.record(line(each, 0.5))
    again = EventFiles(tmp_path)
    again.begin(sequences)
    again.record(line(40, 0.25))
    assert scalars(tmp_path)["loss"] == [*kept, (40, 0.25)]


def test_a_library_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    EventFiles.check()
    monkeypatch.setattr(event_files, "find_spec", lambda name: None if name == "tensorboard" else find_spec(name))
    with pytest.raises(TrainingError, match="TensorBoard is not installed"):
        EventFiles.check()


def test_a_folder_that_cannot_be_one(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CheckpointUnwritable, match="cannot be written"):
        EventFiles(tmp_path / "file").begin(0)
