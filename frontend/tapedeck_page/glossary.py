"""Every technical word of the page, in a sentence or two for a student; the symbols are those of the paper.

How things are counted is said there, in the README and nowhere else. The browser modules read the same file.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from tapedeck_viewer import FOLDER


class Entry(NamedTuple):
    """What a word means, and its symbol in the equations (empty for none)."""

    symbol: str
    meaning: str


GLOSSARY = {
    word: Entry(**entry) for word, entry in json.loads((FOLDER / "glossary.json").read_text(encoding="utf-8")).items()
}
