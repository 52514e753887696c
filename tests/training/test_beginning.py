"""Beginning with a machine that is trained already: a finished run lengthened, its machine taught something else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

import tapedeck as td
from tapedeck.checkpoints import read_checkpoint
from tapedeck.errors import CheckpointNotFound, InvalidConfiguration
from tapedeck.training.compiling import Compilation
from tapedeck.training.request import TrainingRequest
from tests.cli.conftest import Tapedeck, tapedeck  # noqa: F401 - the fixture
from tests.training import tiny

SHORT = replace(tiny.TINY, sequences=16)


@pytest.fixture
def finished(tmp_path: Path) -> td.Machine:
    return td.train(SHORT, out=tmp_path, compilation="never")


def test_a_finished_run_is_lengthened_with_its_recipe_and_another_name(finished: td.Machine, tmp_path: Path) -> None:
    path = tmp_path / "copy-1.safetensors"
    longer = td.train({"sequences": 8, "longest": 2}, name="longer", begin=path, out=tmp_path, compilation="never")
    began = read_checkpoint(tmp_path / "longer-000000.safetensors")
    assert all(
        torch.equal(value, finished.module.state_dict()[name]) for name, value in began.machine.state_dict().items()
    )
    wanted = replace(SHORT, sequences=8, longest=2)
    assert longer.info.origin["recipe"] == wanted.as_dict() | {"patterns": dict(wanted.patterns)}
    assert longer.info.origin["began"] == {"id": "copy-1", "sha256": finished.info.sha256, "sequences_seen": 16}
    assert "began" not in finished.info.origin


def test_a_resumed_run_still_says_what_it_began_with(finished: td.Machine, tmp_path: Path) -> None:
    def ordered(*, resume: bool) -> TrainingRequest:
        path = tmp_path / "copy-1.safetensors"
        return TrainingRequest(
            1, tmp_path, {"sequences": 8}, Compilation.NEVER, resume=resume, run="longer", begin=path
        )

    run = ordered(resume=False).open()
    next(iter(run))
    run.save()
    run.close()
    for _ in (resumed := ordered(resume=True).open()):
        pass
    origin = read_checkpoint(resumed.final_path).info.origin
    assert origin["began"] == {"id": "copy-1", "sha256": finished.info.sha256, "sequences_seen": 16}


def test_another_machine_than_the_recipe_trains_is_refused(finished: td.Machine, tmp_path: Path) -> None:
    path, before = tmp_path / "copy-1.safetensors", sorted(tmp_path.iterdir())
    with pytest.raises(InvalidConfiguration, match="copy-1 is another machine than this recipe trains: its controller"):
        td.train({"controller_size": 9}, name="other", begin=path, out=tmp_path, compilation="never")
    with pytest.raises(InvalidConfiguration, match="its memory is not the same"):
        td.train({"width": 5}, name="other", begin=path, out=tmp_path, compilation="never")
    with pytest.raises(CheckpointNotFound, match="no checkpoint “copy-9”"):
        td.train({}, name="other", begin="copy-9", out=tmp_path, compilation="never")
    assert sorted(tmp_path.iterdir()) == before
    assert td.train({"locations": 9}, name="wider", begin=path, out=tmp_path, compilation="never").id == "wider"


def test_the_command_takes_a_name_and_a_machine_to_begin_with(
    finished: td.Machine,
    tmp_path: Path,
    tapedeck: Tapedeck,  # noqa: F811
) -> None:
    given = ("--from", "copy-1.safetensors", "--out", ".", "--sequences", "4", "--compile", "never")
    said = tapedeck("train", "copy", *given, "--name", "gates-7")
    assert (said.stderr, said.returncode) == ("", 0)
    origin = read_checkpoint(tmp_path / "gates-7.safetensors").info.origin
    assert origin["began"] == {"id": "copy-1", "sha256": finished.info.sha256, "sequences_seen": 16}
    again = tapedeck("train", "copy", *given, "--seeds", "6-8", "--name", "gates")
    assert again.returncode == 2
    assert (
        "already holds a run gates-7; continue it (--resume), start it over (--force), take another name"
        in again.stderr
    )
    assert "The name of a run must be" in tapedeck("train", "copy", "--name", "a/b").stderr
