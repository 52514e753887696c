"""A run of a task other than the copy in a folder: trained, found again, and not begun with fields of another task."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tapedeck.checkpoints import read_checkpoint
from tapedeck.errors import TrainingError
from tapedeck.training.compiling import Compilation
from tapedeck.training.interruption import stop_requests
from tapedeck.training.outcome import Ending, carry_out
from tapedeck.training.request import TrainingRequest
from tapedeck.training.run import TrainingRun
from tests.training.test_trainer import assert_same
from tests.training.tiny import TINY_RECALL, TINY_REPEAT

ENDS_EARLY = replace(TINY_RECALL, sequences=400, decay_after=1, decay_updates=20, learning_rate=1e-9)


@pytest.mark.parametrize("recipe", [TINY_RECALL, TINY_REPEAT], ids=lambda recipe: recipe.task)
def test_a_request_trains_any_task_and_finds_it_over(recipe: object, tmp_path: Path) -> None:
    assert isinstance(recipe, type(TINY_RECALL))
    request = TrainingRequest(3, tmp_path, recipe.as_dict(), Compilation.NEVER, resume=True)
    with stop_requests() as stop:
        assert carry_out(request, stop, lambda *_: None) is Ending.FINISHED
        assert carry_out(request, stop, lambda *_: None) is Ending.OVER
    found = read_checkpoint(tmp_path / f"{recipe.task}-3.safetensors")
    assert found.info.spec == recipe.spec
    assert (found.info.task, found.info.sequences_seen) == (recipe.task, 240)
    assert found.info.origin["recipe"] == recipe.as_dict() | _as_json(recipe.as_dict())
    changed = replace(request, fields={"task": recipe.task, "width": 5})
    with pytest.raises(TrainingError, match="width is 4, not 5"):
        changed.check()


def test_a_run_that_ends_early_leaves_the_machine_of_its_end(tmp_path: Path) -> None:
    run = TrainingRun.start(ENDS_EARLY, 1, tmp_path, Compilation.NEVER)
    run.trainer._validation.amount = lambda machine: 0  # type: ignore[method-assign]
    last = list(run)[-1]
    assert (last.sequences, last.total) == (40, 40)
    series = sorted(path.name for path in tmp_path.glob("*-[0-9]*-*.safetensors"))
    assert series == ["associative_recall-1-000000.safetensors", "associative_recall-1-000040.safetensors"]
    assert_same(read_checkpoint(run.final_path).machine, run.trainer.machine)


def _as_json(fields: dict[str, object]) -> dict[str, object]:
    listed = {name: [*value] for name, value in fields.items() if isinstance(value, tuple)}
    sizes = fields["sizes"]
    assert isinstance(sizes, dict)
    return listed | {"sizes": {name: [*pair] for name, pair in sizes.items()}}
