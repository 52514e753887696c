"""The machine before the first update: torch's own initialisation, and what a recipe changes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import torch
from torch import Tensor, nn

from tapedeck.ntm import MachineSpec, NeuralTM
from tapedeck.ntm.rules import check_seed

FORGET_GATE = "forget_gate"
"""The bias of an LSTM's layers that has a name; the others are those of the heads' stages."""


class Start(Protocol):
    """What a recipe says about it."""

    @property
    def spec(self) -> MachineSpec:
        """What the machine is."""

    @property
    def biases(self) -> Mapping[str, float]:
        """Added to the bias of a stage of every head (of the shift weighting to its first share), or of the LSTM."""

    @property
    def memory_spread(self) -> float:
        """With what standard deviation a memory that is learned is drawn; 0 where it is not learned."""

    @property
    def output_scale(self) -> Mapping[str, float]:
        """What the output weights of a term are multiplied by."""


def initial_machine(start: Start, seed: int) -> NeuralTM:
    """The machine before the first update.

    Raises:
        InvalidConfiguration: the seed is not a whole number of 0 … 2⁶³ − 1.
    """
    check_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        machine = NeuralTM(start.spec)
        if start.memory_spread:
            nn.init.normal_(machine.initial_memory, std=start.memory_spread)
    with torch.no_grad():
        _add_to_heads(machine, start.biases)
        if forget := start.biases.get(FORGET_GATE):
            _add_to_forget_gates(machine, forget)
        _scale_output(machine, start.output_scale)
    return machine


def _add_to_heads(machine: NeuralTM, biases: Mapping[str, float]) -> None:
    for head in machine.heads:
        for stage, layer in zip(head.spec.sizes(machine.spec.memory.width), head.layers, strict=True):
            if stage in biases:
                bias: Tensor = layer.bias
                (bias[0] if stage == "shift_weighting" else bias).add_(biases[stage])


def _add_to_forget_gates(machine: NeuralTM, value: float) -> None:
    for name, bias in machine.controller.named_parameters():
        if name.endswith("bias_ih"):
            bias.chunk(4)[1].add_(value)  # i, f, g, o


def _scale_output(machine: NeuralTM, scales: Mapping[str, float]) -> None:
    terms = machine.spec.output.terms
    columns = machine.output_layer.weight.split_with_sizes([machine.spec.size_of(term) for term in terms], dim=1)
    for term, weight in zip(terms, columns, strict=True):
        if term in scales:
            weight.mul_(scales[term])
