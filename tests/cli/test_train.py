"""`tapedeck train` as it is started, stopped, killed, and gone on with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tapedeck import cli
from tapedeck.checkpoints import read_info
from tapedeck.training import controllers
from tapedeck.training.compiling import Compilation
from tapedeck.training.controllers import Controller
from tapedeck.training.recipe import Recipe
from tapedeck.training.run import TrainingRun
from tests.cli.conftest import ROOT
from tests.training.tiny import TINY

RECIPE = replace(TINY, sequences=840, batch_size=4, longest=2)
"""210 updates, of which each takes a few milliseconds: two resume files on the way."""

FILE = "\n".join(f"{name} = {value}" for name, value in RECIPE.as_dict().items() if isinstance(value, int | float))


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    path = tmp_path / "recipe.toml"
    path.write_text(FILE)
    return path


SIGNALLED = """
import os, re, sys
from tapedeck.cli import main
number, beginning = int(sys.argv.pop(1)), sys.argv.pop(1)
write = sys.stdout.write

def watched(text):
    written = write(text)
    if re.match(beginning, text):
        sys.stdout.write = write
        sys.stdout.flush()
        os.kill(os.getpid(), number)
    return written

if number:
    sys.stdout.write = watched
main()
"""
"""The command, which sends itself that signal once it has said a line that begins so: it is never over by then."""


@contextmanager
def training(*arguments: str | Path, number: int = 0, at: str = "") -> Iterator[subprocess.Popen[str]]:
    """`tapedeck train copy` in a process of its own; what it says goes through a pipe."""
    with subprocess.Popen(
        [sys.executable, "-c", SIGNALLED, str(number), at, "train", "copy", *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def rest(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = process.stdout.read()
    process.wait()
    return said


def run(*arguments: str | Path | int) -> int:
    """The command in this process: its exit code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["tapedeck", "train", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def checkpoints(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.safetensors")}


def uninterrupted(recipe: Recipe, folder: Path, *seeds: int) -> dict[str, bytes]:
    for seed in seeds:
        for _ in TrainingRun.start(recipe, seed, folder, Compilation.NEVER):
            pass
    return checkpoints(folder)


def test_interrupted_and_killed_and_gone_on_with_it_leaves_the_same_bytes(tmp_path: Path, recipe: Path) -> None:
    command = ("--seed", "5", "--recipe", recipe, "--compile", "never", "--out", tmp_path / "runs")
    with training(*command, number=signal.SIGINT, at=r"copy-5: \d+/840 ") as process:
        said = rest(process)
        assert process.returncode == 130
    assert "copy-5: stopped at " in said
    assert f"continue with: tapedeck train copy --seed 5 --out {tmp_path / 'runs'} --resume\n" in said
    assert "Traceback" not in said

    beyond = r"copy-5: 4\d\d/840 "  # the first resume file on the way
    with training("--seed", "5", "--out", tmp_path / "runs", "--resume", number=signal.SIGKILL, at=beyond) as process:
        rest(process)
        assert process.returncode == -signal.SIGKILL
    assert not (tmp_path / "runs" / "copy-5.safetensors").exists()

    with training("--seed", "5", "--out", tmp_path / "runs", "--resume") as process:
        said = rest(process)
        assert process.returncode == 0, said
    assert checkpoints(tmp_path / "runs") == uninterrupted(RECIPE, tmp_path / "whole", 5)


def test_several_seeds_are_killed_and_gone_on_with_and_end_with_a_table(tmp_path: Path, recipe: Path) -> None:
    options = ("--processes", "2", "--recipe", recipe, "--compile", "never", "--resume")
    command = ("--seeds", "1-3", "--out", tmp_path / "runs", *options)
    # Another is on its way, and one is not begun or has just been.
    with training(*command, number=signal.SIGKILL, at="copy-1: finished") as process:
        rest(process)  # the pipe stays open until those that trained have seen that, and are gone

    with training(*command) as process:
        said = rest(process)
        assert process.returncode == 0, said
    assert "copy-1: already over" in said
    rows = [line.split("│")[1].strip() for line in said.splitlines() if line.startswith("│")]
    assert [seed for seed in rows if seed] == ["1", "2", "3"]
    assert said.splitlines()[-1].startswith("0 of 3 seeds at 0 errors on lengths 1–2")
    assert checkpoints(tmp_path / "runs") == uninterrupted(RECIPE, tmp_path / "whole", 1, 2, 3)


def test_several_seeds_save_when_they_are_told_to_end(tmp_path: Path, recipe: Path) -> None:
    command = ("--seeds", "1,2", "--recipe", recipe, "--compile", "never", "--out", tmp_path / "runs")
    with training(*command, number=signal.SIGTERM, at="copy-") as process:
        said = rest(process)
        assert process.returncode == 128 + signal.SIGTERM, said
    assert f"continue with: tapedeck train copy --seeds 1,2 --out {tmp_path / 'runs'} --resume\n" in said
    assert "Traceback" not in said


def test_the_command_line_beats_the_file_and_the_file_the_defaults(
    tmp_path: Path, recipe: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--recipe", recipe, "--sequences", 8, "--set", "longest=5", "--set", "patterns.ones=1", "--longest", 3)
    assert run("copy", *options, "--compile", "never", "--out", tmp_path) == 0
    found = read_info(tmp_path / "copy-1.safetensors").origin["recipe"]
    assert found == replace(RECIPE, sequences=8, longest=3, patterns={"ones": 1}).as_dict()
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "copy-1: from 0 to 8 sequences"
    assert said[-1].endswith(f"; {tmp_path}/copy-1.safetensors")
    assert run("copy", "--resume", "--out", tmp_path) == 0
    assert capsys.readouterr().out.startswith("copy-1: already over")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["sort"], "There is no task “sort”; the tasks are copy, repeat_copy, associative_recall, "),
        (["copy", "--longest", "200"], "A copy of 200 vectors needs at least 202 locations, got 128"),
        (["copy", "--longest", "0"], "longest must be a whole number of at least 1, got 0"),
        (["copy", "--locations", "20"], "A copy of 20 vectors needs at least 22 locations, got 20"),
        (["copy", "--seed", "-1"], "seed must be"),
        (["copy", "--seed", "1", "--seeds", "1-2"], "either --seed or --seeds"),
        (["copy", "--seeds", "3-1"], "--seeds: 3-1 must be a range of 1 to 100,000 numbers"),
        (["copy", "--seeds", "1-99999"], "--seeds takes at most 10,000 seeds"),
        (["copy", "--seeds", "one"], "--seeds must be numbers such as 1-20 or 1,3,5; got “one”"),
        (["copy", "--resume", "--force"], "--resume continues and --force starts over"),
        (["copy", "--set", "longest"], "--set takes a field and a value"),
        (["copy", "--set", "longst=3"], "A recipe has no field “longst”"),
        (["copy", "--patterns", "random=x"], "--patterns must look like"),
        (["copy", "--patterns", "odd"], "There is no pattern “odd”"),
        (["copy", "--recipe", "none.toml"], "none.toml cannot be read: No such file"),
        (["copy", "--recipe", "wrong.toml"], "wrong.toml: A recipe has no field “longst”"),
        (["copy", "--recipe", "no.toml"], "no.toml is not valid TOML: "),
        (["copy", "--out", "no.toml"], "The folder no.toml cannot be made: File exists"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TAPEDECK_RUNS", "runs")
    Path("wrong.toml").write_text("longst = 3")
    Path("no.toml").write_text("longest = ")
    assert run(*arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Error: ")
    assert says in said.err
    assert said.err.count("\n") == 1
    assert not Path("runs").exists()


@pytest.mark.parametrize(("task", "controller"), [("associative_recall", "feed-forward"), ("copy", "lstm")])
def test_either_controller_may_be_chosen_and_one_that_is_untried_is_said_to_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, task: str, controller: str
) -> None:
    monkeypatch.setattr(controllers, "TRIED", {})
    sizes = ("--locations", 40, "--controller-size", 5, "--sequences", 2, "--batch-size", 1, "--compile", "never")
    assert run(task, *sizes, "--controller", controller, "--out", tmp_path) == 0
    assert "controller yet; it may not learn." in capsys.readouterr().out
    info = read_info(tmp_path / f"{task}-1.safetensors")
    assert (info.spec.controller.kind, info.spec.controller.sizes) == (Controller(controller).kind, (5,))
    assert len(info.spec.heads) == (8 if task == "associative_recall" else 2)
    assert info.name == f"{task.replace('_', ' ')}, {'LSTM' if controller == 'lstm' else controller}, seed 1"
    assert run(task, "--resume", "--out", tmp_path) == 0
    assert run(task, *sizes, "--resume", "--controller", "lstm" if controller != "lstm" else "feed-forward",
               "--out", tmp_path) == 2  # fmt: skip
    assert "was trained with another recipe (controller is " in capsys.readouterr().err


def test_a_run_that_is_there_is_not_lost(tmp_path: Path, recipe: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ("copy", "--recipe", recipe, "--sequences", 8, "--compile", "never", "--out", tmp_path)
    assert run(*command) == 0
    before = checkpoints(tmp_path)
    assert run(*command) == 2
    assert "already holds a run copy-1; continue it (--resume), start it over (--force)" in capsys.readouterr().err
    assert run(*command, "--seeds", "1-2") == 2
    assert run(*command, "--resume", "--longest", 1) == 2
    assert "copy-1 in " in capsys.readouterr().err
    assert checkpoints(tmp_path) == before
    assert run(*command, "--force") == 0
    assert checkpoints(tmp_path) == before


def test_a_full_disk_is_said_and_nothing_is_lost(
    tmp_path: Path, recipe: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    written = 0
    whole = Path.replace

    def fill(path: Path, target: Path) -> Path:
        nonlocal written
        written += 1
        if written > 4:
            raise OSError(28, "No space left on device")
        return whole(path, target)

    monkeypatch.setattr(Path, "replace", fill)
    assert run("copy", "--recipe", recipe, "--compile", "never", "--out", tmp_path) == 2
    said = capsys.readouterr().err
    assert "cannot be written: No space left on device. Make room" in said
    assert said.count("\n") == 1
    assert (tmp_path / "copy-1.resume").exists()
