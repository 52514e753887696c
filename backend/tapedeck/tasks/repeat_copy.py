"""Repeat copy: say what was heard, so many times, then say that it is over (Graves et al. 2014, section 4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from jaxtyping import Float
from torch import Generator, Tensor

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
    counted,
    input_schema,
    mask_of,
    random_bits,
    read_vectors,
    vectors_schema,
    written_vectors,
)
from tapedeck.tasks.verdicts import Array, Witness
from tapedeck.tasks.verdicts.repeat_copy import RepeatCopyWitness

MOST_REPEATS = 1000

MEAN, DEVIATION = 5.5, 8.25**0.5
"""Of a count that is 1 to 10, each as likely: heard as (R − 5.5) / √8.25, counts lie far enough apart to be told."""


class RepeatCopyExample(NamedTuple):
    """A sequence, or a batch of them, and how often to say it."""

    sequence: Float[Tensor, "L *batch bits"]
    repeats: int


class RepeatCopyTask:
    """L vectors and a count R in; the L vectors R times out, and then the end marker: L + 2 + R · L + 1 steps.

    Input channels: the bits, the start delimiter, the count. Step 0 is the start delimiter, steps 1…L the vectors, step
    L + 1 the count, (R − 5.5) / √8.25 on its channel. Then nothing is heard, and R · L + 1 steps are scored on every
    output channel: the bits, and the end marker, which is 1 in the last of them alone.
    """

    name: ClassVar[str] = "repeat_copy"
    example: ClassVar[Mapping[str, Any]] = {
        "sequence": [[1, 0, 1, 1, 0, 0, 1, 1], [0, 1, 1, 0, 1, 0, 0, 1]],
        "repeats": 3,
    }
    example_bits: ClassVar[int] = 8
    schema: ClassVar[Mapping[str, Any]] = input_schema(
        example,
        sequence=vectors_schema("The vectors to repeat"),
        repeats={"type": "integer", "minimum": 1, "maximum": MOST_REPEATS, "description": "How many times"},
    )
    scores: ClassVar[str] = "The bits of every repeat, and the end marker, which is 1 in the last step alone."
    measure: ClassVar[Measure] = WRONG_BITS
    sizes: ClassVar[tuple[SizeRange, ...]] = (
        SizeRange("length", "vectors", 1, 1000, (2, 5, 10, 20)),
        SizeRange("repeats", "repeats", 1, 100, (1, 2, 5, 10, 12)),
    )
    patterned: ClassVar[bool] = True

    def __init__(self, mean: float = MEAN, deviation: float = DEVIATION) -> None:
        """A count R is heard as (R − mean) / deviation."""
        self._mean, self._deviation = mean, deviation

    def input_channels(self, bits: int) -> tuple[Channel, ...]:
        """The bits, the start delimiter, the count."""
        return (*bit_channels(bits), Channel("start", "delimiter"), Channel("count", "count"))

    def output_channels(self, bits: int) -> tuple[Channel, ...]:
        """The bits, the end marker."""
        return (*bit_channels(bits), Channel("end", "delimiter"))

    def locations_needed(self, size: Size) -> int:
        """L + 2: the vectors, and a place from which to begin and one for the count."""
        return size["length"] + 2

    def steps(self, size: Size) -> int:
        """L + 2 + R · L + 1."""
        return size["length"] * (1 + size["repeats"]) + 3

    def title(self, document: Mapping[str, Any]) -> str:
        """Of a run of this input."""
        return f"{counted(len(document['sequence']), 'vector')}, {counted(document['repeats'], 'time')}"

    def size_of(self, example: RepeatCopyExample) -> Size:
        """L and R."""
        return {"length": len(example.sequence), "repeats": example.repeats}

    def parse(self, document: Mapping[str, Any], bits: int) -> RepeatCopyExample:
        """From {"sequence", "repeats"}."""
        check_fields(document, self.name, "sequence", "repeats")
        repeats = check_count(document["repeats"], "repeats", 1, MOST_REPEATS)
        return RepeatCopyExample(read_vectors(document["sequence"], bits, "sequence"), repeats)

    def document(self, example: RepeatCopyExample) -> dict[str, Any]:
        """As {"sequence", "repeats"}."""
        return {"sequence": written_vectors(example.sequence), "repeats": example.repeats}

    def sample(
        self, generator: Generator, size: Size, count: int, bits: int, draw: Draw = random_bits
    ) -> RepeatCopyExample:
        """Of any pattern."""
        return RepeatCopyExample(draw(generator, size["length"], count, bits), size["repeats"])

    def part(self, batch: RepeatCopyExample, which: slice | int) -> RepeatCopyExample:
        """Some sequences, or one."""
        return RepeatCopyExample(batch.sequence[:, which].float(), batch.repeats)

    def episode(self, example: RepeatCopyExample) -> Episode:
        """Of one sequence, or of a batch of sequences of one length."""
        sequence, repeats = example
        length, *batch, bits = sequence.shape
        heard, steps = length + 2, self.steps({"length": length, "repeats": repeats})
        inputs = sequence.new_zeros(steps, *batch, bits + 2)
        targets = sequence.new_zeros(steps, *batch, bits + 1)
        inputs[0, ..., bits] = 1
        inputs[1 : length + 1, ..., :bits] = sequence
        inputs[length + 1, ..., bits + 1] = (repeats - self._mean) / self._deviation
        targets[heard:-1, ..., :bits] = sequence.repeat(repeats, *(1 for _ in sequence.shape[1:]))
        targets[-1, ..., bits] = 1
        phases = (
            Phase("start", 0, 1, "delimiter"),
            Phase("input", 1, length + 1, "input"),
            Phase("count", length + 1, heard, "delimiter"),
            Phase("recall", heard, steps, "recall"),
        )
        return Episode(inputs, targets, phases, mask_of(targets, slice(heard, steps)))

    def witness(self, machine: NeuralTM, episode: Episode, start: Array) -> Witness | None:
        """Any machine that says the bits and then the end marker, and nothing else, can be judged by what came out."""
        del start
        says_all = episode.bits == len(machine.spec.outputs) == machine.spec.bits + 1
        return RepeatCopyWitness(machine.spec, episode) if says_all else None
