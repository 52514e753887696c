"""Scoring: which outputs count, and what counts as wrong."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tapedeck.tasks import CopyTask, bit_errors
from tests.ntm.strategies import bits

SEQUENCE = torch.tensor([[1.0, 0.0, 1.0], [0.0, 0.0, 1.0]])
RECALL = 4
"""The first step of the recall of two vectors."""


def test_a_perfect_copy_has_no_errors() -> None:
    episode = CopyTask.episode(SEQUENCE)
    assert bit_errors(episode.targets, episode) == 0


def test_silence_errs_on_every_1() -> None:
    episode = CopyTask.episode(SEQUENCE)
    assert bit_errors(torch.zeros_like(episode.targets), episode) == SEQUENCE.sum()


@pytest.mark.parametrize(("output", "errors"), [(0.0, 0), (0.49, 0), (0.5, 0), (0.51, 1), (1.0, 1)], ids=str)
def test_an_output_above_a_half_is_a_1(output: float, errors: int) -> None:
    episode = CopyTask.episode(SEQUENCE)
    outputs = episode.targets.clone()
    outputs[RECALL, 1] = output  # expected: 0
    assert bit_errors(outputs, episode) == errors


@pytest.mark.parametrize(
    ("step", "channel"),
    [(0, 0), (1, 0), (RECALL - 1, 2), (RECALL, 3), (RECALL + 1, 4)],
    ids=["start", "input", "end", "start channel", "end channel"],
)
def test_other_steps_and_the_delimiter_channels_do_not_count(step: int, channel: int) -> None:
    episode = CopyTask.episode(SEQUENCE)
    outputs = episode.targets.clone()
    outputs[step, channel] = 1 - outputs[step, channel]
    assert bit_errors(outputs, episode) == 0


@given(data=st.data(), length=st.integers(1, 8))
def test_every_flipped_bit_is_one_error(data: st.DataObject, length: int) -> None:
    episode = CopyTask.episode(data.draw(bits(length, 4)))
    flips = data.draw(bits(length, 4))
    outputs = episode.targets.clone()
    outputs[length + 2 :, :4] = (outputs[length + 2 :, :4] - flips).abs()
    assert bit_errors(outputs, episode) == flips.sum()


def test_a_batch_is_scored_sequence_by_sequence() -> None:
    torch.manual_seed(0)
    episode = CopyTask.episode(torch.randint(0, 2, (6, 2, 3, 8)).float())
    outputs = torch.rand_like(episode.targets)
    errors = bit_errors(outputs, episode)
    assert errors.shape == (2, 3)
    for i in range(2):
        for j in range(3):
            single = CopyTask.episode(episode.targets[8:, i, j, :8])
            assert errors[i, j] == bit_errors(outputs[:, i, j], single)
    assert errors.sum() > 0
