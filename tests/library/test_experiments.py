"""The page's prepared experiments: what each promises is what happens on the machines that ship."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tapedeck as td
from tapedeck.library.machine import Machine
from tapedeck.library.recorded import RecordedRun

FILE = Path(__file__).parents[2] / "frontend/tapedeck_page/assets/tape/lab/experiments.json"
EXPERIMENTS: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
SHIPPED = ("copy", "repeat_copy", "associative_recall", "dynamic_ngrams", "priority_sort")
FEW = 3
"""Wrong bits, of many, that another processor's last digits may decide otherwise."""

machine = functools.cache(td.load)


def unpacked(value: Any) -> Any:
    """Vectors are strings of 0s and 1s in the file."""
    if isinstance(value, dict):
        return {name: unpacked(each) for name, each in value.items()}
    if isinstance(value, list):
        return [unpacked(each) for each in value]
    return [int(bit) for bit in value] if isinstance(value, str) else value


def both(experiment: dict[str, Any]) -> tuple[RecordedRun, RecordedRun]:
    """The run without the changes and the one with them."""
    run = experiment["run"]
    one: Machine = machine(run["checkpoint"])
    given = unpacked(run["input"])
    return one.run(given), one.run(given, interventions=run["interventions"])


def test_there_are_twelve_over_all_tasks_with_a_prediction_to_make() -> None:
    assert len({experiment["id"] for experiment in EXPERIMENTS}) == 12
    assert {experiment["task"] for experiment in EXPERIMENTS} == {*SHIPPED}
    for experiment in EXPERIMENTS:
        assert 0 <= experiment["answer"] < len(experiment["choices"])
        assert len({*experiment["choices"]}) == len(experiment["choices"]) > 1
        assert experiment["question"].endswith("?") or experiment["question"].endswith(".")


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda experiment: experiment["id"])
def test_what_an_experiment_promises_is_what_happens(experiment: dict[str, Any]) -> None:
    baseline, changed = both(experiment)
    promise = experiment["promise"]
    if "cost" in promise:
        least, most = promise["cost"]
        assert baseline.score is not None
        assert changed.score is not None
        assert least < changed.score["cost"] - baseline.score["cost"] < most
    else:
        wrong = [int(run.wrong.sum()) for run in (baseline, changed)]
        assert wrong == pytest.approx(promise["wrong"], abs=FEW)
        assert [each == 0 for each in wrong] == [each == 0 for each in promise["wrong"]]
        assert changed.verdict is not None
        assert changed.verdict.kind == promise["diagnosis"]
    assert first_difference(baseline, changed) == promise["first"]
    if "peak" in promise:  # where a head looks in either, which is what to look for
        field, step, *locations = promise["peak"]
        assert [int(run[field][step].argmax()) for run in (baseline, changed)] == locations
    assert experiment["step"] < len(changed["inputs"])


def first_difference(baseline: RecordedRun, changed: RecordedRun) -> int:
    """The first step at which any number differs, beyond the last digits."""
    names = [name for name in changed.fields if name not in ("targets", "optimum")]
    apart = [
        np.flatnonzero(np.abs(changed[name] - baseline[name]).reshape(len(changed["inputs"]), -1).max(1) > 1e-6)
        for name in names
    ]
    return int(min(steps[0] for steps in apart if len(steps)))
