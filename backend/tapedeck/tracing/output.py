"""The output layer as a sum of terms: y = activation(Σ V_term v_term + b), from the machine's specification.

Dimensions: O outputs, K numbers that the layer sees, W width of the memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tapedeck.ntm import Channel, MachineSpec, NeuralTM
from tapedeck.tasks.episode import THRESHOLD

Doubles = npt.NDArray[np.float64]

FIELDS = {"inputs": "inputs", "hidden": "controller.hidden"}
"""Where a trace has what the layer sees beside the read vectors."""

MIDDLE = {"clamp": THRESHOLD, "sigmoid": 0.0, "raw": THRESHOLD}
"""Before the activation: above it an output counts as a 1."""


class OutputTerm(NamedTuple):
    """One of the terms: its name, the fields of a trace that it is made of, and its columns of the layer's weight."""

    name: str
    fields: tuple[str, ...]
    columns: slice


class OutputLayer(NamedTuple):
    """From what the layer sees, side by side, to the outputs before their activation: y = V v + b."""

    weight: Doubles
    """V [O, K]"""
    bias: Doubles
    """b [O]"""
    terms: tuple[OutputTerm, ...]
    activation: str = "clamp"

    @classmethod
    def of(cls, machine: NeuralTM) -> OutputLayer:
        """A copy, which later changes of the machine do not reach."""
        layer = machine.output_layer
        weight, bias = (value.detach().double().numpy().copy() for value in (layer.weight, layer.bias))
        return cls(weight, bias, tuple(_terms(machine.spec)), machine.spec.output.activation)

    def decode(self, vectors: Doubles) -> Doubles:
        """The outputs before their activation, [..., O], of all that the layer sees, [..., K]."""
        outputs: Doubles = vectors @ self.weight.T + self.bias
        return outputs

    def weight_of(self, field: str) -> Doubles | None:
        """The columns of the weight [O, …] that see a field of the trace; None where none do."""
        for term in self.terms:
            if field in term.fields:
                columns = self.weight[:, term.columns]
                size = columns.shape[1] // len(term.fields)
                first = term.fields.index(field) * size
                return columns[:, first : first + size]
        return None

    def beside_reads(self, values: Mapping[str, npt.NDArray[Any]]) -> dict[str, Doubles]:
        """What each term but the reads gives to the outputs, [O], from the trace's values at one step, by field."""
        return {
            term.name: self.weight[:, term.columns] @ values[term.fields[0]].astype(np.float64)
            for term in self.terms
            if term.name != "reads"
        }

    def document(self) -> dict[str, Any]:
        """As in a run's description, with arrays in float32: {"terms", "bias", "activation"}."""
        terms = [
            {"name": term.name, "fields": term.fields, "weights": self.weight[:, term.columns].astype(np.float32)}
            for term in self.terms
        ]
        return {"terms": terms, "bias": self.bias.astype(np.float32), "activation": self.activation}


def _terms(spec: MachineSpec) -> Iterator[OutputTerm]:
    start = 0
    for name in spec.output.terms:
        reads = tuple(f"{head.name}.read_vector" for head in spec.read_heads)
        size = spec.size_of(name)
        yield OutputTerm(name, reads if name == "reads" else (FIELDS[name],), slice(start, start + size))
        start += size


def label(channel: Channel) -> str:
    """An output as the beginning of a sentence."""
    if channel.kind == "delimiter":
        return f"The {channel.name} delimiter's output"
    if channel.kind == "probability":
        return "The probability of a 1"
    return f"Output {channel.name}"


def is_likely(channel: Channel, activation: str) -> bool:
    """Whether an output is the probability that its sum says by the activation, and no bit."""
    return channel.kind == "probability" and activation == "sigmoid"
