"""Checks that specifications share; each refusal is one sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, get_args

from tapedeck.errors import InvalidConfiguration, quoted

MOST_SEED = 2**63 - 1


def check_whole(name: str, value: object, least: int) -> None:
    """A whole number of at least `least`."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise InvalidConfiguration(
            f"{name} must be a whole number of at least {least}, got {quoted(value)}.", field=name
        )


def check_sizes(sizes: Any) -> None:
    """Every field of a dataclass a whole number of at least 1."""
    for field in fields(sizes):
        check_whole(field.name, getattr(sizes, field.name), 1)


def check_number(name: str, value: object, least: float = -math.inf) -> None:
    """A finite number of at least `least`."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value) or value < least:
        bound = "" if least == -math.inf else f" of at least {least:g}"
        raise InvalidConfiguration(f"{name} must be a finite number{bound}, got {quoted(value)}.", field=name)


def check_seed(seed: int) -> None:
    """Checks that a generator of torch can have that seed.

    Raises:
        InvalidConfiguration: it is not a whole number of 0 … 2⁶³ − 1.
    """
    if not 0 <= seed <= MOST_SEED:
        raise InvalidConfiguration(f"seed must be a whole number of 0 to 2⁶³ − 1, got {quoted(seed)}.", field="seed")


def check_choice(name: str, value: object, choices: Any) -> None:
    """One of some words: a tuple of them, or their Literal."""
    words = choices if isinstance(choices, tuple) else get_args(choices)
    if value not in words:
        raise InvalidConfiguration(
            f"{name} must be one of {', '.join(map(str, words))}; got {quoted(value)}.", field=name
        )


def check_unique(name: str, values: Sequence[object], choices: Sequence[str]) -> None:
    """Some of the words, at least one, none twice."""
    for value in values:
        check_choice(name, value, tuple(choices))
    if not values or len(set(values)) < len(values):
        raise InvalidConfiguration(
            f"{name} must have at least one of {', '.join(choices)}, none twice; got {list(values)}.", field=name
        )
