"""Interventions on machines of every family: each does what it says, none does more, and provenance stays exact."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings

from tapedeck.errors import InvalidInterventions
from tapedeck.ntm import NeuralTM
from tapedeck.tracing import OutputLayer, Run, Trace, explain_read, explain_reads, explain_step, prepare
from tapedeck.tracing.applied import Applied
from tests.tracing.changes import Case, cases

PHASE = {"phase": "recall"}


@settings(max_examples=12)
@given(case=cases())
def test_without_interventions_a_run_is_bit_for_bit_the_plain_run(case: Case) -> None:
    plain = prepare(case.machine, "copy", case.vectors)
    np.testing.assert_array_equal(case.run().trace().rows, plain.trace().rows)
    assert case.run().changes is None


@settings(max_examples=12)
@given(case=cases())
def test_steps_before_an_intervention_are_bit_for_bit_those_of_the_plain_run(case: Case) -> None:
    changed, plain = case.run(case.change).trace(), case.run().trace()
    np.testing.assert_array_equal(changed.rows[: case.start], plain.rows[: case.start])
    assert changed.about["interventions"] == [case.change], "the description echoes what was asked for"


@settings(max_examples=12)
@given(case=cases())
def test_a_run_with_interventions_is_a_pure_function_that_leaves_the_shared_machine_alone(case: Case) -> None:
    before = [value.clone() for value in case.machine.state_dict().values()]
    run = case.run(case.change)
    np.testing.assert_array_equal(run.trace().rows, run.trace().rows)
    assert all(map(torch.equal, before, case.machine.state_dict().values()))


@settings(max_examples=12)
@given(case=cases())
def test_provenance_stays_exact_with_the_intervention_as_a_source_of_its_own(case: Case) -> None:
    run = case.run(case.change)
    trace = run.trace()
    layer, memories = OutputLayer.of(run.machine), memories_seen(trace)
    for head in trace.layout.read_heads:
        picture = explain_reads(trace, head)
        for step in range(trace.steps):
            found = explain_read(trace, step, head)
            near(found.read_vector, trace.arrays[f"{head}.read_vector"][step], memories)
            shares = found.shares
            own = 0 if shares.interventions is None else shares.interventions.sum()
            np.testing.assert_allclose(shares.writes.sum() + shares.initial + own, 1, rtol=1e-9)
            if picture.interventions is not None and shares.interventions is not None:
                of_picture = picture.interventions[step, : step + 1]
                np.testing.assert_allclose(of_picture, shares.interventions, rtol=1e-9, atol=1e-12)
            np.testing.assert_allclose(picture.initial[step], shares.initial, rtol=1e-9, atol=1e-12)
    if case.change.get("target") != "outputs":  # which is changed after the activation, beyond the sum
        activate = {"clamp": lambda y: np.clip(y, 0, 1), "sigmoid": lambda y: 1 / (1 + np.exp(-y)), "raw": lambda y: y}
        for step in range(trace.steps):
            explained = explain_step(trace, step, layer, run.machine.spec).output.unclamped_output
            near(activate[layer.activation](explained), trace.arrays["outputs"][step], memories)


def memories_seen(trace: Trace) -> float:
    """The greatest number in the memory, whose float32 an exact sum is held to."""
    return float(np.abs(trace.memories()).max() + np.abs(trace.initial.memory).max() + 1)


def near(found: Any, expected: Any, scale: float) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=2e-5 * scale)


@settings(max_examples=30)
@given(case=cases())
def test_each_kind_does_what_it_says(case: Case) -> None:
    run = case.run(case.change)
    trace, change, start = run.trace(), case.change, case.start
    match change:
        case {"kind": "freeze", "head": head}:
            weightings = np.stack([run.initial.weightings[head], *trace.arrays[f"{head}.weighting"]])
            assert (weightings[start + 1 :] == weightings[start]).all()
        case {"kind": "ablate", "head": head}:
            stages = ("read_vector",) if head.startswith("read") else ("erase_vector", "add_vector")
            assert not any(trace.arrays[f"{head}.{stage}"][start:].any() for stage in stages)
        case {"kind": "addressing", "without": "content", "head": head}:
            assert not trace.arrays[f"{head}.interpolation_gate"][start:].any()
        case {"kind": "addressing", "head": head}:
            gated, content = (trace.arrays[f"{head}.{name}_weighting"][start:] for name in ("gated", "content"))
            np.testing.assert_array_equal(gated, content)
            np.testing.assert_array_equal(trace.arrays[f"{head}.shifted_weighting"][start:], gated)
            np.testing.assert_allclose(trace.arrays[f"{head}.weighting"][start:], gated, rtol=1e-5, atol=1e-7)
        case {"kind": "move", "head": head, "by": by}:
            plain = case.run().trace().arrays[f"{head}.weighting"][start]
            np.testing.assert_array_equal(trace.arrays[f"{head}.weighting"][start], np.roll(plain, by))
        case {"target": "memory"} | {"kind": "swap"}:
            the_memory_is_changed(run, trace, case)
        case _:
            the_field_is_changed(trace, case)


def the_memory_is_changed(run: Run, trace: Trace, case: Case) -> None:
    """`memory.applied` has what it was set to, from what the plain run left there."""
    change, start = case.change, case.start
    before = np.concatenate([run.initial.memory[np.newaxis], case.run().trace().memories()])[start]
    applied = trace.applied
    assert isinstance(applied, Applied)
    cells = applied.at(start)
    assert cells is not None
    found = before.copy()
    cells.set_in(found)
    one, other = change["rows"]
    rest = np.delete(np.arange(len(before)), [one, other])
    np.testing.assert_array_equal(found[rest], before[rest])
    if change["kind"] == "swap":
        expected = before[[other, one]]
    elif change["kind"] == "noise":
        drawn = np.random.default_rng(change["seed"]).normal(0, 1, (trace.steps - start, 2 * before.shape[1]))
        expected = before[[one, other]] + drawn[0].reshape(2, -1)
    else:
        expected = done(change, before[[one, other]])
    np.testing.assert_allclose(found[[one, other]], expected, rtol=1e-4, atol=1e-4)


def the_field_is_changed(trace: Trace, case: Case) -> None:
    name, start = case.change["target"], case.start
    expected = done(case.change, case.run().trace().arrays[name][start])
    if name in trace.about.get("normalized", ()):
        expected = expected.clip(0) / expected.clip(0).sum()
    np.testing.assert_allclose(trace.arrays[name][start], expected, rtol=1e-4, atol=1e-5)


def done(change: dict[str, Any], before: Any) -> Any:
    value = np.array(change["value"], np.float32)
    value = value[0] if value.shape == (1,) and before.ndim == 0 else value
    return {"set": np.broadcast_to(value, before.shape), "scale": before * value, "add": before + value}[change["kind"]]


SEQUENCE = [[1, 0, 1], [0, 1, 1]]
"""T = 6; recall from step 4."""


@pytest.mark.parametrize(
    ("change", "says", "field"),
    [
        ({"kind": "sett"}, r"Intervention 1 has the kind “sett”; give one of set, scale", "kind"),
        ({}, r"Intervention 1 has no kind", "kind"),
        (3, r"Intervention 1 must be an object with a kind, got 3", None),
        ({"kind": "freeze"}, r"Intervention 1 has no head; give the name of a head", "head"),
        ({"kind": "freeze", "head": "reed"}, r"no head “reed”; it has write, read\.", "head"),
        ({"kind": "freeze", "head": "read", "by": 1}, r"“by” is not part of “freeze”; leave it out", "by"),
        (
            {"kind": "set", "target": "read.kee", "value": 1},
            r"this machine has no “read\.kee”; close to it (is|are) read\.key\b",
            "target",
        ),
        (
            {"kind": "set", "target": "read.zzz", "value": 1},
            r"“read\.zzz”; of read there is weighting, .*key",
            "target",
        ),
        ({"kind": "set", "target": "read.key"}, r"Intervention 1 has no value", "value"),
        ({"kind": "set", "target": "read.key", "value": float("nan")}, r"value is NaN; give a finite number", "value"),
        ({"kind": "set", "target": "read.key", "value": [1, float("inf")]}, r"value is Infinity", "value"),
        ({"kind": "set", "target": "read.key", "value": "x"}, r"value is “x”; give a finite number", "value"),
        (
            {"kind": "set", "target": "read.key", "value": [1, 2]},
            r"value has 2 numbers; read\.key takes 1 or 4",
            "value",
        ),
        ({"kind": "set", "target": "read.key", "value": 1, "elements": [4]}, r"no element 4; there are 4", "elements"),
        ({"kind": "set", "target": "read.key", "value": 1, "elements": [1, 1]}, r"names element 1 twice", "elements"),
        (
            {"kind": "set", "target": "inputs", "value": 1, "elements": ["x"]},
            r"no element “x”; it has bit 1",
            "elements",
        ),
        ({"kind": "set", "target": "read.key", "value": 1, "rows": [1]}, r"give these instead of rows", "rows"),
        ({"kind": "set", "target": "memory", "value": 1, "elements": [1]}, r"rows and columns", "elements"),
        ({"kind": "set", "target": "memory", "value": 1, "rows": [7]}, r"no location 7; there are 7", "rows"),
        ({"kind": "set", "target": "memory", "value": [1, 2]}, r"a row takes 1 or 4 here", "value"),
        ({"kind": "set", "target": "memory", "value": [[1, 2]]}, r"must have 7 lists of 4 numbers", "value"),
        (
            {"kind": "set", "target": "read.weighting", "value": 0},
            r"at least 0 everywhere and have a sum above",
            "value",
        ),
        ({"kind": "move", "head": "read", "by": 1, "step": 6}, r"step is 6; this run has the steps 0 to 5", "step"),
        ({"kind": "move", "head": "read", "by": 1, "step": -1}, r"step is -1; give a whole number from 0", "step"),
        ({"kind": "move", "head": "read", "by": 1, "stop": 7}, r"stop is 7", "stop"),
        ({"kind": "move", "head": "read", "by": 1, "start": 3, "stop": 3}, r"no step is left", "stop"),
        ({"kind": "move", "head": "read", "by": 1, "step": 3, **PHASE}, r"say when in one way", "phase"),
        ({"kind": "move", "head": "read", "by": 1, "phase": "sort"}, r"no phase “sort”; it has start, input", "phase"),
        ({"kind": "move", "head": "read", "by": 1.5}, r"by is 1\.5; give a whole number", "by"),
        ({"kind": "swap", "rows": [2, 2]}, r"names location 2 twice", "rows"),
        ({"kind": "swap", "rows": [2]}, r"rows is a list; give", "rows"),
        ({"kind": "noise", "target": "read.key", "spread": 1}, r"noise cannot be added to “read\.key”", "target"),
        ({"kind": "noise", "target": "memory", "spread": -1}, r"spread is -1; give", "spread"),
        ({"kind": "noise", "target": "parameters.x", "spread": 1}, r"no parameter “x”; it has", "target"),
        (
            {"kind": "noise", "target": "parameters.readhed.produce_k_t.weight", "spread": 1},
            r"no parameter “readhed\.produce_k_t\.weight”; close to it are readhead\.produce_k_t\.weight, ",
            "target",
        ),
        (
            {"kind": "noise", "target": "readhead.produce_k_t.weight", "spread": 1},
            r"it can to parameters\.readhead\.produce_k_t\.weight, ",
            "target",
        ),
        ({"kind": "noise", "target": "initial.memory", "spread": 1, "step": 0}, r"leave step out", "step"),
        ({"kind": "set", "target": "initial.reed.weighting", "value": 1}, r"it has initial\.memory", "target"),
        ({"kind": "set", "target": "initial.read.weighting", "value": 0}, r"nothing is left of initial", "value"),
        ({"kind": "set", "target": "parameters.x", "value": 1}, r"a parameter takes noise, not set", "kind"),
    ],
)
def test_a_wrong_intervention_is_named_by_its_index(
    machine: NeuralTM, change: Any, says: str, field: str | None
) -> None:
    fine = {"kind": "scale", "target": "read.sharpening", "value": 2}
    with pytest.raises(InvalidInterventions, match=says) as caught:
        prepare(machine, "copy", SEQUENCE, None, [fine, change])
    assert caught.value.detail.startswith("Intervention 1")
    assert caught.value.field == ("interventions.1" if field is None else f"interventions.1.{field}")


@pytest.mark.parametrize(
    ("one", "other", "decides"),
    [
        (
            {"kind": "set", "target": "read.key", "value": 1},
            {"kind": "set", "target": "read.key", "value": 2},
            "read.key",
        ),
        ({"kind": "freeze", "head": "read"}, {"kind": "move", "head": "read", "by": 1, "step": 4}, "read.weighting"),
        ({"kind": "ablate", "head": "read"}, {"kind": "ablate", "head": "read"}, "read.read_vector"),
        (
            {"kind": "addressing", "head": "read", "without": "content"},
            {"kind": "set", "target": "read.interpolation_gate", "value": 1, **PHASE},
            "read.interpolation_gate",
        ),
        (
            {"kind": "set", "target": "memory", "rows": [1], "value": 1},
            {"kind": "set", "target": "memory", "rows": [2, 1], "value": 1, "step": 4},
            "memory",
        ),
    ],
)
def test_contradicting_interventions_are_refused(
    machine: NeuralTM, one: dict[str, Any], other: dict[str, Any], decides: str
) -> None:
    with pytest.raises(
        InvalidInterventions, match=rf"Intervention 1 .* contradicts intervention 0 .* {decides} at step"
    ):
        prepare(machine, "copy", SEQUENCE, None, [one, other])


def test_changes_of_other_steps_or_elements_contradict_nothing(machine: NeuralTM) -> None:
    changes = [
        {"kind": "set", "target": "read.key", "value": 1, "elements": [0, 1]},
        {"kind": "set", "target": "read.key", "value": 2, "elements": [2]},
        {"kind": "scale", "target": "read.key", "value": 3},
        {"kind": "freeze", "head": "read", "start": 4},
        {"kind": "move", "head": "read", "by": 1, "stop": 4},
    ]
    trace = prepare(machine, "copy", SEQUENCE, None, changes).trace()
    np.testing.assert_array_equal(trace.arrays["read.key"][:, :3], np.broadcast_to([3, 3, 6], (6, 3)))


def test_at_one_site_the_order_of_the_request_counts(machine: NeuralTM) -> None:
    scale, add = ({"kind": kind, "target": "read.key", "value": 2} for kind in ("scale", "add"))
    plain = prepare(machine, "copy", SEQUENCE).trace().arrays["read.key"][0]
    for order, expected in (([scale, add], plain * 2 + 2), ([add, scale], (plain + 2) * 2)):
        found = prepare(machine, "copy", SEQUENCE, None, order).trace().arrays["read.key"][0]
        np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_a_weighting_of_which_nothing_is_left_is_an_error_that_names_the_step(machine: NeuralTM) -> None:
    change = {"kind": "add", "target": "read.weighting", "value": -1, "step": 4}
    run = prepare(machine, "copy", SEQUENCE, None, [change])
    with pytest.raises(InvalidInterventions, match=r"Intervention 0: nothing is left of read\.weighting at step 4"):
        run.trace()


def test_the_description_says_which_weightings_were_normalized(machine: NeuralTM) -> None:
    changes = [
        {"kind": "set", "target": "read.weighting", "elements": [2], "value": 1, "step": 4},
        {"kind": "set", "target": "initial.write.weighting", "value": 1},
    ]
    run = prepare(machine, "copy", SEQUENCE, None, changes)
    assert run.about["normalized"] == ["initial.write.weighting", "read.weighting"]
    np.testing.assert_allclose(run.initial.weightings["write"], np.full(7, 1 / 7), rtol=1e-6)
    np.testing.assert_allclose(run.trace().arrays["read.weighting"].sum(axis=1), 1, rtol=1e-5)


def test_noise_on_a_parameter_is_of_its_spread_and_of_its_seed(machine: NeuralTM) -> None:
    name = "readhead.produce_k_t.weight"
    before = machine.state_dict()[name].clone()

    def disturbed(seed: int) -> Any:
        change = {"kind": "noise", "target": f"parameters.{name}", "spread": 0.5, "seed": seed}
        return prepare(machine, "copy", SEQUENCE, None, [change]).machine.state_dict()[name]

    assert torch.equal(disturbed(1), disturbed(1))
    assert not torch.equal(disturbed(1), disturbed(2))
    assert torch.equal(machine.state_dict()[name], before)
    ratio = float((disturbed(1) - before).std() / before.std())
    assert 0.25 < ratio < 0.75


def test_more_cells_than_a_run_may_change_are_refused(machine: NeuralTM) -> None:
    change = {"kind": "noise", "target": "memory", "spread": 1}
    with pytest.raises(InvalidInterventions, match=r"Intervention 0: with it, 4,800,000 cells of the memory"):
        prepare(machine, "copy", SEQUENCE, 200_000, [change])
