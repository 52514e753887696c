"""Words on a terminal whose encoding does not have all of their characters, such as cp1251, cp437 or ASCII."""

from __future__ import annotations

import codecs
import io
import unicodedata
from functools import partial
from typing import TextIO

PLAIN = {
    "×": "x",
    "·": "-",
    "–": "-",
    "—": "-",
    "−": "-",
    "…": "...",
    "→": "->",
    "←": "<-",
    "≥": ">=",
    "≤": "<=",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "✕": "x",
    "∘": "o",
    "β": "beta",
    "γ": "gamma",
    "ε": "epsilon",
}
"""What stands for a character that an encoding does not have, where its parts do not say it."""

ASCII = "tapedeck_ascii"
"""ASCII under another name: Typer takes a stream of that one for a mistake, and writes UTF-8 to it."""


def say_what_can_be_said(*streams: TextIO) -> None:
    """From now on, a character that a stream's encoding does not have is written as one that it has: × as x."""
    codecs.register(_ascii)
    for stream in streams:
        if not isinstance(stream, io.TextIOWrapper):
            continue
        encoding = codecs.lookup(stream.encoding).name
        handler = f"tapedeck.plain.{encoding}"  # for each encoding its own: an error does not name it
        codecs.register_error(handler, partial(_plain, encoding))
        stream.reconfigure(encoding=ASCII if encoding == "ascii" else encoding, errors=handler)


def _ascii(name: str) -> codecs.CodecInfo | None:
    if name != ASCII:
        return None
    plain = codecs.lookup("ascii")
    return codecs.CodecInfo(
        name=ASCII,
        encode=plain.encode,
        decode=plain.decode,
        incrementalencoder=plain.incrementalencoder,
        incrementaldecoder=plain.incrementaldecoder,
    )


def _plain(encoding: str, error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(_written(character, encoding) for character in wrong), error.end


def _written(character: str, encoding: str) -> str:
    """Itself where it can be, its replacement, its parts without accents, or a question mark."""
    for attempt in (character, PLAIN.get(character, ""), _base(character)):
        if attempt and _can_say(attempt, encoding):
            return attempt
    return "?"


def _base(character: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))


def _can_say(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
