"""Sequences and the ways to write them down."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapedeck_sequences import (
    Problem,
    as_bits,
    as_hex,
    as_text,
    check_length,
    parse_bits,
    parse_hex,
    parse_text,
)

ROW = st.text("01", min_size=8, max_size=8)
ROWS = st.lists(ROW, min_size=1, max_size=40)
SEPARATOR = st.text(" ,;\n\t\r", min_size=1, max_size=3)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


def spell(words: list[str], separators: list[str]) -> str:
    """The words with separators between them, in turn."""
    return "".join(word + separators[index % len(separators)] for index, word in enumerate(words))


@given(ROWS, st.lists(SEPARATOR, min_size=1, max_size=4))
def test_bits_come_back_whatever_parts_them(rows: list[str], separators: list[str]) -> None:
    assert parse_bits(as_bits(rows)) == rows
    assert parse_bits(spell(rows, separators)) == rows


@given(ROWS)
def test_one_long_run_of_bits_is_cut_into_eights(rows: list[str]) -> None:
    assert parse_bits("".join(rows)) == rows


@given(ROWS, st.lists(SEPARATOR, min_size=1, max_size=4), st.booleans(), st.booleans())
def test_hex_comes_back_in_any_spelling(rows: list[str], separators: list[str], upper: bool, prefixed: bool) -> None:
    assert parse_hex(as_hex(rows)) == rows
    assert parse_hex(as_hex(rows).replace(" ", "")) == rows
    words = [("0x" if prefixed else "") + (word.upper() if upper else word) for word in as_hex(rows).split()]
    assert parse_hex(spell(words, separators)) == rows


@given(TEXT)
def test_text_comes_back(text: str) -> None:
    rows = parse_text(text)
    assert as_text(rows) == text
    assert len(rows) == len(text.encode())
    assert parse_bits(as_bits(rows)) == rows == parse_hex(as_hex(rows))


@given(ROWS)
def test_what_is_no_text_has_none(rows: list[str]) -> None:
    data = bytes(int(row, 2) for row in rows)
    expected = data.decode(errors="replace")
    assert as_text(rows) == (expected if expected.encode() == data else None)


def test_the_highest_bit_comes_first() -> None:
    assert parse_text("A") == ["01000001"] == parse_hex("41")
    assert as_hex(["10000001"]) == "81"


@pytest.mark.parametrize("parse", [parse_bits, parse_hex])
@pytest.mark.parametrize("typed", ["", " ", "\n\t ", ", ;"])
def test_nothing_typed_says_what_to_type(parse: object, typed: str) -> None:
    assert callable(parse)
    with pytest.raises(Problem, match=r"^Nothing to run yet: type .*, such as"):
        parse(typed)


def test_no_text_says_what_to_type() -> None:
    with pytest.raises(Problem, match=r"^Nothing to run yet: type some text"):
        parse_text("")


@given(st.lists(ROW, min_size=1, max_size=9), st.data())
def test_a_wrong_character_is_named_with_its_place(rows: list[str], data: st.DataObject) -> None:
    vector = data.draw(st.integers(0, len(rows) - 1))
    at = data.draw(st.integers(0, 7))
    wrong = data.draw(st.sampled_from("2379aoOZé鬼€ø½"))
    rows[vector] = rows[vector][:at] + wrong + rows[vector][at + 1 :]
    with pytest.raises(Problem) as problem:
        parse_bits(" ".join(rows))
    assert str(problem.value) == f"Vector {vector + 1}, character {at + 1} is “{wrong}”; a bit is 0 or 1."


@given(st.lists(ROW, min_size=2, max_size=9), st.data())
def test_a_vector_of_another_length_is_named_with_its_place(rows: list[str], data: st.DataObject) -> None:
    vector = data.draw(st.integers(0, len(rows) - 1))
    length = data.draw(st.integers(1, 20).filter(lambda length: length != 8))
    rows[vector] = "1" * length
    with pytest.raises(Problem) as problem:
        parse_bits(" ".join(rows))
    bits = "1 bit" if length == 1 else f"{length} bits"
    assert str(problem.value) == f"Vector {vector + 1}, “{'1' * length}”, has {bits}; each one has 8."


def test_a_very_long_vector_is_not_repeated_whole() -> None:
    with pytest.raises(Problem, match=r"^Vector 1, “1{23}…”, has 100,001 bits"):
        parse_bits("1" * 100_001)
    with pytest.raises(Problem) as problem:
        parse_hex("f" * 100_001)
    assert len(str(problem.value)) < 150


@given(
    st.lists(st.from_regex(r"[0-9a-f]{2}", fullmatch=True), max_size=9), st.characters(categories=["Lu", "Ll", "So"])
)
def test_a_wrong_hexadecimal_digit_is_named_with_its_place(pairs: list[str], wrong: str) -> None:
    if re.match("[a-fA-F]", wrong):
        return
    with pytest.raises(Problem) as problem:
        parse_hex(" ".join([*pairs, f"a{wrong}"]))
    count = "1 whole vector" if len(pairs) == 1 else f"{len(pairs)} whole vectors"
    assert str(problem.value) == f"After {count} comes “{wrong}”; a hexadecimal digit is 0–9 or a–f."


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("b3 2", "“2” has 1 hexadecimal digit; each vector of 8 bits takes 2, such as b3."),
        ("b32", "“b32” has 3 hexadecimal digits; each vector of 8 bits takes 2, such as b3."),
        ("0x", "“0x” has 0 hexadecimal digits; each vector of 8 bits takes 2, such as b3."),
    ],
)
def test_half_a_vector_in_hex_is_named(typed: str, said: str) -> None:
    with pytest.raises(Problem) as problem:
        parse_hex(typed)
    assert str(problem.value) == said


def test_half_a_character_is_named_with_its_place() -> None:
    with pytest.raises(Problem, match=r"^Character 3 is half a character"):
        parse_text("ab\ud83c")


@given(st.integers(1, 50), st.integers(1, 50))
def test_too_many_are_counted(length: int, most: int) -> None:
    rows = ["00000000"] * length
    if length <= most:
        assert check_length(rows, most) is rows
    else:
        with pytest.raises(Problem, match=f"That is {length} vectors; at most {most} fit .* Take out {length - most}"):
            check_length(rows, most)


def test_large_counts_are_grouped() -> None:
    with pytest.raises(Problem, match=r"^That is 1,001 vectors; at most 1,000 fit in one run\. Take out 1\.$"):
        check_length(["00000000"] * 1001, 1000)


@pytest.mark.parametrize("bits", [1, 3, 4, 6, 9, 16])
def test_a_machine_of_any_number_of_bits_is_typed_for(bits: int) -> None:
    rows = [(pattern * bits)[:bits] for pattern in ("1011", "0", "01")]
    assert parse_bits(as_bits(rows), bits) == rows == parse_bits("".join(rows), bits)
    assert parse_hex(as_hex(rows), bits) == rows
    assert as_text(rows) is None
    with pytest.raises(Problem, match=f"vectors of {bits} bits?, such as [01]{{{bits}}} [01]{{{bits}}}"):
        parse_bits("", bits)
    with pytest.raises(Problem, match=f"8 bits a vector; this one reads {bits}"):
        parse_text("a", bits)


def test_a_hexadecimal_number_that_a_vector_cannot_hold_is_named() -> None:
    with pytest.raises(Problem, match=r"^“9” takes 4 bits; each vector has 3\.$"):
        parse_hex("5 9", 3)
