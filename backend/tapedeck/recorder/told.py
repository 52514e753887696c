"""What was recorded, as a trace file's arrays and text, docs/trace-format.md.

Dimensions: T steps, O outputs, N locations, W width.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import groupby
from typing import Any, get_args

import numpy as np
import numpy.typing as npt
import orjson
import torch

from tapedeck.errors import InvalidRecording, TraceFileUnreadable, quoted
from tapedeck.recorder.values import Array, array_of
from tapedeck.tasks.episode import Role as PhaseRole
from tapedeck.tracing.description import MEMORY_RULE, VERSION, scored_areas
from tapedeck.tracing.files.memory import TOLERANCE, Memory, rebuilt
from tapedeck.tracing.files.meta import read_meta
from tapedeck.tracing.files.reading import META

Floats = npt.NDArray[np.float32]

EXACT = 1e-5
"""How far a recorded memory may be from what the writes make of it, of its largest cell or of 1, to be left out."""

ERASED = 0.05
"""Less than this share of a cell is left: what was there before cannot be told."""


@dataclass
class Told:
    """What a recorder is told beside numbers.

    Attributes:
        heads: their kinds by name, in acting order.
        phases: as in a trace file, where steps do not say theirs.
        scored: likewise.
        of_steps: the phase of each step that said one.
        flags: which outputs count [O], of each step that said so.
    """

    heads: Mapping[str, str]
    title: str | None
    meta: Mapping[str, Any]
    phases: Sequence[Mapping[str, Any]]
    scored: Sequence[Sequence[int]]
    of_steps: dict[int, str] = field(default_factory=dict)
    flags: dict[int, npt.NDArray[np.bool_]] = field(default_factory=dict)

    def check(self) -> None:
        """That it is what the text of a trace file may say, before anything is recorded.

        Raises:
            InvalidRecording: it cannot be written as JSON, or a key is not what it must be.
        """
        text = _json(
            {"version": VERSION, "title": self.title, **self.meta, "phases": self.phases, "scored": self.scored}
        )
        try:
            read_meta(text)
        except TraceFileUnreadable as error:
            raise InvalidRecording(error.detail) from error

    def say(self, step: int, phase: Any, scored: Any, outputs: int, batch: tuple[int, int] | None) -> None:
        """What a step says of itself.

        Args:
            step: its number.
            phase: that it belongs to.
            scored: a flag, or one for each output [O]; with a batch a flag, [B] or [B, O].
            outputs: O.
            batch: which example is recorded, of how many, B.

        Raises:
            InvalidRecording: it was said to the recorder already, or there are more or fewer flags.
        """
        if phase is not None and self.phases:
            raise InvalidRecording("The phases were given to the recorder already; leave out `phase`.")
        if phase is not None and (not isinstance(phase, str) or not phase):
            raise InvalidRecording(f"phase must be the name of one; it is {quoted(phase)}.")
        if scored is not None:
            if self.scored:
                raise InvalidRecording("What counts was given to the recorder already; leave out `scored`.")
            self.flags[step] = _flags(scored, outputs, batch)
        if phase is not None:
            self.of_steps[step] = phase

    def all_phases(self, steps: int) -> list[Mapping[str, Any]]:
        """Each stretch of steps that said the same name; one that is called as a role has it."""
        found, start = list(self.phases), 0
        for name, stretch in groupby(self.of_steps.get(step) for step in range(steps)):
            stop = start + len(list(stretch))
            if name is not None:
                role = name if name in get_args(PhaseRole) else None
                found.append({"name": name, "role": role, "start": start, "stop": stop})
            start = stop
        return found

    def all_scored(self, steps: int) -> list[Sequence[int]]:
        """As rectangles of steps and outputs."""
        if not self.flags:
            return list(self.scored)
        none = np.zeros_like(next(iter(self.flags.values())))
        mask = np.stack([self.flags.get(step, none) for step in range(steps)])
        return [list(area) for area in scored_areas(torch.from_numpy(mask))]


def _flags(scored: Any, outputs: int, batch: tuple[int, int] | None) -> npt.NDArray[np.bool_]:
    """[O], of the chosen example; the first axis counts the batch where there is one, as of all else."""
    flags = array_of("scored", scored).astype(bool)
    wanted = f"one for each of {outputs} outputs"
    chosen = flags
    if batch is not None:
        example, examples = batch
        wanted = f"one for each of {examples} examples [B], or [B, O] of {outputs} outputs"
        if flags.ndim:
            if len(flags) != examples:
                raise InvalidRecording(f"scored must be one flag, or {wanted}; it has {flags.shape}.")
            chosen = flags[example]
    if chosen.shape not in ((), (1,), (outputs,)):
        raise InvalidRecording(f"scored must be one flag, or {wanted}; it has {flags.shape}.")
    return np.broadcast_to(chosen, (outputs,)).copy()


def written(
    told: Told,
    arrays: dict[str, Floats],
    further: Mapping[str, tuple[str, ...]],
    start: Array | None,
    *,
    compressed: bool = False,
) -> bytes:
    """A trace file.

    Args:
        told: what else the recorder was told.
        arrays: [T, …] by name.
        further: the axes of fields that the format does not know.
        start: [N, W] before step 0, or one number; None where it was not given.
        compressed: smaller, and slower to write.
    """
    steps = len(next(iter(arrays.values())))
    memory, start = _memory(told, arrays, start)
    said = {head["name"]: head for head in told.meta.get("heads") or ()}
    meta = {
        "version": VERSION,
        "title": told.title,
        **told.meta,
        "phases": told.all_phases(steps),
        "scored": told.all_scored(steps),
        "heads": [{**said.get(name, {}), "name": name, "kind": kind} for name, kind in told.heads.items()],
        "memory": memory,
        "fields": [*(told.meta.get("fields") or ()), *({"name": name, "axes": axes} for name, axes in further.items())],
    }
    file = BytesIO()
    named: dict[str, Any] = {
        META: _json(meta).decode(),
        **arrays,
        **({} if start is None else {"initial.memory": start}),
    }
    (np.savez_compressed if compressed else np.savez)(file, **named)
    return file.getvalue()


def _json(meta: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(meta, option=orjson.OPT_SERIALIZE_NUMPY)
    except TypeError as error:  # which orjson's own is
        raise InvalidRecording(f"meta cannot be written as JSON: {error}.") from error


def _memory(told: Told, arrays: dict[str, Floats], start: Array | None) -> tuple[dict[str, Any], Floats | None]:
    """What `meta` says of the memory, and what it was before step 0; leaves the recorded one out where it follows."""
    recorded = arrays.get("memory")
    writers = [name for name, kind in told.heads.items() if kind == "write"]
    is_told = bool(writers) and all(f"{name}.add_vector" in arrays for name in writers)
    if recorded is None:
        return _start_alone(arrays, start)
    begun = _spread(start, recorded.shape[1:]) if start is not None else None
    if not is_told:
        return {}, begun
    if begun is None:
        begun = _before(recorded[0], writers, arrays)
    apart = _apart(recorded, begun, writers, arrays)
    if apart > TOLERANCE:
        return {}, begun if start is not None else None
    if apart <= EXACT:
        del arrays["memory"]
    return {"rule": MEMORY_RULE}, begun


def _start_alone(arrays: Mapping[str, Floats], start: Array | None) -> tuple[dict[str, Any], Floats | None]:
    if start is None:
        return {}, None
    return ({"start": float(start)}, None) if start.ndim == 0 else ({}, start.astype(np.float32))


def _spread(start: Array, shape: tuple[int, ...]) -> Floats:
    return np.full(shape, start, np.float32) if start.ndim == 0 else start.astype(np.float32)


def _before(memory: Floats, writers: Sequence[str], arrays: Mapping[str, Floats]) -> Floats:
    """The memory that the writes of step 0 made this one of; 0 where they erased it."""
    before = memory.astype(np.float64)
    for name in reversed(writers):
        weighting = arrays[f"{name}.weighting"][0].astype(np.float64)
        before -= np.outer(weighting, arrays[f"{name}.add_vector"][0])
        if (erase := arrays.get(f"{name}.erase_vector")) is not None:
            left = 1 - np.outer(weighting, erase[0])
            before = np.where(np.abs(left) > ERASED, before / np.where(left == 0, 1, left), 0)
    return before.astype(np.float32)


def _apart(recorded: Floats, start: Floats, writers: Sequence[str], arrays: Mapping[str, Floats]) -> float:
    """How far the recorded memory is from what the writes make, of its largest cell, or of 1; the most of all steps."""
    if start.shape != recorded.shape[1:]:
        return float("inf")
    made = rebuilt(Memory("erase_then_add", start), writers, arrays)
    return max(
        float(np.abs(there - each).max()) / max(1.0, float(np.abs(there).max()))
        for there, each in zip(recorded, made, strict=True)
    )
