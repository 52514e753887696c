"""Where a head looks at a step, and how it came there, in words: from its weighting, its gate and its shift.

The page says the same (`model/focus.mjs`); `tests/fixtures/narration.json` holds both to it. Only what every trace and
run card has is asked: a head's weightings, gate and shift weightings, and where the weightings began.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from tapedeck.tracing.output import Doubles
from tapedeck.tracing.trace import Array

SINGLE = 0.8
"""A location with at least this share of the weight is where a head looks."""

MOSTLY = 0.5
"""With at least this share it is where a head mostly looks; with less the head is spread."""

MOST_NAMED, MOST_TOGETHER = 3, 8
"""The most locations that are named one by one, and as a stretch; more are counted."""


class Focus(NamedTuple):
    """Where a head looks.

    Attributes:
        location: the one place, or the place of most of the weight; None where the weighting is spread.
        mostly: whether other locations share in it noticeably.
        spread: where there is no such place, the locations in words; empty where there is no weight at all.
    """

    location: int | None
    mostly: bool = False
    spread: str = ""


def focus_of(weighting: Array) -> Focus:
    """Where most of a weighting [N] lies."""
    weights = weighting.astype(np.float64)
    total = _sum(weights)
    if total <= 0:
        return Focus(None)
    peak = int(weights.argmax())
    if weights[peak] >= MOSTLY * total:
        return Focus(peak, bool(weights[peak] < SINGLE * total))
    return Focus(None, spread=_spread(weighting))


def location_of(weighting: Array, share: float = MOSTLY) -> int | None:
    """The one place where a head looks, with at least a share of the weight; None where there is none."""
    weights = weighting.astype(np.float64)
    total, peak = _sum(weights), int(weights.argmax())
    return peak if total > 0 and weights[peak] >= share * total else None


def held_by(weighting: Array) -> list[int]:
    """The fewest locations that hold most of the weight, the heaviest first; none where there is no weight."""
    weights = weighting.astype(np.float64)
    total = _sum(weights)
    if total <= 0:
        return []
    order = np.argsort(-weights, kind="stable")
    held = int((weights[order].cumsum() < SINGLE * total).sum()) + 1
    return [int(location) for location in order[:held]]


def _sum(weights: Doubles) -> float:
    """One after the other, as the page adds them: both round alike."""
    return float(weights.cumsum()[-1])


def _spread(weighting: Array) -> str:
    """A stretch, a few, or how many of all."""
    heaviest = sorted(held_by(weighting))
    held = len(heaviest)
    first, length = _stretch(heaviest, len(weighting))
    around = sorted(heaviest, key=lambda location: (location - first) % len(weighting))
    if held <= MOST_NAMED:
        return f"locations {', '.join(map(str, around[:-1]))} and {around[-1]}"
    if length == held <= MOST_TOGETHER:
        return f"locations {around[0]}–{around[-1]}"
    return f"{held} of {len(weighting)} locations"


def _stretch(locations: list[int], count: int) -> tuple[int, int]:
    """The shortest stretch around the memory that holds all these: where it begins, and how long it is."""
    before = [*locations[-1:], *locations[:-1]]
    gaps = [(here - last) % count or count for last, here in zip(before, locations, strict=True)]
    widest = max(range(len(gaps)), key=gaps.__getitem__)
    return locations[widest], count - gaps[widest] + 1


class Arrival(NamedTuple):
    """How a head came to the one place where it looks.

    Attributes:
        kind: `on` from where it was before, `start` on from where it starts, `content`, or `other`: no way to say.
        moved: locations forward from there; of `content` from what was found.
        found: the location that content found.
        whose: the head whose place it moved on from, where that is another's.
    """

    kind: str
    moved: int = 0
    found: int = 0
    whose: str = ""


def arrival_of(about: Mapping[str, Any], arrays: Mapping[str, Array], name: str, step: int, location: int) -> Arrival:
    """How the head of that name came to a location at a step, from a run's description and its fields."""
    heads = {each["name"]: each for each in about["heads"]}
    previous = heads[name]["previous"]
    earlier = (
        arrays[f"{previous}.weighting"][step - 1] if step > 0 else np.asarray(heads[previous]["start"], np.float32)
    )
    return arrival_from(location_of(earlier), about, arrays, name=name, step=step, location=location)


def arrival_from(
    origin: int | None, about: Mapping[str, Any], arrays: Mapping[str, Array], *, name: str, step: int, location: int
) -> Arrival:
    """The same from where it was, or the head whose place it moves on from."""
    head, count = next(each for each in about["heads"] if each["name"] == name), about["locations"]
    previous = head["previous"]
    if origin is not None:
        for moved in sorted(head["shifts"], key=lambda move: (abs(move), -move)):
            if (origin + moved - location) % count == 0:
                return Arrival("on" if step > 0 else "start", moved, whose="" if previous == name else previous)
    if float(arrays[f"{name}.interpolation_gate"][step]) < MOSTLY:
        return Arrival("other")
    moved = head["shifts"][int(arrays[f"{name}.shift_weighting"][step].argmax())]
    return Arrival("content", moved, (location - moved) % count)


def distance(moved: int) -> str:
    """One on, 2 back."""
    amount = "one" if abs(moved) == 1 else str(abs(moved))
    return f"{amount} {'on' if moved > 0 else 'back'}"
