"""`tapedeck figures`."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import tapedeck as td
from tapedeck.checkpoints import read_info
from tapedeck.cli import output_folder
from tapedeck.cli.commands import app
from tapedeck.cli.figures import FORMS
from tapedeck.errors import CheckpointNotFound, CheckpointUnreadable, FileUnwritable, InvalidRequest, TapedeckError
from tapedeck.training.compiling import Compilation
from tapedeck.training.run import TrainingRun
from tapedeck.training.sized_recipe import SizedRecipe
from tapedeck.training.starting import initial_machine
from tests.checkpoints.conftest import write
from tests.cli.conftest import Tapedeck
from tests.figures.conftest import write_machine
from tests.training.tiny import TINY, TINY_RECALL, TINY_REPEAT, TINY_SORT

NAMES = sorted(f"{figure}{form}" for figure in ("verification", "generalization") for form in FORMS)
SMALL = ("--length", "3", "--lengths", "2,3")


@pytest.fixture
def machines(tmp_path: Path) -> Path:
    """A folder of one machine."""
    folder = tmp_path / "machines"
    folder.mkdir()
    write_machine(folder / "small.safetensors")
    return folder


def run(out: Path, machines: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["figures", str(out), "--checkpoints", str(machines), *arguments])


def refusal(out: Path, machines: Path, *arguments: str) -> TapedeckError:
    """The error that the command ends in; nothing is made."""
    error = run(out, machines, *arguments).exception
    assert isinstance(error, TapedeckError)
    return error


def test_draws_both_figures_of_the_best_machine(tmp_path: Path, machines: Path) -> None:
    out = tmp_path / "new" / "figures"
    done = run(out, machines, *SMALL, "--processes", "2")
    assert (done.exit_code, done.stderr) == (0, "")
    assert sorted(path.name for path in out.iterdir()) == NAMES
    assert "Verification: a copy of 3 vectors." in done.stdout
    assert "Generalization: copies of 2 and 3 vectors." in done.stdout
    assert all(f"Wrote {out / name} (" in done.stdout for name in NAMES)
    assert "No learning figure: there are no metrics beside small; tapedeck train writes them." in done.stdout
    sha256 = read_info(machines / "small.safetensors").sha256.encode()
    assert all(sha256 in (out / name).read_bytes() for name in NAMES)


@pytest.mark.parametrize(
    ("recipe", "arguments", "says"),
    [
        (
            TINY_RECALL,
            ("--size", "items=2,3", "--locations", "30"),
            "Generalization: associative recall. Heatmaps of target, output and error",
        ),
        (TINY_REPEAT, ("--size", "length=1,2", "--size", "repeats=2", "--locations", "30"), "2 vectors, 2 times: "),
        (TINY_REPEAT, ("--locations", "30"), "10 vectors, 5 times: "),
        (TINY_SORT, (), "Verification: the first 10 of 12 vectors by priority. "),
    ],
)
def test_draws_both_figures_of_a_machine_of_another_task(
    tmp_path: Path, recipe: SizedRecipe, arguments: tuple[str, ...], says: str
) -> None:
    out = tmp_path / "figures"
    write(tmp_path / "machine.safetensors", initial_machine(recipe, seed=1), task=recipe.task)
    done = run(out, tmp_path, *arguments)
    assert (done.exit_code, done.stderr) == (0, "")
    assert sorted(path.name for path in out.iterdir()) == NAMES
    assert says in done.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--size", "length=2"), "An evaluation of associative_recall takes the sizes items, got length."),
        (("--lengths", "2"), "An evaluation of associative_recall takes the sizes items, got length."),
        (("--size", "items=1"), "items must be whole numbers from 2 to 250, got 1."),
        (("--size", "items=2-30"), "A figure holds at most 20 examples, got 29."),
    ],
)
def test_sizes_that_a_task_does_not_have_are_refused(tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    write(tmp_path / "machine.safetensors", initial_machine(TINY_RECALL, seed=1), task=TINY_RECALL.task)
    assert refusal(tmp_path / "out", tmp_path, *arguments).detail == sentence


def test_draws_the_learning_curve_of_runs_side_by_side(tmp_path: Path) -> None:
    recipe = replace(TINY_RECALL, sequences=8)
    for seed, folder in ((1, "a"), (2, "b")):
        for _ in TrainingRun.start(recipe, seed, make_folder(tmp_path / folder), Compilation.NEVER):
            pass
    other = tmp_path / "b" / "associative_recall-2.safetensors"
    sizes = ("--size", "items=2", "--locations", "30")
    done = run(tmp_path / "out", tmp_path / "a", "--beside", str(other), *sizes)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "Learning: associative recall. Cost of a sequence (bits) against sequences seen. associative_recall-1: " in (
        done.stdout
    )
    assert f"; {other.with_suffix('')}: " in done.stdout
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        [*NAMES, *(f"learning{form}" for form in FORMS)]
    )
    copy = write(make_folder(tmp_path / "c") / "copy-1.safetensors")
    error = refusal(tmp_path / "no", tmp_path / "a", "--beside", str(copy))
    assert error.detail == (
        f"--beside must be a run of associative_recall, as associative_recall-1 is; {copy} is one of copy."
    )
    (tmp_path / "b" / "associative_recall-2.metrics.jsonl").unlink()
    error = refusal(tmp_path / "no", tmp_path / "a", "--beside", str(other))
    assert error.detail == f"--beside {other} has no metrics beside it; take a run of tapedeck train."
    error = refusal(tmp_path / "no", tmp_path / "a", *(6 * ("--beside", "associative_recall-1")))
    assert error.detail == "A learning figure holds at most 6 runs, got 7."
    assert not (tmp_path / "no").exists()


def make_folder(path: Path) -> Path:
    path.mkdir()
    return path


def test_a_file_and_its_options(tmp_path: Path, machines: Path) -> None:
    """Another machine, memory and seed; old figures are replaced."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "verification.svg").write_text("old")
    machine = write_machine(tmp_path / "other.safetensors")
    done = run(out, machines, "--checkpoint", str(machine), *SMALL, "--locations", "50", "--seed", "9")
    assert done.exit_code == 0
    drawn = (out / "verification.svg").read_text()
    assert "Machine: other (Never trained), trained on 1,200 sequences." in drawn
    assert "Memory: 50 locations × 4. Random bits of seed 9." in drawn


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--lengths", "10,x"), "--lengths must be whole numbers separated by commas, such as 10,20,60; got “x”."),
        (("--lengths", ""), "--lengths must be whole numbers separated by commas, such as 10,20,60; got “”."),
        (("--lengths", "10,-2"), "--lengths must be whole numbers separated by commas, such as 10,20,60; got “-2”."),
        (("--lengths", ",".join(map(str, range(1, 22)))), "--lengths takes at most 20 lengths, got 21."),
        (("--lengths", "10,0"), "A sequence must have 1 to 1,000 vectors, got 0."),
        (("--length", "2000"), "A sequence must have 1 to 1,000 vectors, got 2,000."),
        (("--locations", "2"), "locations must be at least 3, got 2: a shift reaches one to either side."),
        (("--locations", "5000"), "There can be at most 4,096 locations, got 5,000."),
        (("--seed", "-1"), "A seed must be 0 or more, got -1."),
    ],
)
def test_what_cannot_be_drawn(tmp_path: Path, machines: Path, arguments: tuple[str, ...], sentence: str) -> None:
    error = refusal(tmp_path / "out", machines, *arguments)
    assert isinstance(error, InvalidRequest)
    assert error.detail == sentence
    assert not (tmp_path / "out").exists()


