"""`tapedeck checkpoints`."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tapedeck.checkpoints import read_info
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.cli.commands import app
from tapedeck.errors import CheckpointUnreadable
from tests.checkpoints.conftest import write


def run(*arguments: str | Path) -> Result:
    """`tapedeck checkpoints` on a terminal of 100 columns."""
    return CliRunner().invoke(app, ["checkpoints", *map(str, arguments)], env={"COLUMNS": "100"})


def test_lists_the_best_first_and_what_is_wrong(tmp_path: Path) -> None:
    folder = tmp_path
    write(folder / "copy-1-000200.safetensors", seen=200)
    write(folder / "copy-1.safetensors", seen=16000)
    write(folder / "[bold]brackets[bold].safetensors", seen=None)
    (folder / "broken.safetensors").write_bytes(b"broken")
    done = run("--checkpoints", folder)
    assert done.exit_code == 0
    rows = done.stdout.splitlines()
    order = ["copy-1 ", "[bold]brackets[bold]", "copy-1-000200", "broken.safetensors: it is not a whole safetensors"]
    found = [next(number for number, row in enumerate(rows) if wanted in row) for wanted in order]
    assert found == sorted(found)
    assert "16,000" in rows[found[0]]
    assert "6 × 4" in rows[found[0]]
    assert "unreadable" in rows[found[3]]


def test_the_folder_is_the_shipped_one_or_the_environments_wherever_it_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TAPEDECK_CHECKPOINTS", raising=False)
    assert read_info(SHIPPED_CHECKPOINTS / "copy-1.safetensors").sha256[:8] in run().stdout
    (tmp_path / "mine").mkdir()
    monkeypatch.setenv("TAPEDECK_CHECKPOINTS", str(tmp_path / "mine"))
    assert "No checkpoints in" in run().stdout


def test_empty_folder(tmp_path: Path) -> None:
    assert run("--checkpoints", tmp_path).stdout == f"No checkpoints in {tmp_path}.\n"


def test_missing_folder(tmp_path: Path) -> None:
    error = run("--checkpoints", tmp_path / "none").exception
    assert isinstance(error, CheckpointUnreadable)
    assert error.detail == f"The checkpoints folder {tmp_path / 'none'} cannot be read: No such file or directory."
