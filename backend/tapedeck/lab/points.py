"""Counting one point of a sweep: a batch of examples at once, with the same changes in all of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import torch
from torch import Generator, Tensor

from tapedeck.errors import NonFinite
from tapedeck.lab.sweeps import Point, SweepPlan
from tapedeck.ntm import NeuralTM
from tapedeck.ntm.threads import one_thread
from tapedeck.parts import Parts, whole
from tapedeck.tasks import Episode, Task, task_as_heard
from tapedeck.tasks.episode import THRESHOLD
from tapedeck.tracing.interventions import Planned, Resolved, read_interventions, resolve
from tapedeck.training.batches import Batching
from tapedeck.training.evaluation import AnyResult, Result
from tapedeck.training.patterns import PATTERNS
from tapedeck.training.prediction_result import PredictionResult

PATTERN = "random"


class Job(NamedTuple):
    """A point with all that it takes to count it, in whatever process."""

    machine: NeuralTM
    task: str
    point: Point
    sequences: int
    seed: int


def jobs(machine: NeuralTM, task: str, plan: SweepPlan) -> list[Job]:
    """Of every point of a plan; raises as `SweepPlan.points`, and what the machine lacks for the first of them."""
    found = [Job(machine, task, point, plan.sequences, plan.seed) for point in plan.points(machine.spec, task)]
    _check(found[0])
    return found


def _check(job: Job) -> None:
    """Raises what is wrong with a point before any number is computed."""
    examples, task, locations = _sampled(job._replace(sequences=1))
    episode = task.episode(task.part(examples, slice(0, 1)))
    resolve(read_interventions(list(job.point.interventions)), job.machine, episode, locations)


def _sampled(job: Job) -> tuple[Any, Task[Any], int]:
    """The examples of a point, the same for points of one size, its task, and N."""
    task, size = task_as_heard(job.machine.spec, job.task), job.point.size
    generator = Generator().manual_seed(hash((job.seed, *size.values())) % 2**32)
    bits = job.machine.spec.bits
    examples = task.sample(generator, size, job.sequences, bits, lambda *of: PATTERNS[PATTERN](*of).bool())
    locations = job.point.locations
    return examples, task, job.machine.spec.memory.locations if locations is None else locations


def count(job: Job) -> AnyResult:
    """The result of a point.

    Raises:
        InvalidInterventions: the machine or the run lacks what one names, or nothing is left of a weighting.
        InvalidLocations: the machine cannot run on so many locations.
        NonFinite: its numbers overflow.
    """
    return whole(count_in_parts(job))


def count_in_parts(job: Job) -> Parts[AnyResult]:
    """The same, in parts."""
    machine, point = job.machine, job.point
    examples, task, locations = _sampled(job)
    batching = Batching.of(machine.spec, locations, task.steps(point.size))
    declared = read_interventions(list(point.interventions))
    amounts, best, margin = list[float](), list[float](), math.inf
    for first in range(0, job.sequences, batching.sequences):
        episode = task.episode(task.part(examples, slice(first, first + batching.sequences)))
        dtype = machine.output_layer.weight.dtype
        episode = replace(episode, inputs=episode.inputs.to(dtype), targets=episode.targets.to(dtype))
        found, margins = yield from _counted(resolve(declared, machine, episode, locations), episode, locations)
        amounts += found.tolist()
        best += episode.best.tolist()
        margin = min(margin, float(margins.min()))
    return _result(job, task, locations, examples, _Sums(amounts, best, margin))


class _Sums(NamedTuple):
    amounts: Sequence[float]
    best: Sequence[float]
    margin: float


def _counted(changes: Resolved, episode: Episode, locations: int) -> Parts[tuple[Tensor, Tensor]]:
    """The amount and the margin of each sequence: all of them side by side."""
    machine, size = changes.machine, episode.inputs.shape[1]
    planned = None if changes.plan is None else Planned(changes.plan, machine.spec, locations)
    state = changes.start.map(lambda value: value.expand(size, *value.shape))
    outputs = list[Tensor]()
    with one_thread(), torch.inference_mode():
        projection = machine.projection()
    for step, x in enumerate(changes.inputs):
        with one_thread(), torch.inference_mode():
            if planned is None:
                output, state, trace = machine.step(x, state, projection)
            else:
                planned.begin(step, state)
                state = state._replace(memory=planned.memory(state.memory)[0])
                output, state, trace = machine.step(x, state, projection, planned)
                output = planned.outputs(output)
            if not torch.isfinite(trace.unclamped_output).all():
                raise NonFinite(step)
            outputs.append(output)
        yield
    return _amounts(torch.stack(outputs), episode)


def _amounts(outputs: Tensor, episode: Episode) -> tuple[Tensor, Tensor]:
    counted = outputs.movedim(-1, 1)[episode.mask]  # [scored, batch]
    distances = (counted - THRESHOLD).abs()
    margins = distances.amin(dim=0) if len(counted) else torch.full((outputs.shape[1],), math.inf)
    return episode.amounts(outputs), margins.double()


def _result(job: Job, task: Task[Any], locations: int, examples: Any, sums: _Sums) -> AnyResult:
    above = [amount - least for amount, least in zip(sums.amounts, sums.best, strict=True)]
    worst = task.document(task.part(examples, above.index(max(above))))
    scored = task.episode(task.part(examples, 0)).scored_bits * job.sequences
    size = job.point.size
    if task.measure.foretold:
        return PredictionResult(size, PATTERN, locations, scored, list(sums.amounts), list(sums.best), worst)
    wrong = [round(each) for each in sums.amounts]
    return Result(size, PATTERN, locations, scored, wrong, sums.margin, worst)
