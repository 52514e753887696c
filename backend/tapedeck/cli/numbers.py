"""Whole numbers as they are typed on a command line."""

from __future__ import annotations

from tapedeck.errors import InvalidConfiguration, quoted

MOST_DIGITS = 19
MOST_NUMBERS = 100_000


def parse_numbers(typed: str, option: str, example: str) -> tuple[int, ...]:
    """Whole numbers and ranges of them, separated by commas; each once.

    Args:
        typed: such as "1-3,7".
        option: where, for the error.
        example: likewise, of what is right.

    Raises:
        InvalidConfiguration: anything else, or more than 100,000 of them.
    """
    numbers: list[int] = []
    for word in typed.split(","):
        ends = word.strip().split("-")
        if len(ends) > 2 or not all(end.isascii() and end.isdecimal() and len(end) <= MOST_DIGITS for end in ends):
            raise InvalidConfiguration(f"{option} must be numbers such as {example}; got {quoted(word.strip())}.")
        first, last = int(ends[0]), int(ends[-1])
        if not first <= last < first + MOST_NUMBERS:
            raise InvalidConfiguration(f"{option}: {word.strip()} must be a range of 1 to {MOST_NUMBERS:,} numbers.")
        numbers += range(first, last + 1)
    return tuple(dict.fromkeys(numbers))


def percent(share: float) -> str:
    """A share above or below something, with its sign."""
    shown = round(100 * share, 2) + 0.0  # of −0 it is 0
    return f"{shown:+.2f} %".replace("-", "−")
