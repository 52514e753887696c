"""The machines that ship: one for a task and its series, the copy's first, and each answers its task's example."""

from __future__ import annotations

import pytest

from tapedeck.checkpoints import CheckpointInfo, CheckpointLibrary
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.tasks import TASKS
from tapedeck.tracing import prepare

SHIPPED = CheckpointLibrary(SHIPPED_CHECKPOINTS)
LISTED = [entry for entry in SHIPPED.list() if isinstance(entry, CheckpointInfo)]
FINAL = [entry for entry in LISTED if entry.id == entry.origin["run"]]


def test_the_list_begins_with_the_machine_that_copies_and_has_one_of_every_task() -> None:
    assert LISTED[0].task == "copy"
    assert [entry.task for entry in FINAL] == [*TASKS]


def test_all_that_ships_is_under_12_megabytes() -> None:
    assert sum(path.stat().st_size for path in SHIPPED_CHECKPOINTS.iterdir()) < 12_000_000


@pytest.mark.parametrize("final", FINAL, ids=lambda info: info.id)
def test_a_shipped_machine_answers_its_tasks_example_and_has_its_series_and_its_card(final: CheckpointInfo) -> None:
    run = prepare(SHIPPED.get(final.id).machine, final.task, TASKS[final.task].example)
    assert run.trace().bit_errors == 0
    series = [entry for entry in LISTED if entry.origin["run"] == final.id and entry is not final]
    assert [0, final.sequences_seen] == [series[-1].sequences_seen, series[0].sequences_seen]
    assert (SHIPPED_CHECKPOINTS / f"{final.id}.metrics.jsonl").exists()
    assert final.sha256 in (SHIPPED_CHECKPOINTS / "README.md").read_text()
