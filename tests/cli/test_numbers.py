"""Whole numbers and stretches of them."""

from __future__ import annotations

import pytest

from tapedeck.cli.numbers import parse_numbers, percent
from tapedeck.errors import InvalidConfiguration


@pytest.mark.parametrize(
    ("typed", "numbers"), [("0", (0,)), ("1-3", (1, 2, 3)), (" 7, 1-2 ,7", (7, 1, 2)), (str(2**63 - 1), (2**63 - 1,))]
)
def test_what_they_are(typed: str, numbers: tuple[int, ...]) -> None:
    assert parse_numbers(typed, "--seeds", "1-20") == numbers


@pytest.mark.parametrize("typed", ["", "a", "-1", "1-", "1-2-3", "1..3", "³", "3-1", "0-100000", "9" * 20])
def test_what_they_are_not(typed: str) -> None:
    with pytest.raises(InvalidConfiguration, match="--seeds"):
        parse_numbers(typed, "--seeds", "1-20")


@pytest.mark.parametrize(
    ("share", "shown"), [(0.0013, "+0.13 %"), (-0.0013, "−0.13 %"), (-0.00001, "+0.00 %"), (-0.0, "+0.00 %")]
)
def test_a_share_below_nothing_by_less_than_is_shown_has_no_minus(share: float, shown: str) -> None:
    assert percent(share) == shown
