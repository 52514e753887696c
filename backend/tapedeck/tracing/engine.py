"""Running a machine on an episode, step by step, with every number of every step recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from jaxtyping import Float
from torch import Tensor

from tapedeck.errors import InvalidSequence, NonFinite
from tapedeck.ntm import MachineSpec, NeuralTM, State
from tapedeck.tasks import TASKS, CopyTask, Episode, bits_of, task_as_heard
from tapedeck.tasks.copy import check_sequence
from tapedeck.tracing.applied import Applied, AppliedReads
from tapedeck.tracing.description import describe_machine, describe_run, together
from tapedeck.tracing.engines import TORCH, Engine, engine_for
from tapedeck.tracing.interventions import Plan, Resolved, applied_reads, read_interventions, resolve
from tapedeck.tracing.interventions.sites import MEMORY
from tapedeck.tracing.layout import Layout
from tapedeck.tracing.trace import InitialState, Trace

FRAME_STEPS = 16
"""The most steps of one frame, unless whoever runs the machine takes more at once: above it a frame saves nothing more,
and the first paint waits longer.
"""


Vectors = Sequence[Sequence[int] | npt.NDArray[Any]] | npt.NDArray[Any] | Float[Tensor, "L bits"]
"""Vectors of 0s and 1s: lists, or an array [L, bits] of any type of numbers."""


class Frame(NamedTuple):
    """Rows of consecutive steps, float32, one row a step in the columns of the run's layout."""

    first_step: int
    rows: npt.NDArray[np.float32]
    applied: Applied | None = None
    """What interventions changed in the memory before these steps"""


@dataclass(frozen=True, slots=True)
class Run:
    """A run that is ready to start: a pure function of its parts, which may be started any number of times.

    Attributes:
        machine: read only; any number of runs share it.
        episode: of a single example, no batch.
        start: the state before step 0.
        task: its name.
        given: the task's input, as it was asked for.
        engine: that computes it.
        changes: what interventions come to; None for a plain run. Their machine is the one that runs.
    """

    machine: NeuralTM
    episode: Episode
    start: State
    task: str
    given: Mapping[str, Any]
    engine: Engine = TORCH
    changes: Resolved | None = None
    layout: Layout = field(init=False, repr=False, compare=False)
    """The columns of the rows"""

    def __post_init__(self) -> None:
        layout = Layout.of(self.machine.spec, self.locations, foretold=self.episode.optimum is not None)
        object.__setattr__(self, "layout", layout)

    @property
    def plan(self) -> Plan | None:
        """What is changed in the steps, for whichever engine computes them; None where nothing is."""
        return None if self.changes is None else self.changes.plan

    @property
    def changes_memory(self) -> bool:
        """Whether cells of the memory are changed on the way."""
        return self.plan is not None and bool((self.plan.sites == MEMORY).any())

    @property
    def locations(self) -> int:
        """N of this run."""
        return self.start.locations

    @property
    def inputs(self) -> Float[Tensor, "T C"]:
        """What the machine hears: the episode's, with what interventions change in them."""
        return self.episode.inputs if self.changes is None else self.changes.inputs

    @property
    def about(self) -> dict[str, Any]:
        """The description but for the checkpoint, see `tapedeck.tracing.description`."""
        return together(self.about_itself, self.about_machine)

    @property
    def about_machine(self) -> dict[str, Any]:
        """What of it is the machine's, the same for every run that nothing changes, at so many locations."""
        return describe_machine(self.machine, self.layout, self.initial)

    @property
    def about_itself(self) -> dict[str, Any]:
        """What of it is this run's own."""
        changes = self.changes
        described = describe_run(
            self.episode,
            self.engine.about,
            interventions=() if changes is None else changes.documents,
            normalized=() if changes is None else changes.normalized,
        )
        return {"task": self.task, "input": self.given, **described}

    @property
    def initial(self) -> InitialState:
        """The memory and the weightings before step 0, from which the memory of every step can be rebuilt."""
        # Clones: a float32 machine's own would be the same memory, open to whoever holds the trace.
        state = self.start.map(torch.clone)
        names = [head.name for head in self.machine.spec.heads]
        return InitialState(_float32(state.memory), dict(zip(names, map(_float32, state.weightings), strict=True)))

    def frames(
        self, most_steps: int = FRAME_STEPS, steps: int | None = None, *, first_steps: int = 1
    ) -> Iterator[Frame]:
        """Runs the machine, for so many steps or to the end; yields each frame as soon as its steps are computed.

        The first frame holds one step, or `first_steps`.

        Raises:
            NonFinite: a number overflows, after the frame of the steps before.
            InvalidInterventions: nothing is left of a weighting that was changed.
        """
        steps = self.episode.steps if steps is None else min(steps, self.episode.steps)
        given, session, inputs = self._given(), self.engine.begin(self.machine, self.start, self.plan), self.inputs
        length, first, stop = self.layout.row_length, given.shape[1], 0
        while stop < steps:
            begin, stop = stop, min(steps, stop + most_steps if stop else first_steps)
            rows = np.empty((stop - begin, length), np.float32)
            rows[:, :first] = given[begin:stop]
            finite = session.advance(inputs[begin:stop], rows, first)
            if begin + finite < stop:
                if finite:
                    yield Frame(begin, rows[:finite])
                raise NonFinite(begin + finite)
            yield Frame(begin, rows, session.take_applied())

    def _given(self) -> npt.NDArray[np.float32]:
        """[T, G], side by side in the order of the layout: inputs, targets and, where there is one, the optimum."""
        inputs, targets, optimum = self.inputs, self.episode.targets, self.episode.optimum
        given = [inputs, targets]
        if optimum is not None:
            given.append(optimum.probabilities.to(targets.dtype).unsqueeze(-1).expand_as(targets))
        return _float32(torch.cat(given, dim=-1))

    def trace(self) -> Trace:
        """Runs the machine to the end.

        Raises:
            NonFinite: its numbers overflow.
        """
        frames = list(self.frames())
        return self.recorded(np.concatenate([frame.rows for frame in frames]), joined(frames))

    def recorded(self, rows: npt.NDArray[np.float32], applied: Applied | None = None) -> Trace:
        """The trace of the first steps, or of all, from their rows and what was changed in the memory."""
        wrong, amount = self.judged(rows)
        score = self.episode.score(amount)
        return Trace(
            rows, self.layout, self.episode.phases, self.initial, wrong, score, self.about, applied, self.applied_reads
        )

    @property
    def applied_reads(self) -> AppliedReads | None:
        """What interventions make of read vectors, which is known before the run."""
        return None if self.plan is None else applied_reads(self.plan, self.machine.spec)

    def judged(self, rows: npt.NDArray[np.float32], first_step: int = 0) -> tuple[npt.NDArray[np.bool_], float]:
        """The wrong bits among the rows of consecutive steps, [steps, O], and what they add to the run's score: the
        task's own count, so that a run may be counted in parts.
        """
        outputs = torch.from_numpy(rows[:, self.layout.columns_of("outputs")])
        wrong, amount = self.episode.judged(outputs, first_step)
        return wrong.numpy(), float(amount)


