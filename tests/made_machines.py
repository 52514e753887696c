"""Machines that nobody trained: of any number of heads, for what has to show and to play them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn

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

FIRM = 30.0
"""Before a sigmoid or a softmax it leaves nothing to others."""


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


def write_machine(folder: Path, name: str, spec: MachineSpec, moves: Mapping[str, int] | None = None) -> Path:
    """A checkpoint of such a machine with the same numbers every time.

    Args:
        moves: of heads that do the same at every step, so many locations on from the last; 0 never moves.
    """
    with torch.random.fork_rng():
        torch.manual_seed(5)
        machine = NeuralTM(spec)
    for head, move in (moves or {}).items():
        _fix(machine, next(each for each in spec.heads if each.name == head), move)
    path = folder / f"{name}{SUFFIX}"
    facts: dict[str, Any] = {"name": name, "task": "copy", "sequences_seen": 0, "seed": 5}
    write_checkpoint(path, machine, **facts, metrics={}, origin={"kind": "made"})
    return path


def _fix(machine: NeuralTM, head: HeadSpec, move: int) -> None:
    """Whatever the controller says, its gate is shut, its shift is this one, and its weighting is sharp."""
    shifts = [FIRM * (shift == move) for shift in head.shifts]
    for stage, bias in (("interpolation_gate", [-FIRM]), ("shift_weighting", shifts), ("sharpening", [FIRM])):
        layer = machine.get_submodule(f"{head.name}.{stage}")
        assert isinstance(layer, nn.Linear)
        with torch.no_grad():
            layer.weight.zero_()
            layer.bias.copy_(torch.tensor(bias))
