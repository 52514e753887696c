"""One matrix, many spellings: what programs write, and what is said of what cannot be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapedeck_sequences import Problem, parse_bits, parse_hex, parse_text, read_file

CASES: dict[str, Any] = json.loads((Path(__file__).parents[1] / "fixtures" / "sequences.json").read_text("utf-8"))
"""Also for the browser's reader, in tests/assets: texts that are read as `rows`, files that are refused with a
sentence, texts for machines of other widths, what is typed: its way in, the bits of a vector, what becomes of it."""
PARSERS = {"bits": parse_bits, "text": parse_text, "hex": parse_hex}


@pytest.mark.parametrize("spelling", CASES["read"])
def test_what_programs_write_is_read_in_files_and_where_bits_are_typed(spelling: str) -> None:
    text = CASES["read"][spelling]
    assert parse_bits(text, CASES["bits"]) == CASES["rows"]
    found = read_file("somebody's.txt", text.encode(), CASES["bits"])
    assert found.rows == CASES["rows"]
    assert not found.form.startswith("text")


@pytest.mark.parametrize(("name", "text", "says"), CASES["refused"], ids=[name for name, _, _ in CASES["refused"]])
def test_a_refusal_names_the_files_line_the_cell_as_written_and_the_reason(name: str, text: str, says: str) -> None:
    with pytest.raises(Problem) as refused:
        read_file(name, text.encode(), CASES["bits"])
    assert str(refused.value) == f"{name}: {says}"


@pytest.mark.parametrize(("bits", "text", "rows"), CASES["widths"])
def test_a_vector_has_the_bits_of_the_machine_in_files_too(bits: int, text: str, rows: str) -> None:
    assert read_file("a.txt", text.encode(), bits).rows == rows.split() == parse_bits(text, bits)


@pytest.mark.parametrize(("way", "bits", "text", "becomes"), CASES["typed"])
def test_what_is_typed_is_read_or_refused_as_in_the_browser(way: str, bits: int, text: str, becomes: str) -> None:
    try:
        found = " ".join(PARSERS[way](text, bits))
    except Problem as problem:
        found = str(problem)
    assert found == becomes


@given(
    st.text(alphabet=st.one_of(st.sampled_from("01,;\t\n []{}():=\"'.|&#/*-_xb\\e+TRUE"), st.characters()), max_size=60)
)
def test_no_text_is_refused_in_other_words_than_the_projects(text: str) -> None:
    """Whatever it is, it is read, or there is one sentence."""
    for ending in ("txt", "json"):
        rows, said = attempt(f"a.{ending}", text.encode("utf-8", "surrogatepass"))
        assert said.endswith(".")
        assert all(len(row) == 8 and set(row) <= {"0", "1"} for row in rows)
        assert bool(rows) != said.startswith("a.")


def attempt(name: str, data: bytes) -> tuple[list[str], str]:
    """What a file holds, and what is said."""
    try:
        found = read_file(name, data)
    except Problem as problem:
        return [], str(problem)
    return found.rows, found.sentence
