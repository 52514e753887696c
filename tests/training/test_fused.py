"""The forms that train fastest compute what the machine's own do: outputs and gradients."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest
import torch

from tapedeck.ntm import NeuralTM, NTMConfig
from tapedeck.tasks import CopyTask
from tapedeck.training import unroll
from tapedeck.training.fused import unclamped_outputs
from tapedeck.training.recipe import Recipe
from tapedeck.training.starting import initial_machine
from tests.training.tiny import TINY_HEADS

CONFIG = NTMConfig(locations=12, width=5, bits=3, controller_size=9)


def inputs(length: int, batch: int, bits: int, dtype: torch.dtype) -> torch.Tensor:
    drawn = torch.randint(2, (length, batch, bits), generator=torch.Generator().manual_seed(length))
    return CopyTask.episode(drawn.to(dtype)).inputs


@pytest.mark.parametrize("cut", [None, -1])
def test_outputs_and_gradients(cut: int | None) -> None:
    """Of a number of steps that is even, and of one that is odd."""
    with torch.random.fork_rng():
        torch.manual_seed(5)
        machine = NeuralTM(CONFIG).double()
    check_outputs_and_gradients(machine, inputs(6, 3, CONFIG.bits, torch.float64)[:cut])


def check_outputs_and_gradients(machine: NeuralTM, sequence: torch.Tensor) -> None:
    ours, theirs = unclamped_outputs(machine, sequence), unroll.unclamped_outputs(machine, sequence)
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-10)
    weights = torch.randn(ours.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    parameters = dict(machine.named_parameters())
    of_ours = torch.autograd.grad((weights * ours).sum(), list(parameters.values()))
    of_theirs = torch.autograd.grad((weights * theirs).sum(), list(parameters.values()))
    for (name, _), one, other in zip(parameters.items(), of_ours, of_theirs, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-7, atol=1e-10, msg=name)


@pytest.mark.parametrize("addresses", ["previous", "current"])
def test_several_heads_compute_as_one_what_each_would_alone(addresses: Literal["previous", "current"]) -> None:
    """Whether those that write see what the ones before them wrote or not; one of them follows another's weighting."""
    spec = replace(TINY_HEADS, heads=3).spec
    heads = [replace(each, addresses=addresses) if each.kind == "write" else each for each in spec.heads]
    heads[1] = replace(heads[1], previous="read2")
    heads[4] = replace(heads[4], sharpening="1+relu")
    machine = NeuralTM(replace(spec, heads=tuple(heads)))
    with torch.no_grad():
        machine.initial_memory.normal_(generator=torch.Generator().manual_seed(3))
    sequence = torch.randn(5, 2, len(spec.inputs), generator=torch.Generator().manual_seed(4))
    check_outputs_and_gradients(machine.double(), sequence.double())


def test_at_the_sizes_that_are_trained() -> None:
    machine = initial_machine(Recipe(), seed=1)
    sequence = inputs(20, 2, 8, torch.float32)
    ours, theirs = unclamped_outputs(machine, sequence), unroll.unclamped_outputs(machine, sequence)
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-5)


def test_where_nothing_is_the_gradient_is_finite() -> None:
    """A location that is erased whole, a key without length, a weighting that is 0 nearly everywhere."""
    machine = NeuralTM(CONFIG)
    with torch.no_grad():
        for parameter in machine.parameters():
            parameter.zero_()
        machine.writehead.produce_e_t.bias.fill_(200.0)
        for head in (machine.writehead, machine.readhead):
            head.produce_g_t.bias.fill_(-200.0)
            head.produce_s_t.bias[1] = 200.0
    outputs = unclamped_outputs(machine, inputs(4, 2, CONFIG.bits, torch.float32))
    for gradient in torch.autograd.grad(outputs.sum(), list(machine.parameters())):
        assert gradient.isfinite().all()
