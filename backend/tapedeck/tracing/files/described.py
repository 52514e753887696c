"""A file's description as the page and the figures need it: what `meta` says, and what could be found out beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tapedeck.tracing.description import VERSION
from tapedeck.tracing.files.fields import Known
from tapedeck.tracing.files.heads import Head
from tapedeck.tracing.files.shapes import Array

if TYPE_CHECKING:
    from tapedeck.tracing.files.reading import TraceFile

SAID = ("title", "checkpoint", "task", "input", "engine", "estimator", "score", "wrong", "diagnosis", "narration")
"""Keys that are handed on as they are, and left out where they are missing."""


def described(file: TraceFile) -> dict[str, Any]:
    """All but the numbers, with the keys of a run's description; those of which nothing is known are left out."""
    meta = file.meta.model_dump(exclude_none=True)
    known: dict[str, Any] = {"version": VERSION, "steps": file.steps, "locations": file.locations}
    if file.width is not None:
        known["width"] = file.width
    for side, array in (("input", "inputs"), ("output", "outputs")):
        if array in file.arrays:
            channels = meta.get(f"{side}_channels") or [
                {"name": str(number)} for number in range(1, file.arrays[array].shape[1] + 1)
            ]
            known[f"{side}_channels"] = [{"kind": "value", **channel} for channel in channels]
    return {
        **known,
        **{key: meta[key] for key in SAID if key in meta},
        "phases": [{"role": "input", **phase} for phase in meta.get("phases", [])],
        "scored": meta.get("scored", []),
        "heads": [_head(head, file) for head in file.heads],
        "memory": {"rule": file.memory.rule, **({} if file.memory.start is None else {"start": file.memory.start})},
        **({"output": meta["output"]} if "output" in meta and _is_whole(file) else {}),
        "fields": [_field(name, what, file.arrays[name]) for name, what in file.fields.items()],
        "interventions": meta.get("interventions", []),
    }


def _is_whole(file: TraceFile) -> bool:
    output = file.meta.output
    return output is not None and all(field in file.arrays for term in output.terms for field in term.fields)


def _head(head: Head, file: TraceFile) -> dict[str, Any]:
    return {
        "name": head.name,
        "kind": head.kind,
        "fields": [name for name in file.fields if name.startswith(f"{head.name}.")],
        "shifts": list(head.shifts),
        "addresses": head.addresses,
        "previous": head.previous,
        **({} if head.start is None else {"start": head.start}),
    }


def _field(name: str, what: Known, values: Array) -> dict[str, Any]:
    return {
        "name": name,
        "shape": list(values.shape[1:]),
        "axes": list(what.axes),
        "role": what.role,
        "range": list(what.range),
        "equation": what.equation,
    }
