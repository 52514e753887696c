"""Dynamic n-grams: hear a stream of bits and predict each next one (Graves et al. 2014, section 4.4)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from tapedeck.errors import InvalidSequence, shown
from tapedeck.ntm import Channel, NeuralTM
from tapedeck.tasks.episode import Episode, Phase
from tapedeck.tasks.measure import EXCESS, Measure
from tapedeck.tasks.optimum import CONTEXTS, ORDER, Optimum
from tapedeck.tasks.task import Draw, Size, SizeRange, check_fields, counted, input_schema, mask_of, random_bits
from tapedeck.tasks.verdicts import Array, Witness
from tapedeck.tasks.verdicts.dynamic_ngrams import DynamicNgramsWitness

FEWEST = ORDER + 1
"""Bits of a stream in which something is predicted: a context, and the bit after it."""


class DynamicNgramsTask:
    """A stream of L bits in, at each step the probability that the next is a 1 out: L steps.

    One input channel, the bit, and one output channel, the probability. For each stream a table of 32 probabilities is
    drawn from Beta(½, ½), one for each context of five bits; the first five bits are fair, every other one is
    drawn with the probability of the five before it. Scored are the steps that have a whole context behind them and a
    next bit.
    """

    name: ClassVar[str] = "dynamic_ngrams"
    example: ClassVar[Mapping[str, Any]] = {
        "bits": [0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1]
    }
    example_bits: ClassVar[int] = 1
    schema: ClassVar[Mapping[str, Any]] = input_schema(
        example,
        bits={
            "type": "array",
            "items": {"type": "integer", "minimum": 0, "maximum": 1},
            "minItems": FEWEST,
            "description": "The stream",
            "x-stream": {"order": ORDER},
        },
    )
    scores: ClassVar[str] = (
        "The probability of every bit that has five before it: its cost in bits, against the Bayes-optimal estimator's."
    )
    measure: ClassVar[Measure] = EXCESS
    sizes: ClassVar[tuple[SizeRange, ...]] = (SizeRange("length", "bits", FEWEST, 1000, (50, 100, 200, 400)),)
    patterned: ClassVar[bool] = False

    def input_channels(self, bits: int) -> tuple[Channel, ...]:
        """The bit."""
        del bits
        return (Channel("bit", "bit"),)

    def output_channels(self, bits: int) -> tuple[Channel, ...]:
        """The probability that the next bit is a 1."""
        del bits
        return (Channel("next bit is 1", "probability"),)

    def locations_needed(self, size: Size) -> int:
        """One for each context would do."""
        del size
        return CONTEXTS

    def steps(self, size: Size) -> int:
        """L."""
        return size["length"]

    def title(self, document: Mapping[str, Any]) -> str:
        """Of a run of this input."""
        return f"a stream of {counted(len(document['bits']), 'bit')}"

    def size_of(self, example: Float[Tensor, " L *batch"]) -> Size:
        """L."""
        return {"length": len(example)}

    def parse(self, document: Mapping[str, Any], bits: int) -> Float[Tensor, " L"]:
        """From {"bits"}: at least six of them."""
        del bits
        check_fields(document, self.name, "bits")
        stream = document["bits"]
        if not isinstance(stream, Sequence) or isinstance(stream, str):
            raise InvalidSequence(f"bits must be a list of 0s and 1s, got {shown(stream)}.", field="bits")
        if len(stream) < FEWEST:
            raise InvalidSequence(
                f"A stream must have at least {FEWEST} bits, a context of {ORDER} and the one to predict; got "
                f"{len(stream)}.",
                field="bits",
            )
        for place, bit in enumerate(stream):
            if type(bit) is not int or bit not in (0, 1):
                raise InvalidSequence(
                    f"Bit {place + 1} of the stream must be 0 or 1, got {shown(bit)}.", field=f"bits.{place}"
                )
        return torch.tensor(stream, dtype=torch.float32)

    def document(self, example: Float[Tensor, " L"]) -> dict[str, Any]:
        """As {"bits"}."""
        return {"bits": example.int().tolist()}

    def sample(
        self, generator: Generator, size: Size, count: int, bits: int, draw: Draw = random_bits
    ) -> Float[Tensor, "L count"]:
        """Each stream from a table of its own."""
        del bits, draw
        length, streams = size["length"], torch.arange(count)
        # U uniform, sin²(πU / 2) is Beta(½, ½).
        table = torch.sin(torch.rand(CONTEXTS, count, generator=generator) * (math.pi / 2)) ** 2
        chances = torch.rand(length, count, generator=generator)
        found = torch.empty(length, count)
        context = torch.zeros(count, dtype=torch.int64)
        for at in range(length):
            bit = chances[at] < (0.5 if at < ORDER else table[context, streams])
            found[at] = bit
            context = (context * 2 + bit) % CONTEXTS
        return found

    def part(self, batch: Float[Tensor, "L count"], which: slice | int) -> Float[Tensor, " L *some"]:
        """Some streams, or one."""
        return batch[:, which]

    def episode(self, example: Float[Tensor, " L *batch"]) -> Episode:
        """Of one stream, or of a batch of streams of one length."""
        steps, last = len(example), len(example) - 1
        inputs = example.unsqueeze(-1)
        targets = torch.zeros_like(inputs)
        targets[ORDER - 1 : last] = inputs[ORDER:]
        phases = (
            Phase("first bits", 0, ORDER - 1, "input"),
            Phase("prediction", ORDER - 1, last, "prediction"),
            Phase("last bit", last, steps, "prediction"),
        )
        mask = mask_of(targets, slice(ORDER - 1, last))
        return Episode(inputs, targets, phases, mask, Optimum(example))

    def witness(self, machine: NeuralTM, episode: Episode, start: Array) -> Witness | None:
        """Any machine can be judged by what it predicted."""
        del start
        return None if episode.optimum is None else DynamicNgramsWitness(machine.spec, episode, episode.optimum)
