"""The machine in float32, in torch's own operations in the order of the reference, written from the equations alone.

`tests.reference` says what the numbers are; this says how float32 rounds them as the reference computes. A machine
that is half trained amplifies the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

Parameters = Mapping[str, Tensor]


class State(NamedTuple):
    """What one step leaves for the next: N × W, N, N and W numbers."""

    memory: Tensor
    write_weighting: Tensor
    read_weighting: Tensor
    read_vector: Tensor


def start(locations: int = 128, width: int = 20) -> State:
    """Memory and read vector filled with 1e-6, both weightings one-hot at N // 2."""
    one_hot = torch.zeros(locations)
    one_hot[locations // 2] = 1
    return State(torch.full((locations, width), 1e-6), one_hot, one_hot.clone(), torch.full((width,), 1e-6))


def run(parameters: Parameters, inputs: Tensor, state: State) -> dict[str, Tensor]:
    """`outputs`, `write.weighting` and `read.weighting` of every step."""
    rows: dict[str, list[Tensor]] = {"outputs": [], "write.weighting": [], "read.weighting": []}
    for x in inputs:
        output, state = step(parameters, x, state)
        for name, value in zip(rows, (output, state.write_weighting, state.read_weighting), strict=True):
            rows[name].append(value)
    return {name: torch.stack(values) for name, values in rows.items()}


def step(parameters: Parameters, x: Tensor, state: State) -> tuple[Tensor, State]:
    """Writes first, then reads the memory just written; the output is of the read vector alone."""
    hidden = torch.relu(linear(parameters, "controller.layer1", torch.cat([x, state.read_vector])))
    write_weighting = address(parameters, "writehead", hidden, state.memory, state.write_weighting)
    erase_vector = torch.sigmoid(linear(parameters, "writehead.produce_e_t", hidden))
    add_vector = torch.relu(linear(parameters, "writehead.produce_a_t", hidden))
    memory = state.memory * (1 - torch.outer(write_weighting, erase_vector)) + torch.outer(write_weighting, add_vector)
    read_weighting = address(parameters, "readhead", hidden, memory, state.read_weighting)
    read_vector = torch.matmul(read_weighting, memory)
    output = linear(parameters, "r_to_s", read_vector).clamp(0, 1)
    return output, State(memory, write_weighting, read_weighting, read_vector)


def address(parameters: Parameters, head: str, hidden: Tensor, memory: Tensor, prev_weighting: Tensor) -> Tensor:
    """Equations 5 to 9."""
    key = torch.tanh(linear(parameters, f"{head}.produce_k_t", hidden))
    key_strength = F.softplus(linear(parameters, f"{head}.produce_beta_t", hidden))
    gate = torch.sigmoid(linear(parameters, f"{head}.produce_g_t", hidden))
    shift_weighting = F.softmax(linear(parameters, f"{head}.produce_s_t", hidden), dim=0)
    sharpening = 1 + F.softplus(linear(parameters, f"{head}.produce_gamma_t", hidden))

    content = F.softmax(key_strength * F.cosine_similarity(memory, key.unsqueeze(0), dim=1), dim=0)
    gated = gate * content + (1 - gate) * prev_weighting
    around = torch.cat([gated[-1:], gated, gated[:1]])
    shifted = F.conv1d(around.view(1, 1, -1), shift_weighting.view(1, 1, 3)).view(-1)  # a correlation
    powers = torch.pow(shifted, sharpening)
    return powers / powers.sum()


def linear(parameters: Parameters, name: str, x: Tensor) -> Tensor:
    """A x + b."""
    return F.linear(x, parameters[f"{name}.weight"], parameters[f"{name}.bias"])
