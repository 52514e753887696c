"""Sizes are checked when they are made."""

from __future__ import annotations

import dataclasses

import pytest

from tapedeck.errors import InvalidConfiguration, quoted
from tapedeck.ntm import HeadSpec, NTMConfig


def test_the_defaults_are_the_references() -> None:
    config = NTMConfig()
    assert dataclasses.asdict(config) == {"locations": 128, "width": 20, "bits": 8, "controller_size": 100}
    assert config.channels == 10
    write = HeadSpec("write", "write", erase_vector="sigmoid", add_vector="relu")
    assert config.heads == config.spec.heads == (write, HeadSpec("read", "read"))


@pytest.mark.parametrize(
    ("field", "value", "least"),
    [
        ("locations", 2, 3),
        ("width", 0, 1),
        ("bits", 0, 1),
        ("controller_size", -1, 1),
        ("width", 2.0, 1),
        ("bits", True, 1),
        ("locations", "128", 3),
        ("controller_size", None, 1),
    ],
)
def test_an_impossible_size_is_refused_by_name(field: str, value: object, least: int) -> None:
    with pytest.raises(InvalidConfiguration) as caught:
        NTMConfig(**{field: value})  # type: ignore[arg-type]
    assert caught.value.field == field
    assert caught.value.detail == f"{field} must be a whole number of at least {least}, got {quoted(value)}."


def test_a_configuration_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        NTMConfig().locations = 5  # type: ignore[misc]
