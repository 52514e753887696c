"""Axes: what is marked, and which locations are shown."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapedeck.figures import axes
from tapedeck.figures.drawing import Axis, Tick, Values
from tapedeck.figures.palette import round_up
from tapedeck.tasks import CopyTask, Phase


@given(st.integers(1, 10**6), st.integers(1, 20))
def test_round_step_is_round_and_large_enough(count: int, most: int) -> None:
    step = axes.round_step(count, most)
    assert str(step).rstrip("0") in ("1", "2", "5")
    assert count <= step * most


def test_round_step_is_the_least() -> None:
    assert [axes.round_step(count, 10) for count in (10, 11, 21, 51, 101, 201)] == [1, 2, 5, 10, 20, 50]


@given(st.floats(1e-6, 1e6))
def test_round_up_is_round_and_not_far_above(value: float) -> None:
    rounded = round_up(value)
    assert value * (1 - 1e-5) <= rounded <= 1.51 * value
    assert f"{rounded:.0e}".split("e")[0] in "12345689"


def test_round_up_of_nothing() -> None:
    assert round_up(0) == 1


def channels(bits: int) -> list[dict[str, str]]:
    """A copy's, as a run's description has them."""
    return [asdict(channel) for channel in CopyTask().input_channels(bits)]


def test_channels() -> None:
    assert axes.channels(channels(8)).labels[7:] == ("bit 8", "start delimiter", "end delimiter")
    assert axes.channels(channels(8)).ticks == (Tick(0, "1"), Tick(7, "8"), Tick(8, "start"), Tick(9, "end"))
    assert axes.channels(channels(1)).ticks == (Tick(0, "1"), Tick(1, "start"), Tick(2, "end"))
    assert axes.channels([{"name": "priority", "kind": "priority"}]) == Axis(("priority",), (Tick(0, "priority"),))


def test_steps_name_their_phase() -> None:
    axis = axes.steps([Phase("start", 0, 1), Phase("input", 1, 3)])
    assert axis.labels == ("step 0, start", "step 1, input", "step 2, input")


def test_vectors_are_counted_from_1() -> None:
    assert axes.vectors(20, every=10).ticks == (Tick(0, "1"), Tick(9, "10"), Tick(19, "20"))
    assert axes.vectors(3, every=1).ticks == (Tick(0, "1"), Tick(1, "2"), Tick(2, "3"))


def weighting(count: int, *used: int) -> Values:
    """One step of a head with weight on some locations."""
    weights = np.zeros((1, count), dtype=np.float32)
    weights[0, list(used)] = 1
    return weights


@pytest.mark.parametrize(
    ("used", "shown"),
    [
        ((10, 11, 12), range(8, 15)),
        ((10, 14), range(8, 17)),
        ((0, 1), [30, 31, 0, 1, 2, 3]),  # around the end
        ((31, 0), [29, 30, 31, 0, 1, 2]),
        (range(0, 32, 5), range(32)),  # no stretch that could be left out
        ((), range(32)),
    ],
)
def test_shows_one_stretch_around_the_memory(used: list[int], shown: list[int]) -> None:
    assert axes.locations_in_use([weighting(32, *used)], most=99) == list(shown)


def test_the_heads_share_the_stretch() -> None:
    shown = axes.locations_in_use([weighting(32, 10), weighting(32, 20)], most=99)
    assert shown == list(range(8, 23))


def test_a_blur_is_no_use() -> None:
    blur = np.full((1, 128), 1 / 128, dtype=np.float32)
    assert axes.locations_in_use([blur, weighting(128, 64)], most=99) == [62, 63, 64, 65, 66]


def test_shows_at_the_most_so_many() -> None:
    assert axes.locations_in_use([weighting(99, *range(20, 90))], most=10) == list(range(18, 28))
    assert axes.locations_in_use([weighting(99, *range(0, 99, 3))], most=10) == list(range(10))
