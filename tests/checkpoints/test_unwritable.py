"""A checkpoint that cannot be written, or could not be read again, is said so; nothing half is left."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch

from tapedeck.checkpoints import read_checkpoint, write_checkpoint
from tapedeck.checkpoints.files import write_atomically
from tapedeck.errors import CheckpointUnwritable
from tapedeck.ntm import NeuralTM
from tests.checkpoints.conftest import random_machine, write


@contextmanager
def full_disk() -> Iterator[None]:
    """No file may grow beyond 1000 bytes: the system refuses in the middle of writing, as on a full disk.

    Not a fixture: that would hold while pytest reports, which may be to a file.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def refusal(path: Path, machine: NeuralTM | None = None) -> str:
    with pytest.raises(CheckpointUnwritable) as caught:
        write(path, machine)
    return caught.value.detail


def test_full_disk_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    with full_disk():
        detail = refusal(path)
    assert detail == f"{path} cannot be written: File too large."
    assert list(tmp_path.iterdir()) == []


def test_full_disk_leaves_the_old_file(checkpoint: Path) -> None:
    before = checkpoint.read_bytes()
    with full_disk():
        refusal(checkpoint, random_machine(1))
    assert checkpoint.read_bytes() == before
    assert list(checkpoint.parent.iterdir()) == [checkpoint]


def test_folder_that_nobody_can_write_to() -> None:
    """The process file system takes no new file, not even from root."""
    assert "cannot be written" in refusal(Path("/proc/a.safetensors"))


def test_missing_folder(tmp_path: Path) -> None:
    path = tmp_path / "none" / "a.safetensors"
    assert refusal(path) == f"{path} cannot be written: No such file or directory."


def test_file_for_a_folder(checkpoint: Path) -> None:
    assert "Not a directory" in refusal(checkpoint / "a.safetensors")


def test_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    path.mkdir()
    assert "Is a directory" in refusal(path)
    assert list(tmp_path.iterdir()) == [path]


def test_name_that_no_file_can_have(tmp_path: Path) -> None:
    with pytest.raises(CheckpointUnwritable):
        write_atomically(tmp_path / "a\0b", b"data")


def test_other_suffix(tmp_path: Path) -> None:
    assert "must end in .safetensors" in refusal(tmp_path / "a.pt")


def test_machine_that_could_not_be_read_again(tmp_path: Path, machine: NeuralTM) -> None:
    with torch.no_grad():
        machine.r_to_s.bias.fill_(torch.nan)
    said = "would not be readable: tensor “r_to_s.bias” must hold finite numbers only."
    assert refusal(tmp_path / "a.safetensors", machine).endswith(said)
    assert list(tmp_path.iterdir()) == []


def test_machine_of_another_precision(tmp_path: Path, machine: NeuralTM) -> None:
    assert "must be F32, got F64" in refusal(tmp_path / "a.safetensors", machine.double())


@pytest.mark.parametrize(
    ("metrics", "said"),
    [({"loss": torch.zeros(1)}, "not JSON"), ({"\ud800": 1}, "not JSON"), ({"n": 2**70}, "not JSON")],
)
def test_metrics_that_are_no_json(tmp_path: Path, machine: NeuralTM, metrics: dict[str, object], said: str) -> None:
    with pytest.raises(CheckpointUnwritable, match=said):
        write_checkpoint(
            tmp_path / "a.safetensors",
            machine,
            name="a",
            task="copy",
            sequences_seen=0,
            seed=0,
            metrics=metrics,  # type: ignore[arg-type]  # wrong on purpose
            origin={},
        )
    assert list(tmp_path.iterdir()) == []


def test_wrong_metadata(tmp_path: Path) -> None:
    assert "metadata is wrong at “sequences_seen”" in refusal_of_count(tmp_path / "a.safetensors", -1)


def refusal_of_count(path: Path, seen: int) -> str:
    with pytest.raises(CheckpointUnwritable) as caught:
        write(path, seen=seen)
    return caught.value.detail


def test_replacing_takes_the_new_one(checkpoint: Path) -> None:
    write(checkpoint, random_machine(5), seen=8)
    assert read_checkpoint(checkpoint).info.sequences_seen == 8
    assert list(checkpoint.parent.iterdir()) == [checkpoint]
