"""A sequence as it is typed: bits, text or hexadecimal, as views of one sequence.

A row is a string of 0s and 1s, one for each bit of a vector. Every parser says what is wrong in one sentence, with the
place.
"""

from __future__ import annotations

import re

from tapedeck_sequences.characters import cleaned
from tapedeck_sequences.matrix import read_matrix
from tapedeck_sequences.problem import Problem, counted, quoted
from tapedeck_sequences.words import BYTE


def parse_bits(typed: str, bits: int = BYTE) -> list[str]:
    """Vectors of 0s and 1s, in any of the spellings that `read_matrix` knows.

    Raises:
        Problem: nothing typed, another character, or a vector of another number of bits.
    """
    if not cleaned(typed).strip(" \t\n\v\f,;"):
        raise Problem(f"Nothing to run yet: type vectors of {counted(bits, 'bit')}, such as {example(bits)}.")
    return read_matrix(typed, bits).rows


def parse_text(typed: str, bits: int = BYTE) -> list[str]:
    """Each UTF-8 byte is one vector, its highest bit first.

    Raises:
        Problem: vectors that are not bytes, nothing typed, or a lone half of a surrogate pair, which has no bytes.
    """
    if bits != BYTE:
        raise Problem(
            f"Text needs a machine that reads {BYTE} bits a vector; this one reads {bits}. Type bits instead."
        )
    if not typed:
        raise Problem(f"Nothing to run yet: type some text; each of its UTF-8 bytes becomes one vector of {BYTE} bits.")
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
    for word in (word for word in re.split(r"[\s,;]+", cleaned(typed)) if word):
        digits = word[2:] if word[:2].lower() == "0x" else word
        wrong = re.search("[^0-9a-fA-F]", digits)
        if wrong:
            raise Problem(
                f"After {counted(len(rows), 'whole vector')} comes {quoted(wrong.group())}; "
                "a hexadecimal digit is 0–9 or a–f."
            )
        if not digits or len(digits) % size:
            raise Problem(
                f"{quoted(word)} has {counted(len(digits), 'hexadecimal digit')}; "
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
