"""What the vectors of a run are called: characters where what is heard is text, else their bits.

The page calls them the same (`model/vectors.mjs`); `tests/fixtures/narration.json` holds both to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from math import floor
from typing import Any, NamedTuple
from unicodedata import category

import numpy as np
import numpy.typing as npt

from tapedeck.tasks.episode import THRESHOLD
from tapedeck.tracing.trace import Array

BYTE = 8

MOST_BITS = 16
"""A longer vector is not spelled out."""

MOST_NUMBERS = 2
"""The most numbers beside the bits of a vector that are said."""

SPACE, DELETE = 0x20, 0x7F
"""Before the one, and the other itself, are control characters."""

UNSEEN = ("Cc", "Cf", "Zl", "Zp")
"""Categories of controls, and of what turns or joins the text around it: a sentence would be read otherwise."""

SPOKEN = {" ": "a space", "\n": "a line break", "\t": "a tab"}

Bits = npt.NDArray[np.bool_]
Channels = Sequence[Mapping[str, str]]


class Outcome(NamedTuple):
    """What came out at a step that is scored, what should have, and how many of how many bits are wrong."""

    said: str
    wanted: str
    wrong: int
    bits: int


class Vectors:
    """The names of a run's vectors."""

    def __init__(self, about: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
        self._arrays, self._scored = arrays, about["scored"]
        self._inputs: Channels = about["input_channels"]
        self._outputs: Channels = about["output_channels"]
        ranges = {
            role: [range(phase["start"], phase["stop"]) for phase in about["phases"] if phase["role"] == role]
            for role in ROLES
        }
        heard, self._heard = list(chain(*ranges["input"])), places_of_bits(self._inputs)
        self._textual = _characters(self._bits("inputs", heard, self._heard)) is not None
        self._names: dict[tuple[str, int], str] = {}
        for steps in (heard, *ranges["query"]):
            self._name_together("inputs", list(steps), self._heard)
        for steps in ranges["recall"]:
            places = places_of_bits(self._outputs)
            self._name_together("targets", [step for step in steps if not self.marks("targets", step)], places)

    @property
    def textual(self) -> bool:
        """Whether what is heard is text."""
        return self._textual

    def heard(self, step: int) -> str:
        """The input of a step, and the numbers that stand beside its bits."""
        vector = self._arrays["inputs"][step]
        if not np.isin(vector[self._heard], (0, 1)).all():
            return "a vector"
        name = self._names.get(("inputs", step)) or self._name(vector[self._heard] > THRESHOLD)
        beside = [
            at
            for at, channel in enumerate(self._inputs)
            if at not in self._heard and _is_said(channel, float(vector[at]))
        ]
        numbers = [f"{self._inputs[at]['name']} {hundredths(float(vector[at]))}" for at in beside[:MOST_NUMBERS]]
        return f"{name} ({', '.join(numbers)})" if numbers else name

    def outcome(self, step: int) -> Outcome | None:
        """Of a step; None where nothing is scored."""
        scored = [range(first, last) for start, stop, first, last in self._scored if start <= step < stop]
        channels = sorted(set(chain(*scored)))
        if not channels:
            return None
        output, target = (self._arrays[field][step] > THRESHOLD for field in ("outputs", "targets"))
        bits = [at for at in channels if self._outputs[at]["kind"] == "bit"]
        bits = bits or [at for at in channels if self._outputs[at]["kind"] != "delimiter"]
        marks = [at for at in channels if self._outputs[at]["kind"] == "delimiter"]
        wanted = self._named(target, bits, marks, self._names.get(("targets", step)))
        wrong = int((output != target)[channels].sum())
        return Outcome(self._named(output, bits, marks, None) if wrong else wanted, wanted, wrong, len(channels))

    def marks(self, field: str, step: int) -> list[str]:
        """The delimiters that are set in a vector, by name."""
        channels = self._inputs if field == "inputs" else self._outputs
        vector = self._arrays[field][step]
        return [
            c["name"]
            for c, value in zip(channels, vector, strict=True)
            if c["kind"] == "delimiter" and value > THRESHOLD
        ]

    def _named(self, vector: Bits, bits: list[int], marks: list[int], known: str | None) -> str:
        """Its bits, and the markers that are set; no bits where a marker stands alone."""
        said = [f"the {self._outputs[at]['name']} marker" for at in marks if vector[at]]
        if bits and (vector[bits].any() or not said):
            said.insert(0, known or self._name(vector[bits]))
        return " and ".join(said) or "nothing"

    def _bits(self, field: str, steps: Sequence[int], places: list[int]) -> Bits:
        found: Bits = self._arrays[field][list(steps)][:, places] > THRESHOLD
        return found

    def _name_together(self, field: str, steps: list[int], places: list[int]) -> None:
        vectors = self._bits(field, steps, places)
        names = (_characters(vectors) if self._textual else None) or map(self._name, vectors)
        self._names.update(((field, step), name) for step, name in zip(steps, names, strict=True))

    def _name(self, bits: Bits) -> str:
        """A vector alone."""
        if self._textual and len(bits) == BYTE:
            sign = chr(np.packbits(bits)[0])
            if sign in SPOKEN or SPACE <= ord(sign) < DELETE:
                return _quoted(sign)
        return "".join(map(str, bits.astype(int))) if len(bits) <= MOST_BITS else f"a vector of {len(bits)} bits"


ROLES = ("input", "query", "recall")
"""Of the phases whose vectors are named together."""


def places_of_bits(channels: Channels) -> list[int]:
    """Where the bits of a vector are; of one without bits, all that is no delimiter."""
    bits = [at for at, channel in enumerate(channels) if channel["kind"] == "bit"]
    return bits or [at for at, channel in enumerate(channels) if channel["kind"] != "delimiter"]


def _is_said(channel: Mapping[str, str], value: float) -> bool:
    """Whether a number beside the bits is: a count has a step of its own."""
    return channel["kind"] != "delimiter" and not (channel["kind"] == "count" and value == 0)


def hundredths(value: float) -> str:
    """Two decimals, halves upwards."""
    whole = floor(abs(value) * 100 + 0.5)
    return f"{'−' if value < 0 and whole else ''}{whole // 100}.{whole % 100:02d}"


def _characters(vectors: Bits) -> list[str] | None:
    """A name for each byte of a text; None for what is no UTF-8."""
    if vectors.shape[1] != BYTE:
        return None
    try:
        text = np.packbits(vectors, axis=1).tobytes().decode()
    except UnicodeDecodeError:
        return None
    return list(chain.from_iterable(map(_bytes_of, text)))


def _bytes_of(character: str) -> list[str]:
    count = len(character.encode())
    name = _quoted(character)
    return [name] if count == 1 else [f"byte {at + 1} of {name}" for at in range(count)]


def _quoted(character: str) -> str:
    code = ord(character)
    if character in SPOKEN:
        return SPOKEN[character]
    if code < SPACE or code == DELETE:
        return f"control character {code}"
    return f"U+{code:04X}" if category(character) in UNSEEN else f"‘{character}’"
