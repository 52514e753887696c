"""What a recorder was made for: its heads, its further fields, and whether what it is given has a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from tapedeck.errors import InvalidRecording, quoted, shown
from tapedeck.tracing.files.fields import OF_HEAD, OTHER, Known, known
from tapedeck.tracing.files.meta import MAX_AXES, is_head_name
from tapedeck.tracing.files.shapes import letters

Kind = Literal["write", "read"]
Shape = tuple[int, ...]
Axes = tuple[str, ...]

WORDS = ("self", "phase", "scored")
"""Arguments of `step` that no field can be called."""
ARGUMENTS = ("inputs", "outputs", "targets", *WORDS)
"""Likewise no head."""

MEMORY = Known(("location", "column"), OTHER)


def check_batch(batch: object) -> None:
    """That an example was chosen by its number, or none was.

    Raises:
        InvalidRecording: something else.
    """
    is_whole = isinstance(batch, int | np.integer) and not isinstance(batch, bool) and batch >= 0
    if batch is not None and not is_whole:
        raise InvalidRecording(f"batch must be the number of an example, from 0; it is {quoted(batch)}.")


def mapping(name: str, given: Any) -> dict[Any, Any]:
    """A copy of it.

    Raises:
        InvalidRecording: it is none.
    """
    try:
        return dict(given)
    except (TypeError, ValueError) as error:
        raise InvalidRecording(f"{name} must be a mapping; it is {shown(given)}.") from error


def axes_of(fields: Any) -> dict[str, Axes]:
    """The axes of further fields by name.

    Raises:
        InvalidRecording: no text for a name, or no list of words for its axes.
    """
    found = mapping("fields", fields)
    for name, axes in found.items():
        is_list = isinstance(axes, Sequence) and not isinstance(axes, str)
        if not isinstance(name, str) or not is_list or not all(isinstance(axis, str) for axis in axes):
            raise InvalidRecording(
                f"fields must have a list of words for each name, what its axes count; {quoted(name)} has "
                f"{shown(axes)}."
            )
    return {name: tuple(axes) for name, axes in found.items()}


@dataclass(frozen=True)
class Declared:
    """What the first step is held to.

    Attributes:
        heads: the kind of each, in acting order.
        further: the axes of fields that the format does not know.
        batch: which example is recorded; None where nothing has a batch.

    Raises:
        InvalidRecording: no head, a name or a kind that no head can have, or more axes than a field has.
    """

    heads: Mapping[str, Kind]
    further: Mapping[str, Axes]
    batch: int | None

    def __post_init__(self) -> None:
        if not self.heads:
            raise InvalidRecording('A recorder needs at least one head, such as heads={"read": "read"}.')
        for name, kind in self.heads.items():
            if not is_head_name(name):
                raise InvalidRecording(
                    f"{quoted(name)} is no name of a head, which has 1 to 40 letters, digits, _ and -, and is not "
                    "initial, memory or controller."
                )
            if name in ARGUMENTS:
                raise InvalidRecording(f"{name} is an argument of `step`; call the head something else.")
            if kind not in get_args(Kind):
                raise InvalidRecording(f"{name} must be of the kind “write” or “read”; it is {quoted(kind)}.")
        check_batch(self.batch)
        for name, axes in self.further.items():
            if name in WORDS:
                raise InvalidRecording(f"{name} is an argument of `step`; call the field something else.")
            if len(axes) > MAX_AXES:
                raise InvalidRecording(f"{name} has {len(axes)} axes, {axes}; a field has at most {MAX_AXES}.")

    def known(self, name: str) -> tuple[str, Known]:
        """A field's name in the file, and what it is."""
        if name in self.further:
            return name, Known(self.further[name], OTHER)
        for called in (name, f"memory.{name}"):
            if (what := known(called, tuple(self.heads))) is not None:
                return called, what
        if name == "memory":
            return name, MEMORY
        head, _, stage = name.rpartition(".")
        if head in self.heads:
            raise InvalidRecording(
                f"{head} has no field {quoted(stage)}; it may have {', '.join(OF_HEAD)}, and what the recorder "
                f'is told of: Recorder(…, fields={{"{name}": […its axes…]}}).'
            )
        if name in self.heads:
            raise InvalidRecording(f'{name} is a head: give its fields by name, {name}={{"weighting": …}}.')
        raise InvalidRecording(
            f"{quoted(head or name)} is neither a head of this recorder ({', '.join(self.heads)}) nor a field that it "
            "was told of with Recorder(…, fields={…})."
        )

    def of_example(self, name: str, shape: Shape, axes: Axes) -> Shape:
        """The shape of a field at a step, of the example that is recorded; () of a number, though it came as an array.

        Raises:
            InvalidRecording: other axes, or fewer examples.
        """
        if self.batch is not None:
            if len(shape) not in (len(axes) + 1, *(() if axes else (2,))):
                raise InvalidRecording(self._of_axes(name, shape, axes))
            if shape[0] <= self.batch:
                raise InvalidRecording(
                    f"{name} has {shape[0]} examples, {shape}; the recorder takes example {self.batch}, counted from 0."
                )
        chosen = shape if self.batch is None else shape[1:]
        if not axes and chosen == (1,):
            return ()
        if len(chosen) != len(axes):
            raise InvalidRecording(self._of_axes(name, shape, axes))
        return chosen

    def _of_axes(self, name: str, shape: tuple[int, ...], axes: tuple[str, ...]) -> str:
        expected = letters(axes if self.batch is None else ("batch", *axes))
        said = f"{name} must have the shape {expected}; it has {shape}."
        if self.batch is None and len(shape) == len(axes) + 1:
            return f"{said} If its first axis counts a batch, choose one example of it: Recorder(…, batch=0)."
        if self.batch is not None and len(shape) == len(axes):
            return f"{said} If nothing has a batch, make the recorder without `batch`."
        return said
