"""From the bytes of a text file to its characters, whatever program saved it."""

from __future__ import annotations

import codecs
import unicodedata

from tapedeck_sequences.problem import Problem

MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""In the order in which they are looked for: UTF-32's begins with UTF-16's."""
WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
"""Without a mark they show in the zeros of their ASCII characters: a line break, at the least."""
PADDING = "\0\x1a"
"""What some programs put after the last line: zeros, and the end of a file in DOS."""


def decoded(data: bytes) -> tuple[str, Problem | None]:
    """The text of a file; and where it is not valid Unicode, what is wrong with it: as Latin-1 it may still be bits."""
    encoding = next((encoding for mark, encoding in MARKS.items() if data.startswith(mark)), None) or _unmarked(data)
    try:
        text = data.decode(encoding).rstrip(PADDING)
    except UnicodeDecodeError as error:
        name = "UTF-8" if encoding.startswith("utf-8") else encoding.upper()
        return data.decode("latin-1"), Problem(f"Byte {error.start + 1:,} is not valid {name}; save it as UTF-8 text.")
    at = text.find("\0")
    return text, None if at < 0 else Problem(f"Character {at + 1:,} is U+0000; save it as UTF-8 text.")


def _unmarked(data: bytes) -> str:
    if 0 not in data:
        return "utf-8"
    for encoding in WIDE:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(map(str.isascii, text)) and not any(map(_is_unlikely, text)):
            return encoding
    return "utf-8"


def _is_unlikely(character: str) -> bool:
    """Whether no text has the character: a control character, or one that Unicode does not have."""
    return not character.isspace() and unicodedata.category(character) in ("Cc", "Cn", "Co", "Cs")
