"""The read head and the write head: from the hidden vector to a weighting, and what is done with it.

Glossary: this project's names, the reference's parameter names, the symbols of Graves et al. 2014.

    key                 produce_k_t      k   tanh
    key strength        produce_beta_t   β   softplus, ≥ 0
    interpolation gate  produce_g_t      g   sigmoid, 0…1
    shift weighting     produce_s_t      s   softmax over the shifts +1, 0, −1
    sharpening          produce_gamma_t  γ   1 + softplus, ≥ 1
    erase vector        produce_e_t      e   sigmoid, 0…1
    add vector          produce_a_t      a   relu, ≥ 0
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from backend.ntm import addressing, memory

SHIFTS = 3


class Addressing(NamedTuple):
    """All that a head computed to find its weighting in one step, in the order in which traces list it."""

    weighting: Float[Tensor, "*batch N"]
    content_weighting: Float[Tensor, "*batch N"]
    gated_weighting: Float[Tensor, "*batch N"]
    shifted_weighting: Float[Tensor, "*batch N"]
    key: Float[Tensor, "*batch W"]
    key_strength: Float[Tensor, "*batch 1"]
    interpolation_gate: Float[Tensor, "*batch 1"]
    sharpening: Float[Tensor, "*batch 1"]
    shift_weighting: Float[Tensor, "*batch 3"]


class WriteTrace(NamedTuple):
    """One step of a write head."""

    addressing: Addressing
    erase_vector: Float[Tensor, "*batch W"]
    add_vector: Float[Tensor, "*batch W"]


class ReadTrace(NamedTuple):
    """One step of a read head."""

    addressing: Addressing
    read_vector: Float[Tensor, "*batch W"]


HeadTrace = WriteTrace | ReadTrace


class Projection(NamedTuple):
    """The layers of all heads, ready for the steps of a run. Later changes of the parameters may not reach it.

    Attributes:
        weights: of each layer.
        weight: the rows of every layer, below one another.
        bias: likewise.
        sizes: rows of each layer.
        counts: layers of each head.
    """

    weights: Sequence[Tensor]
    weight: Float[Tensor, "P H"]
    bias: Float[Tensor, " P"]
    sizes: list[int]
    counts: list[int]

    @classmethod
    def of(cls, heads: Sequence[Head]) -> Projection:
        """The layers of heads, in the order in which they stand in them."""
        layers = [layer for head in heads for layer in head.layers]
        weights: list[Tensor] = [layer.weight for layer in layers]
        biases: list[Tensor] = [layer.bias for layer in layers]
        return cls(
            weights,
            torch.cat(weights),
            torch.cat(biases),
            [len(bias) for bias in biases],
            [len(head.layers) for head in heads],
        )

    def project(self, hidden: Float[Tensor, "*batch H"]) -> list[list[Tensor]]:
        """Every produce_* of the hidden vector, head by head.

        A batch takes one product for all layers. A single run takes one a layer, which rounds as the reference does,
        whose layers add their bias to a product that is rounded already, too.
        """
        if hidden.dim() == 1:
            projected = torch.cat([torch.mv(weight, hidden) for weight in self.weights]) + self.bias
        else:
            projected = functional.linear(hidden, self.weight, self.bias)
        parts = iter(projected.split_with_sizes(self.sizes, dim=-1))
        return [[next(parts) for _ in range(count)] for count in self.counts]


class Head(nn.Module):
    """What both kinds of head share: finding the weighting."""

    def __init__(self, controller_size: int, width: int) -> None:
        super().__init__()
        self.produce_k_t = nn.Linear(controller_size, width)
        self.produce_beta_t = nn.Linear(controller_size, 1)
        self.produce_g_t = nn.Linear(controller_size, 1)
        self.produce_s_t = nn.Linear(controller_size, SHIFTS)
        self.produce_gamma_t = nn.Linear(controller_size, 1)

    @property
    def layers(self) -> list[nn.Linear]:
        """Every produce_*, in the order in which `forward` takes what they project."""
        return [layer for layer in self.children() if isinstance(layer, nn.Linear)]

    @staticmethod
    def address(
        projected: Sequence[Tensor],
        prev_memory: Float[Tensor, "*batch N W"],
        prev_weighting: Float[Tensor, "*batch N"],
    ) -> Addressing:
        """Content, gate, shift, sharpen: the weighting and every stage on the way to it."""
        k, beta, g, s, gamma = projected
        key = torch.tanh(k)
        key_strength = functional.softplus(beta)
        gate = torch.sigmoid(g)
        shift_weighting = torch.softmax(s, dim=-1)
        sharpening = addressing.ONE + functional.softplus(gamma)

        content = addressing.content_weighting(prev_memory, key, key_strength)
        gated = addressing.interpolate(content, prev_weighting, gate)
        shifted = addressing.shift(gated, shift_weighting)
        weighting = addressing.sharpen(shifted, sharpening)
        return Addressing(weighting, content, gated, shifted, key, key_strength, gate, sharpening, shift_weighting)


class ReadHead(Head):
    """Finds its weighting and reads there."""

    def forward(
        self,
        projected: Sequence[Tensor],
        memory_now: Float[Tensor, "*batch N W"],
        prev_weighting: Float[Tensor, "*batch N"],
    ) -> ReadTrace:
        """The read vector, from the memory as the write head left it in this step."""
        found = self.address(projected, memory_now, prev_weighting)
        return ReadTrace(found, memory.read(memory_now, found.weighting))


class WriteHead(Head):
    """Finds its weighting, then erases and adds there."""

    def __init__(self, controller_size: int, width: int) -> None:
        super().__init__(controller_size, width)
        self.produce_e_t = nn.Linear(controller_size, width)
        self.produce_a_t = nn.Linear(controller_size, width)

    def forward(
        self,
        projected: Sequence[Tensor],
        prev_memory: Float[Tensor, "*batch N W"],
        prev_weighting: Float[Tensor, "*batch N"],
    ) -> tuple[WriteTrace, Float[Tensor, "*batch N W"]]:
        """What was written where, and the memory after it."""
        *addressed, e, a = projected
        found = self.address(addressed, prev_memory, prev_weighting)
        erase_vector = torch.sigmoid(e)
        add_vector = torch.relu(a)
        erased = memory.erase(prev_memory, found.weighting, erase_vector)
        return WriteTrace(found, erase_vector, add_vector), memory.add(erased, found.weighting, add_vector)
