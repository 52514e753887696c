"""Every specification: each step as torch takes it, from torch's own state, within 1e-5 of a field's largest number."""

from __future__ import annotations

import importlib.util
from typing import Any

import numba
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tapedeck.compiled import loading
from tapedeck.ntm import MachineSpec, NeuralTM, NTMConfig, State
from tapedeck.tracing.engines import TORCH
from tapedeck.tracing.engines.compiled_engine import COMPILED
from tapedeck.tracing.layout import Layout
from tests.compiled.agreement import beyond
from tests.ntm.strategies import general_machine, seeds, specifications

pytestmark = pytest.mark.usefixtures("kernels")

STEPS = 3


def both(machine: NeuralTM, start: State, inputs: torch.Tensor) -> tuple[Layout, Any, Any]:
    """The rows of either engine, without what was given."""
    layout = Layout.of(machine.spec, start.locations)
    layout = Layout(layout.fields[2:], layout.heads)
    rows = np.zeros((2, len(inputs), layout.row_length), np.float32)
    finite = [
        engine.begin(machine, start).advance(inputs, each, 0)
        for engine, each in zip((COMPILED, TORCH), rows, strict=True)
    ]
    assert finite == [len(inputs)] * 2
    return layout, rows[0], rows[1]


@settings(max_examples=150)
@given(spec=specifications(), seed=seeds, more=st.integers(0, 40), data=st.data())
def test_single_steps_of_any_specification_are_torchs(
    spec: MachineSpec, seed: int, more: int, data: st.DataObject
) -> None:
    machine = general_machine(spec, seed).float().eval().requires_grad_(requires_grad=False)
    locations = spec.memory.locations + (more if spec.locations_free else 0)
    state = machine.initial_state(locations=locations)
    inputs = torch.randn((STEPS, len(spec.inputs)), generator=torch.Generator().manual_seed(seed))
    for x in inputs:
        layout, found, expected = both(machine, state, x[None])
        assert beyond(layout, found, expected) == {}
        state = machine.step(x, state)[1]


@pytest.mark.parametrize(
    "name", ["uniform and sharp", "nothing in the memory", "no key", "no shift left", "one location"]
)
def test_degenerate_steps_are_torchs(name: str) -> None:
    torch.manual_seed(5)
    config = NTMConfig(locations=3 if name == "one location" else 128, width=4, bits=2, controller_size=5)
    machine = NeuralTM(config).eval().requires_grad_(requires_grad=False)
    state = machine.initial_state()
    for head in (machine.writehead, machine.readhead):
        if name == "uniform and sharp":  # each power of 1/128 is below the least float
            head.produce_gamma_t.bias.fill_(60)
        elif name == "no key":
            head.produce_k_t.weight.zero_()
            head.produce_k_t.bias.zero_()
        elif name == "no shift left":
            head.produce_s_t.bias.copy_(torch.tensor([200.0, 0, -200]))
        elif name == "one location":
            head.produce_beta_t.bias.fill_(300)
    if name == "uniform and sharp":
        uniform = torch.full((128,), 1 / 128)
        state = state._replace(weightings=(uniform, uniform))
    if name == "nothing in the memory":
        state = state._replace(memory=torch.zeros(128, 4))
    inputs = torch.eye(4)
    layout, found, expected = both(machine, state, inputs)
    assert beyond(layout, found, expected) == {}
    assert np.isfinite(found).all()


def test_a_run_in_stretches_is_the_run_in_one_go_bit_for_bit() -> None:
    torch.manual_seed(1)
    machine = NeuralTM(NTMConfig(locations=20, width=5, bits=3, controller_size=7)).eval()
    inputs, start = torch.rand(11, 5), machine.initial_state()
    whole, parts = (np.zeros((11, 400), np.float32) for _ in range(2))
    length = Layout.of(machine.spec, 20).row_length - 10
    whole, parts = whole[:, :length].copy(), parts[:, :length].copy()
    COMPILED.begin(machine, start).advance(inputs, whole, 0)
    session, begin = COMPILED.begin(machine, start), 0
    for stop in (1, 4, 5, 11):
        session.advance(inputs[begin:stop], parts[begin:stop], 0)
        begin = stop
    np.testing.assert_array_equal(whole, parts)


def test_the_kernels_say_the_same_where_python_carries_them_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """What only a compiler believes, or what reads beyond an array, shows here."""
    machine = general_machine(NTMConfig(locations=5, width=2, bits=1, controller_size=3).spec, 3).float().eval()
    inputs, start = torch.rand(2, 3), machine.initial_state()
    layout, found, _ = both(machine, start, inputs)
    monkeypatch.setattr(numba, "njit", lambda **_: lambda function: function)
    spec = importlib.util.spec_from_file_location("kernels_in_python", loading.SOURCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(loading.KERNELS, "_advance", module.advance)
    assert beyond(layout, both(machine, start, inputs)[1], found) == {}
