"""The unrolled machine is the machine: outputs and gradients are those of `NeuralTM.forward`."""

from __future__ import annotations

import pytest
import torch

from tapedeck.errors import InvalidLocations
from tapedeck.ntm import NeuralTM, NTMConfig
from tapedeck.tasks import CopyTask
from tapedeck.training.unroll import outputs_together, unclamped_outputs

CONFIG = NTMConfig(locations=12, width=5, bits=3, controller_size=9)


@pytest.fixture
def machine() -> NeuralTM:
    """With strong keys and weightings that are not sharp, so that every parameter has a gradient to speak of."""
    with torch.random.fork_rng():
        torch.manual_seed(5)
        return NeuralTM(CONFIG).double()


def inputs(length: int, *batch: int) -> torch.Tensor:
    bits = torch.randint(2, (length, *batch, CONFIG.bits), generator=torch.Generator().manual_seed(length))
    return CopyTask.episode(bits.double()).inputs


@pytest.mark.parametrize("batch", [(), (3,)])
@pytest.mark.parametrize("locations", [None, 20])
def test_outputs_and_gradients(machine: NeuralTM, batch: tuple[int, ...], locations: int | None) -> None:
    sequence = inputs(6, *batch)
    ours = unclamped_outputs(machine, sequence, locations=locations)
    _, _, traces = machine(sequence, machine.initial_state(*batch, locations=locations))
    theirs = torch.stack([trace.unclamped_output for trace in traces])
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-12)

    parameters = dict(machine.named_parameters())
    weights = torch.randn(ours.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    of_ours = torch.autograd.grad((weights * ours).sum(), list(parameters.values()))
    of_theirs = torch.autograd.grad((weights * theirs).sum(), list(parameters.values()))
    for name, one, other in zip(parameters, of_ours, of_theirs, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-9, atol=1e-12, msg=name)
        assert other.abs().max() > 0, name


def test_lengths_run_together_as_they_do_alone(machine: NeuralTM) -> None:
    episodes = [CopyTask.episode(torch.ones(length, 2, CONFIG.bits, dtype=torch.float64)) for length in (1, 7, 4)]
    together = outputs_together(machine, episodes)
    for outputs, episode in zip(together, episodes, strict=True):
        assert outputs.shape == episode.targets.shape
        torch.testing.assert_close(outputs, unclamped_outputs(machine, episode.inputs).detach(), rtol=0, atol=1e-12)
        assert not outputs.requires_grad


def test_too_few_locations(machine: NeuralTM) -> None:
    with pytest.raises(InvalidLocations):
        unclamped_outputs(machine, inputs(2), locations=2)
