"""The numbers that a card plays: float32, a row a step, deflated, in base64; and the description they belong to."""

from __future__ import annotations

import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tapedeck.figures.axes import locations_in_use
from tapedeck.figures.drawing import Values
from tapedeck.ntm import Field
from tapedeck.tracing import Trace
from tapedeck.tracing.description import description, results
from tapedeck.tracing.export import PIECE_NUMBERS, Document

KNOWN = ("id", "name", "sha256", "sequences_seen", "machine")
"""What a card tells of its machine."""

MOST_WEIGHTS = 600_000
"""Weights of all locations that a card holds; a longer run, or one on more of them, leaves out those not in use."""

MOST_LOCATIONS = 1024
"""More would be finer than a screen."""

ROLES = ("input", "target", "optimum", "output", "weighting", "scalar", "shift", "erase", "add", "read")
"""What a card shows, and from what the memory follows. Of the weightings a card has those that a head ends with."""

_WEIGHTING = ".weighting"
_BASE64_GROUP = 3
"""Bytes: parts of a multiple of them are put together without filling between them."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a card holds of a trace.

    Attributes:
        kept: the locations whose weights and contents it holds, one stretch around the memory.
        fields: those that it holds.
    """

    trace: Trace
    kept: list[int]
    fields: tuple[Field, ...]

    @classmethod
    def of(cls, trace: Trace) -> Numbers:
        """All locations where there is room for them, else those in use."""
        weightings = [trace.arrays[f"{head.name}{_WEIGHTING}"] for head in trace.layout.heads]
        count = len(trace.initial.memory)
        fits = len(weightings) * trace.steps * count <= MOST_WEIGHTS
        kept = list(range(count)) if fits else locations_in_use(weightings, MOST_LOCATIONS, trace.set_locations)
        return cls(trace, kept, tuple(field for field in trace.layout.fields if _is_held(field)))

    @property
    def whole(self) -> bool:
        """Whether it holds every location."""
        return len(self.kept) == len(self.trace.initial.memory)

    def about(self, checkpoint: Document, said: Document) -> dict[str, Any]:
        """What the player needs to know before the rows: the run's description and results, as far as it holds them."""
        known = {name: checkpoint[name] for name in KNOWN if name in checkpoint}
        about = description(self.trace.about, known, self.trace.applied)
        names = [field.name for field in self.fields]
        heads = [
            {name: value for name, value in head.items() if name != "start"}
            | {"fields": [name for name in head["fields"] if name in names]}
            for head in about["heads"]
        ]
        return {
            **about,
            "heads": heads,
            "memory": {"rule": about["memory"]["rule"]},
            "fields": [field for field in about["fields"] if field["name"] in names],
            "kept": {"first": self.kept[0], "count": len(self.kept)},
            "results": results(self.trace.score, said.get("diagnosis")),
        }

    def packed(self) -> Iterator[bytes]:
        """Of the kept locations the memory and each head's weighting before the first step, then the rows: the fields
        side by side, of weightings the kept locations.
        """
        return packed(self._parts())

    def _parts(self) -> Iterator[Values]:
        initial = self.trace.initial
        yield initial.memory[self.kept]
        for head in self.trace.layout.heads:
            yield initial.weightings[head.name][self.kept]
        length = sum(len(self.kept) if field.role == "weighting" else field.length for field in self.fields)
        steps = max(1, PIECE_NUMBERS // length)
        for start in range(0, self.trace.steps, steps):
            values = [self._values(field, start, start + steps) for field in self.fields]
            yield np.concatenate(values, axis=1)

    def _values(self, field: Field, start: int, stop: int) -> Values:
        values = self.trace.arrays[field.name][start:stop]
        return values[:, self.kept] if field.role == "weighting" else values.reshape(len(values), -1)


def _is_held(field: Field) -> bool:
    return field.role in ROLES and (field.role != "weighting" or field.name.endswith(_WEIGHTING))


def packed(parts: Iterable[Values]) -> Iterator[bytes]:
    """Numbers one after another as little-endian float32, deflated (RFC 1950), in base64."""
    packer, left = zlib.compressobj(), b""
    for part in parts:
        left += packer.compress(np.ascontiguousarray(part, dtype="<f4").tobytes())
        whole = len(left) - len(left) % _BASE64_GROUP
        yield b64encode(left[:whole])
        left = left[whole:]
    yield b64encode(left + packer.flush())
