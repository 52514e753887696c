"""A process that dies while it writes leaves the old checkpoint or the new one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tapedeck.checkpoints import CheckpointLibrary, read_checkpoint
from tests.checkpoints.conftest import write

ROOT = Path(__file__).parents[2]
ROUNDS = 30


def test_killed_in_the_middle_of_writing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.safetensors")
    done = subprocess.run(
        [sys.executable, "-m", "tests.checkpoints.killed_writer", str(path), str(ROUNDS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0, "no kill came in the middle of a write"
    assert read_checkpoint(path).info.id == "a"


def test_what_a_killed_writer_leaves_behind_is_no_checkpoint(tmp_path: Path) -> None:
    path = write(tmp_path / "a.safetensors")
    (tmp_path / ".a.safetensors.0123456789abcdef.tmp").write_bytes(path.read_bytes()[:100])
    (tmp_path / ".b.safetensors").write_bytes(path.read_bytes()[:100])
    assert [entry.id for entry in CheckpointLibrary(tmp_path).list()] == ["a"]
