"""The memory of a file: recorded, or rebuilt from the writes.

Dimensions: T steps, N locations, W width.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tapedeck.errors import InvalidInterventions, TraceFileUnreadable
from tapedeck.tracing.applied import Applied
from tapedeck.tracing.files.archive import Archive
from tapedeck.tracing.files.heads import Head
from tapedeck.tracing.files.meta import Meta
from tapedeck.tracing.files.shapes import Array, Sizes, numbers

TOLERANCE = 1e-3
"""How far a cell that is recorded may be from what the writes make of it, of the largest cell, or of 1."""


@dataclass(frozen=True)
class Memory:
    """What is known of it.

    Attributes:
        rule: how it changes.
        start: [N, W] before step 0.
        recorded: [T, N, W] after every step.
        applied: what was set from outside.
        follows: whether every step can be rebuilt from the one before: the rule says so, and nothing is missing.
    """

    rule: Literal["erase_then_add", "recorded"]
    start: Array | None = None
    recorded: Array | None = None
    applied: Applied | None = None
    follows: bool = False


def read_memory(
    archive: Archive,
    meta: Meta,
    heads: Sequence[Head],
    arrays: Mapping[str, Array],
    *,
    sizes: Sizes,
    applied: Applied | None,
) -> Memory:
    """What the file says of its memory.

    Raises:
        TraceFileUnreadable: a shape that is not that of the others, a rule without the array that it needs, or an array
            that is not what the rule makes.
    """
    axes = ("step", "location", "column")
    recorded = _array("memory", archive, axes, sizes)
    start = _start(archive, meta, sizes)
    _check_applied(applied, sizes)
    said = None if meta.memory is None else meta.memory.rule
    if said == "recorded" and recorded is None:
        raise TraceFileUnreadable(
            "meta.memory.rule is recorded, and there is no array `memory` [T, N, W]; add it, or leave out the rule."
        )
    rule: Literal["erase_then_add", "recorded"] = said or ("erase_then_add" if recorded is None else "recorded")
    writers = [head.name for head in heads if head.kind == "write"]
    follows = (
        rule == "erase_then_add"
        and start is not None
        and bool(writers)
        and all(f"{name}.add_vector" in arrays for name in writers)
    )
    memory = Memory(rule, start, recorded, applied, follows)
    if follows and recorded is not None:
        _check_agreement(memory, writers, arrays)
    return memory


def _check_applied(applied: Applied | None, sizes: Sizes) -> None:
    """Before anything is made of it; its columns where anything says how many there are."""
    if applied is None:
        return
    try:
        applied.check(sizes.known["step"][0], sizes.known["location"][0], sizes.of("column"))
    except InvalidInterventions as error:
        raise TraceFileUnreadable(f"memory.applied: {error.detail}") from error


def rebuilt(memory: Memory, writers: Sequence[str], arrays: Mapping[str, Array]) -> Iterator[Array]:
    """The memory after each step [N, W], of one that follows: what was applied, then M ← M ∘ (1 − w eᵀ) + w aᵀ."""
    assert memory.start is not None  # noqa: S101 - it follows
    now = memory.start.copy()
    for step in range(len(arrays[f"{writers[0]}.weighting"])):
        if memory.applied is not None and (cells := memory.applied.at(step)) is not None:
            now = now.copy()
            cells.set_in(now)
        for name in writers:
            weighting, add = arrays[f"{name}.weighting"][step], arrays[f"{name}.add_vector"][step]
            if (erase := arrays.get(f"{name}.erase_vector")) is not None:
                now = now * (1 - np.outer(weighting, erase[step]))
            now = now + np.outer(weighting, add)
        yield now


def _check_agreement(memory: Memory, writers: Sequence[str], arrays: Mapping[str, Array]) -> None:
    assert memory.recorded is not None  # noqa: S101 - asked only of one that is
    for step, made in enumerate(rebuilt(memory, writers, arrays)):
        there = memory.recorded[step]
        apart = np.abs(there - made)
        if apart.max() > TOLERANCE * max(1.0, float(np.abs(there).max())):
            location, column = (int(index) for index in np.unravel_index(int(apart.argmax()), apart.shape))
            raise TraceFileUnreadable(
                f"memory is {there[location, column]:.4g} at step {step}, location {location}, column {column}, where "
                f"the writes make it {made[location, column]:.4g}; leave out one of `memory` and meta.memory.rule."
            )


def _start(archive: Archive, meta: Meta, sizes: Sizes) -> Array | None:
    said = None if meta.memory is None else meta.memory.start
    beside = _array("initial.memory", archive, ("location", "column"), sizes)
    if said is None:
        return beside
    if isinstance(said, list):
        if len({len(row) for row in said}) != 1:
            raise TraceFileUnreadable("meta.memory.start must be [N][W]; its rows are not of one length.")
        start = np.array(said)
        sizes.hold("meta.memory.start", start.shape, ("location", "column"))
        return numbers("meta.memory.start", start, ("location", "column"))
    locations, width = sizes.of("location"), sizes.of("column")
    return None if locations is None or width is None else np.full((locations, width), said, np.float32)


def _array(name: str, archive: Archive, axes: tuple[str, ...], sizes: Sizes) -> Array | None:
    if name not in archive.members:
        return None
    values = archive.numbers(name)
    sizes.hold(name, values.shape, axes)
    return numbers(name, values, axes)
