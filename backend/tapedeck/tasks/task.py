"""What a task is: it says what is asked, what a machine hears, what should come out, and what counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol, TypeVar

import torch
from jaxtyping import Bool
from torch import Generator, Tensor

from tapedeck.errors import InvalidSequence
from tapedeck.ntm import Channel
from tapedeck.tasks.episode import Episode

E = TypeVar("E")

Size = Mapping[str, int]
"""What makes one example longer than another, by name: `length`, `repeats`, `items` …"""


class Task(Protocol[E]):
    """A task; E is its example: one request's, or a batch of one size."""

    name: ClassVar[str]
    example: ClassVar[Mapping[str, Any]]
    """A request's input."""

    def input_channels(self, bits: int) -> tuple[Channel, ...]:
        """What a machine for vectors of so many bits hears."""

    def output_channels(self, bits: int) -> tuple[Channel, ...]:
        """What it says."""

    def locations_needed(self, size: Size) -> int:
        """The fewest locations on which an exact answer is possible."""

    def steps(self, size: Size) -> int:
        """T of an episode of that size."""

    def parse(self, document: Mapping[str, Any], bits: int) -> E:
        """The example of a request's input.

        Raises:
            InvalidSequence: it is not this task's, or its vectors are not of so many bits.
        """

    def sample(self, generator: Generator, size: Size, count: int, bits: int) -> E:
        """A batch of examples of one size, of fair random bits."""

    def episode(self, example: E) -> Episode:
        """Inputs, targets, phases and mask of an example, or of a batch of them."""


def bit_channels(bits: int) -> tuple[Channel, ...]:
    """The channels of a vector."""
    return tuple(Channel(f"bit {number}", "bit") for number in range(1, bits + 1))


def mask_of(targets: Tensor, steps: slice) -> Bool[Tensor, "T O"]:
    """Where every channel of a stretch of steps counts."""
    mask = torch.zeros(targets.shape[0], targets.shape[-1], dtype=torch.bool)
    mask[steps] = True
    return mask


def random_bits(generator: Generator, *shape: int) -> Tensor:
    """0s and 1s, as likely."""
    return torch.randint(0, 2, shape, generator=generator).float()


def check_fields(document: Mapping[str, Any], task: str, *fields: str) -> None:
    """Exactly these fields.

    Raises:
        InvalidSequence: another is there, or one is missing.
    """
    for name in document:
        if name not in fields:
            raise InvalidSequence(f"An input for {task} has no field {name!r}; it has {', '.join(fields)}.", field=name)
    for name in fields:
        if name not in document:
            raise InvalidSequence(f"An input for {task} must have the field {name!r}.", field=name)


def check_count(value: Any, name: str, least: int, most: int) -> int:
    """A whole number in a range.

    Raises:
        InvalidSequence: it is not.
    """
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise InvalidSequence(f"{name} must be a whole number of {least} to {most:,}, got {value!r}.", field=name)
    return value


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
            got = f"{len(vector)} bits" if isinstance(vector, Sequence) else repr(vector)[:40]
            raise InvalidSequence(f"Vector {index + 1} of {field} must have {bits} bits, got {got}.", field=where)
        for place, bit in enumerate(vector):
            if isinstance(bit, bool) or bit not in (0, 1):
                raise InvalidSequence(
                    f"Bit {place + 1} of vector {index + 1} of {field} must be 0 or 1, got {bit!r}.",
                    field=f"{where}.{place}",
                )
    return torch.tensor(rows, dtype=torch.float32)
