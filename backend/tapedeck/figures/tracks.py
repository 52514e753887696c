"""A run's tracks: its fields over time, as every picture shows them. Made from the description of the run alone.

A role says how a field is shown: bits and delimiters from paper to ink, weightings and shares from 0 to 1, all else
from 0 to a round number, or from −x to x where there are values below 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tapedeck.figures import axes, palette
from tapedeck.figures.drawing import Axis, Cell, Scale, Values
from tapedeck.ntm import Field
from tapedeck.tracing import Trace
from tapedeck_viewer.appearance import APPEARANCE, title_of

PLAIN = ("bit", "delimiter", "probability")
"""Kinds of channels whose values are between 0 and 1."""

CHANNELS = {
    "input": "input_channels",
    "target": "output_channels",
    "optimum": "output_channels",
    "output": "output_channels",
}
"""Where the description has the channels of a field, by its role."""

SIGNED_FROM = 1e-6
"""A value below 0 that counts: less is left by rounding."""


@dataclass(frozen=True, eq=False, slots=True)
class Track:
    """A field over time, or some of its rows.

    Attributes:
        field: its name in the trace.
        role: of the field.
        kind: of its head; empty for none.
        title: of one panel.
        plural: the same of all steps together.
        rows: from top to bottom.
        rows_title: what they are.
        values: [rows, T].
        scale: of its own values.
        errors: the wrong bits.
    """

    field: str
    role: str
    kind: str
    title: str
    plural: str
    rows: Axis
    rows_title: str
    values: Values
    scale: Scale
    errors: tuple[Cell, ...] = ()


def tracks(trace: Trace, name: str, rows: Sequence[int]) -> Iterator[Track]:
    """The tracks of one field: one, or a second one of channels that hold anything but 0 to 1, such as a count.

    Args:
        trace: the run.
        name: of one of its fields.
        rows: the locations that are shown, where the rows are locations.
    """
    field = next(field for field in trace.layout.fields if field.name == name)
    if field.role not in CHANNELS:
        yield _of_field(trace, field, rows)
        return
    channels = trace.about[CHANNELS[field.role]]
    plain = [at for at, channel in enumerate(channels) if channel["kind"] in PLAIN]
    others = [at for at in range(len(channels)) if at not in plain]
    if plain:
        yield _of_channels(trace, field, channels, plain, "")
    if others:
        names = ", ".join(channels[at]["name"] for at in others)
        yield _of_channels(trace, field, channels, others, f": {names}" if plain else "")


def of_heads(trace: Trace, kind: str, role: str, rows: Sequence[int]) -> list[Track]:
    """Of each head of a kind in acting order, the track of its first field of a role."""
    found = []
    for head in trace.layout.heads:
        if head.kind == kind:
            fields = (field for field in trace.layout.fields if field.name.startswith(f"{head.name}."))
            found.append(_of_field(trace, next(field for field in fields if field.role == role), rows))
    return found


def content_scale(kind: str, *values: Values) -> Scale:
    """The one scale on which vectors can be compared, in the hue of a kind of heads."""
    return _scale("add", min(float(each.min()) for each in values), max(float(each.max()) for each in values), kind)


def _of_field(trace: Trace, field: Field, rows: Sequence[int]) -> Track:
    values = trace.arrays[field.name].reshape(trace.steps, -1).T
    head = next((head for head in trace.layout.heads if field.name.startswith(f"{head.name}.")), None)
    kind, number = ("", None) if head is None else (head.kind, number_of(trace, head.name))
    (axis,) = field.axes or ("",)
    if axis == "location":
        shown, values = axes.locations(rows), values[list(rows)]
    elif axis == "shift" and head is not None:
        shown = axes.named([f"{shift:+d}" if shift else "0" for shift in head.shifts], "shift")
    else:
        shown = axes.counted(len(values), APPEARANCE["printed_axes"][axis]) if axis else Axis((field.name,))
    fixed = tuple(field.range) == (0, 1)
    own = (
        palette.WEIGHTINGS[kind]
        if field.role == "weighting"
        else _scale(field.role, *_limits(values, fixed=fixed), kind)
    )
    return Track(
        field.name,
        field.role,
        kind,
        title_of(field.name, kind, number),
        title_of(field.name, kind, number, form="plural"),
        shown,
        APPEARANCE["printed_axes"].get(axis, ""),
        values,
        own,
    )


def _of_channels(trace: Trace, field: Field, channels: Any, which: Sequence[int], added: str) -> Track:
    values = trace.arrays[field.name].T[list(which)]
    least, greatest = _limits(values, fixed=False)
    plain = least >= -SIGNED_FROM and greatest <= 1 + SIGNED_FROM and channels[which[0]]["kind"] in PLAIN
    errors: tuple[Cell, ...] = ()
    if field.role == "output":
        wrong = trace.wrong.T[list(which)].nonzero()
        errors = tuple(Cell(int(row), int(step)) for row, step in zip(*wrong, strict=True))
    return Track(
        field.name,
        field.role,
        "",
        title_of(field.name) + added,
        title_of(field.name, form="plural") + added,
        axes.channels([channels[at] for at in which]),
        APPEARANCE["printed_axes"]["channel"] if plain else "",
        values,
        palette.BIT if plain else _scale(field.role if not added else "scalar", least, greatest),
        errors,
    )


def scored(trace: Trace) -> npt.NDArray[np.bool_]:
    """[T, O], the outputs that count."""
    mask = np.zeros((trace.steps, len(trace.about["output_channels"])), dtype=bool)
    for start, stop, first, last in trace.about["scored"]:
        mask[start:stop, first:last] = True
    return mask


def number_of(trace: Trace, name: str) -> int | None:
    """The number of a head among those of its kind, from 1; None where there is no other."""
    kind = next(head.kind for head in trace.layout.heads if head.name == name)
    same = [head.name for head in trace.layout.heads if head.kind == kind]
    return same.index(name) + 1 if len(same) > 1 else None


def _limits(values: Values, *, fixed: bool) -> tuple[float, float]:
    return (0.0, 1.0) if fixed else (float(values.min()), float(values.max()))


def _scale(role: str, least: float, greatest: float, kind: str = "") -> Scale:
    return palette.scale(APPEARANCE["scales"][role], least if least < -SIGNED_FROM else 0.0, greatest, kind)
