"""A task from elsewhere: say the vectors back, the last one first."""

from typing import Any, ClassVar

import torch
from torch import Tensor

import tapedeck as td
from tapedeck.ntm import Channel
from tapedeck.tasks import Episode, Phase, task


class ReverseTask(td.Task[Tensor]):
    """L vectors [L, batch …, bits], a delimiter, then L silent steps for the answer: 2L + 1 steps."""

    name = "reverse"
    example: ClassVar[dict[str, Any]] = {"sequence": [[1, 0, 1], [0, 0, 1]]}
    example_bits = 3
    schema = task.input_schema(example, sequence=task.vectors_schema("The vectors to say backwards"))
    scores = "The bits that come back."
    sizes = (task.SizeRange("length", "vectors", 1, 500, (2, 5, 10)),)
    patterned = True
    recipe: ClassVar[dict[str, Any]] = {"sizes": {"length": (1, 8)}, "biases": {"shift_weighting": 1.0}}

    def input_channels(self, bits: int) -> tuple[Channel, ...]:
        return (*task.bit_channels(bits), Channel("end", "delimiter"))

    def output_channels(self, bits: int) -> tuple[Channel, ...]:
        return task.bit_channels(bits)

    def locations_needed(self, size: task.Size) -> int:
        return size["length"]

    def steps(self, size: task.Size) -> int:
        return 2 * size["length"] + 1

    def size_of(self, example: Tensor) -> task.Size:
        return {"length": len(example)}

    def parse(self, document: Any, bits: int) -> Tensor:
        task.check_fields(document, self.name, "sequence")
        return task.read_vectors(document["sequence"], bits, "sequence")

    def document(self, example: Tensor) -> dict[str, Any]:
        return {"sequence": task.written_vectors(example)}

    def sample(self, generator: Any, size: Any, count: int, bits: int, draw: Any = task.random_bits) -> Tensor:
        return torch.as_tensor(draw(generator, size["length"], count, bits))

    def part(self, batch: Tensor, which: slice | int) -> Tensor:
        return batch[:, which].float()

    def episode(self, example: Tensor) -> Episode:
        length, *batch, bits = example.shape
        inputs, targets = (torch.zeros(2 * length + 1, *batch, channels) for channels in (bits + 1, bits))
        inputs[:length, ..., :bits], inputs[length, ..., bits] = example, 1
        targets[length + 1 :] = example.flip(0)
        phases = Phase("input", 0, length), Phase("end", length, length + 1, "delimiter")
        recall = Phase("recall", length + 1, len(inputs), "recall")
        return Episode(inputs, targets, (*phases, recall), task.mask_of(targets, slice(length + 1, None)))
