"""What each head does over a whole run, in a few words and from numbers alone.

`stays at 12`, `one on each step`, `jumps by content`, `spread over 40`, `same as write 2`. Where it does one thing
while it is told and another while it answers: `one on each step, then stays at 40`.

The page says the same (`viewer/tapedeck_viewer/model/conduct.mjs`); `tests/fixtures/conduct.json` holds both to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from tapedeck.tracing.focus import arrival_from, distance, held_by, location_of
from tapedeck.tracing.trace import Array, Trace

PLACE = 0.3
"""A location with at least this share of the weight is a place, if not a sharp one."""

NEARLY_ALL = 0.9
"""In at least this share of the steps it does what it is said to do, nothing else being worth a word."""

MOSTLY = 0.75
"""In at least this share it is what it does, with exceptions."""

HALF = 0.5
"""In at least this share it is what it does more than all else."""

ALIKE = 0.95
"""Two heads do the same that look at the same places in this share of the steps."""

LEAST_STEPS = 3
"""The fewest steps that are told apart from the others."""

MOST_MEASURED = 8
"""The most spread steps that are measured; how far a head is spread hardly changes from one to the next."""

ANSWERS = ("recall", "prediction")
"""The roles of phases in which it answers."""

STAYS, SPREAD = "stays ", "spread "
SHARED = (STAYS, SPREAD, "mostly ")
"""What need not be said twice."""


class Deed(NamedTuple):
    """What a head does at a step.

    Attributes:
        location: the place where it looks; None where it is spread.
        kind: `stay`, `move`, `content`, `spread`, or `jump`: elsewhere, with no way to say how.
        moved: locations forward, of a `move`.
    """

    location: int | None
    kind: str
    moved: int = 0


def conduct_of(about: Mapping[str, Any], arrays: Mapping[str, Array]) -> dict[str, str]:
    """Of each head of a run, by its name, those that write first.

    Args:
        about: the run's description.
        arrays: its fields.
    """
    weightings = {head["name"]: arrays[f"{head['name']}.weighting"] for head in about["heads"]}
    places = {name: [location_of(row, PLACE) for row in rows] for name, rows in weightings.items()}
    heads = [head for kind in ("write", "read") for head in about["heads"] if head["kind"] == kind]
    deeds = {head["name"]: _deeds(about, arrays, head, places) for head in heads}
    told: dict[str, list[str]] = {head["name"]: [] for head in heads}
    for start, stop in _parts(about):
        part = {name: found[start:stop] for name, found in deeds.items()}
        for index, name in enumerate(part):
            own = _words(part[name], weightings[name][start:stop])
            others = [] if own.startswith(STAYS) else list(part)[:index]
            like = next((other for other in others if _are_alike(part[name], part[other])), None)
            told[name].append(own if like is None else f"same as {_name_in(heads, like)}")
    return {name: _joined(words) for name, words in told.items()}


def describe_conduct(trace: Trace) -> list[str]:
    """A line for each head of a run."""
    alike = Counter(head["kind"] for head in trace.about["heads"])
    kinds = {head["name"]: head["kind"] for head in trace.about["heads"]}
    found = conduct_of(trace.about, trace.arrays)
    return [
        f"{kinds[name].capitalize()} head{f' {number}' if alike[kinds[name]] > 1 else ''}: {words}."
        for kind in ("write", "read")
        for number, (name, words) in enumerate(((n, w) for n, w in found.items() if kinds[n] == kind), 1)
    ]


def _name_in(heads: Sequence[Mapping[str, Any]], name: str) -> str:
    """Within a sentence: write 2, or the write head where there is one."""
    kind = next(head["kind"] for head in heads if head["name"] == name)
    alike = [head["name"] for head in heads if head["kind"] == kind]
    return f"{kind} {alike.index(name) + 1}" if len(alike) > 1 else f"the {kind} head"


def _joined(told: Sequence[str]) -> str:
    """One after the other, without the words that they share."""
    first, then = told[0], told[-1]
    if first == then:
        return first
    shared = next((verb for verb in SHARED if first.startswith(verb) and then.startswith(verb)), "")
    return f"{first}, then {then.removeprefix(shared)}"


def _parts(about: Mapping[str, Any]) -> list[tuple[int, int]]:
    """What is told and what is answered, where one follows the other and both are long enough to be told apart."""
    phases, steps = about["phases"], about["steps"]
    answers = [phase["role"] in ANSWERS for phase in phases]
    begin = phases[answers.index(True)]["start"] if True in answers else 0
    follow = True in answers and all(answers[answers.index(True) :])
    if follow and begin >= LEAST_STEPS and steps - begin >= LEAST_STEPS:
        return [(0, begin), (begin, steps)]
    return [(0, steps)]


def _deeds(
    about: Mapping[str, Any],
    arrays: Mapping[str, Array],
    head: Mapping[str, Any],
    places: Mapping[str, Sequence[int | None]],
) -> list[Deed]:
    """At every step."""
    start = next(each["start"] for each in about["heads"] if each["name"] == head["previous"])
    before = [location_of(np.asarray(start, np.float32), PLACE), *places[head["previous"]]]
    last, deeds = before[0], list[Deed]()
    for step, location in enumerate(places[head["name"]]):
        if location is None:
            deeds.append(Deed(None, "spread"))
            continue
        arrival = arrival_from(before[step], about, arrays, name=head["name"], step=step, location=location)
        if location == last:  # also where it was spread in between
            deeds.append(Deed(location, "stay"))
        elif arrival.kind in ("content", "other"):
            deeds.append(Deed(location, "content" if arrival.kind == "content" else "jump"))
        else:
            deeds.append(Deed(location, "move" if arrival.moved else "stay", arrival.moved))
        last = location
    return deeds


def _are_alike(one: Sequence[Deed], other: Sequence[Deed]) -> bool:
    """Whether two heads look at the same places, step by step."""
    same = [
        deed.location is not None and deed.location == there.location for deed, there in zip(one, other, strict=True)
    ]
    return sum(same) >= ALIKE * len(same)


def _words(deeds: Sequence[Deed], weightings: Array) -> str:
    """Of a part of a run: its deeds and its weightings [T, N]."""
    count, spread = len(deeds), [index for index, deed in enumerate(deeds) if deed.kind == "spread"]
    if len(spread) >= HALF * count:
        return _spread_over(weightings[spread])
    location, there = Counter(deed.location for deed in deeds if deed.location is not None).most_common(1)[0]
    sharp = sum(location_of(row) is not None for row in weightings)
    place = f"{'at' if sharp >= HALF * count else 'around'} {location}"
    if there >= NEARLY_ALL * count:
        return STAYS + place
    if there >= MOSTLY * count or there + len(spread) == count:
        return f"mostly {place}"
    return _motion(deeds)


def _motion(deeds: Sequence[Deed]) -> str:
    """How a head gets from step to step; how it came to the first of them is of what was before."""
    kinds, count = Counter(deed.kind for deed in deeds[1:]), len(deeds) - 1
    moved, moves = next(iter(Counter(d.moved for d in deeds[1:] if d.kind == "move").most_common(1)), (0, 0))
    jumps = kinds["content"] + kinds["jump"]
    if moves >= HALF * count:
        if moves < MOSTLY * count or moves + jumps < NEARLY_ALL * count:
            return f"mostly {distance(moved)}"
        return f"{distance(moved)} each step{f', {jumps} jump' if jumps else ''}{'s' if jumps > 1 else ''}"
    if jumps >= HALF * count:
        return "jumps by content" if kinds["content"] >= HALF * jumps else "jumps"
    elsewhere = count - kinds["stay"] - kinds["spread"]
    if elsewhere <= (1 - MOSTLY) * count:
        return f"moves {({1: 'once', 2: 'twice'}).get(elsewhere, f'{elsewhere} times')}"
    return f"moves among {len({deed.location for deed in deeds})} places"


def _spread_over(weightings: Array) -> str:
    """Over how many locations a head is spread in the middle one of these steps [T, N]."""
    every = -(-len(weightings) // MOST_MEASURED)
    held = sorted(len(held_by(row)) for row in weightings[::every])
    middle = held[len(held) // 2]
    return f"{SPREAD}over {middle}" if middle else "looks at no location"
