"""The verification figure of a run as a file, part by part: a server may do something else between two of them."""

from __future__ import annotations

from collections.abc import Iterator

from tapedeck.dependencies import needed
from tapedeck.figures.memory import Limits, limits_in_parts
from tapedeck.figures.turns import in_turns
from tapedeck.figures.verification import verification
from tapedeck.figures.view import MEMORY, WHOLE, View
from tapedeck.tracing import Trace
from tapedeck.tracing.export import Document
from tapedeck.tracing.picture import Picture, assemble, patches

PRINTED = "tapedeck.figures.printed"
"""Imported when the first picture is wanted: it takes a second, most of it matplotlib's."""


def load() -> None:
    """Imports what draws, so that no picture waits for it later."""
    needed(PRINTED)


def svg_pieces(trace: Trace, checkpoint: Document, said: Document, view: View = WHOLE) -> Iterator[bytes]:
    """As SVG. What else is said of the run has no place in it."""
    yield from _pieces("svg", trace, checkpoint, said, view)


def png_pieces(trace: Trace, checkpoint: Document, said: Document, view: View = WHOLE) -> Iterator[bytes]:
    """As PNG, for print."""
    yield from _pieces("png", trace, checkpoint, said, view)


def _pieces(form: str, trace: Trace, checkpoint: Document, _: Document, view: View) -> Iterator[bytes]:
    found: Limits | None = None
    if view.step is not None and view.panel in (None, MEMORY):
        found = yield from in_turns(limits_in_parts(trace, view.locations(trace)))
    shares: Picture | None = None
    if head := view.origins_of:
        made = []
        for patch in patches(trace, head):
            made.append(patch)
            yield b""
        shares = assemble(made, trace.steps)
    drawing = verification(trace, checkpoint, None, view, found=found, shares=shares)
    yield b""
    yield from getattr(needed(PRINTED), f"{form}_pieces")(drawing)
