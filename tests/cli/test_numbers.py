"""Whole numbers and stretches of them."""

from __future__ import annotations

import pytest

from tapedeck.cli.numbers import parse_numbers
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
