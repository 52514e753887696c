"""Which of the variants a file is, and what it was trained on: the one that plays its own task with the fewest wrong
bits. Names do not tell: the wrong variant loads as well, and plays noise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Generator

from tapedeck.checkpoints.importers.building import Chosen, build, channels_of, fits
from tapedeck.checkpoints.importers.declaration import Family, Hears, Variant
from tapedeck.checkpoints.importers.finding import Found
from tapedeck.checkpoints.importers.hearing import TRIED
from tapedeck.ntm import NeuralTM
from tapedeck.ntm.threads import one_thread
from tapedeck.tasks import Task, bits_of, task_as_heard

SEED = 1
"""Of the examples that machines are tried on: all hear the same."""

MOST_NUMBERS = 4_000_000
"""In the memories of all examples that are played at once: a file may hold a memory of any size."""

NEARLY = 0.015
"""A share of wrong bits that is above another by no more than this is much the same."""

ALIKE, SURE = 10, 1e-6
"""Outputs no further from their targets than so many times another's, and than this, are as good: a variant that
exaggerates may well be nearer than the right one."""

APART = 0.05
"""The least share of wrong bits by which one variant has to be better than another on harder examples."""

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
    def result(self) -> dict[str, int | float]:
        """What came of it, for a checkpoint's origin."""
        counted = {"excess_bits": self.wrong} if self.foretold else {"wrong": round(self.wrong)}
        return {**counted, "bits": self.bits}

    @property
    def is_noise(self) -> bool:
        """Whether it does not play its task."""
        return not self.share < NOISE


def play_all(family: Family, found: Found, hears: Sequence[Hears], chosen: Chosen) -> list[Played]:
    """Every variant on every task that it has the channels for.

    Raises:
        CheckpointUnreadable: the tensors do not fit one another.
    """
    players = [
        _Player(family, variant, heard, build(found, variant, heard, chosen))
        for variant in family.variants
        if fits(found, variant)
        for heard in hears
        if channels_of(heard, found.inputs, found.outputs) is not None
    ]
    return _play(players)


def choose(played: Sequence[Played]) -> tuple[Played, list[Played]]:
    """The one that plays best, and those of other variants that play alike: nothing in the file tells them apart.

    Of the sizes of a task the first counts that is played nearly as well as the best, of variants alike the first.
    Where nothing is played, the first of all counts.
    """
    best = min(played, key=lambda each: (each.share, each.distance))
    if best.is_noise:
        return played[0], []
    same_task = [each for each in played if each.hears is best.hears]
    size = next(each.size for each in same_task if each.share <= best.share + NEARLY)
    same = [each for each in same_task if each.size == size]
    least = min(same, key=lambda each: (each.share, each.distance))
    alike = [
        each for each in same if each.share <= least.share + NEARLY and each.distance <= ALIKE * least.distance + SURE
    ]
    return alike[0], alike[1:]


def settle(best: Played, alike: Sequence[Played]) -> tuple[Played, list[Played]]:
    """Those that play alike, on harder examples than any was trained on, where a wrong variant goes wrong sooner."""
    harder = best.hears.harder
    if not alike or not harder:
        return best, list(alike)
    found = [best, *alike]
    with one_thread():
        shares = [_on(each, harder) for each in found]
    kept = [each for each, share in zip(found, shares, strict=True) if share <= min(shares) + APART]
    return kept[0], kept[1:]


def _on(played: Played, size: Mapping[str, int]) -> float:
    """The share of bits that come out wrong at another size."""
    task = task_as_heard(played.machine.spec, played.hears.task)
    wrong, bits, _ = _wrong(played.machine, task, size, played.hears.examples)
    return wrong / bits


def play_configured(machine: NeuralTM, task: str, name: str) -> Played:
    """A machine that a configuration describes, on the task that it names.

    Raises:
        InvalidRequest: this version does not know the task, or the machine has not its channels.
    """
    heard = task_as_heard(machine.spec, task)
    bits_of(machine.spec, heard)
    known = next((each for each in TRIED if each.task == task), None)
    sizes = known.sizes if known else ({each.name: each.values[0] for each in heard.sizes},)
    hears = Hears(task, (), (), machine.spec.encoding, sizes, known.examples if known else 1)
    family, variant = Family(name, (), (), (hears,)), Variant("1", "as it is configured", {}, {})
    return choose(_play([_Player(family, variant, hears, machine)]))[0]


class _Player(NamedTuple):
    """A machine that is to be tried on a task."""

    family: Family
    variant: Variant
    hears: Hears
    machine: NeuralTM

    def on(self, size: Mapping[str, int]) -> Played:
        """How it plays."""
        task = task_as_heard(self.machine.spec, self.hears.task)
        wrong, bits, distance = _wrong(self.machine, task, size, self.hears.examples)
        return Played(
            self.machine,
            self.family,
            self.variant,
            self.hears,
            size,
            wrong,
            bits,
            distance,
            foretold=task.measure.foretold,
        )


def _play(players: Sequence[_Player]) -> list[Played]:
    """Each on one size of its task after another, until one is played by some machine nearly without a wrong bit."""
    played: list[Played] = []
    with one_thread():
        for place in range(max((len(player.hears.sizes) for player in players), default=0)):
            played += [each.on(each.hears.sizes[place]) for each in players if place < len(each.hears.sizes)]
            if any(each.share <= NEARLY for each in played):
                break
    return played


def _wrong(machine: NeuralTM, task: Task[Any], size: Mapping[str, int], count: int) -> tuple[float, int, float]:
    """Wrong bits, bits, distance; all wrong where a number overflows."""
    memory = machine.spec.memory
    count = max(1, min(count, MOST_NUMBERS // (memory.locations * memory.width)))
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
