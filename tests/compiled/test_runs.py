"""Whole runs: what the compiled engine decides is what torch decides, interventions included, and both refuse alike."""

from __future__ import annotations

import importlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings

from tapedeck.api import wire
from tapedeck.checkpoints import CheckpointLibrary
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.compiled.fitness import FITNESS, ILL_CONDITIONED
from tapedeck.compiled.loading import KERNELS
from tapedeck.compiled.settings import ENGINE
from tapedeck.errors import InvalidConfiguration, InvalidInterventions, NonFinite
from tapedeck.library.machine import load
from tapedeck.ntm import NeuralTM, NTMConfig
from tapedeck.tasks import task_as_heard
from tapedeck.tracing import Frame, Run, Trace, prepare
from tapedeck.tracing.engines import TORCH
from tapedeck.tracing.engines.compiled_engine import COMPILED
from tests.compiled.agreement import beyond
from tests.reference_checkpoints import FOLDER, needs_them
from tests.tracing.changes import Case, cases

pytestmark = pytest.mark.usefixtures("kernels")

SHIPPED = ("copy-1", "repeat_copy-1", "associative_recall-2", "dynamic_ngrams-1", "priority_sort-1")


def engines(run: Run) -> tuple[Run, Run]:
    return replace(run, engine=COMPILED), replace(run, engine=TORCH)


def traced(run: Run) -> Trace | str:
    """What comes of it, or how it is refused."""
    try:
        return run.trace()
    except (InvalidInterventions, NonFinite) as error:
        return error.detail


@settings(max_examples=60)
@given(case=cases())
def test_a_compiled_run_with_a_plan_is_torchs_with_that_plan(case: Case) -> None:
    compiled, torchs = engines(case.run(case.change))
    found, expected = map(traced, (compiled, torchs))
    if isinstance(expected, str) or isinstance(found, str):
        assert found == expected
        return
    assert beyond(found.layout, found.rows, expected.rows) == {}
    assert (found.applied is None) == (expected.applied is None)
    if found.applied is not None and expected.applied is not None:
        for name, values in expected.applied.arrays.items():
            np.testing.assert_allclose(found.applied.arrays[name], values, rtol=1e-5, atol=1e-6)


@pytest.mark.usefixtures("chosen")
@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_machine_decides_every_bit_as_torch_does(name: str) -> None:
    found = CheckpointLibrary(SHIPPED_CHECKPOINTS).get(name)
    task = task_as_heard(found.info.spec, found.info.task)
    size = {each.name: each.values[min(1, len(each.values) - 1)] for each in task.sizes}
    examples = task.sample(torch.Generator().manual_seed(7), size, 2, found.info.spec.bits)
    for place in range(2):
        run = prepare(found.machine, task.name, task.document(task.part(examples, place)))
        assert run.about["engine"]["name"] == "compiled"
        compiled, torchs = (each.trace() for each in engines(run))
        np.testing.assert_array_equal(compiled.wrong, torchs.wrong)
        outputs = [each.arrays["outputs"] for each in (compiled, torchs)]
        np.testing.assert_array_equal(outputs[0] > 0.5, outputs[1] > 0.5)
        assert np.abs(outputs[0] - outputs[1]).max() < 1e-4, "so does the margin by which each bit is decided"


@pytest.mark.usefixtures("chosen")
@needs_them
def test_torch_serves_an_ill_conditioned_machine_and_says_so() -> None:
    sure, unsure = (load(FOLDER / f"i-{seen}.pt").module for seen in (99000, 27000))
    assert prepare(sure, "copy", [[1] * sure.spec.bits]).about["engine"]["name"] == "compiled"
    said = prepare(unsure, "copy", [[1] * unsure.spec.bits]).about["engine"]
    assert (said["name"], said["reason"]) == ("torch", ILL_CONDITIONED)


@pytest.mark.usefixtures("chosen")
def test_a_machine_in_float64_stays_with_torch_which_says_so() -> None:
    said = prepare(tiny().double(), "copy", [[1, 0]]).about["engine"]
    assert (said["name"], said["reason"]) == ("torch", "the numbers of this machine are float64")


