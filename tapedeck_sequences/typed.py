"""A sequence as it is typed: bits, text or hexadecimal, as views of one sequence.

A row is a string of 0s and 1s, one for each bit of a vector. Every parser says what is wrong in one sentence, with the
place.
"""

from __future__ import annotations

import re

BYTE = 8
"""The bits of a vector where text is its bytes."""
SHOWN = 24
"""The most characters of an input that a message repeats."""


class Problem(ValueError):
    """What was typed is no sequence. The message says which part, what came, and what would be right."""


def parse_bits(typed: str, bits: int = BYTE) -> list[str]:
    """Vectors of 0s and 1s, separated by spaces, commas or line breaks; one long run is cut into vectors.

    Raises:
        Problem: nothing typed, another character, or a vector of another number of bits.
    """
    words = re.split(r"[\s,;]+", typed.strip(" \t\r\n,;"))
    if words == [""]:
        raise Problem(f"Nothing to run yet: type vectors of {bits} bits, such as {example(bits)}.")
    for number, word in enumerate(words, 1):
        wrong = re.search("[^01]", word)
        if wrong:
            raise Problem(f"Vector {number}, character {wrong.start() + 1} is “{wrong.group()}”; a bit is 0 or 1.")
    if len(words) == 1 and len(words[0]) > bits and len(words[0]) % bits == 0:
        return [words[0][at : at + bits] for at in range(0, len(words[0]), bits)]
    for number, word in enumerate(words, 1):
        if len(word) != bits:
            raise Problem(
                f"Vector {number}, “{_shortened(word)}”, has {len(word):,} {_plural(len(word), 'bit')}; "
                f"each one has {bits}."
            )
    return words


def parse_text(typed: str, bits: int = BYTE) -> list[str]:
    """Each UTF-8 byte is one vector, its highest bit first.

    Raises:
        Problem: vectors that are no bytes, nothing typed, or a lone half of a surrogate pair, which has no bytes.
    """
    if bits != BYTE:
        raise Problem(f"Text needs a machine that reads 8 bits a vector; this one reads {bits}. Type bits instead.")
    if not typed:
        raise Problem("Nothing to run yet: type some text; each of its UTF-8 bytes becomes one vector of 8 bits.")
    try:
        return [f"{byte:08b}" for byte in typed.encode()]
    except UnicodeEncodeError as error:
        raise Problem(f"Character {error.start + 1} is half a character; type it again as a whole.") from error


def parse_hex(typed: str, bits: int = BYTE) -> list[str]:
    """As many hexadecimal digits a vector as its bits take, two for 8; spaces, commas, line breaks and 0x are ignored.

    Raises:
        Problem: nothing typed, another character, part of a vector, or a number that takes more bits.
    """
    size = hex_digits(bits)
    rows: list[str] = []
    for word in (word for word in re.split(r"[\s,;]+", typed) if word):
        digits = word[2:] if word[:2].lower() == "0x" else word
        wrong = re.search("[^0-9a-fA-F]", digits)
        if wrong:
            raise Problem(
                f"After {len(rows)} whole {_plural(len(rows), 'vector')} comes “{wrong.group()}”; "
                "a hexadecimal digit is 0–9 or a–f."
            )
        if not digits or len(digits) % size:
            raise Problem(
                f"“{_shortened(word)}” has {len(digits):,} hexadecimal {_plural(len(digits), 'digit')}; "
                f"each vector of {bits} bits takes {size}, such as {'b3b3'[:size]}."
            )
        rows += [hex_row(digits[at : at + size], bits) for at in range(0, len(digits), size)]
    if not rows:
        count = {1: "one hexadecimal digit", 2: "two hexadecimal digits"}.get(size, f"{size} hexadecimal digits")
        raise Problem(f"Nothing to run yet: type {count} a vector, such as {'b3 2c' if size == 2 else '0' * size}.")
    return rows


def hex_digits(bits: int) -> int:
    """How many hexadecimal digits a vector takes."""
    return -(-bits // 4)


def hex_row(digits: str, bits: int) -> str:
    """The vector that a hexadecimal number is.

    Raises:
        Problem: it takes more bits.
    """
    row = f"{int(digits, 16):0{bits}b}"
    if len(row) > bits:
        raise Problem(f"“{digits}” takes {len(row)} bits; each vector has {bits}.")
    return row


def example(bits: int) -> str:
    """Two vectors, to be shown where something else was typed."""
    return " ".join((pattern * bits)[:bits] for pattern in ("10110011", "00101100"))


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
    return " ".join(f"{int(row, 2):0{hex_digits(len(row))}x}" for row in rows)


def as_text(rows: list[str]) -> str | None:
    """The rows as the text whose bytes they are; None where they are not UTF-8 text."""
    if any(len(row) != BYTE for row in rows):
        return None
    try:
        return bytes(int(row, 2) for row in rows).decode()
    except UnicodeDecodeError:
        return None


def _shortened(word: str) -> str:
    return word if len(word) <= SHOWN else word[: SHOWN - 1] + "…"


def _plural(count: int, word: str) -> str:
    return word if count == 1 else word + "s"
