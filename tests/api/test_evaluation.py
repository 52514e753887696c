"""POST /api/evaluation: a line for each result, the library's own numbers, and what is refused."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
import torch

from tapedeck.api.settings import ApiSettings
from tapedeck.checkpoints import CheckpointLibrary
from tapedeck.training import batches, unroll
from tapedeck.training.evaluation import Plan, evaluate
from tapedeck.training.sized_recipe import SizedRecipe
from tapedeck.training.starting import initial_machine
from tests.api.client import WAIT, Service, check_error, refused
from tests.api.conftest import ID, save, serving, small_machine
from tests.training.tiny import TINY_RECALL, TINY_REPEAT, TINY_SORT, until

ASKED = {"checkpoint": ID, "lengths": [2, 5], "patterns": ["random", "ones"], "sequences": 4}


def test_each_line_is_a_result_of_the_library(service: Service, folder: Path) -> None:
    answer = service.http.post("/api/evaluation", json=ASKED)

    assert answer.headers["content-type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in answer.text.splitlines()]
    machine = CheckpointLibrary(folder).get(ID).machine
    expected = evaluate(machine, "copy", Plan({"length": (2, 5)}, ("random", "ones"), 4, seed=1))
    assert lines == [{"checkpoint": ID, **json.loads(json.dumps(each.document()))} for each in expected]
    assert [len(line["worst"]) for line in lines] == [2, 2, 5, 5]


@pytest.mark.parametrize(
    ("recipe", "sizes"),
    [
        (TINY_RECALL, {"items": [2, 3]}),
        (TINY_REPEAT, {"length": [1, 2], "repeats": [2]}),
        (TINY_SORT, {"vectors": [2, 4]}),
    ],
)
def test_a_task_is_evaluated_by_its_own_sizes(tmp_path: Path, recipe: SizedRecipe, sizes: dict[str, list[int]]) -> None:
    save(tmp_path / "tiny.safetensors", initial_machine(recipe, seed=1), task=recipe.task)
    asked = {"checkpoint": "tiny", "sizes": sizes, "sequences": 3}
    with serving(ApiSettings(checkpoints=tmp_path)) as service:
        lines = [json.loads(line) for line in service.http.post("/api/evaluation", json=asked).text.splitlines()]
        values = {name: tuple(each) for name, each in sizes.items()}
        expected = evaluate(
            CheckpointLibrary(tmp_path).get("tiny").machine, recipe.task, Plan(values, sequences=3, seed=1)
        )
        assert lines == [{"checkpoint": "tiny", **json.loads(json.dumps(each.document()))} for each in expected]
        for line in lines:  # the worst is an input that can be run
            again = service.http.post("/api/trace", json={"checkpoint": "tiny", "input": line["worst"]}).json()
            assert again["wrong"] == max(line["wrong_by_sequence"])
        known = {task["name"]: task for task in service.http.get("/api/tasks").json()}[recipe.task]
        assert [size["name"] for size in known["sizes"]] == [*sizes]
        for wrong, field in (
            ({"sizes": {"size": [3]}}, "sizes"),
            ({"sizes": sizes | {next(iter(sizes)): [0]}}, f"sizes.{next(iter(sizes))}"),
            ({"sizes": sizes | {next(iter(sizes)): [200]}, "sequences": 100_000}, "sequences"),
            ({"lengths": [3]}, "sizes"),
            ({"patterns": ["odd"]}, "patterns"),
        ):
            answer = service.http.post("/api/evaluation", json=asked | wrong)
            assert refused(answer, 422)["field"] == field


def test_a_dropped_evaluation_ends_after_the_stretch_that_is_being_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, run, stretches = threading.Event(), threading.Event(), unroll.unroll, list[int]()

    def held(*arguments: Any, **options: Any) -> Any:
        stretches.append(len(stretches))
        if len(stretches) == 2:
            begun.set()
            assert go_on.wait(WAIT)
        return run(*arguments, **options)

    monkeypatch.setattr("tapedeck.training.batches.unroll", held)
    monkeypatch.setattr(batches, "BATCH_WORK", 1)  # every sequence is a batch
    with serving(ApiSettings(checkpoints=folder, max_concurrent_runs=1, max_wait=0.05, workers=2)) as service:
        with service.http.stream("POST", "/api/evaluation", json=ASKED | {"sequences": 50}):
            assert begun.wait(WAIT)
        asked = {"checkpoint": ID, "lengths": [2], "sequences": 3}
        until(lambda: service.http.post("/api/evaluation", json=asked).is_success, "free for another evaluation")
        go_on.set()
    # The service has ended, and waited for all that it had begun.
    assert len(stretches) == 2 + 3


def test_an_overflow_is_the_error_of_an_evaluation(tmp_path: Path) -> None:
    """With a status where it comes at once, and as the last line where results were sent before it."""
    machine = small_machine()
    with torch.no_grad():
        machine.r_to_s.bias.fill_(3e38)
        machine.r_to_s.weight.fill_(3e38)
    save(tmp_path / "at-once.safetensors", machine)
    with serving(ApiSettings(checkpoints=tmp_path)) as service:
        answer = service.http.post("/api/evaluation", json=ASKED | {"checkpoint": "at-once"})
        assert refused(answer, 422)["code"] == "non_finite"
    with serving(ApiSettings()) as service:  # the shipped machine overflows on three locations, but not soon
        asked = {"checkpoint": "copy-1", "lengths": [2, 400], "sequences": 200, "locations": 3}
        *results, last = map(json.loads, service.http.post("/api/evaluation", json=asked).text.splitlines())
        assert [result["length"] for result in results] == [2]
        assert check_error(last["error"])["code"] == "non_finite"


@pytest.mark.parametrize(
    ("wrong", "status", "field"),
    [
        ({"lengths": []}, 422, "lengths"),
        ({"lengths": [0]}, 422, "lengths"),
        ({"patterns": ["odd"]}, 422, "patterns"),
        ({"sequences": 0}, 422, "sequences"),
        ({"lengths": [1000], "sequences": 1001}, 422, "sequences"),
        ({"locations": 2}, 422, "locations"),
        ({"locations": 5000}, 422, "locations"),
        ({"checkpoint": "nobody"}, 404, None),
        ({"extra": 1}, 422, "extra"),
    ],
)
def test_what_cannot_be_is_refused_before_it_begins(
    service: Service, wrong: dict[str, Any], status: int, field: str | None
) -> None:
    answer = service.http.post("/api/evaluation", json=ASKED | wrong)

    assert answer.status_code == status
    error = answer.json()["error"]
    assert set(error) == {"code", "detail", "field"}
    if field:
        assert error["field"] == field