def test_a_run_waits_for_no_kernels_and_no_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENGINE, "auto")
    waiting: list[Any] = []
    monkeypatch.setattr(KERNELS, "in_background", waiting.append)
    machine = tiny()
    first = prepare(machine, "copy", [[1, 0]])
    assert (first.engine.about["name"], first.engine.about["reason"]) == (
        "torch",
        "this machine was not compared with the compiled engine yet",
    )
    assert len(waiting) == 1
    waiting.pop()()
    assert FITNESS.found(machine) is not None
    assert prepare(machine, "copy", [[1, 0]]).engine.about["name"] == "compiled"
    monkeypatch.setattr(KERNELS, "_advance", None)
    assert prepare(machine, "copy", [[1, 0]]).engine.about["reason"] == "the compiled engine is not ready yet"
    assert waiting == [], "a few short runs are not worth what the kernels take"


def test_a_setting_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENGINE, "fast")
    with pytest.raises(InvalidConfiguration, match="TAPEDECK_ENGINE is “fast”; it must be auto, torch or compiled"):
        prepare(tiny(), "copy", [[1, 0]])


def test_both_engines_find_the_same_step_that_overflows() -> None:
    machine = tiny()
    with torch.no_grad():
        machine.writehead.produce_a_t.weight.abs_().mul_(1e3)
        machine.writehead.produce_a_t.bias.abs_().add_(1)
        layer = machine.get_submodule("controller.layer1")
        assert isinstance(layer, torch.nn.Linear)
        layer.weight.abs_().mul_(1e3)
        layer.bias.abs_()
    steps = []
    for run in engines(prepare(machine, "copy", [[1, 1]] * 9)):
        seen = list[Frame]()
        with pytest.raises(NonFinite) as caught:
            seen.extend(run.frames())
        steps.append((caught.value.detail, sum(len(frame.rows) for frame in seen)))
    assert steps[0] == steps[1]
    assert f"at step {steps[0][1]}," in steps[0][0], "all steps before it are there"


def test_a_run_is_sent_in_frames_of_at_most_16_steps_however_many_are_computed_at_once() -> None:
    """Torch's first one holds a single step, which goes out before the others, as the header does."""
    sent = []
    for run in engines(prepare(tiny(), "copy", [[1, 0]] * 40)):
        contents = [message and message.content for message in wire.messages(run, {}, wire.Written())]
        sent.append(
            [wire.PREFIX.unpack_from(each) if isinstance(each, bytes) else each and "text" for each in contents]
        )
    compiled, torchs = sent
    assert compiled == ["text", *((2, start, min(16, 82 - start), 82) for start in range(0, 82, 16)), "text"]
    others = ((2, start, min(16, 82 - start), 82) for start in range(1, 82, 16))
    assert torchs == ["text", None, (2, 0, 1, 82), None, *others, "text"]


def test_a_large_machine_takes_no_more_steps_at_once_than_a_turn_has_time_for() -> None:
    machine = NeuralTM(NTMConfig(width=200, bits=2)).eval().requires_grad_(requires_grad=False)
    run = replace(prepare(machine, "copy", [[1, 0]] * 40), engine=COMPILED)
    assert [len(frame.rows) for frame in wire.stretches(run, 33)] == [15, 15, 3]


def test_the_kernels_allocate_nothing_and_are_called_once_a_stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    """What guards the engine's speed, whatever else the machine does that the tests run on."""
    runtime: Any = importlib.import_module("numba.core.runtime")
    switch: Any = importlib.import_module("numba.core.runtime._nrt_python")
    run = replace(prepare(tiny(), "copy", [[1, 0]] * 40), engine=COMPILED)
    list(run.frames())
    calls, advance = list[int](), KERNELS.advance

    def counted(*arguments: Any) -> int:
        calls.append(len(arguments[0]))
        finite: int = advance(*arguments)
        return finite

    monkeypatch.setattr(KERNELS, "_advance", counted)
    allocated = []
    for most_steps, lengths in ((16, [1, 16, 16, 16, 16, 16, 1]), (1, [1] * 82)):
        calls.clear()
        switch.memsys_enable_stats()
        before = runtime.rtsys.get_allocation_stats().alloc
        assert [len(frame.rows) for frame in run.frames(most_steps)] == calls == lengths
        allocated.append((runtime.rtsys.get_allocation_stats().alloc - before) / len(calls))
        switch.memsys_disable_stats()
    assert allocated == [0, 0], "neither a step allocates anything, nor what is handed to it"


def tiny() -> NeuralTM:
    torch.manual_seed(11)
    return (
        NeuralTM(NTMConfig(locations=9, width=4, bits=2, controller_size=6)).eval().requires_grad_(requires_grad=False)
    )
