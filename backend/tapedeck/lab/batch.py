"""Many variants of one run, stepped together: each is the run itself up to a step, and changed there alone.

All variants share the steps before their own, so a variant joins the batch at its step, as the unchanged run stands
then. The batch rounds as batches do: to some 1e-6 of a run by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from tapedeck.ntm import State
from tapedeck.ntm.overrides import Overrides
from tapedeck.tracing import Run
from tapedeck.tracing.interventions import Plan, Planned, Resolved


class Variant(NamedTuple):
    """A run that is changed at one step.

    Attributes:
        step: where.
        changes: what is done at that step counts, and nothing else of it.
    """

    step: int
    changes: Resolved


class Stepped(NamedTuple):
    """One step of all variants that have begun."""

    outputs: Float[Tensor, "B O"]
    """The unchanged run's first, then those of the variants, in the order in which they joined"""
    unclamped: Float[Tensor, "B O"]
    """Before their activation"""


class _Joining(Overrides):
    """What a run changes for all, and then each of the last ones of a batch for itself alone."""

    def __init__(self, common: Planned | None, own: Sequence[Planned]) -> None:
        self._common, self._own = common, own

    def at(self, part: str, stage: str, value: Tensor, /) -> Tensor:
        if self._common is not None:
            value = self._common.at(part, stage, value)
        touched = [place for place, planned in enumerate(self._own) if planned.touches(part, stage)]
        if touched:
            value = value.clone()
        for place in touched:
            row = place - len(self._own)
            value[row] = self._own[place].at(part, stage, value[row])
        return value

    def memory(self, value: Tensor) -> Tensor:
        """What the heads find, [B, N, W]."""
        if self._common is not None:
            value = self._common.memory(value)[0]
        for place, planned in enumerate(self._own):
            changed, touched = planned.memory(value[place - len(self._own)])
            if touched is not None:
                value = value.clone()
                value[place - len(self._own)] = changed
        return value

    def outputs(self, value: Tensor) -> Tensor:
        """What comes out, [B, O]."""
        return value if self._common is None else self._common.outputs(value)


class Variants:
    """Steps a run and its variants."""

    def __init__(self, run: Run, variants: Sequence[Variant]) -> None:
        if any(one.step > other.step for one, other in pairwise(variants)):
            raise ValueError("variants must stand in the order of their steps.")
        self._machine, self._inputs = run.machine, run.inputs
        self._projection = run.machine.projection()
        self._state = run.start.map(lambda value: value.unsqueeze(0))
        self._common = None if run.plan is None else _planned(run.plan, run)
        # Variants share their changes at other steps, and so the plan.
        planned: dict[int, Planned] = {}
        for _, changes in variants:
            if id(changes) not in planned:
                planned[id(changes)] = _planned(changes.plan, run)
        self._waiting = [(step, changes.inputs, planned[id(changes)]) for step, changes in variants]
        self._step = 0

    def step(self) -> Stepped:
        """The next step."""
        joining = [(inputs, planned) for step, inputs, planned in self._waiting if step == self._step]
        self._waiting = [each for each in self._waiting if each[0] > self._step]
        if joining:
            count = len(joining)
            self._state = self._state.map(lambda value: torch.cat([value, value[:1].expand(count, *value.shape[1:])]))
        state, size = self._state, len(self._state.memory)
        if self._common is not None:
            self._common.begin(self._step, state)
        x = self._inputs[self._step].repeat(size, 1)
        for row, (inputs, planned) in enumerate(joining, size - len(joining)):
            x[row] = inputs[self._step]
            planned.begin(self._step, _row(state, row))
        overrides = _Joining(self._common, [planned for _, planned in joining])
        state = state._replace(memory=overrides.memory(state.memory))
        output, self._state, trace = self._machine.step(x, state, self._projection, overrides)
        self._step += 1
        return Stepped(overrides.outputs(output), trace.unclamped_output)


def _planned(plan: Plan | None, run: Run) -> Planned:
    return Planned(Plan.of((), run.episode.steps) if plan is None else plan, run.machine.spec, run.locations)


def _row(state: State, row: int) -> State:
    return state.map(lambda value: value[row])
