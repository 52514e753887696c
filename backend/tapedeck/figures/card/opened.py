"""The card of a trace file: any machine's run as one page that plays offline, as far as the file has it."""

from __future__ import annotations

import html
from base64 import b64encode
from functools import cache
from string import Template

from tapedeck.figures.card.pieces import FOLDER, policy, style
from tapedeck.tracing.files import TraceFile
from tapedeck_viewer.bundle import bundle


def file_card(file: TraceFile, data: bytes) -> str:
    """The page.

    Args:
        file: what was read of it.
        data: its bytes, which the page opens as any trace file.
    """
    look, script = style(), opener()
    return Template((FOLDER / "opened.html").read_text(encoding="utf-8")).substitute(
        title=html.escape(title_of(file)),
        about=html.escape(about(file)),
        policy=policy(look, script),
        style=look,
        script=script,
        file=b64encode(data).decode(),
    )


def title_of(file: TraceFile) -> str:
    """What the run is called."""
    return file.meta.title or file.name


def about(file: TraceFile) -> str:
    """What it has, in a few words."""
    kinds = [head.kind for head in file.heads]
    heads = [
        f"{kinds.count(kind)} {kind} head{'s' * (kinds.count(kind) > 1)}" for kind in ("write", "read") if kind in kinds
    ]
    size = f"{file.locations:,} locations" + ("" if file.width is None else f" of {file.width:,}")
    return " · ".join([*heads, f"{file.steps:,} step{'s' * (file.steps > 1)}", size])


@cache
def opener() -> str:
    """The script: the viewer's modules that open a file and play it."""
    return bundle(FOLDER / "opened.mjs")
