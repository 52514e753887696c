"""The interval of a bit error rate: whether it holds the truth as often as it says, and what it is made from."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapedeck.checkpoints import read_checkpoint
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.training.evaluation import Plan, Result, evaluate
from tapedeck.training.intervals import Interval, clustered_interval

EVALUATIONS = 400
BITS = 480
Draw = Callable[[np.random.Generator, int], np.ndarray]
"""(generator, sequences) -> the wrong bits of each."""


def slip(generator: np.random.Generator, sequences: int) -> np.ndarray:
    """One sequence in eight loses its place at a vector of its own: from there on half of the bits are wrong."""
    lost = (generator.random(sequences) < 1 / 8) * generator.integers(0, BITS + 1, sequences)
    return generator.binomial(lost, 0.5)


def collapse(generator: np.random.Generator, sequences: int) -> np.ndarray:
    """Most sequences have a few wrong bits, and one in 30 is at chance: most small evaluations see none of those."""
    return generator.binomial(BITS, np.where(generator.random(sequences) < 1 / 30, 0.5, 0.02))


def spread(generator: np.random.Generator, sequences: int) -> np.ndarray:
    """Every sequence has an error rate of its own, 0.09 on average."""
    return generator.binomial(BITS, generator.beta(0.5, 5, sequences))


def whole(generator: np.random.Generator, sequences: int) -> np.ndarray:
    """A sequence in ten is wrong in every bit, and the others in none."""
    return BITS * (generator.random(sequences) < 0.1)


TRUTH: dict[Draw, float] = {slip: 1 / 32, collapse: 0.5 / 30 + 0.02 * 29 / 30, spread: 1 / 11, whole: 0.1}


@pytest.mark.parametrize("sequences", [20, 100])
@pytest.mark.parametrize("draw", TRUTH, ids=lambda draw: draw.__name__)
def test_the_interval_covers_the_truth_when_bits_of_a_sequence_fail_together(draw: Draw, sequences: int) -> None:
    generator = np.random.default_rng(8)
    held = 0
    for _ in range(EVALUATIONS):
        low, high = clustered_interval(draw(generator, sequences).tolist(), BITS)
        held += low <= TRUTH[draw] <= high
    assert 0.92 <= held / EVALUATIONS <= 0.98


def test_the_interval_covers_the_rate_of_a_half_trained_machine() -> None:
    """4,000 sequences as 200 evaluations of 20. Taking bits as trials held the rate in fewer than half of them."""
    checkpoint = read_checkpoint(SHIPPED_CHECKPOINTS / "copy-1-003200.safetensors")
    (counted,) = evaluate(checkpoint.machine, checkpoint.info.task, Plan({"length": (20,)}, sequences=4_000))
    assert isinstance(counted, Result)
    wrong = counted.wrong_by_sequence
    intervals = [clustered_interval(wrong[at : at + 20], 160) for at in range(0, 4_000, 20)]
    held = sum(low <= counted.bit_error_rate <= high for low, high in intervals)
    assert held / len(intervals) >= 0.92


@pytest.mark.parametrize("sequences", [1, 20, 1000])
def test_where_nothing_failed_the_bound_is_one_sided_and_of_the_sequences_not_of_the_bits(sequences: int) -> None:
    low, high = clustered_interval([0] * sequences, 160)
    assert low == 0
    # What has this rate comes out without a failure once in 20 times.
    assert (1 - high) ** sequences == pytest.approx(0.05)
    assert clustered_interval([160] * sequences, 160) == pytest.approx((1 - high, 1))


@pytest.mark.parametrize(("failed", "low", "high"), [(1, 0.0054, 0.2108), (4, 0.0715, 0.4082), (10, 0.2934, 0.7066)])
def test_sequences_that_are_right_or_wrong_as_a_whole_have_jeffreys_interval(
    failed: int, low: float, high: float
) -> None:
    """Quantiles of Beta(failed + ½, 20 − failed + ½), integrated numerically."""
    found = clustered_interval([BITS] * failed + [0] * (20 - failed), BITS)
    assert found == pytest.approx((low, high), rel=0.05, abs=1e-3)


@given(st.integers(1, 300).flatmap(lambda bits: st.tuples(st.lists(st.integers(0, bits), min_size=1), st.just(bits))))
def test_the_interval_holds_its_estimate_and_more_failures_never_lower_its_bound(given: tuple[list[int], int]) -> None:
    wrong, bits = given
    rate = sum(wrong) / len(wrong) / bits
    found = clustered_interval(wrong, bits)
    assert 0 <= found.low <= rate <= found.high <= 1
    assert found.low < found.high
    assert found.high >= clustered_interval([0] * len(wrong), bits).high
    assert clustered_interval(wrong[::-1], bits) == found


@given(st.lists(st.just(0.0) | st.floats(1e-12, 1), min_size=3, max_size=3))
def test_as_it_is_printed_the_interval_holds_its_estimate(ends: list[float]) -> None:
    low, rate, high = sorted(ends)
    printed = Interval(low, high).rounded()
    assert printed.low <= low
    assert printed.high >= high
    assert printed.low <= float(f"{rate:.2g}") <= printed.high
    for end in printed:
        assert float(f"{end:.2g}") == end, "two digits are enough to print it"
        assert math.isfinite(end)
