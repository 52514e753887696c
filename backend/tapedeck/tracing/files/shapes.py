"""Holding every array of a file against the others: what an axis counts has one size throughout."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from tapedeck.errors import TraceFileUnreadable
from tapedeck.tracing.files.archive import Values

Array = npt.NDArray[np.float32]

LETTERS = {
    "step": "T",
    "location": "N",
    "column": "W",
    "channel": "C",
    "unit": "H",
    "shift": "S",
    "change": "K",
    "read change": "K",
    "batch": "B",
}
PLURALS = {"step": "steps", "location": "locations", "column": "columns", "channel": "channels", "change": "changes"}
MANY = {3: "three", 4: "four", 5: "five"}

OUTPUTS = ("outputs", "targets", "optimum")


@dataclass
class Sizes:
    """What each axis counts, how many there are, and which array or key said so first."""

    known: dict[str, tuple[int, str]] = field(default_factory=dict)

    def say(self, axis: str, size: int | None, source: str) -> None:
        """What a key of `meta` says; arrays are held to it."""
        if size is not None:
            self.known[axis] = (size, source)

    def of(self, axis: str) -> int | None:
        """How many; None where nothing has said so."""
        return self.known[axis][0] if axis in self.known else None

    def hold(self, name: str, shape: tuple[int, ...], axes: tuple[str, ...]) -> None:
        """An array's shape against what is known, which it then adds to.

        Raises:
            TraceFileUnreadable: too many axes or too few, an empty one, or another size than is known.
        """
        keys = [_key(name, axis) for axis in axes]
        if len(shape) != len(axes):
            raise TraceFileUnreadable(self._of_axes(name, shape, axes))
        if 0 in shape:
            raise TraceFileUnreadable(f"{name} is empty: its shape is {shape}. {letters(axes)} are at least 1 each.")
        wrong = [key for key, size in zip(keys, shape, strict=True) if self.known.get(key, (size, ""))[0] != size]
        if wrong:
            expected = ", ".join(
                str(self.known[key][0]) if key in self.known else _letter(axis)
                for key, axis in zip(keys, axes, strict=True)
            )
            reasons = " and ".join(f"{self._counted(key)} as in {self.known[key][1]}" for key in dict.fromkeys(wrong))
            comma = "," if len(axes) == 1 else ""
            raise TraceFileUnreadable(f"{name} must have the shape ({expected}{comma}), {reasons}; it has {shape}.")
        for key, size in zip(keys, shape, strict=True):
            self.known.setdefault(key, (size, name))

    def _counted(self, key: str) -> str:
        size, axis = self.known[key][0], key.rpartition(" ")[2]
        return f"{size:,} {PLURALS.get(axis, axis) if size != 1 else axis}"

    @staticmethod
    def _of_axes(name: str, shape: tuple[int, ...], axes: tuple[str, ...]) -> str:
        must = f"{name} must have the shape {letters(axes)}; it has {shape}."
        if len(shape) == len(axes) + 1 and len(shape) in MANY:
            return f"{must} If one of its {MANY[len(shape)]} axes counts a batch, choose one example of it."
        return must


def numbers(name: str, values: Values, axes: tuple[str, ...]) -> Array:
    """As float32 in C order.

    Raises:
        TraceFileUnreadable: a number is not finite, or too large for float32.
    """
    with np.errstate(over="ignore"):
        converted: Array = np.ascontiguousarray(values, np.float32)
    finite = np.isfinite(converted)
    if not finite.all():
        at = tuple(int(index) for index in np.unravel_index(int(finite.argmin()), finite.shape))
        place = ", ".join(f"{axis} {index}" for axis, index in zip(axes, at, strict=True))
        what = str(values[at]).replace("nan", "NaN")
        raise TraceFileUnreadable(f"{name} is {what} at {place}; every number must be finite, and fit float32.")
    return converted


def _key(name: str, axis: str) -> str:
    """What an axis is known by: of channels, shifts, units and further words each array has its own."""
    if axis in ("step", "location", "column", "change", "read change"):
        return axis
    owner = name
    if axis == "channel":
        owner = "outputs" if name in OUTPUTS else name
    return f"{owner} {axis}"


def _letter(axis: str) -> str:
    return LETTERS.get(axis, axis)


def letters(axes: tuple[str, ...]) -> str:
    """A shape as it is written: [T, N]."""
    return f"[{', '.join(map(_letter, axes))}]"
