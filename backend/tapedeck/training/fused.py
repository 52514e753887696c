"""The machine's steps in the forms that train fastest; the same numbers as `tapedeck.ntm`, up to their rounding.

Tracing and evaluation round as the reference does; for that each equation has its form in `tapedeck.ntm.addressing`.
Training need not, and here every form is one that a compiler turns into few passes over the memory:

    the memory lies with its locations side by side, [batch, W, N], so that a vector instruction takes many locations
    the cosine is the product divided by both norms, not the product of two unit vectors
    the shift is a sum of shifted weightings, not a product of matrices
    sharpening is softmax(γ log w̃), which is w̃^γ / Σ w̃^γ, and never 0/0

Two steps are computed in one call, which halves what a call costs beside them. References and dimensions: see
`tapedeck.ntm.addressing` and `tapedeck.ntm.controllers`; K steps of a call, P numbers that all heads' layers emit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from tapedeck.ntm import MachineSpec, NeuralTM, State
from tapedeck.ntm.activations import ACTIVATIONS
from tapedeck.ntm.controllers import lstm_cell
from tapedeck.ntm.state import CellState, ControllerState
from tapedeck.training.fused_heads import act, groups_of

STEPS = 2
"""Of one call."""


class Parameters(NamedTuple):
    """What the steps need of a machine.

    Attributes:
        recurrent: the read vectors' share of the controller's first layer.
        layers: of a feed-forward controller weight and bias of each further layer; of an LSTM those for the layer below
            (not of the first layer, whose share is `recurrent` and the input's) and those for its own hidden vector.
        weight: of all heads' layers, for what drives them beside the inputs.
        bias: of these layers; None where it is in the inputs' share.
    """

    recurrent: Float[Tensor, "G R"]
    layers: tuple[Tensor, ...]
    weight: Float[Tensor, "P D"]
    bias: Float[Tensor, " P"] | None


class Shares(NamedTuple):
    """What the inputs alone contribute, for all steps at once: to the controller, and where they drive the heads."""

    controller: Float[Tensor, "K batch G"]
    heads: Float[Tensor, "K batch P"] | None


Steps = Callable[[Shares, State, Parameters], tuple[State, tuple[Tensor, ...]]]
"""From the inputs' shares of K steps and the state before them (its memory [batch, W, N]) to the state after them and,
for every step, the terms of the output that depend on it: read vectors [K, batch, R], hidden vectors [K, batch, H]."""


@cache
def make_steps(spec: MachineSpec) -> Steps:
    """The steps of a specification, ready to be compiled: the same function for the same one."""
    groups = groups_of(spec)
    activate = ACTIVATIONS[spec.controller.activation].function
    terms = tuple(term for term in spec.output.terms if term != "inputs")
    drives = tuple(term for term in spec.controller.drives if term != "inputs")
    lstm = spec.controller.kind == "lstm"

    def step(share: Tensor, of_heads: Tensor | None, state: State, parameters: Parameters) -> tuple[State, Tensor]:
        emitted = share + functional.linear(_side_by_side(state.reads), parameters.recurrent)
        if lstm:
            controller = _lstm(emitted, state.controller, parameters.layers)
            hidden, cell = activate(controller[-1].hidden), controller[-1].cell
        else:
            controller, hidden, cell = (), _feed_forward(emitted, parameters.layers, activate), emitted
        drive = _side_by_side([cell if term == "cell" else hidden for term in drives])
        projected = functional.linear(drive, parameters.weight, parameters.bias)
        if of_heads is not None:
            projected = projected + of_heads
        memory, weightings, reads = act(groups, projected, state, spec.conventions)
        return State(memory, weightings, reads, controller), hidden

    def steps(shares: Shares, state: State, parameters: Parameters) -> tuple[State, tuple[Tensor, ...]]:
        made: dict[str, list[Tensor]] = {term: [] for term in terms}
        of_heads = shares.heads.unbind() if shares.heads is not None else [None] * len(shares.controller)
        for share, of_head in zip(shares.controller.unbind(), of_heads, strict=True):
            state, hidden = step(share, of_head, state, parameters)
            for term in terms:
                made[term].append(_side_by_side(state.reads) if term == "reads" else hidden)
        return state, tuple(torch.stack(made[term]) for term in terms)

    return steps


def unclamped_outputs(
    machine: NeuralTM, inputs: Float[Tensor, "T batch C"], run: Steps | None = None
) -> Float[Tensor, "T batch O"]:
    """The outputs of every step, before their activation."""
    run = run or make_steps(machine.spec)
    steps = len(inputs)
    if steps % STEPS:  # a silent step at the end, rather than a second compilation for what is left over
        inputs = functional.pad(inputs, (0, 0, 0, 0, 0, STEPS - steps % STEPS))
    shares, parameters = _prepare(machine, inputs)
    start = machine.initial_state(inputs.shape[1])
    # What is compiled is compiled for the strides that it is given, and for whether these need a gradient. Every later
    # state is contiguous and needs one; with a first state that does as well, half as much has to be compiled.
    state = start._replace(memory=start.memory.mT).map(_as_later_ones)
    made: list[tuple[Tensor, ...]] = []
    for place in range(0, len(inputs), STEPS):
        some = slice(place, place + STEPS)
        state, terms = run(
            Shares(shares.controller[some], None if shares.heads is None else shares.heads[some]), state, parameters
        )
        made.append(terms)
    dependent = iter([torch.cat(parts) for parts in zip(*made, strict=True)])
    seen = [inputs if term == "inputs" else next(dependent) for term in machine.spec.output.terms]
    outputs: Tensor = machine.output_layer(_side_by_side(seen))
    return outputs if len(outputs) == steps else outputs[:steps]


def _as_later_ones(value: Tensor) -> Tensor:
    value = value.clone(memory_format=torch.contiguous_format)
    return value if value.requires_grad else value.requires_grad_()


def _prepare(machine: NeuralTM, inputs: Float[Tensor, "T batch C"]) -> tuple[Shares, Parameters]:
    projection, controller = machine.projection(), machine.controller
    weight, of_heads = projection.weight, None
    bias: Tensor | None = projection.bias
    drives = machine.spec.controller.drives
    if "inputs" in drives:
        columns = dict(
            zip(drives, weight.split_with_sizes([machine.spec.size_of(term) for term in drives], 1), strict=True)
        )
        of_heads = functional.linear(inputs, columns.pop("inputs"), bias)
        weight, bias = _side_by_side(list(columns.values())), None
    parameters = Parameters(controller.recurrent(), controller.further_parameters(), weight, bias)
    return Shares(controller.input_share(inputs), of_heads), parameters


def _side_by_side(values: Sequence[Tensor]) -> Tensor:
    return values[0] if len(values) == 1 else torch.cat([*values], dim=-1)


def _feed_forward(emitted: Tensor, layers: Sequence[Tensor], activate: Callable[[Tensor], Tensor]) -> Tensor:
    hidden = activate(emitted)
    for weight, bias in zip(layers[::2], layers[1::2], strict=True):
        hidden = activate(functional.linear(hidden, weight, bias))
    return hidden


def _lstm(gates: Tensor, states: ControllerState, layers: Sequence[Tensor]) -> ControllerState:
    following: list[CellState] = []
    values = iter(layers)
    for state in states:
        if following:
            gates = functional.linear(following[-1].hidden, next(values), next(values))
        following.append(lstm_cell(gates + functional.linear(state.hidden, next(values), next(values)), state.cell))
    return tuple(following)