def test_unknown_checkpoint(tmp_path: Path, machines: Path) -> None:
    error = refusal(tmp_path / "out", machines, "--checkpoint", "large")
    assert isinstance(error, CheckpointNotFound)
    assert error.detail == "There is no checkpoint “large”; there are small."
    assert isinstance(refusal(tmp_path / "out", machines, "--checkpoint", "no/such.safetensors"), CheckpointUnreadable)
    assert not (tmp_path / "out").exists()


def test_no_checkpoint_at_all(tmp_path: Path) -> None:
    (tmp_path / "broken.safetensors").write_bytes(b"broken")
    error = refusal(tmp_path / "out", tmp_path)
    assert isinstance(error, CheckpointNotFound)
    assert error.detail == f"There is no checkpoint in {tmp_path}; name a file or an id with --checkpoint."


def test_error_is_one_line(tmp_path: Path, tapedeck: Tapedeck) -> None:
    (tmp_path / "out").write_text("a file")
    done = tapedeck("figures", tmp_path / "out")
    assert done.returncode == 2
    assert done.stderr == f"Error: {tmp_path / 'out'} cannot be written into: it is not a folder.\n"


def test_a_folder_that_cannot_be_made(tmp_path: Path, machines: Path) -> None:
    error = refusal(Path("/proc/none"), machines)
    assert isinstance(error, FileUnwritable)
    assert error.detail == "/proc/none cannot be created: No such file or directory."
    assert isinstance(refusal(tmp_path / ("long" * 100), machines), FileUnwritable)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(tmp_path: Path, machines: Path) -> None:
    out = tmp_path / "out"
    out.mkdir(mode=0o500)
    assert isinstance(refusal(out, machines), FileUnwritable)


def test_a_folder_in_the_place_of_a_figure(tmp_path: Path, machines: Path) -> None:
    (tmp_path / "out" / "verification.png").mkdir(parents=True)
    error = refusal(tmp_path / "out", machines)
    assert error.detail == f"{tmp_path / 'out' / 'verification.png'} cannot be written: it is a folder."


def test_all_files_or_none(tmp_path: Path) -> None:
    """The second cannot be written: the first stays as it was, and nothing else is left."""
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(FileUnwritable, match="cannot be written into: File name too long"):
        output_folder.write_together(tmp_path, {"a": b"new", "b" * 300: b"new"})
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"old")]


def test_runs_of_several_seeds_are_one_line_with_a_band(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    for seed in (1, 2, 3):
        td.train(replace(TINY, sequences=16), seed=seed, out=runs, compilation="never")
    td.train(replace(TINY, sequences=16, learning_rate=0.001), name="other", out=runs, compilation="never")
    machine, small = ("--checkpoint", str(runs / "copy-2.safetensors")), ("--length", "1", "--lengths", "1")
    done = run(tmp_path / "out", runs, *machine, *small, "--over", str(runs))
    assert done.exception is None
    drawn = (tmp_path / "out" / "learning.svg").read_text()
    assert "Shaded, from the least to the greatest of all seeds." in drawn
    assert "3 seeds, copy: " in done.stdout
    alone = make_folder(tmp_path / "alone")
    error = refusal(tmp_path / "no", runs, *machine, *small, "--over", str(alone))
    assert error.detail.startswith(f"--over {alone} has no run of another seed with the recipe of copy-2")
