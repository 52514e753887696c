"""Machines to record."""

from __future__ import annotations

import pytest
import torch

from tapedeck.ntm import NeuralTM, NTMConfig


@pytest.fixture
def machine() -> NeuralTM:
    """A small machine that writes and reads visibly, untrained."""
    torch.manual_seed(11)
    machine = NeuralTM(NTMConfig(locations=7, width=4, bits=3, controller_size=6))
    with torch.no_grad():
        for parameter in machine.parameters():
            parameter.mul_(3)
    return machine


@pytest.fixture
def sequence() -> list[list[int]]:
    """L = 9, T = 20: more than one frame."""
    return [[1, 0, 1], [0, 1, 1], [1, 1, 1], [0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1]]
