"""`tapedeck paper`, and docs/paper.md, which it makes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from tapedeck.checkpoints import read_info
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.cli.commands import app
from tapedeck.cli.paper import REPORTED, Ours, machines_of, text
from tapedeck.tasks import TASKS
from tapedeck.training.starting import initial_machine
from tests.checkpoints.conftest import write
from tests.training.tiny import TINY_RECALL

DOCS = Path(__file__).parents[2] / "docs"
IDENTIFIER = "{http://purl.org/dc/elements/1.1/}identifier"
PICTURE = re.compile(r"!\[.*\]\((.*)\)")


@pytest.fixture(scope="module")
def shipped() -> dict[str, list[Ours]]:
    return machines_of(SHIPPED_CHECKPOINTS)


def test_every_task_of_the_paper_is_there_and_its_sizes_are_the_task_s() -> None:
    assert [reported.task for reported in REPORTED] == list(TASKS)
    for reported in REPORTED:
        names = {size.name for size in TASKS[reported.task].sizes}
        assert all(set(size) == names for size in (reported.run, *reported.shown, *reported.counted))


def test_the_page_in_docs_is_of_the_machines_that_ship(shipped: dict[str, list[Ours]]) -> None:
    """If this fails because a machine, its counts or its metrics have changed: make paper."""
    assert (DOCS / "paper.md").read_text(encoding="utf-8") == text(shipped, "paper")


def test_the_pictures_in_docs_are_of_the_machines_that_ship(shipped: dict[str, list[Ours]]) -> None:
    named = PICTURE.findall((DOCS / "paper.md").read_text(encoding="utf-8"))
    assert sorted(named) == sorted(f"paper/{path.name}" for path in (DOCS / "paper").iterdir())
    for name in named:
        task = Path(name).name.rpartition("-")[0]
        (identifier,) = ET.parse(DOCS / name).getroot().iter(IDENTIFIER)  # noqa: S314 (our own)
        assert identifier.text == f"sha256:{shipped[task][0].info.sha256}"
    assert sum(path.stat().st_size for path in (DOCS / "paper").iterdir()) < 2**20


def test_counts_and_pictures_of_a_folder_and_the_tasks_that_it_has_none_of(tmp_path: Path) -> None:
    folder = tmp_path / "machines"
    folder.mkdir()
    machine = write(folder / "a.safetensors", initial_machine(TINY_RECALL, seed=1), task=TINY_RECALL.task, run="a")
    write(folder / "uncounted.safetensors")
    counted = {"checkpoint": "a", "sha256": read_info(machine).sha256, "pattern": "random", "locations": 9}
    counted |= {"sequences": 5, "exact": 4, "bits": 90, "wrong_bits": 3, "interval": [0.00412, 0.0512]}
    plan = {"seed": 7, "sizes": {"items": [6, 7]}}
    results = [counted | {"items": 6}, counted | {"items": 7, "wrong_bits": 77}]
    (folder / "a.evaluation.json").write_text(json.dumps({"versions": {}, "plan": plan, "results": results}))
    done = CliRunner().invoke(app, ["paper", "--out", str(tmp_path / "there.md"), "--checkpoints", str(folder)])
    assert (done.exit_code, done.stderr) == (0, "")
    assert "No machine for copy has its counts beside it; the task is left empty." in done.stdout
    made = (tmp_path / "there.md").read_text()
    assert "items 6: 3 of 90 (0.41 … 5.2 %)" in made
    assert "77 of 90" not in made  # a size that the paper says nothing about
    assert "| no metrics |" in made
    assert "none ships yet" in made
    pictures = PICTURE.findall(made)
    assert pictures == ["there/associative_recall-generalization.svg", "there/associative_recall-memory.svg"]
    assert all((tmp_path / picture).read_bytes().startswith(b"<?xml") for picture in pictures)
