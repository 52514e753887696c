"""The evaluations that ship with machines: what the generalization page shows before anything is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from tapedeck_page.evaluation import described

SHOWN = ("interval", "bits", "sequences", "worst", "locations")
COUNTED = (("bit_error_rate", "wrong_bits", "exact"), ("excess", "cost", "optimum"))
"""Of a result; besides its sizes: always, and by the measure of its task."""


class Kept(TypedDict):
    """The evaluation of a machine.

    Attributes:
        checkpoint: the machine's id.
        locations: N that was asked for; None where it is the machine's own.
        sizes: the values of each size, in order.
        caption: how it was counted.
        results: as the service counts them.
    """

    checkpoint: str
    locations: int | None
    sizes: dict[str, list[int]]
    caption: str
    results: list[dict[str, Any]]


def kept_of(checkpoint: str, document: Mapping[str, Any], pattern: str | None) -> Kept:
    """What the page shows of an evaluation, of one pattern: the chosen one, or the first where that was not counted.

    Args:
        checkpoint: the machine's id.
        document: as `GET /api/checkpoints/{id}/evaluation` has it.
        pattern: that is chosen.

    Raises:
        KeyError, IndexError, TypeError, ValueError, StopIteration: it is not an evaluation.
    """
    plan = document["plan"]
    names = [*plan["sizes"]]
    counted = [result["pattern"] for result in document["results"]]
    shown: str = pattern if pattern and pattern in counted else counted[0]
    of_pattern = [result for result in document["results"] if result["pattern"] == shown]
    of_measure = next(each for each in COUNTED if each[0] in of_pattern[0])
    wanted = (*names, *SHOWN, *of_measure)
    results = [{"checkpoint": checkpoint, **{name: result[name] for name in wanted}} for result in of_pattern]
    noun = "length" if names == ["length"] else "size"
    (each,) = {result["sequences"] for result in results}
    on = {result["locations"] for result in results}
    how = described(shown, each, noun, locations=on, seed=plan["seed"], before="counted with ")
    return {
        "checkpoint": checkpoint,
        "locations": plan["locations"],
        "sizes": {name: sorted({result[name] for result in results}) for name in names},
        "caption": f"{how}; ships with the machine",
        "results": results,
    }


def caption_of(kept: Sequence[Kept], machines: Sequence[str]) -> str:
    """How they were counted: once where that is the same for all of these machines, else of each by its name."""
    captions = {each["checkpoint"]: each["caption"] for each in kept}
    same = set(captions.values())
    if len(same) == 1 and len(captions) == len(machines):
        return same.pop()
    return " · ".join(f"{name}: {captions[name]}" for name in machines if name in captions)


def sizes_of(kept: Sequence[Kept], machines: Sequence[str]) -> dict[str, list[int]]:
    """The values of each size that were counted of any of these machines, in order."""
    found: dict[str, set[int]] = {}
    for each in kept:
        for name, values in each["sizes"].items() if each["checkpoint"] in machines else ():
            found.setdefault(name, set()).update(values)
    return {name: sorted(values) for name, values in found.items()}
