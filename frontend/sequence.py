"""A sequence of 8-bit vectors and the ways to write it down: bits, text, hex, drawn rows.

A row is a string of eight 0s and 1s. Every parser says what is wrong in one sentence, with the place.
"""

from __future__ import annotations

import random
import re
from typing import NamedTuple

BITS = 8
SHOWN = 24
"""The most characters of an input that a message repeats."""


class Problem(ValueError):
    """What was typed is no sequence. The message says which part, what came, and what would be right."""


def parse_bits(typed: str) -> list[str]:
    """Vectors of eight 0s and 1s, parted by spaces, commas or line breaks; one long run is cut into eights.

    Raises:
        Problem: nothing typed, another character, or a vector that is not eight bits.
    """
    words = re.split(r"[\s,;]+", typed.strip(" \t\r\n,;"))
    if words == [""]:
        raise Problem("Nothing to run yet: type vectors of 8 bits, such as 10110011 00101100.")
    for number, word in enumerate(words, 1):
        wrong = re.search("[^01]", word)
        if wrong:
            raise Problem(f"Vector {number}, character {wrong.start() + 1} is “{wrong.group()}”; a bit is 0 or 1.")
    if len(words) == 1 and len(words[0]) > BITS and len(words[0]) % BITS == 0:
        return [words[0][at : at + BITS] for at in range(0, len(words[0]), BITS)]
    for number, word in enumerate(words, 1):
        if len(word) != BITS:
            raise Problem(
                f"Vector {number}, “{_shortened(word)}”, has {len(word):,} {_plural(len(word), 'bit')}; each one has 8."
            )
    return words


def parse_text(typed: str) -> list[str]:
    """Each UTF-8 byte is one vector, its highest bit first.

    Raises:
        Problem: nothing typed, or a lone half of a surrogate pair, which has no bytes.
    """
    if not typed:
        raise Problem("Nothing to run yet: type some text; each of its UTF-8 bytes becomes one vector of 8 bits.")
    try:
        return [f"{byte:08b}" for byte in typed.encode()]
    except UnicodeEncodeError as error:
        raise Problem(f"Character {error.start + 1} is half a character; type it again as a whole.") from error


def parse_hex(typed: str) -> list[str]:
    """Two hexadecimal digits a vector; spaces, commas, line breaks and 0x in front are passed over.

    Raises:
        Problem: nothing typed, another character, or half a vector.
    """
    words = [word for word in re.split(r"[\s,;]+", typed) if word]
    rows: list[str] = []
    for word in words:
        digits = word[2:] if word[:2].lower() == "0x" else word
        wrong = re.search("[^0-9a-fA-F]", digits)
        if wrong:
            raise Problem(
                f"After {len(rows)} whole {_plural(len(rows), 'vector')} comes “{wrong.group()}”; "
                "a hexadecimal digit is 0–9 or a–f."
            )
        if not digits or len(digits) % 2:
            raise Problem(
                f"“{_shortened(word)}” has {len(digits):,} hexadecimal {_plural(len(digits), 'digit')}; "
                "each vector of 8 bits takes 2, such as b3."
            )
        rows += [f"{int(digits[at : at + 2], 16):08b}" for at in range(0, len(digits), 2)]
    if not rows:
        raise Problem("Nothing to run yet: type two hexadecimal digits a vector, such as b3 2c.")
    return rows


def check_length(rows: list[str], most: int) -> list[str]:
    """The rows, if they are not too many.

    Raises:
        Problem: more than `most`.
    """
    if len(rows) > most:
        raise Problem(f"That is {len(rows):,} vectors; at most {most:,} fit in one run. Take out {len(rows) - most:,}.")
    return rows


def as_bits(rows: list[str]) -> str:
    """The rows as `parse_bits` reads them."""
    return " ".join(rows)


def as_hex(rows: list[str]) -> str:
    """The rows as `parse_hex` reads them."""
    return " ".join(f"{int(row, 2):02x}" for row in rows)


def as_text(rows: list[str]) -> str | None:
    """The rows as the text whose bytes they are; None where they are no UTF-8 text."""
    try:
        return bytes(int(row, 2) for row in rows).decode()
    except UnicodeDecodeError:
        return None


def random_rows(length: int, density: float, seed: int) -> list[str]:
    """Rows whose bits are each 1 with probability `density`; the same for the same arguments."""
    draw = random.Random(seed)  # noqa: S311 - nothing secret
    return ["".join("1" if draw.random() < density else "0" for _ in range(BITS)) for _ in range(length)]


class Example(NamedTuple):
    """A sequence worth watching, and why."""

    label: str
    rows: list[str]


EXAMPLES = {
    "greeting": Example("A greeting, 20 characters", parse_text("Hello, tape machine!")),
    "one": Example("One vector", ["10110011"]),
    "diagonal": Example("A diagonal, twice", [f"{1 << bit:08b}" for bit in (*range(7, -1, -1), *range(8))]),
    "counter": Example("Counting from 0 to 31", [f"{count:08b}" for count in range(32)]),
    "same": Example("The same vector, 16 times: position, not content", ["11001010"] * 16),
    "silence": Example("Twelve vectors of zeros", ["0" * BITS] * 12),
    "long": Example("60 random vectors, three times the trained length", random_rows(60, 0.5, 60)),
    "full": Example("126 random vectors, all that 128 locations hold", random_rows(126, 0.5, 126)),
    "over": Example("140 random vectors, more than the memory holds", random_rows(140, 0.5, 140)),
}


def _shortened(word: str) -> str:
    return word if len(word) <= SHOWN else word[: SHOWN - 1] + "…"


def _plural(count: int, word: str) -> str:
    return word if count == 1 else word + "s"
