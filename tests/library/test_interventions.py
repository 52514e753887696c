"""Interventions as code, and two runs compared."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import tapedeck as td
from tapedeck.errors import InvalidInterventions, InvalidRequest


@pytest.fixture(scope="module")
def copier() -> td.Machine:
    return td.load("copy-1")


MADE: list[tuple[Any, dict[str, Any]]] = [
    (td.set("read.key", torch.ones(3), elements=range(3)), {"value": [1, 1, 1], "elements": [0, 1, 2]}),
    (td.scale("read.sharpening", 0.5, phase="recall"), {"value": 0.5, "phase": "recall"}),
    (td.add("memory", np.eye(2), rows=np.array([3, 4]), columns=[0, 1]), {"value": [[1, 0], [0, 1]], "rows": [3, 4]}),
    (td.noise("memory", 0.1, seed=np.int64(3), start=2, stop=4), {"spread": 0.1, "seed": 3, "start": 2, "stop": 4}),
    (td.swap(1, 2, step=5), {"rows": [1, 2], "step": 5}),
    (td.freeze("read"), {"head": "read"}),
    (td.move("read", -1), {"by": -1}),
    (td.ablate("write"), {"head": "write"}),
    (td.without("read", "content"), {"kind": "addressing", "without": "content"}),
]


@pytest.mark.parametrize(("made", "fields"), MADE, ids=[made.kind for made, _ in MADE])
def test_each_kind_is_made_by_a_function_of_its_name(made: Any, fields: dict[str, Any]) -> None:
    document = made.document()
    assert {name: document[name] for name in fields} == fields


def test_a_run_takes_them_as_code_and_as_a_request_has_them(copier: td.Machine) -> None:
    change = td.move("read", 1, phase="recall")
    as_code, as_request = (copier.run("Hi", interventions=[each]) for each in (change, change.document()))
    np.testing.assert_array_equal(as_code.trace.rows, as_request.trace.rows)
    assert (as_code.trace.rows != copier.run("Hi").trace.rows).any()


def test_a_wrong_one_is_refused_when_it_is_made(copier: td.Machine) -> None:
    with pytest.raises(InvalidInterventions, match=r"The intervention “set”: value is NaN; give a finite number"):
        td.set("read.key", float("nan"))
    with pytest.raises(InvalidInterventions, match=r"Intervention 1: this machine has no head “reed”"):
        copier.run("Hi", interventions=[td.freeze("read"), td.freeze("reed")])


def test_a_comparison_says_where_runs_part_by_how_much_and_what_came_of_it(copier: td.Machine) -> None:
    plain, changed = copier.run("Hello"), copier.run("Hello", interventions=[td.move("read", 1, step=9)])
    found = td.compare(plain, changed)
    assert found.first_step == 9
    assert next(iter(found.fields)) == "read.weighting"
    assert found.wrong_bits == (0, changed.trace.bit_errors)
    np.testing.assert_array_equal(found["outputs"], changed["outputs"] - plain["outputs"])
    first_wrong = int(changed.wrong.any(axis=1).argmax())
    assert found.sentence.startswith(
        f"{changed.trace.bit_errors} of 40 bits come out wrong instead of 0, the first at step {first_wrong}. "
        "The runs part at step 9, first in read.weighting; an output changes by up to "
    )


def test_runs_that_are_the_same_or_of_other_shapes_are_compared_as_far_as_they_can_be(copier: td.Machine) -> None:
    plain = copier.run("Hello")
    assert td.compare(plain, copier.run("Hello")).sentence == "The runs are the same, bit for bit."
    elsewhere = td.compare(plain, copier.run("Hello", locations=64))
    assert "read.weighting" in elsewhere.incomparable
    assert elsewhere.wrong_bits == (0, 0)
    assert elsewhere.sentence.startswith("All 40 bits still come out right.")
    with pytest.raises(InvalidRequest, match=r"The runs have 12 and 6 steps; only runs of one length"):
        td.compare(plain, copier.run("Hi"))
    with pytest.raises(KeyError, match=r"cannot be compared in “read\.weighting”"):
        _ = elsewhere["read.weighting"]


def test_what_predictions_cost_is_compared_too() -> None:
    machine = td.load("dynamic_ngrams-1")
    given = {"bits": [0, 1, 1, 0, 1, 0, 0, 1, 1, 0] * 3}
    found = td.compare(machine.run(given), machine.run(given, interventions=[td.ablate("read")]))
    assert found.sentence.startswith("What the predictions cost rises to ")


def test_a_machine_names_its_parameters_and_a_wrong_name_is_answered_with_those_close_to_it(copier: td.Machine) -> None:
    assert copier.parameters["readhead.produce_k_t.weight"].shape == (20, 100)
    with pytest.raises(InvalidInterventions, match=r"close to it (is|are) readhead\.produce_k_t\.weight\b"):
        copier.run("a", interventions=[td.noise("parameters.readhead.produce_kt.weight", 0.1)])
    with pytest.raises(InvalidInterventions, match=r"close to it are (write|read)head\.produce_k_t\.weight, "):
        copier.run("a", interventions=[td.noise("parameters.produce_k_t.weight", 0.1)])
