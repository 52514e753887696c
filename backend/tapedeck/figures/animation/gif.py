"""Frames as an animated GIF (GIF89a), piece by piece: the file begins before its last frame is drawn."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import GifImagePlugin, Image

from tapedeck.figures.animation import colours
from tapedeck.figures.animation.colours import Indices
from tapedeck.figures.animation.scene import Scene
from tapedeck.figures.memory import moments
from tapedeck.figures.turns import in_turns
from tapedeck.tracing import Trace
from tapedeck.tracing.export import Document

MOST_FRAMES = 500
"""A longer run leaves out steps at equal distances: its file would be too large to send."""

STEP_MS = 100
LAST_MS = 2000
"""How long the last step is shown before the animation starts again."""

KEEP = 1
"""What a frame leaves out stays as it was."""


def gif_pieces(trace: Trace, checkpoint: Document, said: Document) -> Iterator[bytes]:
    """The run as an animated GIF, a piece a frame. A GIF has no place for anything else about the run."""
    scene = yield from in_turns(Scene.of(trace, checkpoint))
    height, width = scene.ground.shape
    yield _head(width, height, f"Tapedeck: {checkpoint['id']}, sha256 {checkpoint['sha256']}")
    before: Indices | None = None
    for moment in moments(trace, scene.rows, _steps(trace)):
        frame = scene.frame(moment)
        yield _frame(frame, before, LAST_MS if moment.step == trace.steps - 1 else STEP_MS)
        before = frame
    yield b";"


def frame_count(trace: Trace) -> int:
    """How many frames the animation has."""
    return len(_steps(trace))


def _steps(trace: Trace) -> list[int]:
    """Those that are shown, the first and the last among them."""
    shown: list[int] = np.linspace(0, trace.steps - 1, min(trace.steps, MOST_FRAMES)).round().astype(int).tolist()
    return shown


def _head(width: int, height: int, comment: str) -> bytes:
    """The screen, the palette, endless repetition, and a comment."""
    said = comment.encode("ascii", "replace")[:255]
    return b"".join(
        [
            b"GIF89a" + struct.pack("<HHBBB", width, height, 0xF7, colours.WHITE, 0) + colours.PALETTE,
            b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00",
            b"!\xfe" + bytes([len(said)]) + said + b"\x00",
        ]
    )


def _frame(frame: Indices, before: Indices | None, milliseconds: int) -> bytes:
    """One frame: what has changed since the one before, within the smallest rectangle."""
    options: dict[str, Any] = {"duration": milliseconds, "disposal": KEEP, "transparency": colours.TRANSPARENT}
    if before is None:
        return b"".join(GifImagePlugin.getdata(_image(frame), **options))
    changed = frame != before
    rows, columns = (np.flatnonzero(changed.any(axis=axis)) for axis in (1, 0))
    if len(rows) == 0:  # a frame must hold something
        rows = columns = np.zeros(1, dtype=np.intp)
    where = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    delta = np.where(changed[where], frame[where], np.uint8(colours.TRANSPARENT))
    return b"".join(GifImagePlugin.getdata(_image(delta), (int(columns[0]), int(rows[0])), **options))


def _image(indices: Indices) -> Image.Image:
    image = Image.fromarray(indices)
    image.putpalette(colours.PALETTE)
    return image
