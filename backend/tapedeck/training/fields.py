"""Fields of recipes: what they may be, a sentence for what they may not, and in which of them two recipes differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from tapedeck.errors import InvalidConfiguration, quoted


def check_names(recipe: type[Any], values: Mapping[str, Any]) -> None:
    """Checks that a recipe has these fields.

    Raises:
        InvalidConfiguration: it does not.
    """
    known = [each.name for each in fields(recipe)]
    for name in values:
        if name not in known:
            raise InvalidConfiguration(f"A recipe has no field {quoted(name)}; it has {', '.join(known)}.", field=name)


def differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[str]:
    """The fields in which two recipes differ, as "longest is 20, not 30"."""
    return [
        f"{name} is {quoted(ours[name])}, not {quoted(theirs[name])}" for name in ours if ours[name] != theirs[name]
    ]


def check_whole(name: str, value: object, least: int = 1) -> None:
    """Checks a whole number.

    Raises:
        InvalidConfiguration: it is not one, or less than that.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise InvalidConfiguration(
            f"{name} must be a whole number of at least {least}, got {quoted(value)}.", field=name
        )


def check_real(name: str, value: object, least: float, greatest: float, *, least_allowed: bool) -> None:
    """Checks a number.

    Raises:
        InvalidConfiguration: it is not one, or out of its range.
    """
    if (
        not isinstance(value, int | float)
        or isinstance(value, bool)
        or not least <= value <= greatest
        or (value == least and not least_allowed)
    ):
        bound = "at least" if least_allowed else "above"
        raise InvalidConfiguration(
            f"{name} must be a number {bound} {least:g} and at most {greatest:g}, got {quoted(value)}.", field=name
        )
