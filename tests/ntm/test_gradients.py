"""Gradients: each equation and a whole step against finite differences, and finite where the numbers are extreme."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from tapedeck.ntm import NeuralTM, NTMConfig, State, addressing, memory

N, W = 5, 3


def random(*shape: int) -> Tensor:
    return torch.randn(*shape, dtype=torch.float64).requires_grad_()


def weighting(*shape: int) -> Tensor:
    return torch.randn(*shape, dtype=torch.float64).softmax(-1).requires_grad_()


def positive(*shape: int) -> Tensor:
    return (1 + torch.rand(*shape, dtype=torch.float64)).requires_grad_()


def gate(*shape: int) -> Tensor:
    return torch.rand(*shape, dtype=torch.float64).requires_grad_()


EQUATIONS: dict[str, tuple[Callable[..., Tensor], Callable[[], tuple[Tensor, ...]]]] = {
    "2 read": (memory.read, lambda: (random(2, N, W), weighting(2, N))),
    "2 read of a single run": (memory.read, lambda: (random(N, W), weighting(N))),
    "3 erase": (memory.erase, lambda: (random(2, N, W), weighting(2, N), gate(2, W))),
    "4 add": (memory.add, lambda: (random(2, N, W), weighting(2, N), random(2, W))),
    "5 content weighting": (addressing.content_weighting, lambda: (random(2, N, W), random(2, W), positive(2, 1))),
    "6 cosine": (addressing.cosine_similarity, lambda: (random(2, N, W), random(2, W))),
    "7 interpolate": (addressing.interpolate, lambda: (weighting(2, N), weighting(2, N), gate(2, 1))),
    "8 shift": (addressing.shift, lambda: (weighting(2, N), weighting(2, 3))),
    "8 shift of a single run": (addressing.shift, lambda: (weighting(N), weighting(3))),
    "9 sharpen": (addressing.sharpen, lambda: (weighting(2, N), positive(2, 1))),
}


@pytest.mark.parametrize("name", EQUATIONS)
def test_an_equation(name: str) -> None:
    torch.manual_seed(1)
    equation, arguments = EQUATIONS[name]
    assert torch.autograd.gradcheck(equation, arguments())


def test_a_shift_has_gradients_though_the_first_of_that_size_needed_none() -> None:
    locations = 1019  # of no other test
    with torch.inference_mode():
        addressing.shift(torch.zeros(locations), torch.zeros(3))
    gated = torch.zeros(locations, requires_grad=True)
    (gradient,) = torch.autograd.grad(addressing.shift(gated, torch.tensor([0.2, 0.3, 0.5])).sum(), gated)
    torch.testing.assert_close(gradient, torch.ones(locations))


def test_a_whole_step_of_a_small_machine() -> None:
    torch.manual_seed(3)
    machine = NeuralTM(NTMConfig(locations=4, width=2, bits=2, controller_size=5)).double()
    parameters = dict(machine.named_parameters())
    x, state = random(2, 4), (random(2, 4, 2), weighting(2, 4), weighting(2, 4), random(2, 2))

    def step(x: Tensor, *rest: Tensor) -> tuple[Tensor, ...]:
        replaced = dict(zip(parameters, rest[4:], strict=True))
        memory, write_weighting, read_weighting, read_vector = rest[:4]
        state = State(memory, (write_weighting, read_weighting), (read_vector,))
        _, following, trace = torch.func.functional_call(machine, replaced, (x.unsqueeze(0), state))
        return (trace[0].unclamped_output, *following.tensors())

    assert torch.autograd.gradcheck(step, (x, *state, *parameters.values()))


def test_every_parameter_learns_from_a_run() -> None:
    torch.manual_seed(0)
    machine = NeuralTM()
    _, _, traces = machine(torch.randint(0, 2, (8, 4, 10)).float())
    torch.autograd.backward(torch.stack([trace.unclamped_output for trace in traces]).square().sum())
    for name, parameter in machine.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.isfinite().all(), name
        assert parameter.grad.any(), name


@pytest.mark.parametrize("fill", [0.0, 1e-30, 1e-6, 1e6])
def test_the_gradient_is_finite_for_an_empty_a_tiny_and_a_great_memory(fill: float) -> None:
    matrix = torch.full((N, W), fill, requires_grad=True)
    key, strength = torch.zeros(W, requires_grad=True), torch.ones(1, requires_grad=True)
    torch.autograd.backward(addressing.content_weighting(matrix, key, strength)[0])
    for value in (matrix, key, strength):
        assert value.grad is not None
        assert value.grad.isfinite().all()


@pytest.mark.parametrize("sharpening", [1.0, 22.0, 1000.0])
def test_the_gradient_is_finite_where_a_weighting_is_one_hot(sharpening: float) -> None:
    shifted, gamma = torch.eye(128)[5].requires_grad_(), torch.tensor([sharpening], requires_grad=True)
    torch.autograd.backward(addressing.sharpen(shifted, gamma)[5])
    for value in (shifted, gamma):
        assert value.grad is not None
        assert value.grad.isfinite().all()
