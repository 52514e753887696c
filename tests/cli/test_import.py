"""`tapedeck import`."""

from __future__ import annotations

import os
import pickle
from hashlib import sha256
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

from tapedeck.checkpoints import read_checkpoint
from tapedeck.cli.commands import app
from tapedeck.errors import CheckpointUnreadable, CheckpointUnwritable, TapedeckError, UnsafePickle
from tapedeck.ntm import NeuralTM
from tests.checkpoints.importers.files import Sizes, family_a, family_b
from tests.checkpoints.legacy_files import legacy_bytes
from tests.cli.conftest import Tapedeck


@pytest.fixture
def machine() -> NeuralTM:
    torch.manual_seed(0)
    return NeuralTM()


@pytest.fixture
def legacy(tmp_path: Path, machine: NeuralTM) -> Path:
    path = tmp_path / "i-27000.pt"
    path.write_bytes(legacy_bytes(machine))
    return path


def test_imports(tmp_path: Path, legacy: Path, machine: NeuralTM) -> None:
    out = tmp_path / "mine.safetensors"
    done = CliRunner().invoke(app, ["import", str(legacy), str(out)])
    assert (done.exit_code, done.stderr) == (0, "")
    said, played, noise, hashed = done.stdout.splitlines()
    assert said == f"{out}: i-27000, 12,602 parameters, 128 × 20 memory"
    assert " of 160 bits as family reference, variant 1 (dichotomies/ntm-pytorch: " in played
    assert "no better than a machine that has learned nothing" in noise
    assert hashed == f"SHA-256 of the file {sha256(legacy.read_bytes()).hexdigest()}; its licence is not in it."
    info, read = (found := read_checkpoint(out)).info, found.machine
    assert (info.id, info.name, info.task, info.sequences_seen, info.seed) == ("mine", "i-27000", "copy", 27000, None)
    origin = info.origin
    assert (origin["kind"], origin["file"], origin["family"], origin["licence"]) == (
        "imported",
        "i-27000.pt",
        "reference",
        None,
    )
    assert origin["sha256"] == sha256(legacy.read_bytes()).hexdigest()
    assert torch.equal(read.readhead.produce_k_t.weight, machine.readhead.produce_k_t.weight)


def test_name(tmp_path: Path, legacy: Path) -> None:
    out = tmp_path / "out.safetensors"
    done = CliRunner().invoke(app, ["import", str(legacy), str(out), "--name", "the reference's"])
    assert done.exit_code == 0
    assert read_checkpoint(out).info.name == "the reference's"


def test_replaces_only_by_force(tmp_path: Path, legacy: Path) -> None:
    out = tmp_path / "out.safetensors"
    out.write_bytes(b"old")
    assert "is there already; give --force to replace it" in refusal(legacy, out, CheckpointUnwritable)
    assert out.read_bytes() == b"old"
    assert CliRunner().invoke(app, ["import", str(legacy), str(out), "--force"]).exit_code == 0
    assert read_checkpoint(out).info.sequences_seen == 27000


def refusal(file: Path, out: Path, kind: type[TapedeckError]) -> str:
    """The sentence of the error that the command ends in."""
    error = CliRunner().invoke(app, ["import", str(file), str(out)]).exception
    assert isinstance(error, kind)
    return error.detail


def test_missing_folder(tmp_path: Path, legacy: Path) -> None:
    assert "No such file or directory" in refusal(legacy, tmp_path / "none" / "a.safetensors", CheckpointUnwritable)


def test_other_suffix(tmp_path: Path, legacy: Path) -> None:
    assert "must end in .safetensors" in refusal(legacy, tmp_path / "a.pt", CheckpointUnwritable)


def test_missing_file(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "none.pt", tmp_path / "a.safetensors", CheckpointUnreadable)


def test_hostile_file_runs_nothing(tmp_path: Path, tapedeck: Tapedeck) -> None:
    class Hostile:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.system, (f"touch {tmp_path / 'marker'}",)

    hostile, out = tmp_path / "i-1.pt", tmp_path / "a.safetensors"
    hostile.write_bytes(pickle.dumps(Hostile()))
    done = tapedeck("import", hostile, out)
    assert done.returncode == 2
    assert done.stderr == (
        "Error: i-1.pt: its pickle asks for “posix.system”, which no checkpoint needs; nothing in it was run.\n"
    )
    assert [file.name for file in tmp_path.iterdir()] == ["i-1.pt"]
    refusal(hostile, out, UnsafePickle)


A, B = family_a(Sizes()), family_b(Sizes(o=3), erases=False)
LEFT_OUT: dict[str, tuple[object, list[str]]] = {
    "a copy and a tensor": (
        {"model": A, "ema": A, "extra.weight": torch.ones(3)},
        [
            "More than one machine is in the file: this is the one under “model”; not taken: under “ema”.",
            "Nothing is known of extra.weight, which were left out.",
        ],
    ),
    "another size": (
        {"g": A, "h": family_a(Sizes(n=9))},
        ["More than one machine is in the file: this is the one under “g”; not taken: under “h”."],
    ),
    "another family": (
        {"g.net": B, "h": A},
        ["More than one machine is in the file: this is the one under “h”; not taken: under “g.net”."],
    ),
    "within it": (
        {**A, "ema": A, "extra": torch.ones(3)},
        [
            "More than one machine is in the file: this is the one at its top; not taken: under “ema”.",
            "Nothing is known of extra, which were left out.",
        ],
    ),
    "tensors beside it and within it": (
        {"model": {**A, "a": torch.ones(3)}, "b": torch.ones(3)},
        ["Nothing is known of model.a, b, which were left out."],
    ),
    "nothing": ({"model": A}, []),
}


@pytest.mark.parametrize("case", LEFT_OUT)
def test_what_is_left_out_of_a_file_is_said(case: str, tmp_path: Path) -> None:
    what, said = LEFT_OUT[case]
    file = tmp_path / "theirs.pt"
    torch.save(what, file)
    done = CliRunner().invoke(app, ["import", str(file), str(tmp_path / "a.safetensors"), "--task=copy"])
    assert (done.exit_code, done.stderr) == (0, "")
    assert [line for line in done.stdout.splitlines() if "left out" in line or "not taken" in line] == said
