"""The page's own sequences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapedeck_page.components.link import way_in
from tapedeck_page.sequence import EXAMPLES, first_rows, random_rows
from tapedeck_sequences import as_bits, as_hex, as_text, check_length, parse_bits, parse_hex, parse_text


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


@given(st.integers(1, 64), st.sampled_from([name for name in EXAMPLES if name != "greeting"]))
def test_every_example_is_of_the_width_of_the_machine(bits: int, name: str) -> None:
    rows = EXAMPLES[name].rows_of(bits)
    assert {len(row) for row in [*rows, *first_rows("Hello", bits)]} == {bits}


@given(st.integers(1, 40).flatmap(lambda bits: st.lists(st.text("01", min_size=bits, max_size=bits), min_size=1)))
def test_every_width_comes_back_from_bits_and_from_hex(rows: list[str]) -> None:
    bits = len(rows[0])
    assert parse_bits(as_bits(rows), bits) == rows
    assert parse_hex(as_hex(rows), bits) == rows


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), min_size=1))
def test_whatever_can_be_typed_as_text_reopens_as_text(text: str) -> None:
    assert way_in(parse_text(text)) == "text"


@given(st.lists(st.text("01", min_size=8, max_size=8), min_size=1))
def test_what_reopens_as_text_is_that_text_in_a_field(rows: list[str]) -> None:
    """A text field keeps all but control characters, and knows one kind of line break."""
    if way_in(rows) == "text":
        text = as_text(rows)
        assert text is not None
        assert parse_text(text) == rows
        assert not set(text) & {chr(code) for code in (*range(9), *range(11, 32), 127)}


def test_examples_are_what_they_say() -> None:
    assert as_text(EXAMPLES["greeting"].rows) == "Hello, tape machine!"
    assert [int(row, 2) for row in EXAMPLES["counter"].rows] == list(range(32))
    assert (len(EXAMPLES["long"].rows), len(EXAMPLES["full"].rows), len(EXAMPLES["over"].rows)) == (60, 126, 140)
