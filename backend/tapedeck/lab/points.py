"""Counting one point of a sweep: a batch of examples at once, with the same changes in all of them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from tapedeck.errors import NonFinite
from tapedeck.lab.sweeps import Point, SweepPlan
from tapedeck.ntm import NeuralTM
from tapedeck.ntm.threads import one_thread
from tapedeck.parts import Parts, whole
from tapedeck.tasks import Episode, task_as_heard
from tapedeck.tracing.interventions import Planned, Resolved, read_interventions, resolve
from tapedeck.training.batches import Batching
from tapedeck.training.evaluation import AnyResult, Sample

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
    sample, locations = _sampled(job._replace(sequences=1))
    episode = sample.task.episode(sample.part(slice(0, 1)))
    resolve(read_interventions(list(job.point.interventions)), job.machine, episode, locations)


def _sampled(job: Job) -> tuple[Sample, int]:
    """The examples of a point, the same for points of one size, and N."""
    task, size = task_as_heard(job.machine.spec, job.task), job.point.size
    seed = hash((job.seed, *size.values())) % 2**32
    sample = Sample.of(task, size, PATTERN, job.sequences, bits=job.machine.spec.bits, seed=seed)
    locations = job.point.locations
    return sample, job.machine.spec.memory.locations if locations is None else locations


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
    sample, locations = _sampled(job)
    task = sample.task
    batching = Batching.of(machine.spec, locations, task.steps(point.size))
    declared = read_interventions(list(point.interventions))
    amounts, best, margin = list[float](), list[float](), math.inf
    for first in range(0, job.sequences, batching.sequences):
        episode = task.episode(sample.part(slice(first, first + batching.sequences)))
        dtype = machine.output_layer.weight.dtype
        episode = replace(episode, inputs=episode.inputs.to(dtype), targets=episode.targets.to(dtype))
        found, margins = yield from _counted(resolve(declared, machine, episode, locations), episode, locations)
        amounts += found.tolist()
        best += episode.best.tolist()
        margin = min(margin, float(margins.min()))
    return sample.result(locations, amounts, best, margin)


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
    made = torch.stack(outputs)
    return episode.amounts(made), episode.margins(made)
