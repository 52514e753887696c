"""What a task is: it says what is asked, what a machine hears, what should come out, and what counts."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple, Protocol, TypeVar, runtime_checkable

import torch
from jaxtyping import Bool
from torch import Generator, Tensor

from tapedeck.errors import InvalidSequence, shown
from tapedeck.ntm import Channel, NeuralTM
from tapedeck.tasks.episode import Episode
from tapedeck.tasks.measure import WRONG_BITS, Measure
from tapedeck.tasks.verdicts import Array, Witness

E = TypeVar("E")

Size = Mapping[str, int]
"""What makes one example longer than another, by name: `length`, `repeats`, `items` …"""


def random_bits(generator: Generator, *shape: int) -> Tensor:
    """0s and 1s, as likely."""
    return torch.randint(0, 2, shape, generator=generator).float()


class SizeRange(NamedTuple):
    """A number that makes an example longer."""

    name: str
    of: str
    """What it counts, for people"""
    least: int
    most: int
    """In an evaluation; a request may ask for more"""
    values: tuple[int, ...]
    """Evaluated where nothing else is asked for"""


Draw = Callable[[Generator, int, int, int], Tensor]
"""(generator, L, count, bits) -> [L, count, bits] of 0s and 1s."""


@runtime_checkable
class Task(Protocol[E]):
    """A task; E is its example: one request's, or a batch of one size, whose examples stand behind time, [L, batch …].

    A subclass declares the names below and writes the abstract methods; the others have a default. It may have a
    `recipe` as well: fields of `tapedeck.training.sized_recipe.SizedRecipe` with which it is trained.
    """

    name: ClassVar[str]
    example: ClassVar[Mapping[str, Any]]
    """A request's input."""
    example_bits: ClassVar[int]
    """Of a vector of the example."""
    schema: ClassVar[Mapping[str, Any]]
    """A request's input, as a JSON schema."""
    scores: ClassVar[str]
    """What counts, for people."""
    measure: ClassVar[Measure] = WRONG_BITS
    """How it is counted."""
    sizes: ClassVar[tuple[SizeRange, ...]]
    """All that make an example longer."""
    patterned: ClassVar[bool] = False
    """Whether an example is made of one sequence, which may be of any pattern."""

    @abstractmethod
    def input_channels(self, bits: int) -> tuple[Channel, ...]:
        """What a machine for vectors of so many bits hears."""

    @abstractmethod
    def output_channels(self, bits: int) -> tuple[Channel, ...]:
        """What it says."""

    @abstractmethod
    def locations_needed(self, size: Size) -> int:
        """The fewest locations on which an exact answer is possible."""

    @abstractmethod
    def steps(self, size: Size) -> int:
        """T of an episode of that size."""

    @abstractmethod
    def size_of(self, example: E) -> Size:
        """How large an example is."""

    @abstractmethod
    def parse(self, document: Mapping[str, Any], bits: int) -> E:
        """The example of a request's input.

        Raises:
            InvalidSequence: it is not this task's, or its vectors are not of so many bits.
        """

    def title(self, document: Mapping[str, Any], /) -> str:
        """A run of a request's input in a few words."""
        del document
        return f"a run of {self.name.replace('_', ' ')}"

    @abstractmethod
    def document(self, example: E) -> dict[str, Any]:
        """A single example as a request's input."""

    @abstractmethod
    def sample(self, generator: Generator, size: Size, count: int, bits: int, draw: Draw = random_bits) -> E:
        """A batch of examples of one size, whose vectors `draw` makes: of any pattern where the task is `patterned`."""

    @abstractmethod
    def part(self, batch: E, which: slice | int) -> E:
        """Some examples of a batch, or a single one, in float32; what was drawn may be flags."""

    @abstractmethod
    def episode(self, example: E) -> Episode:
        """Inputs, targets, phases and mask of an example, or of a batch of them."""

    def witness(self, machine: NeuralTM, episode: Episode, start: Array) -> Witness | None:
        """Who will say what became of a run of this machine on a single example, from the memory [N, W] before step 0;
        None where nobody can.
        """
        del machine, episode, start
        return None


VECTOR: Mapping[str, Any] = {
    "type": "array",
    "items": {"type": "integer", "minimum": 0, "maximum": 1},
    "minItems": 1,
    "description": "0s and 1s, as many as the machine reads bits a vector",
}


def vectors_schema(description: str, **limits: int) -> dict[str, Any]:
    """Of a list of vectors."""
    return {"type": "array", "items": VECTOR, "minItems": 1, **limits, "description": description}


def input_schema(example: Mapping[str, Any], **properties: Mapping[str, Any]) -> dict[str, Any]:
    """Of an object that has exactly these fields."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
        "examples": [example],
    }


@lru_cache
def bit_channels(bits: int) -> tuple[Channel, ...]:
    """The channels of a vector."""
    return tuple(Channel(f"bit {number}", "bit") for number in range(1, bits + 1))


def mask_of(targets: Tensor, steps: slice) -> Bool[Tensor, "T O"]:
    """Where every channel of a stretch of steps counts."""
    mask = torch.zeros(targets.shape[0], targets.shape[-1], dtype=torch.bool)
    mask[steps] = True
    return mask


def counted(count: int, name: str) -> str:
    """1 vector, 20 vectors."""
    return f"{count:,} {name}{'' if count == 1 else 's'}"


def check_fields(document: Mapping[str, Any], task: str, *fields: str) -> None:
    """Exactly these fields.

    Raises:
        InvalidSequence: another is there, or one is missing.
    """
    has = f"it has {', '.join(f'“{name}”' for name in fields)}"
    for name in document:
        if name not in fields:
            raise InvalidSequence(f"An input for {task} has no “{name[:40]}”; {has}.", field=name[:40])
    for name in fields:
        if name not in document:
            raise InvalidSequence(f"An input for {task} must have “{name}”; {has}.", field=name)


def check_count(value: Any, name: str, least: int, most: int) -> int:
    """A whole number in a range.

    Raises:
        InvalidSequence: it is not.
    """
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise InvalidSequence(f"{name} must be a whole number of {least} to {most:,}, got {shown(value)}.", field=name)
    return value


def written_vectors(vectors: Tensor) -> list[Any]:
    """Vectors of 0s and 1s, or lists of them, as a request has them."""
    written: list[Any] = vectors.int().tolist()
    return written


def read_vectors(rows: Any, bits: int, field: str, count: int | None = None) -> Tensor:
    """Vectors of 0s and 1s as float32, [L, bits].

    Raises:
        InvalidSequence: no list, none at all, not so many, one of another width, or anything but 0 and 1.
    """
    if not isinstance(rows, Sequence) or isinstance(rows, str) or not rows:
        raise InvalidSequence(f"{field} must be a list of at least one vector of {bits} bits.", field=field)
    if count is not None and len(rows) != count:
        raise InvalidSequence(f"{field} must have {count} vectors, got {len(rows)}.", field=field)
    for index, vector in enumerate(rows):
        where = f"{field}.{index}"
        if not isinstance(vector, Sequence) or isinstance(vector, str) or len(vector) != bits:
            got = f"{len(vector)} bits" if isinstance(vector, Sequence) else shown(vector)
            raise InvalidSequence(f"Vector {index + 1} of {field} must have {bits} bits, got {got}.", field=where)
        for place, bit in enumerate(vector):
            if type(bit) is not int or bit not in (0, 1):
                raise InvalidSequence(
                    f"Bit {place + 1} of vector {index + 1} of {field} must be 0 or 1, got {shown(bit)}.",
                    field=f"{where}.{place}",
                )
    return torch.tensor(rows, dtype=torch.float32)
