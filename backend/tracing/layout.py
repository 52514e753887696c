"""The one order of everything that is recorded at a step: the columns of a trace, of an .npz and of the wire format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from backend.ntm import Addressing, HeadSpec, MachineSpec, ReadTrace, StepTrace, WriteTrace

SCALARS = ("key_strength", "interpolation_gate", "sharpening")
"""What is one number a step and head, not a vector."""


class Field(NamedTuple):
    """A named run of columns: `inputs`, `write.weighting`, `read.read_vector` …"""

    name: str
    length: int

    @property
    def scalar(self) -> bool:
        """One number a step, shown without a dimension of its own."""
        return self.name.rpartition(".")[2] in SCALARS


@dataclass(frozen=True, slots=True)
class Layout:
    """The fields of one step's row, side by side in this order."""

    fields: tuple[Field, ...]
    heads: tuple[HeadSpec, ...]

    @classmethod
    def of(cls, spec: MachineSpec, locations: int) -> Layout:
        """The row of a machine that runs on N locations."""
        width = spec.memory.width
        fields = [
            Field("inputs", len(spec.inputs)),
            Field("targets", len(spec.outputs)),
            Field("outputs", len(spec.outputs)),
        ]
        for head in spec.heads:
            lengths = dict.fromkeys(Addressing._fields, locations) | dict.fromkeys(SCALARS, 1)
            lengths |= {"key": width, "shift_weighting": len(head.shifts)}
            own = WriteTrace if head.kind == "write" else ReadTrace
            fields += [Field(f"{head.name}.{name}", length) for name, length in lengths.items()]
            fields += [Field(f"{head.name}.{name}", width) for name in own._fields if name != "addressing"]
        return cls(tuple(fields), spec.heads)

    @property
    def row_length(self) -> int:
        """Numbers in a row."""
        return sum(field.length for field in self.fields)

    def columns(self) -> Iterator[tuple[Field, slice]]:
        """Every field with the columns that hold it."""
        start = 0
        for field in self.fields:
            yield field, slice(start, start + field.length)
            start += field.length


def row(
    x: Float[Tensor, " C"], target: Float[Tensor, " C"], output: Float[Tensor, " C"], step: StepTrace
) -> Float[Tensor, " F"]:
    """One step as one row, in the order of `Layout`."""
    parts = [x, target, output]
    for head in step.heads:
        parts.extend(head.addressing)
        parts.extend(head[1:])
    return torch.cat(parts)
