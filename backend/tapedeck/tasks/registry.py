"""Every task, and what is found of one by its name: those of this package, those of plug-ins, and those of a script.

A plug-in is a distribution with an entry point in the group `tapedeck.tasks`, which names a task, or a class that makes
one without arguments:

    [project.entry-points."tapedeck.tasks"]
    reverse = "my_package:ReverseTask"
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.metadata import entry_points
from inspect import isclass
from threading import RLock
from typing import Any

from tapedeck.errors import InvalidConfiguration, InvalidRequest, quoted
from tapedeck.ntm import MachineSpec
from tapedeck.tasks.associative_recall import AssociativeRecallTask
from tapedeck.tasks.copy import CopyTask
from tapedeck.tasks.dynamic_ngrams import DynamicNgramsTask
from tapedeck.tasks.encoded import encoded
from tapedeck.tasks.priority_sort import PrioritySortTask
from tapedeck.tasks.repeat_copy import RepeatCopyTask
from tapedeck.tasks.task import Task

GROUP = "tapedeck.tasks"
"""Of the entry points of plug-ins."""

OWN: tuple[Task[Any], ...] = (
    CopyTask(),
    RepeatCopyTask(),
    AssociativeRecallTask(),
    DynamicNgramsTask(),
    PrioritySortTask(),
)

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


class Tasks(Mapping[str, Task[Any]]):
    """Tasks by name: this package's, then those of plug-ins, which are looked for when the first name is, then those
    that were registered.

    Raises:
        InvalidConfiguration: on the first look, where a plug-in cannot be imported or is not a task.
    """

    def __init__(self, own: tuple[Task[Any], ...]) -> None:
        self._own = {task.name: task for task in own}
        self._tasks: dict[str, Task[Any]] = dict(self._own)
        self._lock = RLock()
        self._complete = False

    def register(self, task: Task[Any]) -> None:
        """Adds a task, in place of one of that name whose class has the same name: of a cell that was run again.

        Raises:
            InvalidConfiguration: it is not a task, its example does not fit, or another has its name.
        """
        self._discover()
        with self._lock:
            self._add(task)

    def __getitem__(self, name: str) -> Task[Any]:
        self._discover()
        return self._tasks[name]

    def __iter__(self) -> Iterator[str]:
        self._discover()
        return iter([*self._tasks])

    def __len__(self) -> int:
        self._discover()
        return len(self._tasks)

    def _discover(self) -> None:
        with self._lock:
            if self._complete:
                return
            self._complete = True  # before a plug-in is imported, which may well look for a task
            try:
                for found in sorted(entry_points(group=GROUP), key=lambda point: point.name):
                    self._add(_load(found), _named(found))
            except BaseException:
                self._complete = False
                raise

    def _add(self, given: object, where: str = "") -> None:
        task = checked(given, where)
        there = self._tasks.get(task.name)
        if task.name in self._own or (there is not None and type(there).__qualname__ != type(task).__qualname__):
            raise InvalidConfiguration(
                f"{where}There is a task {quoted(task.name)} already; give yours another name.", field="name"
            )
        self._tasks[task.name] = task


def checked(task: object, where: str = "") -> Task[Any]:
    """An object that is a task, and does with its own example what it says.

    Args:
        task: the object.
        where: what an error begins with.

    Raises:
        InvalidConfiguration: a member is missing, its name cannot be one, or its example does not fit.
    """
    if missing := [name for name in _members() if not hasattr(task, name)]:
        raise InvalidConfiguration(
            f"{where}{type(task).__name__} is not a task: it has no {', '.join(missing)}; subclass tapedeck.Task, "
            "which says what each is."
        )
    assert isinstance(task, Task)  # noqa: S101 - as was just seen
    name: object = task.name
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise InvalidConfiguration(
            f"{where}A task's name must be lower-case letters, digits and _, got {quoted(name)}.", field="name"
        )
    if problem := _misfit(task):
        raise InvalidConfiguration(f"{where}The task {task.name} contradicts itself: for its example {problem}.")
    return task


def _members() -> list[str]:
    """What a task must have, in the order in which `Task` declares it."""
    names = [*Task.__annotations__, *(name for name, value in vars(Task).items() if callable(value))]
    return [name for name in dict.fromkeys(names) if not name.startswith("_")]


def _misfit(task: Task[Any]) -> str | None:
    """What does not fit in the episode of a task's own example; None where all does."""
    bits = task.example_bits
    example = task.parse(task.example, bits)
    size, episode = task.size_of(example), task.episode(example)
    heard, said = len(task.input_channels(bits)), len(task.output_channels(bits))
    ends = [0, *(phase.stop for phase in episode.phases)]
    shapes = {
        "inputs": (tuple(episode.inputs.shape), (task.steps(size), heard)),
        "targets": (tuple(episode.targets.shape), (task.steps(size), said)),
        "mask": (tuple(episode.mask.shape), (task.steps(size), said)),
    }
    for name, (shape, expected) in shapes.items():
        if shape != expected:
            return f"{name} must have the shape [T, channels] = {expected}, got {shape}"
    if set(size) != {each.name for each in task.sizes}:
        return f"size_of must give {' and '.join(each.name for each in task.sizes)}, got {' and '.join(size) or 'none'}"
    if [phase.start for phase in episode.phases] != ends[:-1] or ends[-1] != episode.steps:
        return f"the phases must follow one another from step 0 to step {episode.steps}"
    return None if episode.mask.any() else "no output counts: mask is false everywhere"


def _load(point: Any) -> object:  # an entry point, of the library or of its backport, which others may bring along
    try:
        found = point.load()
        made: object = found() if isclass(found) else found
    except Exception as error:
        raise InvalidConfiguration(
            f"{_named(point)}It cannot be loaded: {type(error).__name__}: {error}. Mend the plug-in, or uninstall it."
        ) from error
    return made


def _named(point: Any) -> str:
    of = f" of {point.dist.name}" if point.dist is not None else ""
    return f"The plug-in {quoted(point.name)}{of} ({point.value}): "


TASKS = Tasks(OWN)
"""Every task by its name in checkpoints and requests, in the order in which machines are listed."""


def register_task(task: Task[Any]) -> None:
    """Makes a task known by its name to everything in this process: training, runs, evaluations, figures, files, and a
    service that is started in it. A distribution registers its tasks for all processes by an entry point, see above.

    Args:
        task: of a subclass of `Task`, whose docstrings say what its members are. With a `recipe`, fields of
            `tapedeck.training.sized_recipe.SizedRecipe`, it says how it is trained.

    Raises:
        InvalidConfiguration: it is not a task, its example does not fit its channels, steps and phases, or another task
            has its name.
    """
    TASKS.register(task)


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


def task_as_heard(spec: MachineSpec, task: str) -> Task[Any]:
    """A task as a machine hears it.

    Raises:
        InvalidRequest: this version does not know it, or the machine's encoding is none of it.
    """
    return encoded(check_task(task), spec)


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
