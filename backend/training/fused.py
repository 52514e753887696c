"""The machine's steps in the forms that train fastest; the same numbers as `backend.ntm`, up to their rounding.

Tracing and evaluation round as the reference does, and for that each equation has its form in `backend.ntm.addressing`.
Training need not, and here every form is one that a compiler turns into few passes over the memory:

    the memory lies with its locations side by side, [batch, W, N], so that a vector instruction takes many locations
    the cosine is the product divided by both norms, not the product of two unit vectors
    the shift is a sum of three shifted weightings, not a product of matrices
    sharpening is softmax(γ log w̃), which is w̃^γ / Σ w̃^γ, and never 0/0

Two steps are computed in one call, which halves what a call costs beside them. References and dimensions: see
`backend.ntm.addressing`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from backend.ntm import NeuralTM
from backend.ntm.addressing import COSINE_EPS, LEAST_WEIGHT

STEPS = 2
"""Of one call."""


class FusedState(NamedTuple):
    """What one step hands to the next."""

    memory: Float[Tensor, "batch W N"]
    write_weighting: Float[Tensor, "batch N"]
    read_weighting: Float[Tensor, "batch N"]
    read_vector: Float[Tensor, "batch W"]


class Parameters(NamedTuple):
    """What the steps need of a machine: the read vector's share of the controller, and the heads' layers as one."""

    recurrent: Float[Tensor, "H W"]
    weight: Float[Tensor, "P H"]
    bias: Float[Tensor, " P"]


Steps = Callable[[Tensor, FusedState, Parameters, list[int]], tuple[FusedState, Tensor]]
"""`steps`, or the same compiled."""


def steps(
    driven: Float[Tensor, "K batch H"], state: FusedState, parameters: Parameters, sizes: list[int]
) -> tuple[FusedState, Float[Tensor, "K batch W"]]:
    """K steps, and the read vector of each, from the input's share of the controller (`driven`, before the relu)."""
    read_vectors = []
    for x in driven.unbind():
        state = _step(x, state, parameters, sizes)
        read_vectors.append(state.read_vector)
    return state, torch.stack(read_vectors)


def unclamped_outputs(
    machine: NeuralTM, inputs: Float[Tensor, "T batch C"], run: Steps = steps
) -> Float[Tensor, "T batch C"]:
    """The outputs of every step, before their clamp."""
    layer, projection = machine.controller.layer1, machine.projection()
    from_input, recurrent = layer.weight.split_with_sizes([machine.config.channels, machine.config.width], dim=1)
    driven = functional.linear(inputs, from_input, layer.bias)
    parameters = Parameters(recurrent, projection.weight, projection.bias)
    start = machine.initial_state(inputs.shape[1])
    # What is compiled is compiled for the strides that it is given, and for whether these need a gradient. Every later
    # state is contiguous and needs one; with a first state that does as well, half as much has to be compiled.
    first = (start.memory.mT, *start[1:])
    state = FusedState(*(each.clone(memory_format=torch.contiguous_format).requires_grad_() for each in first))
    read_vectors = []
    for some in torch.split(driven, STEPS):
        state, read = run(some, state, parameters, projection.sizes)
        read_vectors.append(read)
    outputs: Tensor = machine.r_to_s(torch.cat(read_vectors))
    return outputs


def _step(x: Float[Tensor, "batch H"], state: FusedState, parameters: Parameters, sizes: list[int]) -> FusedState:
    hidden = torch.relu(x + functional.linear(state.read_vector, parameters.recurrent))
    projected = functional.linear(hidden, parameters.weight, parameters.bias).split_with_sizes(sizes, dim=-1)
    *for_write, e, a = projected[:7]
    write_weighting = _address(for_write, state.memory, state.write_weighting)
    there = write_weighting.unsqueeze(1)
    erased = state.memory * (1 - there * torch.sigmoid(e).unsqueeze(-1))
    memory = erased + there * torch.relu(a).unsqueeze(-1)
    read_weighting = _address(projected[7:], memory, state.read_weighting)
    return FusedState(memory, write_weighting, read_weighting, (memory * read_weighting.unsqueeze(1)).sum(dim=-1))


def _address(
    projected: Sequence[Tensor], memory: Float[Tensor, "batch W N"], prev_weighting: Float[Tensor, "batch N"]
) -> Float[Tensor, "batch N"]:
    """Content, gate, shift, sharpen: equations 5 to 9."""
    k, beta, g, s, gamma = projected
    key, gate, shares = torch.tanh(k), torch.sigmoid(g), torch.softmax(s, dim=-1)
    scale = functional.softplus(beta) * _inverse_norm(key, dim=-1).unsqueeze(-1)
    products = (memory * key.unsqueeze(-1)).sum(dim=1)
    content = torch.softmax(scale * products * _inverse_norm(memory, dim=1), dim=-1)
    gated = gate * content + (1 - gate) * prev_weighting
    forward, back = gated.roll(1, dims=-1), gated.roll(-1, dims=-1)
    shifted = shares[..., 0:1] * forward + shares[..., 1:2] * gated + shares[..., 2:3] * back
    return torch.softmax((1 + functional.softplus(gamma)) * shifted.clamp_min(LEAST_WEIGHT).log(), dim=-1)


def _inverse_norm(vectors: Tensor, dim: int) -> Tensor:
    """1 / |v|; no norm counts as less than COSINE_EPS, where the gradient is 0."""
    return vectors.square().sum(dim=dim).clamp_min(COSINE_EPS**2).rsqrt()
