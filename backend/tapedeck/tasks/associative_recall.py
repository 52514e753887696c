"""Associative recall: after a list of items, asked with one of them, say the next (Graves et al. 2014, section 4.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Generator, Tensor

from tapedeck.errors import InvalidSequence
from tapedeck.ntm import Channel, NeuralTM
from tapedeck.tasks.episode import Episode, Phase
from tapedeck.tasks.measure import WRONG_BITS, Measure
from tapedeck.tasks.task import (
    Draw,
    Size,
    SizeRange,
    bit_channels,
    check_count,
    check_fields,
    input_schema,
    mask_of,
    random_bits,
    read_vectors,
    vectors_schema,
    written_vectors,
)
from tapedeck.tasks.verdicts import Array, Witness
from tapedeck.tasks.verdicts.associative_recall import AssociativeRecallWitness

ITEM = 3
"""Vectors of an item."""


class AssociativeRecallExample(NamedTuple):
    """Items, or a batch of them, and which one is asked with: from 0, never the last."""

    items: Float[Tensor, "items vectors *batch bits"]
    query: Int[Tensor, "*batch"]


class AssociativeRecallTask:
    """n items of three vectors and a query in; the item after the one asked with out: 4 n + 8 steps.

    Input channels: the bits, the item delimiter, the query delimiter. Each item is its delimiter and then its vectors;
    then the query delimiter, the vectors of the item that is asked with, and the query delimiter again. Then nothing is
    heard, and three steps are scored.
    """

    name: ClassVar[str] = "associative_recall"
    example: ClassVar[Mapping[str, Any]] = {
        "items": [
            [[1, 0, 1, 1, 0, 0], [0, 0, 1, 0, 1, 1], [1, 1, 0, 0, 1, 0]],
            [[0, 1, 0, 0, 1, 1], [1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 0, 1]],
            [[1, 1, 1, 1, 0, 1], [0, 1, 0, 1, 0, 1], [1, 0, 0, 0, 0, 1]],
        ],
        "query": 1,
    }
    example_bits: ClassVar[int] = 6
    schema: ClassVar[Mapping[str, Any]] = input_schema(
        example,
        items={
            "type": "array",
            "items": vectors_schema("An item", minItems=ITEM, maxItems=ITEM),
            "minItems": 2,
            "description": "The list",
        },
        query={
            "type": "integer",
            "minimum": 0,
            "description": "Which item is asked with, from 0; not the last. The answer is the item after it",
            "x-index-of": "items",
            "x-followed-by": 1,
        },
    )
    scores: ClassVar[str] = "The bits of the item after the one that was asked with."
    measure: ClassVar[Measure] = WRONG_BITS
    sizes: ClassVar[tuple[SizeRange, ...]] = (SizeRange("items", "items", 2, 250, (2, 3, 4, 5, 6, 8, 10, 12)),)
    patterned: ClassVar[bool] = False

    def input_channels(self, bits: int) -> tuple[Channel, ...]:
        """The bits, the item delimiter, the query delimiter."""
        return (*bit_channels(bits), Channel("item", "delimiter"), Channel("query", "delimiter"))

    def output_channels(self, bits: int) -> tuple[Channel, ...]:
        """The bits."""
        return bit_channels(bits)

    def locations_needed(self, size: Size) -> int:
        """One for each vector of the items would do."""
        return size["items"] * ITEM

    def steps(self, size: Size) -> int:
        """4 n + 8."""
        return size["items"] * (ITEM + 1) + 2 + 2 * ITEM

    def title(self, document: Mapping[str, Any]) -> str:
        """Of a run of this input."""
        return f"what follows item {document['query'] + 1} of {len(document['items'])}"

    def size_of(self, example: AssociativeRecallExample) -> Size:
        """n."""
        return {"items": len(example.items)}

    def parse(self, document: Mapping[str, Any], bits: int) -> AssociativeRecallExample:
        """From {"items", "query"}; the query is an item's place in the list, from 0, and has an item after it."""
        check_fields(document, self.name, "items", "query")
        rows = document["items"]
        if not isinstance(rows, Sequence) or isinstance(rows, str) or len(rows) < 2:
            raise InvalidSequence(f"items must be a list of at least two items of {ITEM} vectors each.", field="items")
        items = [read_vectors(item, bits, f"items.{place}", ITEM) for place, item in enumerate(rows)]
        query = check_count(document["query"], "query", 0, len(items) - 2)
        return AssociativeRecallExample(torch.stack(items), torch.tensor(query))

    def document(self, example: AssociativeRecallExample) -> dict[str, Any]:
        """As {"items", "query"}."""
        return {"items": written_vectors(example.items), "query": int(example.query)}

    def sample(
        self, generator: Generator, size: Size, count: int, bits: int, draw: Draw = random_bits
    ) -> AssociativeRecallExample:
        """Fair random bits, each item but the last as likely to be asked with."""
        items = draw(generator, size["items"] * ITEM, count, bits).view(size["items"], ITEM, count, bits)
        return AssociativeRecallExample(items, torch.randint(0, size["items"] - 1, (count,), generator=generator))

    def part(self, batch: AssociativeRecallExample, which: slice | int) -> AssociativeRecallExample:
        """Some lists, or one."""
        return AssociativeRecallExample(batch.items[:, :, which].float(), batch.query[which])

    def episode(self, example: AssociativeRecallExample) -> Episode:
        """Of one list of items, or of a batch of lists of one length."""
        items, query = example
        count, _, *batch, bits = items.shape
        steps = self.steps({"items": count})
        inputs = items.new_zeros(steps, *batch, bits + 2)
        targets = items.new_zeros(steps, *batch, bits)
        phases: list[Phase] = []
        for number in range(count):
            start = number * (ITEM + 1)
            inputs[start, ..., bits] = 1
            inputs[start + 1 : start + 1 + ITEM, ..., :bits] = items[number]
            phases.append(Phase(f"delimiter {number + 1}", start, start + 1, "delimiter"))
            phases.append(Phase(f"item {number + 1}", start + 1, start + 1 + ITEM, "input"))
        asked = count * (ITEM + 1)
        recall = asked + 2 + ITEM
        inputs[asked, ..., bits + 1] = inputs[recall - 1, ..., bits + 1] = 1
        inputs[asked + 1 : recall - 1, ..., :bits] = _chosen(items, query)
        targets[recall:, ..., :] = _chosen(items, query + 1)
        phases += [
            Phase("query start", asked, asked + 1, "delimiter"),
            Phase("query", asked + 1, recall - 1, "query"),
            Phase("query end", recall - 1, recall, "delimiter"),
            Phase("recall", recall, steps, "recall"),
        ]
        return Episode(inputs, targets, tuple(phases), mask_of(targets, slice(recall, steps)))

    def witness(self, machine: NeuralTM, episode: Episode, start: Array) -> Witness | None:
        """Any machine can be judged by what came out."""
        del start
        return AssociativeRecallWitness(machine.spec, episode)


def _chosen(
    items: Float[Tensor, "items vectors *batch bits"], which: Int[Tensor, "*batch"]
) -> Float[Tensor, "vectors *batch bits"]:
    place = which[None, None, ..., None].expand(1, *items.shape[1:])
    return items.gather(0, place).squeeze(0)
