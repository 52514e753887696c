"""The heads: every projection within its range, and each from its own layer."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tapedeck.ntm import NeuralTM, ReadTrace, WriteTrace
from tests.ntm.strategies import machines, seeds


@given(machine=machines(), seed=seeds, scale=st.sampled_from([0.0, 1.0, 100.0]))
def test_every_projection_is_within_its_range(machine: NeuralTM, seed: int, scale: float) -> None:
    generator = torch.Generator().manual_seed(seed)
    x = scale * torch.randn(len(machine.spec.inputs), generator=generator, dtype=torch.float64)
    _, _, trace = machine.step(x, machine.initial_state())
    written, found = trace.heads
    assert isinstance(written, WriteTrace)
    assert isinstance(found, ReadTrace)
    for head in (written.addressing, found.addressing):
        assert (head.key.abs() <= 1).all()
        assert (head.key_strength >= 0).all()
        assert ((head.interpolation_gate >= 0) & (head.interpolation_gate <= 1)).all()
        assert (head.sharpening >= 1).all()
        assert (head.shift_weighting >= 0).all()
        torch.testing.assert_close(head.shift_weighting.sum().item(), 1.0)
    assert ((written.erase_vector >= 0) & (written.erase_vector <= 1)).all()
    assert (written.add_vector >= 0).all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_projecting_at_once_is_projecting_layer_by_layer(dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    machine, loaded = NeuralTM().to(dtype), NeuralTM().to(dtype)
    loaded.load_state_dict(machine.state_dict())
    hidden = torch.randn(2, 100, dtype=dtype)
    for each in (machine, loaded):
        projected = each.projection().project(hidden)
        for head, parts in zip((machine.writehead, machine.readhead), projected, strict=True):
            for layer, part in zip(head.children(), parts, strict=True):
                torch.testing.assert_close(part, layer(hidden))


def test_a_step_with_the_runs_projection_is_a_step_without() -> None:
    torch.manual_seed(0)
    machine, x = NeuralTM(), torch.ones(10)
    with_it = machine.step(x, machine.initial_state(), machine.projection())
    without = machine.step(x, machine.initial_state())
    assert torch.equal(with_it[0], without[0])
    for one, other in zip(with_it[1].tensors(), without[1].tensors(), strict=True):
        assert torch.equal(one, other)


def test_a_step_follows_a_change_of_the_parameters() -> None:
    torch.manual_seed(0)
    machine, x = NeuralTM(), torch.ones(10)
    before = machine.step(x, machine.initial_state())[1].memory
    with torch.no_grad():
        machine.writehead.produce_a_t.bias.fill_(3)
    assert (machine.step(x, machine.initial_state())[1].memory - before).max() > 1
