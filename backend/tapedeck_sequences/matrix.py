"""A text that is meant as vectors of bits, whoever wrote it."""

from __future__ import annotations

import ast
import re
from typing import NamedTuple

from tapedeck_sequences import words
from tapedeck_sequences.brackets import MAX_DEPTH, parse
from tapedeck_sequences.characters import cleaned, without_bullets, without_comments
from tapedeck_sequences.nested import rows_of_lists
from tapedeck_sequences.table import read_table

BRACKETED = re.compile(r"\[[^\[\](){}]*\]|\([^\[\](){}]*\)|\{[^\[\](){}]*\}")
NAME = re.compile(r"\A\s*[A-Za-z_][\w.]*\s*[=:]\s*(?=[01\\]|[\"'][01])")
"""What a single sequence is called, as in x = 10110011."""
BYTES = re.compile(r"""\s*[bB]("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')\s*""")


class Reading(NamedTuple):
    """A sequence, and what it was read from.

    Attributes:
        rows: the vectors, each a string of 0s and 1s.
        form: “a table separated by commas, without its heading”.
    """

    rows: list[str]
    form: str


def read_matrix(text: str, bits: int) -> Reading:
    """The vectors in a text.

    Raises:
        Problem: there are none, or something in it is not a bit; names the line as the text has it.
    """
    if bits == 8 and BYTES.fullmatch(text) and not re.fullmatch(r"\s*[bB].[01_]+.\s*", text):
        return Reading([f"{byte:08b}" for byte in ast.literal_eval(text.strip())], "bytes")
    text = NAME.sub(lambda name: re.sub(r"[^\n]", " ", name[0]), without_bullets(without_comments(cleaned(text))))
    if rows := words.run_of_vectors(text, bits):
        return Reading(rows, "vectors")
    if len(text.split()) == 1 and words.is_spelled(text.strip()):
        raise words.fault(text.strip(), bits, "Vector 1")
    return Reading(*(rows_of_lists(parse(text), bits) if _is_bracketed(text) else read_table(text, bits)))


def looks_like_bits(text: str) -> bool:
    """Whether at least half of the lines of a text are bits for the most part: then it is not to be taken for words."""
    lines = [line for line in without_comments(cleaned(text)).split("\n") if line.strip()]
    return 2 * sum(map(_is_of_bits, lines)) >= len(lines) > 0


def _is_of_bits(line: str) -> bool:
    parts = [part for part in re.split(r"[\s,;|\[\](){}\"']+", line) if part]
    return 2 * sum(words.is_like_bits(part) for part in parts) > len(parts)


def _is_bracketed(text: str) -> bool:
    """Whether the bits stand in brackets: none is left when these are taken away."""
    if not (opened := re.findall(r"[\[({]", text)):
        return False
    if text.lstrip()[0] in "[({" and len(opened) != len(re.findall(r"[\])}]", text)):
        return True  # a list that is not whole
    for _ in range(MAX_DEPTH):
        text = BRACKETED.sub(" ", text)
    return not any(words.bit_of(word) or words.is_spelled(word) for word in re.split(r"[\s,;|]+", text))
