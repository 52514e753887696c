"""Sequences as they are typed on a command line."""

from __future__ import annotations

import re

from backend.errors import InvalidSequence

BYTE = 8
SHOWN = 24
"""The most characters of an input that an error repeats."""


def parse_bits(typed: str, bits: int) -> list[list[int]]:
    """Vectors of 0s and 1s, parted by spaces, commas or line breaks; a run of bits without any is cut up.

    Raises:
        InvalidSequence: nothing typed, another character, or a vector of another length; says which, and where.
    """
    words = [word for word in re.split(r"[\s,;]+", typed) if word]
    for number, word in enumerate(words, 1):
        wrong = re.search("[^01]", word)
        if wrong:
            raise InvalidSequence(
                f"Vector {number}, “{_shortened(word)}”, has “{wrong.group()}” at character {wrong.start() + 1}; "
                "a bit is 0 or 1."
            )
    if len(words) == 1 and len(words[0]) % bits == 0:
        words = re.findall("." * bits, words[0])
    for number, word in enumerate(words, 1):
        if len(word) != bits:
            raise InvalidSequence(
                f"Vector {number}, “{_shortened(word)}”, has {len(word)} bits; this machine reads {bits} bits a vector."
            )
    if not words:
        raise InvalidSequence(f"The sequence is empty; give vectors of {bits} bits, such as “{'10110011'[:bits]}”.")
    return [[int(bit) for bit in word] for word in words]


def parse_text(typed: str, bits: int) -> list[list[int]]:
    """Each UTF-8 byte as one vector, its highest bit first.

    Raises:
        InvalidSequence: no text, no UTF-8, or a machine whose vectors are no bytes.
    """
    if bits != BYTE:
        raise InvalidSequence(
            f"Text needs a machine that reads 8 bits a vector; this one reads {bits}. Use --sequence."
        )
    if not typed:
        raise InvalidSequence("The text is empty; each of its UTF-8 bytes becomes one vector of 8 bits.")
    try:
        encoded = typed.encode()
    except UnicodeEncodeError as error:
        raise InvalidSequence(f"Character {error.start + 1} of the text is not valid UTF-8.") from error
    return [[int(bit) for bit in f"{byte:08b}"] for byte in encoded]


def decode(vectors: list[list[int]]) -> str:
    """The text whose bytes the vectors are, � for what is none."""
    return bytes(int("".join(map(str, vector)), 2) for vector in vectors).decode(errors="replace")


def _shortened(word: str) -> str:
    return word if len(word) <= SHOWN else word[: SHOWN - 1] + "…"
