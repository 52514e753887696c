"""A run card, part by part, so that a server may do something else between two of them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from string import Template

import orjson

from tapedeck.figures.card import markup
from tapedeck.figures.card.numbers import Numbers
from tapedeck.tracing import Trace
from tapedeck.tracing.export import Document
from tapedeck_viewer import FOLDER as VIEWER
from tapedeck_viewer.appearance import style_sheet
from tapedeck_viewer.bundle import bundle

FOLDER = Path(__file__).parent

STYLES = ("tokens", "heads", "bar", "player", "tape")
"""Of the viewer, those that a card shows something of."""

DARK = "@media screen and (prefers-color-scheme: dark)"
"""On paper a card is always light."""


def card_pieces(trace: Trace, checkpoint: Document, said: Document) -> Iterator[bytes]:
    """The run as one HTML file that plays without a network: the page, every step's numbers, the player.

    Of what else is said of the run, its `diagnosis` stands on it.
    """
    numbers = Numbers.of(trace)
    look, script = style(), player()
    yield b""
    page = Template(_read(FOLDER / "page.html")).substitute(
        markup.page(trace, checkpoint, said, numbers),
        policy=policy(look, script),
        style=look,
        about=_inline_json(numbers.about(checkpoint, said)),
    )
    yield page.rstrip("\n").encode()
    yield from numbers.packed()
    yield f'</script>\n<script type="module">{script}</script>\n</body>\n</html>\n'.encode()


@cache
def player() -> str:
    """The script: the viewer's modules that a card needs, and what puts them together."""
    return bundle(FOLDER / "card.mjs")


def policy(look: str, script: str) -> str:
    """What the browser may carry out and show: these two and nothing else, and no request to anyone."""
    allowed = (f"'sha256-{b64encode(sha256(each.encode()).digest()).decode()}'" for each in (look, script))
    return "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'".format(*allowed)


def _inline_json(document: Document) -> str:
    """JSON that can stand within a script element: no < is left that could end it."""
    return orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY).decode().replace("<", "\\u003c")


@cache
def style() -> str:
    """The colours, what the page's tape looks like, and what a card has beside it."""
    shared = (VIEWER / f"style/{name}.css" for name in STYLES)
    return style_sheet(DARK) + "".join(map(_read, (*shared, FOLDER / "card.css")))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
