"""How certain a bit error rate is, when the bits of a sequence fail together.

A machine that loses its place gets half of a sequence wrong, and most of the others right. So the sequences are drawn
independently, and their bits are not: an interval that takes bits as trials (Wilson's, for one) claims to know far more
than it does. Here a sequence is the unit, and all that counts is which share of its bits is wrong.

Rubin (1981), The Bayesian Bootstrap, weights the sequences that were seen at random: the rate is a weighted mean of
their shares. With few sequences the worst of them may not have been seen, so half a sequence that is entirely right and
half a sequence that is entirely wrong are added. Where sequences come out either right or wrong as a whole, that is
exactly Jeffreys's interval for the share that fails.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

CONFIDENCE = 0.95

PRIOR = 0.5
"""Sequences that are added at either end: entirely right, and entirely wrong."""

DRAWS = 8_000
"""Weightings of the sequences. Between the same counts drawn with other seeds, an end moves by 2 % of the width."""

DRAWS_SEED = 1981
"""The same counts give the same interval."""


class Interval(NamedTuple):
    """Where a rate lies with 95 % confidence, 0…1."""

    low: float
    high: float

    def rounded(self) -> Interval:
        """To two digits, outwards, so that what it holds at full precision it still holds as printed."""
        return Interval(_two_digits(self.low, math.floor), _two_digits(self.high, math.ceil))


def clustered_interval(wrong: Sequence[int], bits: int) -> Interval:
    """Where the bit error rate lies, from the wrong bits of each sequence.

    Where no bit is wrong, the bound is one-sided: of n sequences none failed, so fewer than 1 − 0.05^(1/n) of all fail
    (about 3 / n), and a sequence that fails may be wrong in every bit. One wrong bit cannot make the rate
    more certain than none: the high end is never below that bound. The same holds from the other side where
    every bit is wrong.

    Args:
        wrong: the wrong bits of each sequence, at least one sequence.
        bits: of each sequence.
    """
    sequences = len(wrong)
    surprise = (1 - CONFIDENCE) ** (1 / sequences)
    total = sum(wrong)
    if total == 0:
        return Interval(0.0, 1 - surprise)
    if total == sequences * bits:
        return Interval(surprise, 1.0)
    low, high = np.quantile(_rates(wrong, bits), [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    rate = total / (sequences * bits)
    return Interval(min(float(low), surprise, rate), max(float(high), 1 - surprise, rate))


def _rates(wrong: Sequence[int], bits: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """[DRAWS], the rate under each weighting. Sequences that are wrong alike are weighted together, for speed."""
    generator = np.random.default_rng(DRAWS_SEED)
    weights = {0.0: PRIOR, 1.0: PRIOR}
    for count, times in sorted(Counter(wrong).items()):
        weights[count / bits] = weights.get(count / bits, 0.0) + times
    weighted, together = np.zeros(DRAWS), np.zeros(DRAWS)
    for share, weight in weights.items():
        drawn = generator.standard_gamma(weight, DRAWS)
        weighted += share * drawn
        together += drawn
    return weighted / together


def _two_digits(rate: float, towards: Callable[[float], int]) -> float:
    """The nearest number of two significant digits in that direction; what is one already stays."""
    if rate == 0 or float(f"{rate:.2g}") == rate:
        return rate
    digits = 1 - math.floor(math.log10(rate))
    return float(f"{towards(rate * 10**digits) / 10**digits:.2g}")
