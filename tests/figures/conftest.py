"""A machine that was never trained, so that there are errors to show, and figures of its runs."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tapedeck.checkpoints import Checkpoint, read_checkpoint, write_checkpoint
from tapedeck.figures.drawing import Drawing
from tapedeck.figures.generalization import generalization
from tapedeck.figures.runs import random_run
from tapedeck.figures.verification import verification
from tapedeck.ntm import NeuralTM, NTMConfig
from tapedeck.tracing import Trace

SEED = 5
LENGTHS = (2, 4, 9)


def write_machine(path: Path, name: str = "Never trained") -> Path:
    """A checkpoint of a small machine that writes and reads visibly."""
    with torch.random.fork_rng():
        torch.manual_seed(11)
        machine = NeuralTM(NTMConfig(locations=12, width=4, bits=3, controller_size=6))
    with torch.no_grad():
        for parameter in machine.parameters():
            parameter.mul_(3)
    write_checkpoint(
        path, machine, name=name, task="copy", sequences_seen=1200, seed=None, metrics={}, origin={"kind": "made"}
    )
    return path


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    return read_checkpoint(write_machine(tmp_path_factory.mktemp("machines") / "small.safetensors"))


@pytest.fixture(scope="session")
def trace(checkpoint: Checkpoint) -> Trace:
    """A copy of 6 vectors, T = 14."""
    return random_run(checkpoint, 6, None, SEED).trace()


@pytest.fixture(scope="session")
def traces(checkpoint: Checkpoint) -> list[Trace]:
    return [random_run(checkpoint, length, None, SEED).trace() for length in LENGTHS]


@pytest.fixture(scope="session")
def verified(trace: Trace, checkpoint: Checkpoint) -> Drawing:
    return verification(trace, checkpoint.info, SEED)


@pytest.fixture(scope="session")
def generalized(traces: list[Trace], checkpoint: Checkpoint) -> Drawing:
    return generalization(traces, checkpoint.info, SEED)
