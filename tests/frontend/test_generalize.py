"""Which lengths the generalization page evaluates."""

from __future__ import annotations

from itertools import pairwise

from frontend.pages.generalize import MOST_POINTS, lengths


def test_the_lengths_go_from_1_to_the_longest_and_are_40_at_most() -> None:
    for longest in range(1, 1001):
        found = lengths(longest)
        assert (found[0], found[-1]) == (1, longest)
        assert len(found) == min(longest, MOST_POINTS)
        gaps = [after - before for before, after in pairwise(found)]
        assert all(gap > 0 for gap in gaps), "each length once, in order"
        assert max(gaps, default=0) - min(gaps, default=0) <= 1, "evenly"
