"""The browser modules that show a run, for the page and for the run card; they know the service by its contract alone.

    contract/  what the service sends, and the stream that it comes by
    tracefile/ reading a run from a file, docs/trace-format.md
    model/     a run without a document: trace, memory, cursor, numbers, provenance, words
    draw/      canvases, scales, colours, what lies over a plot
    views/     the tape's panels, memory, inspector, origins, readouts, tables
    player/    clock, keys, transport, and a tape for any page
    style/     how all of it looks

They import one another by relative paths; the page's and the run card's import them as `#viewer/…`, which package.json
says to Node and tsc. For a browser `bundle.py` makes one script of what belongs together.
"""

from __future__ import annotations

from pathlib import Path

__version__ = "1"

FOLDER = Path(__file__).parent

STYLES = ("colours", "tokens", "heads", "inspector", "origins", "bar", "player", "tape")


def modules() -> list[str]:
    """Every browser module, by its path from the folder."""
    return sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.mjs"))


def served() -> list[str]:
    """All that the modules import: themselves, and the tables that they share with Python."""
    tables = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.json"))
    return [*modules(), *tables]


def styles() -> list[str]:
    """The style sheets of the tape, in the order in which they count."""
    return [f"style/{name}.css" for name in STYLES]
