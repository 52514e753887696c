"""The machines that ship, with their series: of each task the default first, and each answers its task's example."""

from __future__ import annotations

import pytest

from tapedeck.checkpoints import CheckpointInfo, CheckpointLibrary
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.tasks import TASKS
from tapedeck.tracing import prepare
from tapedeck.training.controllers import TRIED
from tapedeck.training.recipes import default_recipe

SHIPPED = CheckpointLibrary(SHIPPED_CHECKPOINTS)
LISTED = [entry for entry in SHIPPED.list() if isinstance(entry, CheckpointInfo)]
FINAL = [entry for entry in LISTED if entry.id == entry.origin["run"]]


def test_the_list_begins_with_the_machine_that_copies_and_each_task_with_its_own_controllers() -> None:
    assert LISTED[0].id == "copy-1"
    firsts = {entry.task: entry.spec.controller.kind for entry in reversed(FINAL)}
    assert firsts == {task: default_recipe(task).controller for task in TASKS}


def test_both_controllers_ship_where_both_have_learned() -> None:
    shipped = {(entry.task, entry.spec.controller.kind) for entry in FINAL}
    assert len(shipped) == len(FINAL)
    assert shipped == {each for each, tried in TRIED.items() if tried.learned}


def test_all_that_ships_is_under_12_megabytes() -> None:
    assert sum(path.stat().st_size for path in SHIPPED_CHECKPOINTS.iterdir()) < 12_000_000


@pytest.mark.parametrize("final", FINAL, ids=lambda info: info.id)
def test_a_shipped_machine_answers_its_tasks_example_and_has_its_series_and_its_card(final: CheckpointInfo) -> None:
    run = prepare(SHIPPED.get(final.id).machine, final.task, TASKS[final.task].example)
    assert run.trace().bit_errors == 0
    series = [entry for entry in LISTED if entry.origin["run"] == final.id and entry is not final]
    assert series[-1].sequences_seen == 0
    assert max(entry.sequences_seen or 0 for entry in series) < (final.sequences_seen or 0)
    assert (SHIPPED_CHECKPOINTS / f"{final.id}.metrics.jsonl").exists()
    assert final.sha256 in (SHIPPED_CHECKPOINTS / "README.md").read_text()
