"""Priority sort: hear vectors, each with a priority; say those of the highest, in order (Graves et al. 2014, 4.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Generator, Tensor

from tapedeck.errors import InvalidSequence, shown
from tapedeck.ntm import Channel, NeuralTM
from tapedeck.tasks.episode import Episode, Phase
from tapedeck.tasks.measure import WRONG_BITS, Measure
from tapedeck.tasks.task import (
    Draw,
    Size,
    SizeRange,
    bit_channels,
    check_fields,
    counted,
    input_schema,
    mask_of,
    random_bits,
    read_vectors,
    vectors_schema,
    written_vectors,
)
from tapedeck.tasks.verdicts import Array, Witness
from tapedeck.tasks.verdicts.priority_sort import PrioritySortWitness

LEAST_PRIORITY, GREATEST_PRIORITY = -1, 1

SHARE = 0.8
"""Of the vectors that come out: 20 → 16, 4 → 3."""


class PrioritySortExample(NamedTuple):
    """Vectors with their priorities, or a batch of them; no two priorities of an example are the same."""

    vectors: Float[Tensor, "n *batch bits"]
    priorities: Float[Tensor, n * batch]


class PrioritySortTask:
    """n vectors with a priority each in; the k = round(0.8 n) of the highest out, in descending order: n + 1 + k steps.

    Input channels: the bits, the priority, the end delimiter. Steps 0…n − 1 are the vectors, each with its priority,
    step n the end delimiter. Then nothing is heard, and k steps are scored.
    """

    name: ClassVar[str] = "priority_sort"
    example: ClassVar[Mapping[str, Any]] = {
        "vectors": [
            [1, 0, 1, 1, 0, 0, 1, 1],
            [0, 1, 1, 0, 1, 0, 0, 1],
            [1, 1, 0, 0, 1, 0, 1, 0],
            [0, 0, 1, 0, 0, 1, 1, 1],
        ],
        "priorities": [0.2, -0.9, 0.75, -0.4],
    }
    example_bits: ClassVar[int] = 8
    schema: ClassVar[Mapping[str, Any]] = input_schema(
        example,
        vectors=vectors_schema("The vectors to sort"),
        priorities={
            "type": "array",
            "items": {"type": "number", "minimum": LEAST_PRIORITY, "maximum": GREATEST_PRIORITY},
            "minItems": 1,
            "uniqueItems": True,
            "description": "The priority of each vector; no two are the same",
            "x-one-of-each": "vectors",
        },
    )
    scores: ClassVar[str] = "The bits of the vectors that come out, those of the highest priorities first."
    measure: ClassVar[Measure] = WRONG_BITS
    sizes: ClassVar[tuple[SizeRange, ...]] = (SizeRange("vectors", "vectors", 1, 250, (4, 8, 12, 16, 20, 24)),)
    patterned: ClassVar[bool] = False

    def __init__(self, share: float = SHARE, *, by_channel: bool = False) -> None:
        """Of n vectors `share` · n come out, rounded; `by_channel` sorts the bits of each channel by themselves."""
        self._share, self._by_channel = share, by_channel

    def input_channels(self, bits: int) -> tuple[Channel, ...]:
        """The bits, the priority, the end delimiter."""
        return (*bit_channels(bits), Channel("priority", "priority"), Channel("end", "delimiter"))

    def output_channels(self, bits: int) -> tuple[Channel, ...]:
        """The bits."""
        return bit_channels(bits)

    def locations_needed(self, size: Size) -> int:
        """One for each vector would do."""
        return size["vectors"]

    def steps(self, size: Size) -> int:
        """n + 1 + k."""
        return size["vectors"] + 1 + self._out(size["vectors"])

    def title(self, document: Mapping[str, Any]) -> str:
        """Of a run of this input."""
        count = len(document["vectors"])
        return f"the first {self._out(count):,} of {counted(count, 'vector')} by priority"

    def size_of(self, example: PrioritySortExample) -> Size:
        """n."""
        return {"vectors": len(example.vectors)}

    def parse(self, document: Mapping[str, Any], bits: int) -> PrioritySortExample:
        """From {"vectors", "priorities"}, as many of these as of those."""
        check_fields(document, self.name, "vectors", "priorities")
        vectors = read_vectors(document["vectors"], bits, "vectors")
        return PrioritySortExample(vectors, _read_priorities(document["priorities"], len(vectors)))

    def document(self, example: PrioritySortExample) -> dict[str, Any]:
        """As {"vectors", "priorities"}."""
        # Each with as many digits as tell it from every other float32.
        priorities = [float(str(priority)) for priority in example.priorities.numpy()]
        return {"vectors": written_vectors(example.vectors), "priorities": priorities}

    def sample(
        self, generator: Generator, size: Size, count: int, bits: int, draw: Draw = random_bits
    ) -> PrioritySortExample:
        """Fair random bits, and every priority as likely as another."""
        vectors = draw(generator, size["vectors"], count, bits)
        priorities = _draw_priorities(generator, size["vectors"], count)
        while _any_equal(priorities):  # of a million examples of 20 vectors some ten
            priorities = _draw_priorities(generator, size["vectors"], count)
        return PrioritySortExample(vectors, priorities)

    def part(self, batch: PrioritySortExample, which: slice | int) -> PrioritySortExample:
        """Some lists, or one."""
        return PrioritySortExample(batch.vectors[:, which].float(), batch.priorities[:, which])

    def episode(self, example: PrioritySortExample) -> Episode:
        """Of one list of vectors, or of a batch of lists of one length."""
        vectors, priorities = example
        count, *batch, bits = vectors.shape
        out, steps = self._out(count), self.steps({"vectors": count})
        inputs = vectors.new_zeros(steps, *batch, bits + 2)
        targets = vectors.new_zeros(steps, *batch, bits)
        inputs[:count, ..., :bits] = vectors
        inputs[:count, ..., bits] = priorities
        inputs[count, ..., bits + 1] = 1
        targets[count + 1 :] = self._sorted(vectors, priorities)[:out]
        phases = (
            Phase("input", 0, count, "input"),
            Phase("end", count, count + 1, "delimiter"),
            Phase("recall", count + 1, steps, "recall"),
        )
        return Episode(inputs, targets, phases, mask_of(targets, slice(count + 1, steps)))

    def witness(self, machine: NeuralTM, episode: Episode, start: Array) -> Witness | None:
        """Any machine that sorts vectors can be judged by what came out."""
        del start
        return None if self._by_channel else PrioritySortWitness(machine.spec, episode)

    def _out(self, count: int) -> int:
        return sorted_out(count, self._share)

    def _sorted(
        self, vectors: Float[Tensor, "n *batch bits"], priorities: Float[Tensor, n * batch]
    ) -> Float[Tensor, "n *batch bits"]:
        """From the highest priority down; or of each channel the 1s before the 0s."""
        if self._by_channel:
            return vectors.sort(dim=0, descending=True).values
        order = priorities.argsort(dim=0, descending=True)
        return vectors.gather(0, order[..., None].expand_as(vectors))


def sorted_out(count: int, share: float = SHARE) -> int:
    """k, how many of n vectors come out: a share of n, rounded."""
    return round(share * count)


def _draw_priorities(generator: Generator, size: int, count: int) -> Float[Tensor, "n count"]:
    spread = GREATEST_PRIORITY - LEAST_PRIORITY
    return LEAST_PRIORITY + spread * torch.rand(size, count, generator=generator)


def _any_equal(priorities: Float[Tensor, n * batch]) -> bool:
    return bool((priorities.sort(dim=0).values.diff(dim=0) == 0).any())


def _read_priorities(values: Any, count: int) -> Float[Tensor, " n"]:
    """Numbers from −1 to 1, no two of them the same to a machine, which hears float32.

    Raises:
        InvalidSequence: no list of so many, or a number that is none of these.
    """
    field = "priorities"
    if not isinstance(values, Sequence) or isinstance(values, str):
        raise InvalidSequence(
            f"priorities must be a list of {counted(count, 'number')}, got {shown(values)}.", field=field
        )
    if len(values) != count:
        raise InvalidSequence(
            f"Each of the {counted(count, 'vector')} must have a priority, got {counted(len(values), 'number')}.",
            field=field,
        )
    seen: dict[float, int] = {}
    for place, value in enumerate(values):
        where, name = f"{field}.{place}", f"The priority of vector {place + 1:,}"
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not LEAST_PRIORITY <= value <= GREATEST_PRIORITY:
            raise InvalidSequence(f"{name} must be a number from −1 to 1, got {shown(value)}.", field=where)
        other = seen.setdefault(float(np.float32(value)), place)
        if other != place:
            raise InvalidSequence(
                f"{name} must not be that of vector {other + 1:,} as well, got {shown(value)} twice.", field=where
            )
    return torch.tensor(values, dtype=torch.float32)
