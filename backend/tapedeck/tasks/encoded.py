"""A task as one machine hears it: `tapedeck.ntm.encoding` applied to the task's own episodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

import torch
from torch import Generator, Tensor

from tapedeck.errors import InvalidRequest, quoted
from tapedeck.ntm import Channel, Encoding, MachineSpec, NeuralTM, Stretch
from tapedeck.tasks.episode import Episode, Phase, Role
from tapedeck.tasks.priority_sort import SHARE, PrioritySortTask
from tapedeck.tasks.repeat_copy import RepeatCopyTask
from tapedeck.tasks.task import Draw, Size, Task, random_bits
from tapedeck.tasks.verdicts import Array, Witness


class _Steps(NamedTuple):
    """Of a stretch: from which of the task's steps it hears, and from which it is answered; −1 from none."""

    heard: Sequence[int]
    answered: Sequence[int]

    @classmethod
    def of(cls, phase: Phase, leaves_off: int = 0) -> _Steps:
        """The steps of one of the task's phases, but for the last."""
        steps = range(phase.start, max(phase.start, phase.stop - leaves_off))
        return cls(steps, steps)


class EncodedTask:
    """What is asked, and what counts, is the task's; channels, phases and steps are the machine's.

    Raises:
        InvalidRequest: the encoding is not one of this task, or the machine has no channels for it.
    """

    def __init__(self, task: Task[Any], spec: MachineSpec, encoding: Encoding) -> None:
        self.task = _tuned(task, encoding)
        self._spec, self._stretches = spec, encoding.stretches
        self.name, self.example, self.schema = task.name, task.example, task.schema
        self.example_bits, self.scores, self.measure = task.example_bits, task.scores, task.measure
        self.sizes, self.patterned = task.sizes, task.patterned
        self.size_of, self.parse, self.title = self.task.size_of, self.task.parse, self.task.title
        self.document, self.part = self.task.document, self.task.part
        self.locations_needed = self.task.locations_needed
        bits = spec.bits
        self._heard = _sources(spec.inputs, task.input_channels(bits))
        self._said = _sources(spec.outputs, task.output_channels(bits))
        if not bits or not _bits_lead(spec.inputs, bits) or not _bits_lead(spec.outputs, bits):
            raise _wrong(task, "its vectors must be the first inputs and the first outputs, and of as many bits")
        marks = {stretch.marks for stretch in self._stretches} - {None}
        if unknown := marks - {channel.name for channel in spec.inputs}:
            raise _wrong(task, f"it has no input {quoted(unknown.pop())}")
        self._more = self._more_steps()

    def _more_steps(self) -> int:
        """How many steps more than the task's own an episode of any size has."""
        if not self._stretches:
            return 0
        phases = _own_phases(self.task)
        taken = {stretch.of for stretch in self._stretches}
        for name in {*taken, *(stretch.hears for stretch in self._stretches)} - {None}:
            if name not in phases:
                raise _wrong(self.task, f"the task has no phase {quoted(name)}")
        left_out = [phase for name, phase in phases.items() if name not in taken]
        if any(phase.role != "delimiter" or phase.stop - phase.start != 1 for phase in left_out):
            raise _wrong(self.task, "only delimiters may be left out")
        marks = sum(stretch.of is None for stretch in self._stretches)
        return marks - len(left_out) - sum(stretch.leaves_off for stretch in self._stretches)

    def input_channels(self, bits: int) -> tuple[Channel, ...]:
        """The machine's."""
        del bits
        return self._spec.inputs

    def output_channels(self, bits: int) -> tuple[Channel, ...]:
        """The machine's."""
        del bits
        return self._spec.outputs

    def steps(self, size: Size) -> int:
        """T of an episode of that size."""
        return self.task.steps(size) + self._more

    def sample(self, generator: Generator, size: Size, count: int, bits: int, draw: Draw = random_bits) -> Any:
        """As the task draws it."""
        return self.task.sample(generator, size, count, bits, draw)

    def episode(self, example: Any) -> Episode:
        """The task's, laid out as the machine hears it."""
        own = self.task.episode(example)
        phases, steps = self._laid_out(own)
        at = torch.tensor([step for each in steps for step in each.heard])
        inputs = _gathered(own.inputs, at, self._heard)
        for phase, stretch in zip(phases, self._stretches, strict=False):
            if stretch.marks is not None:
                channel = [each.name for each in self._spec.inputs].index(stretch.marks)
                inputs[phase.start, ..., channel] = 1
        answered = torch.tensor([step for each in steps for step in each.answered])
        targets = _gathered(own.targets, answered, self._said)
        mask = _gathered(own.mask, answered, self._said)
        return Episode(inputs, targets, phases, mask, own.optimum)

    def _laid_out(self, own: Episode) -> tuple[tuple[Phase, ...], list[_Steps]]:
        """The phases, and of each from which of the task's steps it is; −1 where from none."""
        if not self._stretches:
            return own.phases, [_Steps.of(phase) for phase in own.phases]
        by_name = {phase.name: phase for phase in own.phases}
        phases: list[Phase] = []
        steps: list[_Steps] = []
        start = 0
        for stretch in self._stretches:
            role, made = _steps_of(stretch, by_name)
            phases.append(Phase(stretch.name, start, start + len(made.heard), role))
            steps.append(made)
            start += len(made.heard)
        return tuple(phases), steps

    def witness(self, machine: NeuralTM, episode: Episode, start: Array) -> Witness | None:
        """As the task's."""
        return self.task.witness(machine, episode, start)


