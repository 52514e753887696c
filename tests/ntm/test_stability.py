"""No NaN and no infinity, whatever bits come in, on any number of locations, with heads saturated every way.

Controller and add vectors keep an ordinary size here: they close a loop through the memory (read, add, read …) that can
grow without bound, and then it is the equations that overflow, not their computation.
"""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from tapedeck.ntm import NeuralTM, NTMConfig, addressing
from tests.ntm.columns import columns
from tests.ntm.strategies import seeds

SATURATED = ("produce_k_t", "produce_beta_t", "produce_g_t", "produce_s_t", "produce_gamma_t", "produce_e_t")


def saturated(scale: float, generator: torch.Generator) -> NeuralTM:
    """Random parameters, those of the heads' addressing and erasing `scale` times as large."""
    machine = NeuralTM(NTMConfig())
    with torch.no_grad():
        for name, parameter in machine.named_parameters():
            parameter.copy_(0.1 * torch.randn(parameter.shape, generator=generator))
            if name.split(".")[1] in SATURATED:
                parameter.mul_(scale)
    return machine


def assert_sound(machine: NeuralTM, inputs: Tensor, locations: int) -> None:
    with torch.inference_mode():
        outputs, state, traces = machine(inputs, machine.initial_state(locations=locations))
    assert outputs.isfinite().all()
    assert state.memory.isfinite().all()
    for trace in traces:
        for name, value in columns(trace).items():
            assert value.isfinite().all(), name
            if name.endswith("weighting"):
                assert (value >= 0).all(), name
                assert abs(value.double().sum().item() - 1) < 1e-4, name


@given(
    seed=seeds,
    scale=st.sampled_from([0.0, 1.0, 30.0, 1e3, 1e6, 1e12]),
    density=st.floats(0, 1),
    locations=st.sampled_from([3, 4, 5, 20, 127, 128]),
)
def test_any_bits_any_parameters(seed: int, scale: float, density: float, locations: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    inputs = (torch.rand(16, 10, generator=generator) < density).float()
    assert_sound(saturated(scale, generator), inputs, locations)


@pytest.mark.parametrize("locations", [3, 4, 126, 1000, 4095, 4096])
@pytest.mark.parametrize("scale", [1.0, 1e3])
def test_any_number_of_locations(locations: int, scale: float) -> None:
    generator = torch.Generator().manual_seed(locations)
    inputs = torch.randint(0, 2, (10, 10), generator=generator).float()
    assert_sound(saturated(scale, generator), inputs, locations)


@pytest.mark.parametrize("bit", [0.0, 1.0])
def test_a_thousand_equal_inputs(bit: float) -> None:
    machine = saturated(10.0, torch.Generator().manual_seed(5))
    assert_sound(machine, torch.full((1000, 10), bit), 16)


@pytest.mark.parametrize("fill", [0.0, 1e-38, 1e-20, 1e10, 1e18])
def test_content_addressing_of_an_empty_a_tiny_and_a_great_memory(fill: float) -> None:
    found = addressing.content_weighting(torch.full((128, 20), fill), torch.ones(20), torch.tensor([1e6]))
    torch.testing.assert_close(found, torch.full((128,), 1 / 128))


def test_a_key_of_zeros_finds_every_location_alike() -> None:
    found = addressing.content_weighting(torch.rand(128, 20), torch.zeros(20), torch.tensor([1e6]))
    torch.testing.assert_close(found, torch.full((128,), 1 / 128))
