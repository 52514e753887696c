"""Machines that nobody trained: of any number of heads, for what has to show and to play them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from tapedeck.checkpoints import SUFFIX, write_checkpoint
from tapedeck.ntm import (
    ControllerSpec,
    HeadSpec,
    MachineSpec,
    MemorySpec,
    NeuralTM,
    NTMConfig,
    OutputSpec,
    Start,
    Starts,
)

WRITE: dict[str, Any] = {"erase_vector": "sigmoid", "add_vector": "tanh"}


def several_heads(each: int, locations: int = 128) -> MachineSpec:
    """An LSTM machine with so many heads of each kind, which write and read in turn.

    Its add vectors have either sign, its outputs see the controller too, and one of its heads looks at the memory as it
    was before the step.
    """
    heads = list[HeadSpec]()
    for number in range(1, each + 1):
        heads.append(HeadSpec(f"write{number}", "write", **WRITE))
        heads.append(HeadSpec(f"read{number}", "read", addresses="previous" if number == each else "current"))
    channels = NTMConfig().spec.inputs
    return MachineSpec(
        inputs=channels,
        outputs=channels,
        memory=MemorySpec(locations, 20),
        controller=ControllerSpec("lstm", (30, 20), "raw"),
        heads=tuple(heads),
        output=OutputSpec(("reads", "hidden"), "sigmoid"),
        starts=Starts(weightings=Start("one_hot", location=0)),
    )


def write_machine(folder: Path, name: str, spec: MachineSpec) -> Path:
    """A checkpoint of such a machine with the same numbers every time."""
    with torch.random.fork_rng():
        torch.manual_seed(5)
        machine = NeuralTM(spec)
    path = folder / f"{name}{SUFFIX}"
    facts: dict[str, Any] = {"name": name, "task": "copy", "sequences_seen": 0, "seed": 5}
    write_checkpoint(path, machine, **facts, metrics={}, origin={"kind": "made"})
    return path