def encoded(task: Task[Any], spec: MachineSpec) -> Task[Any]:
    """The task as a machine hears it: the task itself where the machine does not say otherwise.

    Raises:
        InvalidRequest: as above.
    """
    if spec.encoding is None:
        return task
    return cast("Task[Any]", EncodedTask(task, spec, spec.encoding))


def _tuned(task: Task[Any], encoding: Encoding) -> Task[Any]:
    """The task with what an encoding says of its numbers."""
    if isinstance(task, RepeatCopyTask) and encoding.count is not None:
        return RepeatCopyTask(encoding.count.mean, encoding.count.deviation)
    if isinstance(task, PrioritySortTask):
        return PrioritySortTask(encoding.sorted_share or SHARE, by_channel=encoding.sorts == "channels")
    return task


def _own_phases(task: Task[Any]) -> dict[str, Phase]:
    example = task.episode(task.parse(task.example, task.example_bits))
    return {phase.name: phase for phase in example.phases}


def _steps_of(stretch: Stretch, phases: Mapping[str, Phase]) -> tuple[Role, _Steps]:
    if stretch.of is None:
        return "delimiter", _Steps([-1], [-1])
    phase = phases[stretch.of]
    made = _Steps.of(phase, stretch.leaves_off)
    if stretch.hears is not None:
        other = phases[stretch.hears]
        again = [step if step < other.stop else -1 for step in range(other.start, other.start + len(made.heard))]
        made = made._replace(heard=again)
    return phase.role, made


def _sources(channels: Sequence[Channel], own: Sequence[Channel]) -> list[int]:
    """For each channel of a machine the task's that it stands for; −1 for none."""
    bits = iter([place for place, channel in enumerate(own) if channel.kind == "bit"])
    names = {channel.name: place for place, channel in enumerate(own) if channel.kind != "bit"}
    return [next(bits, -1) if each.kind == "bit" else names.get(each.name, -1) for each in channels]


def _gathered(values: Tensor, steps: Tensor, channels: Sequence[int]) -> Tensor:
    """Some steps of some channels, 0 where there is none (−1)."""
    padded = torch.zeros((values.shape[0] + 1, *values.shape[1:-1], values.shape[-1] + 1), dtype=values.dtype)
    padded[:-1, ..., :-1] = values
    return padded[steps][..., torch.tensor(channels)]


def _bits_lead(channels: Sequence[Channel], bits: int) -> bool:
    kinds = [channel.kind == "bit" for channel in channels]
    return sum(kinds) == bits and all(kinds[:bits])


def _wrong(task: Task[Any], why: str) -> InvalidRequest:
    return InvalidRequest(f"This machine’s encoding is none of {task.name}: {why}.", field="checkpoint")
