"""The numbers that a card's player draws from: rows of float32, a row a step, in base64."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tapedeck.figures import axes, palette
from tapedeck.figures.drawing import Values
from tapedeck.tasks.episode import THRESHOLD
from tapedeck.tracing import Trace
from tapedeck.tracing.export import PIECE_NUMBERS, Document, overview

MOST_WEIGHTS = 600_000
"""Weights of all locations that a card holds; a longer run, or one on more of them, leaves out those not in use."""

MOST_LOCATIONS = 1024
"""More would be finer than a screen."""

VECTORS = ("write.erase_vector", "write.add_vector", "read.read_vector")
ADDRESSING = ("key_strength", "interpolation_gate", "shift_weighting", "sharpening")
HEADS = ("write", "read")

_BASE64_GROUP = 3
"""Bytes: parts of a multiple of them are put together without filling between them."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a card holds of a trace.

    Attributes:
        kept: the locations whose weights and contents it holds, in the order in which they are shown.
        in_use: which of those a head has put weight on, with a margin; by their place in `kept`.
    """

    trace: Trace
    kept: list[int]
    in_use: list[int]

    @classmethod
    def of(cls, trace: Trace) -> Numbers:
        """All locations where there is room for them, else those in use."""
        weightings = [trace.arrays[f"{head}.weighting"] for head in HEADS]
        count = len(trace.initial.memory)
        if len(HEADS) * trace.steps * count <= MOST_WEIGHTS:
            kept, in_use = list(range(count)), axes.locations_in_use(weightings, count)
        else:
            kept = axes.locations_in_use(weightings, MOST_LOCATIONS)
            in_use = list(range(len(kept)))
        return cls(trace, kept, in_use)

    def about(self, checkpoint: Document) -> dict[str, Any]:
        """What the player needs to know before the rows."""
        trace = self.trace
        known = {name: checkpoint[name] for name in ("id", "name", "sha256")}
        peaks = {name: float(trace.arrays[name].max()) for name in ("write.add_vector", "read.read_vector")}
        return {
            **overview(known, trace.steps, trace.phases, trace.initial),
            "bits": bits(trace),
            "bit_errors": trace.bit_errors,
            "threshold": THRESHOLD,
            "kept": self.kept,
            "in_use": self.in_use,
            "fields": [{"name": name, "length": values.shape[1]} for name, values in self._fields(0, 1)],
            "peaks": {name: palette.round_up(peak) for name, peak in peaks.items()},
            "colours": palette.WEIGHTING.colours,
            "initial_memory": _packed(trace.initial.memory[self.kept]).decode(),
        }

    def rows(self) -> Iterator[bytes]:
        """Rows of the fields side by side, in base64."""
        steps = max(1, PIECE_NUMBERS // (_BASE64_GROUP * sum(values.shape[1] for _, values in self._fields(0, 1))))
        for start in range(0, self.trace.steps, _BASE64_GROUP * steps):
            fields = self._fields(start, start + _BASE64_GROUP * steps)
            yield _packed(np.concatenate([values for _, values in fields], axis=1))

    def _fields(self, start: int, stop: int) -> list[tuple[str, Values]]:
        arrays = {name: values[start:stop] for name, values in self.trace.arrays.items()}
        fields = [(name, arrays[name]) for name in ("inputs", "outputs")]
        fields.append(("targets", arrays["targets"][:, : bits(self.trace)]))
        fields += [(name, arrays[name]) for name in VECTORS]
        for head in HEADS:
            weighting = arrays[f"{head}.weighting"]
            fields.append((f"{head}.weighting", weighting[:, self.kept]))
            fields.append((f"{head}.location", weighting.argmax(axis=1)[:, np.newaxis].astype(np.float32)))
            fields.append((f"{head}.peak", weighting.max(axis=1, keepdims=True)))
            named = (f"{head}.{name}" for name in ADDRESSING)
            fields += [(name, arrays[name].reshape(len(weighting), -1)) for name in named]
        return fields


def bits(trace: Trace) -> int:
    """Of a vector, without the delimiters."""
    return sum(channel["kind"] == "bit" for channel in trace.about["input_channels"])


def _packed(values: Values) -> bytes:
    return b64encode(np.ascontiguousarray(values, dtype="<f4").tobytes())
