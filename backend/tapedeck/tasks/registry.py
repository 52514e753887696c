"""Every task, and what is found of one by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tapedeck.errors import InvalidRequest
from tapedeck.ntm import MachineSpec
from tapedeck.tasks.associative_recall import AssociativeRecallTask
from tapedeck.tasks.copy import CopyTask
from tapedeck.tasks.dynamic_ngrams import DynamicNgramsTask
from tapedeck.tasks.priority_sort import PrioritySortTask
from tapedeck.tasks.repeat_copy import RepeatCopyTask
from tapedeck.tasks.task import Task

TASKS: Mapping[str, Task[Any]] = {
    task.name: task
    for task in (
        CopyTask(),
        RepeatCopyTask(),
        AssociativeRecallTask(),
        DynamicNgramsTask(),
        PrioritySortTask(),
    )
}
"""Every task by its name in checkpoints and requests, in the order in which machines are listed."""


def check_task(task: str) -> Task[Any]:
    """A task that this version knows.

    Raises:
        InvalidRequest: it does not.
    """
    if task not in TASKS:
        raise InvalidRequest(
            f"This version runs {', '.join(TASKS)}; the machine was trained on “{task}”.", field="checkpoint"
        )
    return TASKS[task]


def task_of(spec: MachineSpec) -> Task[Any]:
    """The task that has a machine's channels.

    Raises:
        InvalidRequest: none has, or several have.
    """
    channels, bits = (spec.inputs, spec.outputs), spec.bits
    found = [task for task in TASKS.values() if (task.input_channels(bits), task.output_channels(bits)) == channels]
    if len(found) != 1:
        names = ", ".join(task.name for task in found or TASKS.values())
        raise InvalidRequest(
            f"{'Several tasks have' if found else 'No task has'} the channels of this machine; name its task: {names}.",
            field="task",
        )
    return found[0]


def bits_of(spec: MachineSpec, task: Task[Any]) -> int:
    """How many bits a vector has that a machine reads in a task.

    Raises:
        InvalidRequest: it has not the channels that the task needs.
    """
    bits = spec.bits
    needed = len(task.input_channels(bits)), len(task.output_channels(bits))
    if not bits or needed != (len(spec.inputs), len(spec.outputs)):
        raise InvalidRequest(
            f"This machine has {len(spec.inputs)} inputs, {bits} of them bits, and {len(spec.outputs)} outputs; for "
            f"{bits} bits {task.name} needs {needed[0]} and {needed[1]}.",
            field="checkpoint",
        )
    return bits
