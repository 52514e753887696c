"""Characters that stand for others: what an editor, a keyboard or a copy leaves in a text that is meant to be bits."""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, *range(0x180B, 0x1810)} | {
    *range(0xFE00, 0xFE10),  # variation selectors
    *range(0xE0100, 0xE01F0),
}
"""Characters without ink that Unicode counts as letters, symbols or marks, beside those of its category Cf."""

SIGNS = {
    **dict.fromkeys("“”„‟«»", '"'),
    **dict.fromkeys("‘’‚‛", "'"),
    **dict.fromkeys("−–—‐‑‒", "-"),
    **dict.fromkeys("、،", ","),
    **dict.fromkeys("│┃║¦┆┊", "|"),
    "؛": ";",
    "⋮": "...",
    "⋯": "...",
    "…": "...",
}
COMMENTS = re.compile(
    r"/\*.*?(?:\*/|\Z)|<!--.*?(?:-->|\Z)|(?:#(?![A-ZÀ-Ü/0]+[!?]|N/[AD]|NV)|//|%(?=\s|[A-Za-z%]|$)).*?$",
    re.DOTALL | re.MULTILINE,
)
"""Not the errors of a spreadsheet, such as #N/A and #DIV/0!."""

BULLETS = re.compile(r"\A\s*(?:[-*•]\s+)+")
LABEL = re.compile(r"\A\s*[\"']?([A-Za-z_][\w.]*(?:\[\d+\])?)[\"']?\s*[:=]\s*(?=[01\"'\\&$%])")
NAME = re.compile(r"\s*[A-Za-z_][\w\"'-]*:(?:\s+[^\s\[{-]\S*)?\s*|---\s*|\.\.\.\s*")


def cleaned(text: str) -> str:
    """The text in ASCII's digits and signs, line for line: line breaks of one kind, nothing that cannot be seen."""
    text = re.sub("[\x1c-\x1f]", " ", text.replace("\r\n", "\n").replace("\r", "\n"))  # blanks in Python alone
    return text if text.isascii() else "".join(map(_plain, text))


def without_comments(text: str) -> str:
    """The text with spaces for `# …`, `// …`, `% …`, `/* … */` and `<!-- … -->`, line for line."""
    return COMMENTS.sub(_blank, text)


def without_bullets(text: str) -> str:
    """The text of a list in YAML or Markdown without its dashes and names; any other as it is."""
    lines = text.split("\n")
    marked = [line for line in lines if line.strip() and not NAME.fullmatch(line)]
    if not marked or not all(BULLETS.match(line) for line in marked):
        return text
    return "\n".join("" if NAME.fullmatch(line) else BULLETS.sub("", line) for line in lines)


def without_names(text: str) -> str:
    """The text of a list of vectors that are called by one name, with their numbers: v1 = …, v2 = …; else as it is."""
    lines = text.split("\n")
    found = [LABEL.match(line) for line in lines if line.strip()]
    names = {re.sub(r"\d+", "", match[1]) for match in found if match}
    if len(found) < 2 or not all(found) or (len(names) > 1 and not all(len(name) == 1 for name in names)):
        return text
    return "\n".join(LABEL.sub("", line) for line in lines)


def _plain(character: str) -> str:
    code = ord(character)
    if code < 128:
        return character
    if 0xFF01 <= code <= 0xFF5E:  # full-width
        return chr(code - 0xFEE0)
    category = unicodedata.category(character)
    if category == "Cf" or code in INVISIBLE:
        return ""
    if category == "Zs" or character == "\x85":
        return " "
    if category == "Nd":
        return str(unicodedata.decimal(character))
    return SIGNS.get(character, character)


def _blank(comment: re.Match[str]) -> str:
    """Spaces for a comment; one that is not closed is left as it is, for whoever reads the bits to say so."""
    written = comment[0]
    is_open = (written.startswith("/*") and not written.endswith("*/")) or (
        written.startswith("<!--") and not written.endswith("-->")
    )
    return written if is_open else re.sub(r"[^\n]", " ", written)
