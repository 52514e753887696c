"""Every way to draw a figure, by the suffix of its file. Importing this takes a second, most of it matplotlib's."""

from __future__ import annotations

from collections.abc import Callable

from tapedeck.figures.drawing import Drawing
from tapedeck.figures.interactive import html
from tapedeck.figures.printed import pdf, png, svg

RENDERERS: dict[str, Callable[[Drawing], bytes]] = {".svg": svg, ".pdf": pdf, ".png": png, ".html": html}
