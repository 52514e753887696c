"""The page's own sequences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontend.sequence import EXAMPLES, random_rows
from tapedeck_sequences import as_bits, as_text, check_length, parse_bits


@given(st.integers(1, 60), st.floats(0, 1), st.integers(-(2**40), 2**40))
def test_random_rows_are_rows_and_the_same_again(length: int, density: float, seed: int) -> None:
    rows = random_rows(length, density, seed)
    assert len(rows) == length
    assert parse_bits(as_bits(rows)) == rows
    assert random_rows(length, density, seed) == rows


def test_random_rows_have_the_share_of_ones_that_was_asked_for() -> None:
    assert set(random_rows(50, 0, 1)) == {"00000000"}
    assert set(random_rows(50, 1, 1)) == {"11111111"}
    ones = "".join(random_rows(1000, 0.3, 1)).count("1")
    assert abs(ones / 8000 - 0.3) < 0.02
    assert random_rows(20, 0.5, 1) != random_rows(20, 0.5, 2)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_can_be_run(name: str) -> None:
    rows = EXAMPLES[name].rows
    assert parse_bits(as_bits(rows)) == rows
    assert check_length(rows, 1000) is rows


def test_examples_are_what_they_say() -> None:
    assert as_text(EXAMPLES["greeting"].rows) == "Hello, tape machine!"
    assert [int(row, 2) for row in EXAMPLES["counter"].rows] == list(range(32))
    assert (len(EXAMPLES["long"].rows), len(EXAMPLES["full"].rows), len(EXAMPLES["over"].rows)) == (60, 126, 140)
