"""One word: a bit, or a whole vector, in any of the spellings that programs have for it."""

from __future__ import annotations

import re
from functools import lru_cache

from tapedeck_sequences.problem import Problem, counted, quoted

BYTE = 8
"""The bits of a vector that text can be: of one byte each."""

TYPE = "_?[iuf](?:8|16|32|64|128|size)"
"""Of a number in Rust, which stands behind it: 1u8."""
NUMBER = re.compile(
    rf"(?:\+?(?P<whole>[01])|-0)?(?:[.,](?P<zeros>0*))?(?:[eE][+-]?0+)?(?:[fFlLuU]*|{TYPE})",
)
TRUE = {"true", "wahr", "vrai", "verdadero", "verdadeiro", "vero", "waar", "sant", "sand", "prawda", "pravda"} | {
    *("истина", "igaz", "tosi", "doğru", "真"),
}
FALSE = {"false", "falsch", "faux", "falso", "onwaar", "falskt", "falsk", "fałsz", "nepravda", "ложь", "hamis"} | {
    *("epätosi", "yanlış", "假", "usann"),
}
"""As Excel, R, Python and others write them, in several languages."""

BITS = re.compile(r"[01][01_ ']*")
BINARY = re.compile(
    r"(?:0[bB]|%|2\^\^|\d*'[sS]?[bB]|[bB](?=[\"'])|&[bB])[\"']?([01](?:[01_']*[01])?)[\"']?|([01][01_]+)[bB]"
)
HEXADECIMAL = re.compile(
    r"(?:0[xX]|\$|16\^\^|\d*'[sS]?[hH]|[xX](?=[\"'])|&[hH])[\"']?([0-9a-fA-F](?:[0-9a-fA-F_']*[0-9a-fA-F])?)[\"']?|(\d[0-9a-fA-F]+)[hH]"
)
ROUNDED = re.compile(r"\d[.,]\d+[eE]\+\d+")
"""What a spreadsheet makes of 10110011 in a narrow column."""
ESCAPES = re.compile(r"(?:\\x[0-9a-fA-F]{2})+")
NUMERIC = re.compile(r"[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d+)?")


NAMES = ("sequence", "input", "inputs", "vectors", "bits", "rows", "data", "values", "numpy", "x", "X", "arr_0")
"""What a sequence is called among other things, in the order in which it is looked for."""


@lru_cache(4096)
def bit_of(word: str) -> str | None:
    """“0” or “1” for a bit, as a digit, a number such as 1.000e+00, or a truth value; None for anything else."""
    number = NUMBER.fullmatch(word)
    if number and (number["whole"] or number["zeros"] or word.startswith("-0")):
        return number["whole"] or "0"
    lowered = word.lower()
    return "1" if lowered in TRUE else "0" if lowered in FALSE else None


def bits_of(word: str) -> str | None:
    """The 0s and 1s of a word of nothing else, without what groups them; None for any other."""
    return re.sub(r"[_ ']", "", word) if BITS.fullmatch(word) else None


def rows_of(word: str, bits: int) -> list[str] | None:
    r"""The vectors that a word spells: 10110011, 1011_0011, 0b10110011, 0xb3, \xb3, 8'hb3; None for any other word.

    A number in binary or hexadecimal is filled up with zeros in front; one that is a multiple as long is cut up.
    """
    if (plain := bits_of(word)) is not None:
        return _cut(plain, bits) if len(plain) >= bits and len(plain) % bits == 0 else None
    parts = _numbers(re.sub(rf"(?<=[0-9a-fA-F])(?:[uUlL]+|{TYPE})$", "", word), bits)
    rows = [f"{number:0{bits}b}" for number in parts]
    return rows if rows and all(len(row) == bits for row in rows) else None


def _numbers(word: str, bits: int) -> list[int]:
    """The numbers that a word in binary or hexadecimal holds: one for each vector; none in any other word."""
    if ESCAPES.fullmatch(word):
        return [int(pair, 16) for pair in word.split("\\x")[1:]]
    for pattern, base, size in ((BINARY, 2, bits), (HEXADECIMAL, 16, -(-bits // 4))):
        if found := pattern.fullmatch(word):
            digits = re.sub("[_']", "", found[1] or found[2])
            whole = len(digits) % size == 0
            return [int(part, base) for part in (_cut(digits, size) if whole else [digits])]
    return []


def run_of_vectors(text: str, bits: int) -> list[str]:
    """The vectors of a text of nothing else, whatever stands between them; none of any other text."""
    found: list[str] = []
    parts = re.split(r"[\s,;]+", text.strip(" \t\n\v\f,;"))
    for word in parts:
        if not is_spelled(word) or (rows := rows_of(word, bits)) is None:
            return []
        if len(rows) > 1 and len(parts) > 1 and bits_of(word):
            return []  # only one long run is cut up: among others it has too many bits
        found += rows
    return found


@lru_cache(4096)
def is_spelled(word: str) -> bool:
    """Whether a word is meant as a vector, of whatever length: several bits, or a number in binary or hexadecimal."""
    word, patterns = re.sub(f"{TYPE}$", "", word), (BINARY, HEXADECIMAL, ESCAPES)
    return len(bits_of(word) or "") > 1 or any(pattern.fullmatch(word) for pattern in patterns)


def is_like_bits(word: str) -> bool:
    """Whether a word is a bit or a vector, or one with something wrong in it."""
    ones_and_zeros = len(re.findall("[01]", word))
    return bit_of(word) is not None or is_spelled(word) or (len(word) > 1 and 2 * ones_and_zeros > len(word))


@lru_cache(4096)
def is_number(word: str) -> bool:
    """Whether a word is a decimal number of any kind."""
    return NUMERIC.fullmatch(word) is not None


def fault(word: str, bits: int, where: str) -> Problem:
    """What is wrong with a word that should be a vector."""
    plain = bits_of(word)
    if ROUNDED.fullmatch(word):
        return Problem(
            f"{where}, {quoted(word)}, is a rounded number; format the cells as text and save the file again."
        )
    if plain is None and not is_spelled(word):
        place = next((place for place, character in enumerate(word, 1) if character not in "01_ '"), 1)
        return Problem(f"{where}, character {place} is {quoted(word[place - 1 : place])}; a bit is 0 or 1.")
    if plain is None:
        return Problem(f"{where}, {quoted(word)}, is not a number of {counted(bits, 'bit')}.")
    return Problem(f"{where}, {quoted(word)}, has {counted(len(plain), 'bit')}; each one has {bits}.")


def _cut(digits: str, bits: int) -> list[str]:
    return [digits[at : at + bits] for at in range(0, len(digits), bits)]
