"""What the generalization page asks for: which machines, on which sizes of their task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tapedeck_page.figures.generalization import COLOURS, DASHES, WRONG_BITS, Axis, Bounds, frame, spread

MOST_POINTS = 40
"""Along the axis of one size."""
MOST_ROWS = 10
"""Along each of two."""
MOST_SEQUENCES = 1000
SEED = 1

UNKNOWN: dict[str, Any] = {
    "name": "",
    "sizes": [{"name": "length", "of": "vectors", "least": 1, "most": 1000, "values": [126]}],
    "measure": WRONG_BITS,
}
"""Of a task before any is known."""


def label(size: dict[str, Any]) -> str:
    """Of the field for the greatest of these sizes."""
    return "Longest" if size["name"] == "length" else f"Most {size['of']}"


def usual(size: dict[str, Any]) -> int:
    """A little beyond what the task is usually evaluated at."""
    most: int = min(size["most"], -(-11 * max(size["values"]) // 100) * 10)
    return most


def task_of(machines: list[str], listed: list[dict[str, Any]], tasks: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What the chosen machines are asked, of the first where they differ; None where it is not known."""
    of = {entry["id"]: entry["task"] for entry in listed if not entry.get("error")}
    name = next((of[each] for each in machines if each in of), None)
    if name is None:
        return tasks[0] if tasks else UNKNOWN
    return next((task for task in tasks if task["name"] == name), None)


def axes_of(task: dict[str, Any], most: list[Any], kept: Mapping[str, Sequence[int]]) -> list[Axis]:
    """The sizes of a task that are asked for, each up to the most.

    Args:
        task: as the service describes it.
        most: of each size.
        kept: the values of each size in evaluations that ship with the machines. Of two sizes these are counted again,
            so that the new cells of a map lie on the old ones.
    """
    sizes = task["sizes"]
    found = []
    for size, longest in zip(sizes, most, strict=False):
        title = {
            "vectors": "vectors in the sequence, L" if size["name"] == "length" else "vectors in the list",
            "items": "items in the list",
            "bits": "bits in the stream",
        }.get(size["of"], size["of"])
        values = spread(size["least"], longest, MOST_POINTS if len(sizes) == 1 else MOST_ROWS)
        if len(sizes) > 1 and size["name"] in kept:
            within = sorted({*(value for value in kept[size["name"]] if value < longest), longest})
            values = [within[at] for at in spread(0, len(within) - 1, MOST_ROWS)]
        found.append(Axis(size["name"], title, values, _needs(task, size["name"])))
    return found


def with_kept(axes: Sequence[Axis], kept: Mapping[str, Sequence[int]]) -> list[Axis]:
    """The same axes with room for what ships with the machines, too."""
    return [replace(axis, values=sorted({*axis.values, *kept.get(axis.name, ())})) for axis in axes]


def _needs(task: dict[str, Any], name: str) -> tuple[int, int] | None:
    """How many locations an exact answer needs, where it depends on this size alone."""
    terms = task.get("locations", [])
    if not terms or any(term["of"] not in ([], [name]) for term in terms):
        return None
    found = {tuple(term["of"]): term["times"] for term in terms}
    return (found.get((), 0), found[(name,)]) if (name,) in found else None


def prospect(
    task: dict[str, Any], machines: list[Bounds], most: list[Any], kept: Mapping[str, Sequence[int]]
) -> dict[str, Any]:
    """What the figure shows before anything is counted: its frame, with room for what ships with the machines.

    A map has no cells then but of these, if there are any.
    """
    axes = axes_of(task, most, kept)
    ships = [replace(axis, values=kept.get(axis.name, axis.values)) for axis in axes]
    return _figure(task, machines, axes, ships if len(axes) > 1 else with_kept(axes, kept))


def _figure(task: dict[str, Any], machines: list[Bounds], axes: list[Axis], shown: list[Axis]) -> dict[str, Any]:
    return {
        "machines": [machine.name for machine in machines],
        "axes": [{"name": axis.name, "title": size["of"]} for axis, size in zip(axes, task["sizes"], strict=False)],
        "dashes": DASHES,
        "colours": COLOURS,
        "measure": task.get("measure", UNKNOWN["measure"])["title"],
        "frame": frame(machines, shown, task.get("measure", UNKNOWN["measure"])),
    }


def job(
    task: dict[str, Any],
    machines: list[Bounds],
    pattern: str,
    most: list[Any],
    *,
    each: Any,
    locations: Any,
    kept: Mapping[str, Sequence[int]],
) -> dict[str, Any]:
    """What the browser is to evaluate, with the figure's frame and a caption; or what is wrong, as `problem`.

    A line is shown as far as it is asked for; a map with all cells that ship with the machines.
    """
    problem = _problem(task, machines, most, each)
    if problem:
        return {"problem": problem}
    axes = axes_of(task, most, kept)
    asked = {
        "sizes": {axis.name: axis.values for axis in axes},
        "patterns": [pattern if task.get("patterns") else "random"],
        "sequences": each,
        "locations": locations if isinstance(locations, int) else None,
        "seed": SEED,
    }
    return {
        **_figure(task, machines, axes, axes if len(axes) == 1 else with_kept(axes, kept)),
        "requests": [{"checkpoint": machine.name, **asked} for machine in machines],
        "caption": described(
            asked["patterns"][0],
            each,
            "length" if [size["of"] for size in task["sizes"]] == ["vectors"] else "size",
            locations={machine.locations for machine in machines},
            seed=SEED,
        ),
    }


def bounds(machines: list[str], locations: Any, listed: list[dict[str, Any]]) -> list[Bounds]:
    """Those of the chosen machines that the service has."""
    entries = {entry["id"]: entry for entry in listed if not entry.get("error")}
    own = locations if isinstance(locations, int) else None
    return [
        Bounds(name, own or entries[name]["config"]["locations"], _trained(entries[name]))
        for name in machines
        if name in entries
    ]


def _trained(entry: dict[str, Any]) -> dict[str, int]:
    """The greatest sizes of a machine's training, where they are known."""
    recipe = entry.get("origin", {}).get("recipe", {})
    longest = {"length": recipe["longest"]} if recipe.get("longest") else {}
    return longest | {name: most for name, (_, most) in recipe.get("sizes", {}).items()}


def described(pattern: str, each: int, noun: str, *, locations: set[int], seed: int, before: str = "") -> str:
    """How something was counted, which the fields may have left behind since; `before` goes before the number."""
    count = f"1 sequence of each {noun}" if each == 1 else f"{each:,} sequences of each {noun}"
    on = f"{next(iter(locations)):,} locations" if len(locations) == 1 else "each machine’s own locations"
    return f"{pattern.replace('-', ' ')}, {before}{count}, on {on}, seed {seed}"


def _problem(task: dict[str, Any], machines: list[Bounds], most: list[Any], each: Any) -> str:
    if not machines:
        return "Choose at least one machine."
    if wrong := wrong_size(task, most):
        return wrong
    if not _is_whole(each, 1, MOST_SEQUENCES):
        return f"Sequences each must be a whole number from 1 to {MOST_SEQUENCES:,}{_got(each)}."
    return ""


def wrong_size(task: dict[str, Any], most: list[Any]) -> str:
    """What is wrong with the sizes that are asked for."""
    for size, asked in zip(task["sizes"], most, strict=False):
        if not _is_whole(asked, size["least"], size["most"]):
            return f"{label(size)} must be a whole number from {size['least']} to {size['most']:,}{_got(asked)}."
    return ""


def _is_whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and least <= value <= most


def _got(value: Any) -> str:
    return "; the field is empty" if value in (None, "") else f"; got {value}"