def joined(frames: Sequence[Frame]) -> Applied | None:
    """What interventions changed in the memory before the steps of all these frames."""
    return Applied.joined([frame.applied for frame in frames if frame.applied is not None])


def _float32(values: Tensor) -> npt.NDArray[np.float32]:
    return values.detach().to(torch.float32).contiguous().numpy()


def prepare(
    machine: NeuralTM,
    task: str,
    given: Vectors | Mapping[str, Any],
    locations: int | None = None,
    interventions: object = None,
) -> Run:
    """A run of the machine on a task's input, as a request has it; vectors alone are the copy task's {"sequence"}.

    Raises:
        InvalidInterventions: see `tapedeck.tracing.interventions`.
        InvalidSequence: the input is not this task's, or not one that this machine reads.
        InvalidLocations: fewer locations than the shifts need, or too few for where the machine starts.
        InvalidRequest: a task that this version does not know, or that this machine has not the channels for.
    """
    asked = ask(machine.spec, task, given)
    return prepare_asked(machine, asked, locations, read_interventions(interventions))


class Asked(NamedTuple):
    """What a machine is asked, read and checked, of which nothing is made yet."""

    task: str
    given: Mapping[str, Any]
    example: Any
    steps: int
    """T of its episode"""

    def layout(self, spec: MachineSpec, locations: int) -> Layout:
        """That its run will have."""
        return Layout.of(spec, locations, foretold=TASKS[self.task].measure.foretold)


def ask(spec: MachineSpec, task: str, given: Vectors | Mapping[str, Any]) -> Asked:
    """Reads a task's input for a machine; raises as `prepare` does."""
    known = task_as_heard(spec, task)
    if not isinstance(given, Mapping):
        if [*known.schema["properties"]] != [*CopyTask.schema["properties"]]:
            fields = " and ".join(f"“{name}”" for name in known.schema["properties"])
            raise InvalidSequence(
                f"This machine was trained on {task}; give its “input” with {fields}, not a sequence alone.",
                field="sequence",
            )
        given = {"sequence": check_sequence(given, bits_of(spec, known))}
    bits = bits_of(spec, known)
    example = known.parse(given, bits)
    return Asked(task, _plain(given), example, known.steps(known.size_of(example)))


def prepare_asked(
    machine: NeuralTM, asked: Asked, locations: int | None = None, interventions: Sequence[Any] = ()
) -> Run:
    """The run of what was read; raises InvalidLocations and InvalidInterventions as `prepare` does."""
    chosen = machine.spec.memory.locations if locations is None else locations
    start = machine.initial_state(locations=chosen)
    episode = task_as_heard(machine.spec, asked.task).episode(asked.example)
    dtype = machine.output_layer.weight.dtype
    episode = replace(episode, inputs=episode.inputs.to(dtype), targets=episode.targets.to(dtype))
    engine = engine_for(machine, asked.task, asked.steps)
    if not interventions:
        return Run(machine, episode, start, asked.task, asked.given, engine)
    changes = resolve(interventions, machine, episode, chosen)
    return Run(changes.machine, episode, changes.start, asked.task, asked.given, engine, changes)


_PLAIN = frozenset({bool, int, float, str})


def _plain(value: Any) -> Any:
    """Arrays as lists, all else as it is."""
    if type(value) in _PLAIN:  # by far the most, and an abstract Mapping takes long to ask for
        return value
    if isinstance(value, list | tuple):
        if _PLAIN.issuperset(map(type, value)):  # a vector
            return list(value)
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return value.tolist() if hasattr(value, "tolist") else value
