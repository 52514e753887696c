"""The shapes in the types are enforced: in the tests, by the hook that conftest.py installs."""

from __future__ import annotations

import pytest
import torch
from jaxtyping import TypeCheckError

from tapedeck.ntm import NeuralTM, addressing, memory


def test_locations_that_do_not_agree_are_caught() -> None:
    with pytest.raises(TypeCheckError, match="prev_weighting"):
        addressing.interpolate(torch.ones(4), torch.ones(5), torch.ones(1))


def test_widths_that_do_not_agree_are_caught() -> None:
    with pytest.raises(TypeCheckError, match="add_vector"):
        memory.add(torch.ones(4, 3), torch.ones(4), torch.ones(1))  # torch itself would broadcast


def test_a_batch_that_does_not_agree_is_caught() -> None:
    with pytest.raises(TypeCheckError, match="weighting"):
        memory.read(torch.ones(2, 4, 3), torch.ones(1, 4))


def test_whole_numbers_are_no_vector() -> None:
    machine = NeuralTM()
    with pytest.raises(TypeCheckError, match="'x'"):
        machine.step(torch.ones(10, dtype=torch.int64), machine.initial_state())
