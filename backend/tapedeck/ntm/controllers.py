"""The controller: from the input and what was read last to the hidden vector that drives the heads.

References:
    [3] Hochreiter, Schmidhuber: Long Short-Term Memory, 1997, with the forget gate of Gers et al. 2000; torch's form.

Dimensions:
    C  input channels        D  numbers that go in: C and all read vectors        H  units of a layer, G  4 H
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from tapedeck.ntm.activations import ACTIVATIONS
from tapedeck.ntm.linear import linear
from tapedeck.ntm.overrides import CONTROLLER, UNTOUCHED, Overrides
from tapedeck.ntm.specification import MachineSpec
from tapedeck.ntm.state import CellState, ControllerState

Layer = TypeVar("Layer", nn.Linear, nn.LSTMCell)


class Driven(NamedTuple):
    """What a step of the controller made: what leaves its last layer, that layer's cell, and the state after it."""

    hidden: Float[Tensor, "*batch H"]
    cell: Float[Tensor, "*batch H"] | None
    state: ControllerState


def lstm_cell(
    gates: Float[Tensor, "*batch G"], prev_cell: Float[Tensor, "*batch H"], overrides: Overrides = UNTOUCHED
) -> CellState:
    """c = σ(f) c₋₁ + σ(i) tanh(g), h = σ(o) tanh(c), for gates that are i, f, g, o side by side: [3]."""
    admit, keep, candidate, emit = gates.chunk(4, dim=-1)
    cell = torch.sigmoid(keep) * prev_cell + torch.sigmoid(admit) * torch.tanh(candidate)
    cell = overrides.at(CONTROLLER, "cell", cell)
    return CellState(torch.sigmoid(emit) * torch.tanh(cell), cell)


class _Layers(nn.Module, Generic[Layer]):
    """Layers on one another, layer1, layer2 …: what does not depend on their kind."""

    def __init__(self, spec: MachineSpec, make: Callable[[int, int], Layer]) -> None:
        super().__init__()
        self._channels = len(spec.inputs)
        self._activate = ACTIVATIONS[spec.controller.activation].function
        self._emits_state = spec.controller.activation == "raw"
        size = self._channels + spec.size_of("reads")
        self._layers: list[Layer] = []
        for number, units in enumerate(spec.controller.sizes, 1):
            self._layers.append(make(size, units))
            self.add_module(f"layer{number}", self._layers[-1])
            size = units

    def forward(
        self,
        x: Float[Tensor, "*batch C"],
        prev_reads: Sequence[Tensor],
        prev_state: ControllerState,
        overrides: Overrides = UNTOUCHED,
    ) -> Driven:
        """The first layer sees [x, r₋₁ …], each other one what leaves the one below."""
        return self._finish(linear(torch.cat([x, *prev_reads], dim=-1), *self._first()), prev_state, overrides)

    def input_share(self, inputs: Float[Tensor, "*steps C"]) -> Float[Tensor, "*steps G"]:
        """What layer1 makes of the inputs alone: it depends on no step before, so it is there for all steps at once."""
        weight, bias = self._first()
        return functional.linear(inputs, weight[:, : self._channels], bias)

    def recurrent(self) -> Float[Tensor, "G R"]:
        """The weight with which layer1 sees the read vectors."""
        return self._first()[0][:, self._channels :]

    def advance(
        self,
        share: Float[Tensor, "*batch G"],
        recurrent: Float[Tensor, "G R"],
        prev_reads: Sequence[Tensor],
        prev_state: ControllerState,
    ) -> Driven:
        """`forward`, from the input's share; it rounds otherwise."""
        return self._finish(share + functional.linear(torch.cat([*prev_reads], dim=-1), recurrent), prev_state)

    def further_parameters(self) -> tuple[Tensor, ...]:
        """All but those with which layer1 sees the inputs and the read vectors."""
        raise NotImplementedError

    def _first(self) -> tuple[Tensor, Tensor]:
        """The weight and the bias with which layer1 sees the inputs and the read vectors."""
        raise NotImplementedError

    def _finish(
        self, from_below: Float[Tensor, "*batch G"], prev_state: ControllerState, overrides: Overrides = UNTOUCHED
    ) -> Driven:
        """The step, from what layer1 made of the inputs and the read vectors."""
        raise NotImplementedError


class Controller(_Layers[nn.Linear]):
    """A feed-forward controller, h = activation(layer1([x, r₋₁ …])) and so on; its first layer is the reference's."""

    def __init__(self, spec: MachineSpec) -> None:
        super().__init__(spec, nn.Linear)

    def further_parameters(self) -> tuple[Tensor, ...]:
        """Weight and bias of every layer but the first."""
        return tuple(value for layer in self._layers[1:] for value in (layer.weight, layer.bias))

    def _first(self) -> tuple[Tensor, Tensor]:
        return self._layers[0].weight, self._layers[0].bias

    def _finish(
        self, from_below: Float[Tensor, "*batch H"], prev_state: ControllerState, overrides: Overrides = UNTOUCHED
    ) -> Driven:
        hidden = self._activate(from_below)
        for layer in self._layers[1:]:
            hidden = self._activate(linear(hidden, layer.weight, layer.bias))
        return Driven(overrides.at(CONTROLLER, "hidden", hidden), None, prev_state)


class LSTMController(_Layers[nn.LSTMCell]):
    """LSTM layers, each with the parameters of torch's LSTMCell; what goes in makes the gates of layer1."""

    def __init__(self, spec: MachineSpec) -> None:
        super().__init__(spec, nn.LSTMCell)

    def further_parameters(self) -> tuple[Tensor, ...]:
        """Layer by layer weight and bias for what comes from below (not of the first), then for its own hidden."""
        found: list[Tensor] = []
        for number, layer in enumerate(self._layers):
            found += [layer.weight_ih, layer.bias_ih] if number else []
            found += [layer.weight_hh, layer.bias_hh]
        return tuple(found)

    def _first(self) -> tuple[Tensor, Tensor]:
        return self._layers[0].weight_ih, self._layers[0].bias_ih

    def _finish(
        self, from_below: Float[Tensor, "*batch G"], prev_state: ControllerState, overrides: Overrides = UNTOUCHED
    ) -> Driven:
        following: list[CellState] = []
        for number, (layer, prev) in enumerate(zip(self._layers, prev_state, strict=True), 1):
            if following:
                from_below = linear(following[-1].hidden, layer.weight_ih, layer.bias_ih)
            gates = from_below + linear(prev.hidden, layer.weight_hh, layer.bias_hh)
            last = number == len(self._layers)
            following.append(lstm_cell(gates, prev.cell, overrides if last else UNTOUCHED))
        hidden, cell = following[-1]
        emitted = overrides.at(CONTROLLER, "hidden", self._activate(hidden))
        if self._emits_state:  # what leaves the layer is also what it hands to its next step
            following[-1] = CellState(emitted, cell)
        return Driven(emitted, cell, tuple(following))


def make_controller(spec: MachineSpec) -> Controller | LSTMController:
    """The controller of a specification."""
    return LSTMController(spec) if spec.controller.kind == "lstm" else Controller(spec)
