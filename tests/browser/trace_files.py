"""Trace files as any program may write them: NumPy alone, docs/trace-format.md in hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Run = dict[str, NDArray[Any]]

STEPS, LOCATIONS, WIDTH = 12, 16, 4


def ntm(path: Path) -> Run:
    """A machine of one write head and two that read, all of them moving one on each step; and all its memories."""
    random = np.random.default_rng(1)
    run: Run = {"inputs": random.integers(0, 2, (STEPS, 6)), "outputs": random.random((STEPS, 6))}
    for head, first in (("write", 3), ("read1", 1), ("read2", 2)):
        run[f"{head}.weighting"] = np.roll(0.1 * np.eye(STEPS, LOCATIONS, 1) + 0.9 * np.eye(STEPS, LOCATIONS), first, 1)
    run["write.erase_vector"], run["write.add_vector"] = (
        random.random((STEPS, WIDTH)),
        random.normal(size=(STEPS, WIDTH)),
    )
    memories = [np.full((LOCATIONS, WIDTH), 1e-6)]
    for w, e, a in zip(run["write.weighting"], run["write.erase_vector"], run["write.add_vector"], strict=True):
        memories.append(memories[-1] * (1 - np.outer(w, e)) + np.outer(w, a))
    for head in ("read1", "read2"):
        run[f"{head}.read_vector"] = np.einsum("tn,tnw->tw", run[f"{head}.weighting"], np.array(memories[1:]))
    meta = {"version": 2, "title": "Two readers", "task": "repeat_copy", "checkpoint": {"name": "My LSTM machine"}}
    with path.open("wb") as file:
        np.savez_compressed(file, meta=json.dumps({**meta, "memory": {"start": 1e-6}}), **run)  # type: ignore[arg-type]
    return {**run, "memory": np.array(memories[1:])}


def dnc(path: Path) -> Run:
    """A machine whose weightings sum to less than 1, with usage, links, gates and a memory of its own making."""
    random = np.random.default_rng(2)
    run = {
        "inputs": random.normal(size=(STEPS, 3)),
        "memory": random.normal(size=(STEPS, LOCATIONS, WIDTH)),
        "memory.usage": random.random((STEPS, LOCATIONS)),
        "memory.link": random.random((STEPS, LOCATIONS, LOCATIONS)),
        "write.weighting": 0.5 * random.dirichlet(np.ones(LOCATIONS), STEPS),
        "write.allocation_gate": random.random(STEPS),
        "lookup.weighting": random.dirichlet(np.ones(LOCATIONS), STEPS),
        "surprise": random.random((STEPS, 1)),
    }
    meta = {"version": 2, "fields": [{"name": "surprise", "axes": []}]}
    with path.open("wb") as file:  # whatever it is called
        np.savez(file, meta=json.dumps(meta), **run)  # type: ignore[arg-type]
    return run
