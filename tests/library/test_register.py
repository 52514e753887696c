"""Tasks from elsewhere: by `register_task` in this process, by the entry point of a distribution in all."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import tapedeck as td
from tapedeck.errors import InvalidConfiguration
from tapedeck.ntm import NeuralTM
from tapedeck.tasks import TASKS
from tapedeck.tasks.registry import OWN, Tasks, checked
from tapedeck.training.recipes import default_recipe

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "reverse_task"
MOST_LINES = 60


def installed(folder: Path, entry: str | None = None) -> Path:
    """A folder for sys.path with the example in it as pip leaves it."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    about = folder / f"tapedeck_reverse-{project['version']}.dist-info"
    about.mkdir(parents=True)
    (folder / "tapedeck_reverse.py").write_bytes((EXAMPLE / "tapedeck_reverse.py").read_bytes())
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    ((group, points),) = project["entry-points"].items()
    named = entry or "\n".join(f"{name} = {value}" for name, value in points.items())
    (about / "entry_points.txt").write_text(f"[{group}]\n{named}\n")
    return folder


@pytest.fixture
def reverse() -> Any:
    spec = importlib.util.spec_from_file_location("tapedeck_reverse", EXAMPLE / "tapedeck_reverse.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.ReverseTask()


def test_a_plug_in_of_sixty_lines_trains_runs_and_is_listed_everywhere(tmp_path: Path) -> None:
    assert len((EXAMPLE / "tapedeck_reverse.py").read_text().splitlines()) <= MOST_LINES
    paths = f"{installed(tmp_path / 'site')}:{ROOT}"
    ran = subprocess.run(
        [sys.executable, "-m", "tests.library.plugin_session", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": paths, "PATH": "", "HOME": str(tmp_path), "COLUMNS": "100"},
        cwd=tmp_path,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    found = json.loads(ran.stdout)
    assert found["machine"] == ["backwards", "reverse"]
    assert found["phases"] == ["input", "end", "recall"]
    assert found["score"]["bits"] == 4
    assert found["counted"] == [12]
    assert found["trace"][0] == 0, found["trace"]
    assert "reverse\n  The bits that come back." in found["listed"]
    assert found["api"] == [*(task.name for task in OWN), "reverse"]
    assert found["answered"] == [200, "reverse"]
    assert found["unknown"].endswith(
        "the tasks are copy, repeat_copy, associative_recall, dynamic_ngrams, priority_sort, reverse."
    )


def test_a_registered_task_is_known_and_a_cell_may_be_run_again(reverse: Any) -> None:
    tasks = Tasks(OWN)
    tasks.register(reverse)
    tasks.register(type(reverse)())
    assert [*tasks] == [*(task.name for task in OWN), "reverse"]
    assert tasks["reverse"] is not reverse
    assert len(tasks) == len(OWN) + 1


def test_what_is_registered_from_the_top_is_found_by_all(reverse: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TASKS, "_tasks", dict(TASKS))
    td.register_task(reverse)
    recipe = default_recipe("reverse")
    assert (recipe.task, recipe.sizes, recipe.bits) == ("reverse", {"length": (1, 8)}, 3)  # type: ignore[union-attr]
    machine = td.load(NeuralTM(recipe.spec))
    assert (machine.task, machine.run(["101", "001"]).steps) == ("reverse", 5)


BROKEN: list[tuple[str, dict[str, Any], str]] = [
    ("name", {"name": "Reverse it"}, "A task's name must be lower-case letters, digits and _, got “Reverse it”"),
    ("taken", {"name": "copy"}, "There is a task “copy” already"),
    ("steps", {"steps": lambda self, size: 9}, r"inputs must have the shape \[T, channels\] = \(9, 4\), got \(5, 4\)"),
    (
        "sizes",
        {"size_of": lambda self, example: {"width": 3}, "steps": lambda self, size: 5},
        "size_of must give length",
    ),
]


@pytest.mark.parametrize(("members", "sentence"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_task_that_contradicts_itself_is_refused(reverse: Any, members: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidConfiguration, match=sentence):
        Tasks(OWN).register(type("Broken", (type(reverse),), members)())


def test_what_is_no_task_is_told_what_it_lacks() -> None:
    with pytest.raises(
        InvalidConfiguration, match=r"object is not a task: it has no name, example, .*subclass tapedeck"
    ):
        checked(object())


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("reverse = tapedeck_gone:Task", "It cannot be loaded: ModuleNotFoundError"),
        ("reverse = tapedeck_reverse:EXAMPLE", "It cannot be loaded: AttributeError"),
        ("reverse = tapedeck_reverse:torch", "module is not a task"),
    ],
)
def test_a_broken_plug_in_is_named_with_its_distribution(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str, sentence: str
) -> None:
    monkeypatch.syspath_prepend(installed(tmp_path, entry))
    tasks = Tasks(OWN)
    for _ in range(2):  # no half of it is kept
        with pytest.raises(InvalidConfiguration, match=f"The plug-in “reverse” of tapedeck-reverse .*{sentence}"):
            len(tasks)
