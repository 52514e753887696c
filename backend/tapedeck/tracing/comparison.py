"""Two runs side by side: where they part, by how much each field differs, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tapedeck.errors import InvalidRequest
from tapedeck.tracing.interventions.sites import STAGES
from tapedeck.tracing.trace import Array, Trace

FIRST = ("inputs", "controller.cell", "controller.hidden")
"""Fields that a step makes before any head."""


class Difference(NamedTuple):
    """How two runs differ in one field."""

    first: int
    """The first step at which any number of it differs"""
    greatest: float
    """The greatest absolute difference"""
    step: int
    """Where that is"""


@dataclass(frozen=True)
class Comparison:
    """Two runs of equal length, b against a.

    Attributes:
        a: a baseline.
        b: what is compared with it.
        fields: the fields that differ, the first to part first; in one step in the order in which it makes them.
        incomparable: fields that only one of them has, or that have other shapes.
    """

    a: Trace
    b: Trace
    fields: Mapping[str, Difference]
    incomparable: tuple[str, ...]

    def __getitem__(self, field: str) -> Array:
        """b − a of a field that both have, time first.

        Raises:
            KeyError: they have not both such a field, in one shape.
        """
        if field in self.incomparable or field not in self.a.arrays:
            raise KeyError(f"The runs cannot be compared in “{field}”.")
        return self.b.arrays[field] - self.a.arrays[field]

    @property
    def first_step(self) -> int | None:
        """The first step at which any number differs; None where none does."""
        return min((each.first for each in self.fields.values()), default=None)

    @property
    def wrong_bits(self) -> tuple[int, int]:
        """Of a and of b."""
        return self.a.bit_errors, self.b.bit_errors

    @property
    def sentence(self) -> str:
        """What the change did."""
        if not self.fields:
            return f"The runs are the same, bit for bit.{self._not_compared()}"
        name, part = next(iter(self.fields.items()))
        outputs = self.fields.get("outputs")
        changed = (
            "the outputs do not change" if outputs is None else f"an output changes by up to {outputs.greatest:.2g}"
        )
        return (
            f"{self._outcome()} The runs part at step {part.first}, first in {name}; {changed}.{self._not_compared()}"
        )

    def __repr__(self) -> str:
        return f"<Comparison: {self.sentence}>"

    def _outcome(self) -> str:
        before, after = self.wrong_bits
        scores = self.a.score, self.b.score
        if scores[0] is None or scores[1] is None:
            return "Nothing of them is scored."
        if "cost" in scores[0]:
            one, other = float(scores[0]["cost"]), float(scores[1].get("cost", np.nan))
            verb = "stays at" if one == other else "rises to" if other > one else "falls to"
            return (
                f"What the predictions cost {verb} {other:.2f}, from {one:.2f}; {scores[0]['optimum']:.2f} is optimal."
            )
        bits = scores[1]["bits"]
        if before == after == 0:
            return f"All {bits} bits still come out right."
        if before == after:
            return f"{after} of {bits} bits come out wrong, as before."
        where = f", the first at step {int(self.b.wrong.any(axis=1).argmax())}" if after else ""
        return f"{after} of {bits} bits come out wrong instead of {before}{where}."

    def _not_compared(self) -> str:
        return f" Not compared, for their shapes: {', '.join(self.incomparable)}." if self.incomparable else ""


def compare(a: Trace, b: Trace) -> Comparison:
    """Two traces of as many steps, number by number.

    Raises:
        InvalidRequest: they have not as many steps.
    """
    if a.steps != b.steps:
        raise InvalidRequest(
            f"The runs have {a.steps:,} and {b.steps:,} steps; only runs of one length can be compared."
        )
    same = [name for name in a.arrays if name in b.arrays and a.arrays[name].shape == b.arrays[name].shape]
    found = {name: each for name in same if (each := _difference(a.arrays[name], b.arrays[name])) is not None}
    order = {name: place for place, name in enumerate(_in_order(a))}
    parted = sorted(found, key=lambda name: (found[name].first, order[name]))
    others = tuple(dict.fromkeys(name for name in (*a.arrays, *b.arrays) if name not in same))
    return Comparison(a, b, {name: found[name] for name in parted}, others)


def _difference(a: Array, b: Array) -> Difference | None:
    steps = np.abs(b.astype(np.float64) - a).reshape(len(a), -1).max(axis=1)
    if not steps.any():
        return None
    return Difference(int((steps > 0).argmax()), float(steps.max()), int(steps.argmax()))


def _in_order(trace: Trace) -> list[str]:
    """The fields in the order in which a step makes them."""
    staged = [f"{head.name}.{stage}" for head in trace.layout.heads for stage in STAGES]
    first = [name for name in (*FIRST, *staged) if name in trace.arrays]
    return [*first, *(name for name in trace.arrays if name not in first)]
