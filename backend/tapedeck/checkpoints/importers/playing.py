"""Which of the variants a file is, and what it was trained on: the one that plays its own task with the fewest wrong
bits. Names do not tell: the wrong variant loads as well, and plays noise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Generator

from tapedeck.checkpoints.importers.building import Chosen, build, channels_of, fits
from tapedeck.checkpoints.importers.declaration import Family, Hears, Variant
from tapedeck.checkpoints.importers.finding import Found
from tapedeck.ntm import NeuralTM
from tapedeck.tasks import Task, task_as_heard

SEED = 1
"""Of the examples that machines are tried on: all hear the same."""

NEARLY = 0.015
"""A share of wrong bits that is above another by no more than this is much the same."""

ALIKE, SURE = 1.25, 1e-6
"""Outputs no further from their targets than so many times another's, and than this, are as good."""

NOISE = 0.25
"""The least share of wrong bits with which a machine does not play its task at all."""


@dataclass(frozen=True)
class Played:
    """A machine that was tried.

    Attributes:
        machine: it.
        family, variant, hears: what it was taken for.
        size: of the examples.
        wrong: how many bits came out wrong, or what predictions cost above the optimum, in bits.
        bits: how many count.
        distance: how far outputs are from their targets in the mean, 0 to 1: tells those apart that are all right.
        foretold: whether outputs are probabilities, which cost bits.
    """

    machine: NeuralTM
    family: Family
    variant: Variant
    hears: Hears
    size: Mapping[str, int]
    wrong: float
    bits: int
    distance: float
    foretold: bool

    @property
    def share(self) -> float:
        """Of the bits that came out wrong."""
        return self.wrong / self.bits

    @property
    def is_noise(self) -> bool:
        """Whether it does not play its task."""
        return not self.share < NOISE


def play_all(family: Family, found: Found, hears: Sequence[Hears], chosen: Chosen) -> list[Played]:
    """Every variant on every task that it has the channels for.

    Raises:
        CheckpointUnreadable: the tensors do not fit one another.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # a machine is too small for more to help
    try:
        return [
            each
            for variant in family.variants
            if fits(found, variant)
            for heard in hears
            if channels_of(heard, found.inputs, found.outputs) is not None
            for each in _play(family, variant, heard, build(found, variant, heard, chosen))
        ]
    finally:
        torch.set_num_threads(threads)


def choose(played: Sequence[Played]) -> tuple[Played, list[Played]]:
    """The one that plays best, and those of other variants that play alike: nothing in the file tells them apart.

    Of the sizes of a task the first counts that is played nearly as well as the best, of variants alike the first.
    """
    best = min(played, key=lambda each: (each.share, each.distance))
    same_task = [each for each in played if each.hears is best.hears]
    size = next(each.size for each in same_task if best.is_noise or each.share <= best.share + NEARLY)
    same = [each for each in same_task if each.size == size]
    least = min(same, key=lambda each: (each.share, each.distance))
    alike = [
        each for each in same if each.share <= least.share + NEARLY and each.distance <= ALIKE * least.distance + SURE
    ]
    return alike[0], alike[1:]


def _play(family: Family, variant: Variant, hears: Hears, machine: NeuralTM) -> Iterator[Played]:
    task = task_as_heard(machine.spec, hears.task)
    for size in hears.sizes:
        if task.locations_needed(size) > machine.spec.memory.locations:
            continue
        wrong, bits, distance = _wrong(machine, task, size, hears.examples)
        yield Played(machine, family, variant, hears, size, wrong, bits, distance, task.measure.foretold)


def _wrong(machine: NeuralTM, task: Task[Any], size: Mapping[str, int], count: int) -> tuple[float, int, float]:
    """Wrong bits, bits, distance; all wrong where a number overflows."""
    generator = Generator().manual_seed(SEED)
    examples = task.sample(generator, size, count, machine.spec.bits)
    episode = task.episode(task.part(examples, slice(None)))
    with torch.inference_mode():
        outputs, _, _ = machine(episode.inputs)
    bits = episode.scored_bits
    if not bool(torch.isfinite(outputs).all()):
        return float(bits), bits, 1.0
    distance = float((outputs - episode.targets).abs().movedim(-1, 1)[episode.mask].mean())
    return float((episode.amounts(outputs) - episode.best).sum()), bits, distance
