"""The memory after a step, and beside it the weightings of the step: what writes left, what reads right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from tapedeck.figures import axes, furniture, palette
from tapedeck.figures.drawing import Axis, Box, Panel, Style, Text, Tick, Values
from tapedeck.figures.tracks import SIGNED_FROM
from tapedeck.parts import Parts, whole
from tapedeck.tracing import Trace
from tapedeck_viewer.appearance import APPEARANCE

STRIP, STRIP_GAP = 9.0, 4.0
"""Of a head's weighting: its width, and the room between it and the memory."""


WRITTEN = ("weighting", "erase_vector", "add_vector")
"""The fields of a write head from which the memory follows."""

CELLS_AT_ONCE = 1_000_000
"""Of the memory, rebuilt step after step: some 10 ms."""


class Limits(NamedTuple):
    """Of the values that the memory holds in a whole run; the least is at most 0."""

    least: float
    greatest: float


class Moment(NamedTuple):
    """What a run is at a step."""

    step: int
    memory: Values
    """[rows, W] after the step"""
    weightings: dict[str, Values]
    """[rows] of each head"""


def moments(trace: Trace, rows: Sequence[int], steps: Iterable[int]) -> Iterator[Moment]:
    """The moments at these ascending steps. The memory is rebuilt: what was applied before a step, then head by head
    M ← M ∘ (1 − w eᵀ) + w aᵀ (3, 4).
    """
    memory, wanted, shown = trace.initial.memory[list(rows)], set(steps), list(rows)
    last = max(wanted, default=-1)
    writes = [[trace.arrays[f"{head}.{name}"] for name in WRITTEN] for head in trace.layout.write_heads]
    for step in range(last + 1):
        if trace.applied is not None and (cells := trace.applied.at(step)) is not None:
            memory = memory.copy()
            cells.of(shown).set_in(memory)
        for weighting, erase, add in writes:
            w = weighting[step, shown]
            memory = memory * (1 - np.outer(w, erase[step])) + np.outer(w, add[step])
        if step in wanted:
            heads = (head.name for head in trace.layout.heads)
            yield Moment(step, memory, {head: trace.arrays[f"{head}.weighting"][step, shown] for head in heads})


def limits(trace: Trace, rows: Sequence[int]) -> Limits:
    """The least and the greatest value that these locations ever hold."""
    return whole(limits_in_parts(trace, rows))


def limits_in_parts(trace: Trace, rows: Sequence[int]) -> Parts[Limits]:
    """The same, in parts."""
    least, greatest, seen = 0.0, 0.0, 0
    for moment in moments(trace, rows, range(trace.steps)):
        least, greatest = min(least, float(moment.memory.min())), max(greatest, float(moment.memory.max()))
        seen += moment.memory.size * len(trace.layout.write_heads)
        if seen >= CELLS_AT_ONCE:
            seen = 0
            yield
    return Limits(least if least < -SIGNED_FROM else 0.0, greatest)


def room(trace: Trace, width: float) -> float:
    """How wide everything is, with a memory of that width."""
    return width + STRIP * len(trace.layout.heads) + 2 * STRIP_GAP


def beside(trace: Trace, step: int, rows: Sequence[int], found: Limits, box: Box) -> tuple[list[Panel], list[Text]]:
    """The panels, and what is written around them; `box` is all their room, and the memory stands first.

    The scale is that of the whole run's limits, so that pictures of two steps can be compared.
    """
    (moment,) = moments(trace, rows, [step])
    scale = palette.scale(APPEARANCE["scales"]["memory"], *found)
    heads = {kind: [head.name for head in trace.layout.heads if head.kind == kind] for kind in ("write", "read")}
    widths = {kind: STRIP * len(names) for kind, names in heads.items()}
    inner = Box(
        box.left + widths["write"] + STRIP_GAP, box.top, box.width - sum(widths.values()) - 2 * STRIP_GAP, box.height
    )
    places = axes.locations(rows)
    columns = axes.counted(moment.memory.shape[1], "column")
    title = f"{APPEARANCE['fields']['memory']['title']} at step {step:,}"
    panels = [Panel(title, inner, moment.memory, scale, places.unmarked, columns)]
    texts = [
        Text(box.left, box.top - 8, title, Style.HEADING, palette.INK),
        furniture.side_title(box.left - 36, box, APPEARANCE["printed_axes"]["location"]),
        furniture.time_title(inner, APPEARANCE["axes"]["column"]),
    ]
    for kind, left in (("write", box.left), ("read", inner.right + STRIP_GAP)):
        names = heads[kind]
        strip = Box(left, box.top, widths[kind], box.height)
        marks = () if len(names) == 1 else tuple(Tick(at, str(at + 1)) for at in range(len(names)))
        values = np.stack([moment.weightings[name] for name in names], axis=1)
        panels.append(
            Panel(
                f"{kind.capitalize()} weighting at step {step:,}",
                strip,
                values,
                palette.WEIGHTINGS[kind],
                places if kind == "write" else places.unmarked,
                Axis(tuple(names), marks),
            )
        )
        middle, below = strip.left + strip.width / 2, strip.bottom + (6 if len(names) == 1 else 19)
        texts.append(Text(middle, below, kind, Style.SMALL, palette.KINDS[kind], "center"))
    return panels, texts
