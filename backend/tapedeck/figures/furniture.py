"""What stands around the panels of every figure: the heading above, the colour bars beside, the caption below."""

from __future__ import annotations

from collections.abc import Iterator

from tapedeck.figures import words
from tapedeck.figures.drawing import Box, ColourBar, Scale, Style, Text
from tapedeck.figures.palette import INK, SOFT_INK
from tapedeck.tracing.export import Document

HEADING_HEIGHT = 40.0
CAPTION_HEIGHT = 30.0
TIME_AXIS_HEIGHT = 32.0
"""Of a horizontal axis with its marks and its name."""

_BAR_OFFSET, _BAR_WIDTH = 10.0, 6.0
_BAR_NAME_OFFSET = 38.0
_TIME_TITLE_OFFSET = 19.0
_CAPTION_LINE = 9.5
_ROW_TITLE_OFFSET = 8.0


def heading(title: str, explanation: str, left: float) -> Iterator[Text]:
    """What the figure shows, and one sentence on how to read it, from the upper edge on."""
    yield Text(left, 14, title, Style.TITLE, INK)
    yield Text(left, 28, explanation, Style.BODY, SOFT_INK)


def colour_bar(box: Box, scale: Scale) -> tuple[ColourBar, Text]:
    """A bar as high as a panel, to its right, and the name of its scale."""
    bar = ColourBar(Box(box.right + _BAR_OFFSET, box.top, _BAR_WIDTH, box.height), scale)
    return bar, side_title(box.right + _BAR_NAME_OFFSET, box, scale.name)


def side_title(x: float, box: Box, title: str) -> Text:
    """The name of a vertical axis, along it."""
    return Text(x, box.top + box.height / 2, title, Style.BODY, SOFT_INK, "center", turned=True)


def time_title(box: Box, title: str) -> Text:
    """The name of a horizontal axis, below its marks."""
    return Text(box.left + box.width / 2, box.bottom + _TIME_TITLE_OFFSET, title, Style.BODY, SOFT_INK, "center")


def row_title(left: float, box: Box, title: str) -> Text:
    """The name of a whole panel, to the left of it."""
    return Text(left - _ROW_TITLE_OFFSET, box.top + box.height / 2, title, Style.BODY, INK, "right")


def caption(
    checkpoint: Document, memory_size: tuple[int, int], seed: int | None, top: float, left: float
) -> Iterator[Text]:
    """Which machine ran on what, and the hash of the machine's file; no seed if the bits were given."""
    memory = f"{memory_size[0]:,} locations × {memory_size[1]}"
    random = "" if seed is None else f" Random bits of seed {seed}."
    lines = (
        f"Machine: {words.machine(checkpoint)}. Memory: {memory}.{random}",
        f"SHA-256 of the machine’s file: {checkpoint['sha256']}",
    )
    for number, line in enumerate(lines):
        yield Text(left, top + (number + 0.5) * _CAPTION_LINE, line, Style.SMALL, SOFT_INK)
