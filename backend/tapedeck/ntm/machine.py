"""The machine: a controller, heads that act one after another, and the output; one step for every specification.

References:
    [1] Graves, Wayne, Danihelka: Neural Turing Machines, 2014, arXiv 1410.5401.
    [2] The architecture of the public repository dichotomies/ntm-pytorch: the default specification, whose parameters
        have that repository's names.

Dimensions:
    T  steps        C  input channels        O  output channels        H  units of the controller's last layer
    N  locations    W  width (M in [1])      *batch  any leading dimensions, none included
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from tapedeck.ntm.activations import ACTIVATIONS
from tapedeck.ntm.config import NTMConfig
from tapedeck.ntm.controllers import Driven, make_controller
from tapedeck.ntm.heads import HeadTrace, Projection, ReadHead, WriteHead
from tapedeck.ntm.linear import linear
from tapedeck.ntm.overrides import UNTOUCHED, Overrides
from tapedeck.ntm.specification import MachineSpec, Term
from tapedeck.ntm.state import State, as_given, check_initial_state, fit_to_locations, initial_tensors, parts_of


class StepTrace(NamedTuple):
    """All that one step computed.

    Attributes:
        heads: in the order in which they acted.
        unclamped_output: before the output's activation.
        hidden: what left the controller's last layer.
        cell: of that layer; None where the controller has none.
    """

    heads: tuple[HeadTrace, ...]
    unclamped_output: Float[Tensor, "*batch O"]
    hidden: Float[Tensor, "*batch H"]
    cell: Float[Tensor, "*batch H"] | None


class NeuralTM(nn.Module):
    """A Neural Turing Machine of any specification, the reference's by default.

    The state of a run goes in and comes out; the module holds only the parameters and the state that every run starts
    from, so any number of runs can share one machine.

    Raises:
        InvalidConfiguration: the initial state does not fit the specification, or is needed and was not given.
    """

    initial_memory: Tensor
    initial_write_weighting: Tensor
    initial_read_weighting: Tensor
    initial_read_vector: Tensor
    # Where `named_as_the_reference`:
    r_to_s: nn.Linear
    readhead: ReadHead
    writehead: WriteHead

    def __init__(self, spec: MachineSpec | NTMConfig | None = None, initial: State | None = None) -> None:
        super().__init__()
        spec = spec if isinstance(spec, MachineSpec) else (spec or NTMConfig()).spec
        if initial is None:
            initial = State.of(spec, initial_tensors(spec))
        check_initial_state(initial, spec)
        self.spec = spec = as_given(spec, initial)
        self.controller = make_controller(spec)
        output = nn.Linear(sum(map(spec.size_of, spec.output.terms)), len(spec.outputs))
        if named_as_the_reference(spec):
            self.r_to_s = output
            write, read = spec.heads
            self.readhead = ReadHead(read, spec, reference_names=True)  # the first, as in the reference
            self.writehead = WriteHead(write, spec, reference_names=True)
            self._heads: list[ReadHead | WriteHead] = [self.writehead, self.readhead]
        else:
            kinds: dict[str, type[ReadHead | WriteHead]] = {"read": ReadHead, "write": WriteHead}
            self._heads = [kinds[head.kind](head, spec, reference_names=False) for head in spec.heads]
            for head in self._heads:
                self.add_module(head.spec.name, head)
            self.output = output
        self._output = [output]  # in a list, where it is not a second module
        self._activate = ACTIVATIONS[spec.output.activation].function
        order = [head.name for head in spec.heads]
        self._previous = [order.index(head.previous or head.name) for head in spec.heads]
        self._register_start(initial)

    def _register_start(self, initial: State) -> None:
        # Not persistent: the reference's state_dict has parameters only. Checkpoints keep these beside it.
        for (name, part), value in zip(parts_of(self.spec).items(), initial.tensors(), strict=True):
            if part.start.kind == "learned":
                self.register_parameter(f"initial_{name}", nn.Parameter(value))
            else:
                self.register_buffer(f"initial_{name}", value, persistent=False)

    @property
    def heads(self) -> tuple[ReadHead | WriteHead, ...]:
        """In the order in which they act."""
        return tuple(self._heads)

    @property
    def output_layer(self) -> nn.Linear:
        """From the output's terms, side by side, to the outputs before their activation."""
        return self._output[0]

    def initial_state(self, *batch: int, locations: int | None = None) -> State:
        """The state before the first step, for a batch of the given dimensions (none: a single run).

        Raises:
            InvalidLocations: fewer than 3 locations, or too few for where this machine starts.
        """
        tensors = {}
        for name, part in parts_of(self.spec).items():
            tensors[name] = ACTIVATIONS[part.start.activation].function(getattr(self, f"initial_{name}"))
        start = State.of(self.spec, tensors)
        fitted = fit_to_locations(start, self.spec.memory.locations if locations is None else locations, self.spec)
        return fitted.map(lambda value: value.expand(*batch, *value.shape))

    def projection(self) -> Projection:
        """The layers of the heads as one, in the order in which the heads act."""
        return Projection.of(self._heads)

    def step(
        self,
        x: Float[Tensor, "*batch C"],
        state: State,
        projection: Projection | None = None,
        overrides: Overrides = UNTOUCHED,
    ) -> tuple[Float[Tensor, "*batch O"], State, StepTrace]:
        """One step: the controller, each head in turn, the output.

        A run of many steps hands in the projection, made once.
        """
        driven = self.controller(x, state.reads, state.controller, overrides)
        traces, following = self.act(x, driven, state, projection or self.projection(), overrides)
        layer = self._output[0]
        raw = linear(self.seen(self.spec.output.terms, x, driven, following.reads), layer.weight, layer.bias)
        return self._activate(raw), following, StepTrace(traces, raw, driven.hidden, driven.cell)

    def act(
        self,
        x: Float[Tensor, "*batch C"],
        driven: Driven,
        state: State,
        projection: Projection,
        overrides: Overrides = UNTOUCHED,
    ) -> tuple[tuple[HeadTrace, ...], State]:
        """Each head in turn: what it did, and the state after all of them.

        A head sees what those before it wrote in this step, unless it addresses the previous memory.
        """
        projected = projection.project(self.seen(self.spec.controller.drives, x, driven, ()))
        memory = state.memory
        weightings: list[Tensor] = []
        reads: list[Tensor] = []
        traces: list[HeadTrace] = []
        for place, head in enumerate(self._heads):
            seen = state.memory if head.spec.addresses == "previous" else memory
            prev = state.weightings[self._previous[place]]
            if isinstance(head, WriteHead):
                written, memory = head(projected[place], seen, memory, prev, overrides)
                traces.append(written)
            else:
                found = head(projected[place], seen, memory, prev, overrides)
                reads.append(found.read_vector)
                traces.append(found)
            weightings.append(traces[-1].addressing.weighting)
        return tuple(traces), State(memory, tuple(weightings), tuple(reads), driven.state)

    @staticmethod
    def seen(
        terms: Sequence[Term], x: Float[Tensor, "*batch C"], driven: Driven, reads: Sequence[Tensor]
    ) -> Float[Tensor, "*batch D"]:
        """Some terms side by side, as the heads or the output see them."""
        values: list[Tensor] = []
        for term in terms:
            if term == "reads":
                values.extend(reads)
            elif term == "cell" and driven.cell is not None:
                values.append(driven.cell)
            else:
                values.append(x if term == "inputs" else driven.hidden)
        return values[0] if len(values) == 1 else torch.cat(values, dim=-1)

    def forward(
        self, sequence: Float[Tensor, "T *batch C"], state: State | None = None
    ) -> tuple[Float[Tensor, "T *batch O"], State, list[StepTrace]]:
        """Every step of a sequence, time first, from the initial state or the one given."""
        if state is None:
            state = self.initial_state(*sequence.shape[1:-1])
        projection = self.projection()
        outputs, traces = [], []
        for x in sequence:
            output, state, trace = self.step(x, state, projection)
            outputs.append(output)
            traces.append(trace)
        return torch.stack(outputs), state, traces


def named_as_the_reference(spec: MachineSpec) -> bool:
    """Whether a machine has the modules of the reference's: one layer, a write and then a read head, y = V r + b."""
    return (
        spec.controller.kind == "feed_forward"
        and len(spec.controller.sizes) == 1
        and [head.name for head in spec.heads] == ["write", "read"]
        and spec.output.terms == ("reads",)
    )
