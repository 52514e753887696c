"""The sizes of a machine that is built as the reference's, and the specification that they make."""

from __future__ import annotations

from dataclasses import dataclass, fields

from tapedeck.errors import InvalidConfiguration, quoted
from tapedeck.ntm.specification import Channel, ControllerSpec, HeadSpec, MachineSpec, MemorySpec

DELIMITERS = 2
"""Input channels beside the bits: the start delimiter, then the end delimiter."""

MIN_LOCATIONS = 3
"""A shift reaches one location to either side; with fewer than three the two would be the same location."""


@dataclass(frozen=True, slots=True)
class NTMConfig:
    """The sizes of a reference machine. Every one is at least 1, `locations` at least 3.

    Attributes:
        locations: N, the rows of the memory. Not in the parameters: a run may use any other number.
        width: W, the columns of the memory (the paper's M).
        bits: of one input vector, without the two delimiter channels.
        controller_size: units of the feed-forward controller.

    Raises:
        InvalidConfiguration: a size is not a whole number or too small.
    """

    locations: int = 128
    width: int = 20
    bits: int = 8
    controller_size: int = 100

    def __post_init__(self) -> None:
        for field in fields(self):
            size, least = getattr(self, field.name), MIN_LOCATIONS if field.name == "locations" else 1
            if not isinstance(size, int) or isinstance(size, bool) or size < least:
                raise InvalidConfiguration(
                    f"{field.name} must be a whole number of at least {least}, got {quoted(size)}.", field=field.name
                )

    @property
    def channels(self) -> int:
        """C, the length of an input and of an output vector: the bits and the two delimiters."""
        return self.bits + DELIMITERS

    @property
    def heads(self) -> tuple[HeadSpec, ...]:
        """The heads in the order in which they act in a step: the read head sees the memory just written."""
        return (
            HeadSpec("write", "write", erase_vector="sigmoid", add_vector="relu"),
            HeadSpec("read", "read"),
        )

    @property
    def spec(self) -> MachineSpec:
        """The reference machine of these sizes."""
        channels = (
            *(Channel(f"bit {number}", "bit") for number in range(1, self.bits + 1)),
            Channel("start", "delimiter"),
            Channel("end", "delimiter"),
        )
        return MachineSpec(
            inputs=channels,
            outputs=channels,
            memory=MemorySpec(self.locations, self.width),
            controller=ControllerSpec(sizes=(self.controller_size,)),
            heads=self.heads,
        )
