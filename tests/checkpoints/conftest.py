"""Machines to write and files to break."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tapedeck.checkpoints import write_checkpoint
from tapedeck.ntm import NeuralTM, NTMConfig, State


def random_machine(seed: int, config: NTMConfig | None = None) -> NeuralTM:
    """A machine whose parameters and initial state are all different numbers."""
    config = config or NTMConfig(locations=6, width=4, bits=3, controller_size=5)
    torch.manual_seed(seed)
    return NeuralTM(
        config,
        State(
            memory=torch.rand(config.locations, config.width),
            weightings=tuple(torch.softmax(torch.randn(config.locations), dim=0) for _ in range(2)),
            reads=(torch.rand(config.width),),
        ),
    )


def write(
    path: Path, machine: NeuralTM | None = None, *, seen: int | None = 7, run: str = "copy-1", task: str = "copy"
) -> Path:
    """A checkpoint of a small machine as training would write it."""
    write_checkpoint(
        path,
        machine or random_machine(0),
        name=path.stem,
        task=task,
        sequences_seen=seen,
        seed=1,
        metrics={"bit_errors": 0},
        origin={"kind": "trained", "run": run},
    )
    return path


@pytest.fixture
def machine() -> NeuralTM:
    return random_machine(0)


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    """A whole, valid checkpoint."""
    return write(tmp_path / "good.safetensors")
