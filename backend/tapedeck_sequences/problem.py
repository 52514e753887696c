"""What is wrong with a sequence that was typed or that a file holds."""

from __future__ import annotations

import unicodedata

SHOWN = 24
"""The most characters of an input that a message repeats."""


class Problem(ValueError):
    """What was given is not a sequence. The message says which part, what came, and what would be right."""


def quoted(written: str) -> str:
    """A part of an input as it was written, shortened; a character that cannot be seen stands as its code point."""
    shown = written if len(written) <= SHOWN else written[: SHOWN - 1] + "…"
    named = [character if _is_seen(character) else f"U+{ord(character):04X}" for character in shown]
    return named[0] if len(named) == 1 and named[0] != shown else f"“{''.join(named)}”"


def _is_seen(character: str) -> bool:
    return character.isprintable() and not unicodedata.category(character).startswith("M")


def counted(count: int, word: str) -> str:
    """“1 bit”, “2 bits”."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
