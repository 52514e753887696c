"""A text that is meant as vectors of bits, whoever wrote it."""

from __future__ import annotations

import ast
import re
from typing import NamedTuple

from tapedeck_sequences import words
from tapedeck_sequences.brackets import MAX_DEPTH, parse
from tapedeck_sequences.characters import cleaned, without_bullets, without_comments, without_names
from tapedeck_sequences.nested import rows_of_lists
from tapedeck_sequences.problem import Problem
from tapedeck_sequences.signs import in_digits
from tapedeck_sequences.table import read_table

BRACKETED = re.compile(r"\[[^\[\](){}]*\]|\([^\[\](){}]*\)|\{[^\[\](){}]*\}")
NAME = re.compile(r"\A\s*[A-Za-z_][\w.]*\s*[=:]\s*(?=[01\\]|[\"'][01])")
"""What a single sequence is called, as in x = 10110011."""
BYTES = re.compile(
    r"""\s*(?:\w+\s*=\s*)?(?:bytes|bytearray)?\(?[bB]("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')\)?;?\s*""", re.ASCII
)
"""Bytes as Python writes them, alone or with their name."""
FROM_HEXADECIMAL = re.compile(r"\s*(?:\w+\s*=\s*)?(?:bytes|bytearray)\.fromhex\([\"']([0-9a-fA-F\s]+)[\"']\);?\s*")
TYPES = re.compile(
    r":[ \t]{0,8}&?\[[^={}\"'\n]{0,80};[^={}\"'\n]{0,80}\](?=[ \t]{0,8}=)"
    r"|\b[A-Z]\w{0,80}\{[\w{},. ]{0,80}\}(?=\[)"
    r"|^[ \t]*\d+(?:[x×]\d+|-element)[ \t][^\n\[(]{0,80}:[ \t]*$|::[ \t]{0,8}\[[\[\]\w ]{0,80}\][ \t]{0,8}$"
    r"|^[ \t]*(?:\w+:[ \t]*)?\.?(?:byte|db|DB|defb)[ \t]+",
    re.MULTILINE,
)
"""Of an array in Rust, of a printed one in Julia, of a list in Haskell; of numbers in assembler."""
COUNTED = re.compile(r"^[ \t]*\[\d+\](?=[ \t]+[\"\dTF])", re.MULTILINE)
"""What R prints before each line of a vector: the number of its first."""
NUMERALS = re.compile(r"(?=\D*\d)[-+\d.:/%eE]+")


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
    if bits == words.BYTE and (found := BYTES.fullmatch(text)) and not re.fullmatch("[\"'][01_]+[\"']", found[1]):
        return Reading([f"{byte:08b}" for byte in _bytes(found)], "bytes")
    text = cleaned(text)
    if signs := in_digits(text, bits):
        return Reading(read_matrix(signs.text, bits).rows, f"a matrix {signs.said}")
    if rows := _plain_hexadecimal(text, bits):
        return Reading(rows, "hexadecimal numbers")
    if len(COUNTED.findall(text)) == len(text.split("\n")) - text.count("\n\n") - text.endswith("\n"):
        text = COUNTED.sub(" ", text).replace("\n", " ")
    text = without_names(without_bullets(without_comments(re.sub(TYPES, " ", text))))
    text = NAME.sub(lambda name: re.sub(r"[^\n]", " ", name[0]), text)
    if parts := re.search(r"(?m)^[ \t]*Columns \d+ (?:through|to|and) \d+:?[ \t]*$", text):
        line = text.count("\n", 0, parts.end()) + 1
        raise Problem(f"Line {line:,} begins a part of the columns; print the matrix in one piece, or save it as CSV.")
    if rows := words.run_of_vectors(text, bits):
        return Reading(rows, "vectors")
    if len(text.split()) == 1 and words.is_spelled(text.strip()):
        raise words.fault(text.strip(), bits, "Vector 1")
    return Reading(*(rows_of_lists(parse(text), bits) if _is_bracketed(text) else read_table(text, bits)))


def looks_like_bits(text: str) -> bool:
    """Whether a text is data, not words: half of its lines are mostly bits, or it is all numbers, or a drawing."""
    parts = re.split(r"[\s,;|]+", text.strip())
    if (len(parts) > 1 and all(NUMERALS.fullmatch(part) for part in parts)) or re.search("[\u2500-\u257f]{3}", text):
        return True
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


def _plain_hexadecimal(text: str, bits: int) -> list[str]:
    """The vectors of a text of numbers such as b3 2c f0, of as many digits as a vector takes; none of any other."""
    size = -(-bits // 4)
    if whole := FROM_HEXADECIMAL.fullmatch(text):
        return words.run_of_vectors("0x" + "".join(whole[1].split()), bits)
    parts = re.split(r"[\s,;:]+", re.sub(r"(?m)^[ \t]*@[0-9a-fA-F]+\s", "", text).strip())
    digits = "".join(parts)
    sure = len(parts) > 1 < size and re.search("[a-fA-F]", digits) and re.search("[0-9]", digits)
    if re.fullmatch(r"([a-fA-F])\d(?:\s*,?\s*\1\d)*", text.strip()):
        return []  # names of columns, such as b0 b1 b2
    if not sure or not all(re.fullmatch(rf"[0-9a-fA-F]{{{size}}}", part) for part in parts):
        return []
    return words.run_of_vectors(" ".join(f"0x{part}" for part in parts), bits)


def _bytes(found: re.Match[str]) -> bytes:
    try:
        value: bytes = ast.literal_eval(f"b{found[1]}")
    except (SyntaxError, ValueError) as error:
        raise Problem("The bytes have a character beyond ASCII; write it as a number such as \\xb3.") from error
    return value
