"""The random sequences of figures."""

from __future__ import annotations

import numpy as np
import pytest

from tapedeck.checkpoints import Checkpoint
from tapedeck.errors import InvalidLocations, InvalidRequest
from tapedeck.figures.runs import random_run


def bits(checkpoint: Checkpoint, length: int, seed: int, locations: int | None = None) -> list[list[float]]:
    episode = random_run(checkpoint, length, locations, seed).episode
    return episode.inputs[1 : length + 1, :3].tolist()


def test_same_seed_and_length_give_the_same_bits_whatever_the_memory(checkpoint: Checkpoint) -> None:
    assert bits(checkpoint, 40, 1) == bits(checkpoint, 40, 1, locations=99)


def test_other_seeds_and_lengths_give_other_bits(checkpoint: Checkpoint) -> None:
    assert bits(checkpoint, 40, 1) != bits(checkpoint, 40, 2)
    assert bits(checkpoint, 41, 1)[:40] != bits(checkpoint, 40, 1)


def test_bits_are_fair(checkpoint: Checkpoint) -> None:
    assert 0.45 < np.mean(bits(checkpoint, 1000, 0)) < 0.55


@pytest.mark.parametrize(
    ("length", "locations", "seed", "sentence"),
    [
        (0, None, 1, "A sequence must have 1 to 1,000 vectors, got 0."),
        (1001, None, 1, "A sequence must have 1 to 1,000 vectors, got 1,001."),
        (5, 4097, 1, "There can be at most 4,096 locations, got 4,097."),
        (5, None, -1, "A seed must be 0 or more, got -1."),
    ],
)
def test_what_no_figure_can_have(
    checkpoint: Checkpoint, length: int, locations: int | None, seed: int, sentence: str
) -> None:
    with pytest.raises(InvalidRequest) as raised:
        random_run(checkpoint, length, locations, seed)
    assert raised.value.detail == sentence


def test_too_few_locations(checkpoint: Checkpoint) -> None:
    with pytest.raises(InvalidLocations, match="at least 3, got 2"):
        random_run(checkpoint, 5, 2, 1)
