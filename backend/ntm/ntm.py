"""The machine: a controller, a write head, a read head and the output, stepped in that order.

References:
    [1] Graves, Wayne, Danihelka: Neural Turing Machines, 2014, arXiv 1410.5401.
    [2] The architecture of the public repository dichotomies/ntm-pytorch, whose parameter names these are.

Dimensions:
    T  steps        C  channels: bits and the two delimiters        H  controller size
    N  locations    W  width (M in [1])                             *batch  any leading dimensions, none included
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from backend.ntm.config import NTMConfig
from backend.ntm.controller import Controller
from backend.ntm.head import HeadTrace, Projection, ReadHead, WriteHead
from backend.ntm.linear import linear
from backend.ntm.state import NTMState, check_initial_state, fit_to_locations, reference_initial_state


class StepTrace(NamedTuple):
    """All that one step computed: the heads in the order in which they acted, and the output before its clamp."""

    heads: tuple[HeadTrace, ...]
    unclamped_output: Float[Tensor, "*batch C"]


class NeuralTM(nn.Module):
    """A Neural Turing Machine with one write head and one read head.

    The state of a run goes in and comes out; the module holds only the parameters and the state that every run starts
    from, so any number of runs can share one machine.

    Raises:
        InvalidConfiguration: the initial state does not fit the sizes.
    """

    initial_memory: Tensor
    initial_write_weighting: Tensor
    initial_read_weighting: Tensor
    initial_read_vector: Tensor

    def __init__(self, config: NTMConfig | None = None, initial: NTMState | None = None) -> None:
        super().__init__()
        self.config = config = config or NTMConfig()
        self.controller = Controller(config.channels, config.width, config.controller_size)
        self.r_to_s = nn.Linear(config.width, config.channels)
        self.readhead = ReadHead(config.controller_size, config.width)
        self.writehead = WriteHead(config.controller_size, config.width)
        initial = initial or reference_initial_state(config)
        check_initial_state(initial, config)
        # Not persistent: the reference's state_dict has parameters only. Checkpoints keep these beside it.
        for name, value in initial._asdict().items():
            self.register_buffer(f"initial_{name}", value, persistent=False)

    def initial_state(self, *batch: int, locations: int | None = None) -> NTMState:
        """The state before the first step, for a batch of the given dimensions (none: a single run).

        Raises:
            InvalidLocations: fewer than 3 locations, or too few for where this machine starts.
        """
        start = NTMState(*(getattr(self, f"initial_{name}") for name in NTMState._fields))
        fitted = fit_to_locations(start, self.config.locations if locations is None else locations)
        return NTMState(*(value.expand(*batch, *value.shape) for value in fitted))

    def projection(self) -> Projection:
        """The layers of the heads as one, in the order in which the heads act."""
        return Projection.of([self.writehead, self.readhead])

    def step(
        self, x: Float[Tensor, "*batch C"], state: NTMState, projection: Projection | None = None
    ) -> tuple[Float[Tensor, "*batch C"], NTMState, StepTrace]:
        """One step: write, then read the memory just written. The output, from the read vector alone, is in 0…1.

        A run of many steps hands in the projection, made once.
        """
        hidden = self.controller(x, state.read_vector)
        for_write, for_read = (projection or self.projection()).project(hidden)
        written, memory = self.writehead(for_write, state.memory, state.write_weighting)
        found = self.readhead(for_read, memory, state.read_weighting)
        unclamped = linear(found.read_vector, self.r_to_s.weight, self.r_to_s.bias)
        following = NTMState(memory, written.addressing.weighting, found.addressing.weighting, found.read_vector)
        return unclamped.clamp(0, 1), following, StepTrace((written, found), unclamped)

    def forward(
        self, sequence: Float[Tensor, "T *batch C"], state: NTMState | None = None
    ) -> tuple[Float[Tensor, "T *batch C"], NTMState, list[StepTrace]]:
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
