"""Where in a step something can be changed: a code for each place, in the order in which a step comes by.

0  inputs              before the run, by `resolve`
1  controller.cell     of its last layer, before what leaves it is made of it
2  controller.hidden   before what it drives
3  memory              before the first head
16 (1 + h) + s         stage s of head h, in acting order: see `STAGES`
16 (1 + H)             outputs, after their activation; H heads
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from tapedeck.ntm import Field, MachineSpec, step_fields

INPUTS, CELL, HIDDEN, MEMORY = range(4)
STRIDE = 16

STAGES = (
    "key",
    "key_strength",
    "interpolation_gate",
    "shift_weighting",
    "sharpening",
    "erase_vector",
    "add_vector",
    "content_weighting",
    "gated_weighting",
    "shifted_weighting",
    "weighting",
    "read_vector",
)
"""Of a head, numbered from 0."""

NORMALIZED = ("shift_weighting", "content_weighting", "gated_weighting", "shifted_weighting", "weighting")
"""Stages whose numbers are shares, which sum to 1."""


def site_of(head: int, stage: str) -> int:
    """The code of a stage of a head, by its place in acting order."""
    return STRIDE * (1 + head) + STAGES.index(stage)


def head_of(site: int) -> int:
    """The head of a stage's code, by its place in acting order."""
    return site // STRIDE - 1


@dataclass(frozen=True)
class Sites:
    """The places of a machine that runs on N locations."""

    spec: MachineSpec
    locations: int

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """What can be changed by name, inputs first, in the order of a description."""
        inputs = Field("inputs", (len(self.spec.inputs),), ("channel",), "input", step_fields(self.spec)[0].range, "x")
        return {field.name: field for field in (inputs, *step_fields(self.spec, self.locations))}

    @cached_property
    def codes(self) -> Mapping[str, int]:
        """The code of each field."""
        named = {"inputs": INPUTS, "controller.cell": CELL, "controller.hidden": HIDDEN, "outputs": self.outputs}
        for place, head in enumerate(self.spec.heads):
            named |= {f"{head.name}.{stage}": site_of(place, stage) for stage in STAGES}
        return {name: named[name] for name in self.fields}

    @property
    def outputs(self) -> int:
        """The last code."""
        return STRIDE * (1 + len(self.spec.heads))

    def name_of(self, site: int) -> str:
        """The field of a code, or `memory`."""
        return next((name for name, code in self.codes.items() if code == site), "memory")

    def normalized(self, site: int) -> bool:
        """Whether its numbers sum to 1."""
        return STRIDE <= site < self.outputs and STAGES[site % STRIDE] in NORMALIZED
