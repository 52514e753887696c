"""The browser modules' types of the contract are those of the service."""

from __future__ import annotations

from tests.contract_types import FILE, types


def test_the_types_of_the_contract_are_current() -> None:
    assert FILE.read_text() == types(), "make types"
