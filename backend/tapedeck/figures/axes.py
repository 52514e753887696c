"""The axes that the figures share."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from tapedeck.figures.drawing import Axis, Tick, Values
from tapedeck.tasks import Phase

IN_USE = 0.02
"""A location counts as in use when a head once put this much weight there."""

MARGIN = 2
"""Unused locations shown on either side of those in use."""


def channels(given: Sequence[Mapping[str, str]]) -> Axis:
    """Channels as a run's description has them: of the bits the first and the last are marked, and all others."""
    bits = [place for place, channel in enumerate(given) if channel["kind"] == "bit"]
    labels, marks = [], []
    for place, channel in enumerate(given):
        labels.append(f"{channel['name']} delimiter" if channel["kind"] == "delimiter" else channel["name"])
        if place not in bits:
            marks.append(Tick(place, "P(1)" if channel["kind"] == "probability" else channel["name"]))
        elif place in (bits[0], bits[-1]):
            marks.append(Tick(place, str(bits.index(place) + 1)))
    return Axis(tuple(labels), tuple(marks))


def bit_rows(bits: int) -> Axis:
    """The bits alone, counted from 1, the first and the last marked."""
    return channels([{"name": f"bit {bit}", "kind": "bit"} for bit in range(1, bits + 1)])


def counted(count: int, name: str) -> Axis:
    """So many of one kind, counted from 0."""
    return Axis(tuple(f"{name} {index}" for index in range(count)), ticks(range(count), most=5))


def named(names: Sequence[str], name: str) -> Axis:
    """Few, each marked with its name."""
    return Axis(tuple(f"{name} {each}" for each in names), tuple(Tick(at, each) for at, each in enumerate(names)))


def steps(phases: Sequence[Phase]) -> Axis:
    """Time steps, counted from 0, each with its phase."""
    labels = [f"step {step}, {phase.name}" for phase in phases for step in range(phase.start, phase.stop)]
    return Axis(tuple(labels), ticks(range(len(labels)), most=9))


def vectors(length: int, every: int) -> Axis:
    """The vectors of a sequence, counted from 1; the first and every so many are marked."""
    marked = sorted({1, *range(every, length + 1, every)})
    return Axis(tuple(f"vector {i + 1}" for i in range(length)), tuple(Tick(i - 1, str(i)) for i in marked))


def locations(rows: Sequence[int]) -> Axis:
    """Memory locations from top to bottom; after the last one the memory continues with location 0."""
    return Axis(tuple(f"location {row}" for row in rows), ticks(rows, most=7))


def locations_in_use(weightings: Sequence[Values], most: int, also: Iterable[int] = ()) -> list[int]:
    """The locations of one stretch around the circular memory that holds all those in use, with a margin; or `most`.

    Args:
        weightings: [T, N] of each head.
        most: locations to show; where more are in use, those from the first on.
        also: in use whatever the heads did.
    """
    used = np.max([weighting.max(axis=0) for weighting in weightings], axis=0) >= IN_USE
    used[list(also)] = True
    places, count = np.flatnonzero(used), len(used)
    if len(places) == 0:
        return list(range(min(count, most)))
    gaps = np.diff(places, append=places[0] + count)  # from each place in use to the next one, around the end
    longest = int(gaps.argmax())
    if gaps[longest] <= 2 * MARGIN + 1:
        return list(range(min(count, most)))
    first = places[(longest + 1) % len(places)] - MARGIN
    shown = count - int(gaps[longest]) + 1 + 2 * MARGIN
    return [int((first + row) % count) for row in range(min(shown, most))]


def thinned(given: Sequence[Tick], most: int) -> Sequence[Tick]:
    """Marks at equal distances, at most so many of them."""
    return given[:: -(-len(given) // most)] if given else given


def ticks(numbers: Sequence[int], most: int) -> tuple[Tick, ...]:
    """Marks at the multiples of a round number, at most `most` of them."""
    every = round_step(len(numbers), most)
    return tuple(Tick(index, str(number)) for index, number in enumerate(numbers) if number % every == 0)


def round_step(count: int, most: int) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … that goes into `count` at most `most` times."""
    step, digits = 1, itertools.cycle((2, 2.5, 2))
    while count > step * most:
        step = int(step * next(digits))
    return step
