"""What a run says of itself, version 2 of the contract: the same in a trace, in a stream's header and in a trace file.

Made from the machine's specification, the task's episode and the run alone. Arrays stay arrays: whoever writes the
description gives them as lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jaxtyping import Bool
from torch import Tensor

from tapedeck.ntm import Channel, Field, HeadSpec, NeuralTM
from tapedeck.tasks import Episode
from tapedeck.tracing.applied import Applied, AppliedReads
from tapedeck.tracing.layout import Layout
from tapedeck.tracing.output import OutputLayer
from tapedeck.tracing.trace import InitialState

VERSION = 2

ORDER = (
    *("task", "input", "steps", "locations", "width", "input_channels", "output_channels", "phases", "scored", "heads"),
    *("memory", "output", "fields", "engine", "interventions"),
)
"""Of what is always there."""

MEMORY_RULE = "erase_then_add"
"""Each write head in acting order: M ← M ∘ (1 − w eᵀ) + w aᵀ."""


def description(
    about: Mapping[str, Any],
    checkpoint: Mapping[str, Any],
    applied: Applied | None = None,
    reads: AppliedReads | None = None,
) -> dict[str, Any]:
    """All that is known before the first step, with what interventions set in the memory and made of read vectors, for
    whoever rebuilds the one and takes apart the other.
    """
    return {"version": VERSION, "checkpoint": checkpoint, **about, **applied_arrays(applied, reads)}


def applied_arrays(applied: Applied | None, reads: AppliedReads | None = None) -> dict[str, Any]:
    """By the names of a trace file; nothing where nothing was changed."""
    given = {"memory.applied": applied, "reads.applied": reads}
    return {
        f"{name}.{part}": values
        for name, changes in given.items()
        if changes is not None
        for part, values in changes.arrays.items()
    }


def describe(
    machine: NeuralTM,
    episode: Episode,
    layout: Layout,
    initial: InitialState,
    engine: Mapping[str, str],
) -> dict[str, Any]:
    """All that is known before the first step of a run that nothing changes, but what was asked for: the checkpoint,
    the task and its input.
    """
    return together(describe_run(episode, engine), describe_machine(machine, layout, initial))


def together(of_run: Mapping[str, Any], of_machine: Mapping[str, Any]) -> dict[str, Any]:
    """Both parts of a description, in the order of the contract."""
    found = {**of_run, **of_machine}
    return {name: found[name] for name in ORDER if name in found} | found


def describe_machine(machine: NeuralTM, layout: Layout, initial: InitialState) -> dict[str, Any]:
    """What of it is the same for every run from the same start, whatever the machine hears."""
    spec, (locations, width) = machine.spec, initial.memory.shape
    return {
        "locations": locations,
        "width": width,
        "input_channels": [_channel(channel) for channel in spec.inputs],
        "output_channels": [_channel(channel) for channel in spec.outputs],
        "heads": [_head(head, layout, initial) for head in spec.heads],
        "memory": {"rule": MEMORY_RULE, "start": initial.memory},
        "output": OutputLayer.of(machine).document(),
        "fields": [_field(field) for field in layout.fields],
    }


def describe_run(
    episode: Episode,
    engine: Mapping[str, str],
    *,
    interventions: Sequence[Mapping[str, Any]] = (),
    normalized: Sequence[str] = (),
) -> dict[str, Any]:
    """What of it is this run's own.

    Of interventions it has what was asked for, and the weightings that were normalized after they had been changed.
    """
    return {
        "steps": episode.steps,
        "phases": [{"name": p.name, "role": p.role, "start": p.start, "stop": p.stop} for p in episode.phases],
        "scored": [list(area) for area in scored_areas(episode.mask)],
        "engine": {**engine},
        "interventions": list(interventions),
        **({"normalized": list(normalized)} if normalized else {}),
        **({} if episode.optimum is None else {"estimator": episode.optimum.document()}),
    }


def results(score: Mapping[str, Any] | None, diagnosis: Mapping[str, Any] | None) -> dict[str, Any]:
    """What stands behind the description when the run is over; a probability is not wrong."""
    return {"wrong": None if score is None else score.get("wrong_bits"), "score": score, "diagnosis": diagnosis}


def scored_areas(mask: Bool[Tensor, "T O"]) -> Iterator[tuple[int, int, int, int]]:
    """The mask as rectangles: first step, the step after the last, first channel, the channel after the last."""
    rows = mask.tolist()
    start = 0
    for step in range(1, len(rows) + 1):
        if step == len(rows) or rows[step] != rows[start]:
            for first, last in _stretches(rows[start]):
                yield start, step, first, last
            start = step


def _stretches(row: list[bool]) -> Iterator[tuple[int, int]]:
    first = None
    for at, counts in enumerate([*row, False]):
        if counts and first is None:
            first = at
        elif not counts and first is not None:
            yield first, at
            first = None


def _head(head: HeadSpec, layout: Layout, initial: InitialState) -> dict[str, Any]:
    fields = [field.name for field in layout.fields if field.name.startswith(f"{head.name}.")]
    return {
        "name": head.name,
        "kind": head.kind,
        "fields": fields,
        "shifts": list(head.shifts),
        "addresses": head.addresses,
        "previous": head.previous or head.name,
        "start": initial.weightings[head.name],
    }


def _channel(channel: Channel) -> dict[str, Any]:
    return {"name": channel.name, "kind": channel.kind}


def _field(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "shape": list(field.shape),
        "axes": list(field.axes),
        "role": field.role,
        "range": list(field.range),
        "equation": field.equation,
    }
