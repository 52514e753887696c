"""What is made from models and kept in a file is current."""

from __future__ import annotations

from tests.contract_types import FILE, SCHEMA, trace_file_schema, types


def test_the_types_of_the_contract_are_current() -> None:
    assert FILE.read_text() == types(), "make types"


def test_the_schema_of_trace_files_is_current() -> None:
    assert SCHEMA.read_text() == trace_file_schema(), "make types"
