"""The copy task: say back what was heard (Graves et al. 2014, section 4.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch
from jaxtyping import Float, Shaped
from torch import Generator, Tensor

from tapedeck.errors import InvalidSequence, shown
from tapedeck.ntm import DELIMITERS, Channel, NeuralTM
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
    vectors_schema,
    written_vectors,
)
from tapedeck.tasks.verdicts import Array, Witness
from tapedeck.tasks.verdicts.copy import CopyWitness

_INTEGERS, _BITS = frozenset([int]), frozenset([0, 1])


class CopyTask:
    """L vectors in, the same L vectors out: 2L + 2 steps.

    Step 0 is the start delimiter (channel `bits`), steps 1…L the vectors, step L + 1 the end delimiter (channel
    `bits` + 1), then L silent steps in which the copy is expected.
    """

    name: ClassVar[str] = "copy"
    example: ClassVar[Mapping[str, Any]] = {"sequence": [[1, 0, 1, 1, 0, 0, 1, 1], [0, 0, 1, 0, 1, 1, 0, 0]]}
    example_bits: ClassVar[int] = 8
    schema: ClassVar[Mapping[str, Any]] = input_schema(example, sequence=vectors_schema("The vectors to copy"))
    scores: ClassVar[str] = "The bits of the copy."
    measure: ClassVar[Measure] = WRONG_BITS
    sizes: ClassVar[tuple[SizeRange, ...]] = (SizeRange("length", "vectors", 1, 1000, (10, 20, 50, 60, 100, 120, 126)),)
    patterned: ClassVar[bool] = True

    def input_channels(self, bits: int) -> tuple[Channel, ...]:
        """The bits, the start delimiter, the end delimiter."""
        return (*bit_channels(bits), Channel("start", "delimiter"), Channel("end", "delimiter"))

    def output_channels(self, bits: int) -> tuple[Channel, ...]:
        """As the input's; the delimiters do not count."""
        return self.input_channels(bits)

    def parse(self, document: Mapping[str, Any], bits: int) -> Float[Tensor, "L bits"]:
        """From {"sequence"}: lists of 0s and 1s, or arrays."""
        check_fields(document, self.name, "sequence")
        return torch.tensor(check_sequence(document["sequence"], bits), dtype=torch.float32)

    @staticmethod
    def title(document: Mapping[str, Any]) -> str:
        """Of a run of this input."""
        return f"a copy of {counted(len(document['sequence']), 'vector')}"

    def document(self, example: Float[Tensor, "L bits"]) -> dict[str, Any]:
        """As {"sequence"}."""
        return {"sequence": written_vectors(example)}

    def sample(
        self, generator: Generator, size: Size, count: int, bits: int, draw: Draw = random_bits
    ) -> Shaped[Tensor, "L count bits"]:
        """Of any pattern."""
        return draw(generator, size["length"], count, bits)

    def part(self, batch: Shaped[Tensor, "L count bits"], which: slice | int) -> Float[Tensor, "L *some bits"]:
        """Some sequences, or one."""
        return batch[:, which].float()

    def locations_needed(self, size: Size) -> int:
        """L + 2."""
        return size["length"] + DELIMITERS

    def steps(self, size: Size) -> int:
        """2L + 2."""
        return 2 * size["length"] + DELIMITERS

    def size_of(self, example: Float[Tensor, "L *batch bits"]) -> Size:
        """L."""
        return {"length": len(example)}

    @staticmethod
    def episode(sequence: Float[Tensor, "L *batch bits"]) -> Episode:
        """The episode of a sequence of 0s and 1s, or of a batch of sequences of one length L ≥ 1."""
        length, *batch, bits = sequence.shape
        steps = 2 * length + DELIMITERS
        inputs = sequence.new_zeros(steps, *batch, bits + DELIMITERS)
        targets = torch.zeros_like(inputs)
        inputs[0, ..., bits] = 1
        inputs[1 : length + 1, ..., :bits] = sequence
        inputs[length + 1, ..., bits + 1] = 1
        targets[length + 2 :, ..., :bits] = sequence
        phases = (
            Phase("start", 0, 1, "delimiter"),
            Phase("input", 1, length + 1, "input"),
            Phase("end", length + 1, length + 2, "delimiter"),
            Phase("recall", length + 2, steps, "recall"),
        )
        mask = mask_of(targets, slice(length + 2, None))
        mask[:, bits:] = False
        return Episode(inputs, targets, phases, mask)

    def witness(self, machine: NeuralTM, episode: Episode, start: Array) -> Witness | None:
        """A copy is judged by what one head wrote and another read, through outputs that see nothing else."""
        spec = machine.spec
        plain = [head.kind for head in spec.heads].count("read") == 1 and len(spec.heads) == 2
        return CopyWitness(machine, episode, start) if plain and spec.output.terms == ("reads",) else None


def check_sequence(sequence: Any, bits: int) -> list[list[int]]:
    """The vectors of a sequence as lists; arrays of any type of numbers are vectors too.

    Raises:
        InvalidSequence: no vector at all, a vector of another width, or anything but 0 and 1.
    """
    rows = _listed(sequence)
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        raise InvalidSequence(f"sequence is {shown(rows)}; give a list of vectors of {bits} bits.", field="sequence")
    if not rows:
        raise InvalidSequence(
            f"The sequence is empty; give at least one vector of {bits} bits, such as {'10110011'[:bits]}.",
            field="sequence",
        )
    vectors = list[list[int]]()
    for index, vector in enumerate(map(_listed, rows)):
        where = f"sequence.{index}"
        if not isinstance(vector, Sequence) or isinstance(vector, str):
            raise InvalidSequence(
                f"Vector {index + 1} is {shown(vector)}; each one is a list of {bits} bits.", field=where
            )
        if len(vector) != bits:
            raise InvalidSequence(
                f"Vector {index + 1} has {len(vector)} bits; this machine reads {bits} bits a vector.", field=where
            )
        if _INTEGERS.issuperset(map(type, vector)) and _BITS.issuperset(vector):
            vectors.append(list(vector))  # nearly always, in a tenth of the time that one bit after the other takes
            continue
        for place, bit in enumerate(vector):
            if isinstance(bit, bool) or bit not in (0, 1):
                raise InvalidSequence(
                    f"Bit {place + 1} of vector {index + 1} is {shown(bit)}; every bit must be 0 or 1.",
                    field=f"{where}.{place}",
                )
        vectors.append([int(bit) for bit in vector])
    return vectors


def _listed(values: Any) -> Any:
    """An array as lists of Python's own numbers; anything else as it is."""
    if not hasattr(values, "tolist"):
        return values
    return (values * 1).tolist() if "bool" in str(values.dtype) else values.tolist()
