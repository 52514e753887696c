"""The heads: from what drives them to a weighting, and what is done with it.

Glossary: this project's names, the reference's parameter names, the symbols of Graves et al. 2014, the reference's
activations (other machines have others: `tapedeck.ntm.specification`).

    key                 produce_k_t      k   tanh
    key strength        produce_beta_t   β   softplus, ≥ 0
    interpolation gate  produce_g_t      g   sigmoid, 0…1
    shift weighting     produce_s_t      s   softmax over the shifts +1, 0, −1
    sharpening          produce_gamma_t  γ   1 + softplus, ≥ 1
    erase vector        produce_e_t      e   sigmoid, 0…1
    add vector          produce_a_t      a   relu, ≥ 0

The modules of a machine built as the reference's have its names (left), all others' these (right):

    controller.layer1, r_to_s, readhead.produce_k_t …      controller.layer1 …, output, read.key …, write1.key …
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from tapedeck.ntm import addressing, memory
from tapedeck.ntm.activations import ACTIVATIONS
from tapedeck.ntm.overrides import UNTOUCHED, Overrides
from tapedeck.ntm.specification import HeadSpec, MachineSpec

REFERENCE_NAMES = {
    "key": "produce_k_t",
    "key_strength": "produce_beta_t",
    "interpolation_gate": "produce_g_t",
    "shift_weighting": "produce_s_t",
    "sharpening": "produce_gamma_t",
    "erase_vector": "produce_e_t",
    "add_vector": "produce_a_t",
}
"""The glossary, for the names of parameters."""


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
    shift_weighting: Float[Tensor, "*batch S"]


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
    weight: Float[Tensor, "P D"]
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

    def project(self, drive: Float[Tensor, "*batch D"]) -> list[list[Tensor]]:
        """What every layer emits, head by head.

        A batch takes one product for all layers. A single run takes one a layer, which rounds as the reference does,
        whose layers add their bias to a product that is rounded already, too.
        """
        if drive.dim() == 1:
            projected = torch.cat([torch.mv(weight, drive) for weight in self.weights]) + self.bias
        else:
            projected = functional.linear(drive, self.weight, self.bias)
        parts = iter(projected.split_with_sizes(self.sizes, dim=-1))
        return [[next(parts) for _ in range(count)] for count in self.counts]


class Head(nn.Module):
    """What both kinds of head share: the layers, and finding the weighting."""

    # Where the machine is named as the reference's:
    produce_k_t: nn.Linear
    produce_beta_t: nn.Linear
    produce_g_t: nn.Linear
    produce_s_t: nn.Linear
    produce_gamma_t: nn.Linear
    produce_e_t: nn.Linear
    produce_a_t: nn.Linear

    def __init__(self, spec: HeadSpec, machine: MachineSpec, *, reference_names: bool) -> None:
        super().__init__()
        self.spec = spec
        self._conventions = machine.conventions
        self._width = machine.memory.width
        self._activations = [
            None if (name := getattr(spec, stage)) == "ones" else ACTIVATIONS[name].function for stage in spec.stages
        ]
        drive = sum(machine.size_of(term) for term in machine.controller.drives)
        for stage, size in spec.sizes(machine.memory.width).items():
            self.add_module(REFERENCE_NAMES[stage] if reference_names else stage, nn.Linear(drive, size))

    @property
    def layers(self) -> list[nn.Linear]:
        """Every layer, in the order of the stages."""
        return [layer for layer in self.children() if isinstance(layer, nn.Linear)]

    def emitted(self, projected: Sequence[Tensor], overrides: Overrides) -> list[Tensor]:
        """What the layers emitted, after its activation, stage by stage; ones where there is no layer."""
        parts, values, name = iter(projected), [], self.spec.name
        for stage, activation in zip(self.spec.stages, self._activations, strict=True):
            value = self._ones(stage, projected[0]) if activation is None else activation(next(parts))
            values.append(overrides.at(name, stage, value))
        return values

    def _ones(self, stage: str, like: Tensor) -> Tensor:
        return like.new_ones((*like.shape[:-1], self._width if stage == "erase_vector" else 1))

    def address(
        self,
        emitted: Sequence[Tensor],
        seen_memory: Float[Tensor, "*batch N W"],
        prev_weighting: Float[Tensor, "*batch N"],
        overrides: Overrides,
    ) -> Addressing:
        """Content, gate, shift, sharpen: the weighting and every stage on the way to it."""
        key, key_strength, gate, shift_weighting, sharpening = emitted
        at, name, rules = overrides.at, self.spec.name, self._conventions
        content = addressing.content_weighting(seen_memory, key, key_strength, rules)
        content = at(name, "content_weighting", content)
        gated = at(name, "gated_weighting", addressing.interpolate(content, prev_weighting, gate))
        shifted = at(name, "shifted_weighting", addressing.shift(gated, shift_weighting, self.spec.shifts))
        weighting = at(name, "weighting", addressing.sharpen(shifted, sharpening, rules.sharpening_epsilon))
        return Addressing(weighting, content, gated, shifted, key, key_strength, gate, sharpening, shift_weighting)


class ReadHead(Head):
    """Finds its weighting and reads there."""

    def forward(
        self,
        projected: Sequence[Tensor],
        seen_memory: Float[Tensor, "*batch N W"],
        memory_now: Float[Tensor, "*batch N W"],
        prev_weighting: Float[Tensor, "*batch N"],
        overrides: Overrides = UNTOUCHED,
    ) -> ReadTrace:
        """The read vector, from the memory as the heads before it left it in this step."""
        found = self.address(self.emitted(projected, overrides), seen_memory, prev_weighting, overrides)
        read_vector = memory.read(memory_now, found.weighting)
        return ReadTrace(found, overrides.at(self.spec.name, "read_vector", read_vector))


class WriteHead(Head):
    """Finds its weighting, then erases and adds there."""

    def forward(
        self,
        projected: Sequence[Tensor],
        seen_memory: Float[Tensor, "*batch N W"],
        memory_now: Float[Tensor, "*batch N W"],
        prev_weighting: Float[Tensor, "*batch N"],
        overrides: Overrides = UNTOUCHED,
    ) -> tuple[WriteTrace, Float[Tensor, "*batch N W"]]:
        """What was written where, and the memory after it."""
        *addressed, erase_vector, add_vector = self.emitted(projected, overrides)
        found = self.address(addressed, seen_memory, prev_weighting, overrides)
        erased = memory.erase(memory_now, found.weighting, erase_vector)
        return WriteTrace(found, erase_vector, add_vector), memory.add(erased, found.weighting, add_vector)
