"""Runs: the files that they leave, and that it does not matter where they were interrupted."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from itertools import pairwise
from pathlib import Path

import pytest
from filelock import FileLock

from tapedeck.checkpoints import CheckpointInfo, CheckpointLibrary
from tapedeck.errors import InvalidConfiguration, TrainingError
from tapedeck.training import resume, run_files
from tapedeck.training.compiling import Compilation
from tapedeck.training.metrics import MetricsFile
from tapedeck.training.run import TrainingRun
from tapedeck.training.schedule import checkpoint_updates
from tapedeck.training.trainer import Progress
from tests.training.tiny import TINY

CLOCKED = ("seconds", "solved_after")
RECIPE = replace(TINY, sequences=220, longest=2)
"""110 updates: a resume file on the way."""


def start(folder: Path, *, replace: bool = False) -> TrainingRun:
    return TrainingRun.start(RECIPE, 5, folder, Compilation.NEVER, replace=replace)


def checkpoints(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.safetensors")}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that nothing interrupted."""
    folder = tmp_path_factory.mktemp("whole") / "runs"
    for _ in start(folder):
        pass
    return folder


def test_what_it_leaves(whole: Path) -> None:
    series = [f"copy-5-{2 * update:06d}.safetensors" for update in checkpoint_updates(110)]
    assert sorted(path.name for path in run_files.run_files(whole, "copy-5")) == sorted(
        ["copy-5.safetensors", "copy-5.metrics.jsonl", *series]
    )
    infos = [each for each in CheckpointLibrary(whole).list() if isinstance(each, CheckpointInfo)]
    assert [(each.id, each.sequences_seen, each.seed) for each in infos][:2] == [
        ("copy-5", 220, 5),
        ("copy-5-000220", 220, 5),
    ]
    assert infos[0].origin["recipe"] == RECIPE.as_dict()
    assert infos[0].origin["compiled"] is False
    assert [line.sequences for line in MetricsFile(whole / "copy-5.metrics.jsonl").read().lines] == [0, 200, 220]


def test_items_say_where_it_stands_and_at_the_end_it_is_let_go(tmp_path: Path) -> None:
    run = start(tmp_path)
    items = list(run)
    assert all(isinstance(item, Progress) for item in items)
    seen = [item.sequences for item in items]
    assert seen == sorted(set(seen))
    assert (seen[0], seen[-1]) == (0, 220)
    assert all(after - before <= 20 for before, after in pairwise(seen))
    with FileLock(run.folder / ".copy-5.lock", timeout=0):
        pass


@pytest.mark.parametrize(("left_at", "saves"), [(0, False), (20, True), (210, True), (210, False), (220, False)])
def test_left_anywhere_it_ends_with_the_same_bytes(tmp_path: Path, whole: Path, left_at: int, *, saves: bool) -> None:
    run = start(tmp_path)
    for progress in run:
        if progress.sequences >= left_at:
            break
    if saves:
        run.save()
    del run
    for _ in TrainingRun.go_on(tmp_path, "copy-5"):
        pass
    assert checkpoints(tmp_path) == checkpoints(whole)
    assert numbers(tmp_path) == numbers(whole)
    assert not (tmp_path / "copy-5.resume").exists()


def numbers(folder: Path) -> list[dict[str, object]]:
    """The lines of metrics without those of the clock."""
    lines = MetricsFile(folder / "copy-5.metrics.jsonl").read().lines
    return [{name: value for name, value in asdict(line).items() if name not in CLOCKED} for line in lines]


def test_what_a_killed_process_left_unfinished_goes_away(tmp_path: Path) -> None:
    next(iter(start(tmp_path)))
    left = [tmp_path / name for name in (".copy-5.resume.0a.tmp", ".copy-5-000050.safetensors.0a.tmp")]
    other = tmp_path / ".copy-50.resume.0a.tmp"
    for path in (*left, other):
        path.write_bytes(b"half")
    TrainingRun.go_on(tmp_path, "copy-5")
    assert [path.exists() for path in (*left, other)] == [False, False, True]


def test_that_a_cell_is_not_to_be_compiled_is_kept_from_the_start(tmp_path: Path) -> None:
    next(iter(start(tmp_path)))
    assert resume.read(tmp_path / "copy-5.resume").compiled is False


def test_a_run_is_not_overwritten_unless_that_is_said(tmp_path: Path, whole: Path) -> None:
    before = checkpoints(whole)
    with pytest.raises(TrainingError, match="already holds a run copy-5; continue it"):
        start(whole)
    assert checkpoints(whole) == before
    (tmp_path / "copy-5.safetensors").write_bytes(b"old")
    (tmp_path / "copy-50.safetensors").write_bytes(b"another's")
    start(tmp_path, replace=True)
    assert checkpoints(tmp_path) == {"copy-50.safetensors": b"another's"}


def test_nothing_to_go_on_with(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"There is no .*copy-5\.resume to resume from"):
        TrainingRun.go_on(tmp_path, "copy-5")


def holder(folder: Path) -> subprocess.Popen[str]:
    """A process that has a run for itself until it is told to end."""
    code = (
        "import sys, filelock\n"
        "lock = filelock.FileLock(sys.argv[1])\n"
        "lock.acquire()\n"
        "print('has it', flush=True)\n"
        "sys.stdin.read()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(folder / ".copy-5.lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "has it\n"
    return process


def test_one_process_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    next(iter(start(tmp_path)))
    opens: list[Callable[[], object]] = [
        lambda: start(tmp_path, replace=True),
        lambda: TrainingRun.go_on(tmp_path, "copy-5"),
    ]
    before = checkpoints(tmp_path)
    monkeypatch.setattr(run_files, "PATIENCE", 0.0)
    with holder(tmp_path) as process:
        for open_ in opens:
            with pytest.raises(TrainingError, match="Another process trains copy-5 in "):
                open_()
        assert checkpoints(tmp_path) == before
        process.kill()
    for open_ in opens[::-1]:
        open_()


def test_a_disk_without_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=3 << 19))
    with pytest.raises(TrainingError, match=r"has 1 MB of free space; these 90 runs need \d+ MB\."):
        run_files.prepare_folder(tmp_path, RECIPE, runs=90)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=0))
    with pytest.raises(TrainingError, match=r"has 0 MB of free space; this run needs \d MB\."):
        start(tmp_path)
    assert checkpoints(tmp_path) == {}


def test_a_machine_too_large_to_be_read_is_not_trained(tmp_path: Path) -> None:
    with pytest.raises(
        InvalidConfiguration, match=r"takes \d+ MB, and the most that is read is 64 MB\. Take a smaller"
    ):
        run_files.prepare_folder(tmp_path / "runs", replace(RECIPE, controller_size=600_000))
    assert not (tmp_path / "runs").exists()


def test_a_folder_that_cannot_be_one(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "runs", tmp_path / "a\0b"):
        with pytest.raises(TrainingError, match="cannot be made: "):
            start(folder)
