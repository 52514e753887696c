"""A drawing on paper: SVG and PNG by matplotlib, which needs no browser. The same drawing gives the same bytes.

Both are made part by part, a panel or some rows of pixels at a time, so that a server may do something else between.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO, StringIO
from threading import Lock
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from tapedeck.figures.cells import POINTS_PER_INCH, coloured_in_parts, colours, on_pixels, painted_in_parts
from tapedeck.figures.drawing import (
    BRACKET_FOOT,
    BRACKET_NAME,
    BRACKET_TOP,
    GAP,
    TICK_LENGTH,
    TICK_SIZE,
    Box,
    Cell,
    ColourBar,
    Drawing,
    Panel,
    Span,
    Text,
    number,
)
from tapedeck.figures.packing import Pixels, packed
from tapedeck.figures.palette import ERROR, INK, LINE, PAPER, SOFT_INK
from tapedeck.figures.printed_charts import draw_chart
from tapedeck.figures.turns import in_turns

LEAST_DPI = 400
"""Of a PNG: print quality. Finer where a cell would otherwise have no pixel of its own, as far as MOST_PIXELS go."""

MOST_PIXELS = 32_000_000
"""Of a PNG. Cells that then share a pixel show the one that is farthest from 0."""

SHADES = 256
CURSOR_WIDTHS = (2.4, 1.2)
"""Of the line at a step: its white edge, and its ink."""

SETTINGS: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana"],  # the first comes with matplotlib
    "svg.fonttype": "none",  # text stays text: it can be searched, read aloud and edited
    "svg.hashsalt": "tapedeck",  # instead of a random one
    "pdf.fonttype": 42,  # TrueType: letters that every program can read back
}

Point = tuple[float, float]
Line = tuple[Point, Point]

_LOCK = Lock()
"""The settings are the whole process's while a part is drawn."""


def svg(drawing: Drawing) -> bytes:
    """As SVG, with the drawing's metadata. Cells are the pixels of images inside, sharp at any size."""
    return b"".join(svg_pieces(drawing))


def png(drawing: Drawing) -> bytes:
    """As PNG, with the drawing's metadata."""
    return b"".join(png_pieces(drawing))


def pdf(drawing: Drawing) -> bytes:
    """As PDF, with the drawing's metadata, and text that can be searched."""
    return b"".join(pdf_pieces(drawing))


def pdf_pieces(drawing: Drawing) -> Iterator[bytes]:
    """The same, in two parts: the figure, and the file, which matplotlib writes as one."""
    figure = yield from _built(drawing, None)
    known = {"Title": "Title", "Description": "Subject", "Creator": "Creator", "Identifier": "Keywords"}
    metadata: dict[str, Any] = {known[name]: each for name, each in drawing.metadata.items() if name in known}
    out = BytesIO()
    with _drawing():
        figure.savefig(out, format="pdf", metadata={**metadata, "CreationDate": None})
    yield out.getvalue()


def svg_pieces(drawing: Drawing) -> Iterator[bytes]:
    """The same, a part of the figure at a time."""
    figure = yield from _built(drawing, None)
    out = StringIO()
    with _drawing():
        metadata: dict[str, Any] = {**drawing.metadata, "Date": None}
        inner = RendererSVG(  # type: ignore[no-untyped-call]
            drawing.width, drawing.height, out, image_dpi=POINTS_PER_INCH, metadata=metadata
        )
        inches = figure.get_size_inches()
        renderer = MixedModeRenderer(  # type: ignore[no-untyped-call]
            figure, inches[0], inches[1], POINTS_PER_INCH, inner
        )
        renderer.open_group("figure", gid="figure_1")
    for part in _parts(figure):
        with _drawing():
            part.draw(renderer)  # type: ignore[arg-type]  # stands for one
        yield _taken(out)
    with _drawing():
        renderer.close_group("figure")
        renderer.finalize()
    yield _taken(out)


def png_pieces(drawing: Drawing) -> Iterator[bytes]:
    """The same, drawn a part of the figure and packed some rows of pixels at a time."""
    dpi = _dpi(drawing)
    figure = yield from _built(drawing, dpi)
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    paper: Pixels = np.asarray(renderer.buffer_rgba())
    cells = dict(zip(figure.axes, drawing.panels, strict=False))  # bars and charts stand behind the panels
    for part in _parts(figure):
        if panel := cells.get(part):  # type: ignore[call-overload]
            yield from in_turns(painted_in_parts(paper, panel.box, dpi, panel.values, panel.scale))
        with _drawing():
            part.draw(renderer)
        yield b""
    yield from packed(paper[..., :3], dpi, drawing.metadata)


@contextmanager
def _drawing() -> Iterator[None]:
    with _LOCK, rc_context(SETTINGS), warnings.catch_warnings():
        # A checkpoint's name may be in a script that the font does not have; it is drawn as boxes.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def _parts(figure: Figure) -> list[Artist]:
    """What stands on the paper, from below."""
    return [figure.patch, *figure.axes, *figure.texts]


def _taken(out: StringIO) -> bytes:
    written = out.getvalue().encode()
    out.seek(0)
    out.truncate()
    return written


def _dpi(drawing: Drawing) -> int:
    finest = min((size for panel in drawing.panels for size in panel.cell), default=math.inf)
    wanted = max(LEAST_DPI, math.ceil(POINTS_PER_INCH / finest))
    most = POINTS_PER_INCH * math.sqrt(MOST_PIXELS / (drawing.width * drawing.height))
    return min(wanted, int(most))


def _built(drawing: Drawing, dpi: int | None) -> Generator[bytes, None, Figure]:
    """The figure, of which nothing is drawn yet; an empty piece after each part. No dpi for what has no pixels; what
    has is painted later, see `png_pieces`.
    """
    size = (drawing.width / POINTS_PER_INCH, drawing.height / POINTS_PER_INCH)
    figure = Figure(figsize=size, facecolor=PAPER, dpi=dpi or POINTS_PER_INCH)
    for panel in drawing.panels:
        shades = None if dpi else (yield from in_turns(coloured_in_parts(panel.values, panel.scale)))
        with _drawing():
            _draw_panel(_axes(figure, drawing, on_pixels(panel.box, dpi) if dpi else panel.box), panel, shades)
        yield b""
    for bar in drawing.bars:
        with _drawing():
            _draw_bar(_axes(figure, drawing, bar.box), bar)
        yield b""
    for chart in drawing.charts:
        with _drawing():
            draw_chart(_axes(figure, drawing, chart.box), chart)
        yield b""
    for text in drawing.texts:
        with _drawing():
            _write(figure, drawing, text)
    return figure


def _axes(figure: Figure, drawing: Drawing, box: Box) -> Axes:
    """Axes at a place, without a frame and without marks."""
    left, bottom = box.left / drawing.width, 1 - box.bottom / drawing.height
    axes = figure.add_axes((left, bottom, box.width / drawing.width, box.height / drawing.height))
    axes.set_frame_on(False)
    axes.tick_params(length=TICK_LENGTH, width=0.5, pad=2, color=LINE, labelcolor=SOFT_INK, labelsize=TICK_SIZE)
    axes.set_xticks([])
    axes.set_yticks([])
    return axes


def _draw_panel(axes: Axes, panel: Panel, shades: Pixels | None) -> None:
    """With its cells, where they are known; else only what stands over them."""
    rows, columns = panel.values.shape
    edges = (-0.5, columns - 0.5, rows - 0.5, -0.5)
    if shades is not None:
        axes.imshow(shades, extent=edges, interpolation="none", aspect="auto")
    axes.set_xlim(*edges[:2])
    axes.set_ylim(*edges[2:])
    axes.set_xticks([tick.place for tick in panel.columns.ticks], [tick.text for tick in panel.columns.ticks])
    axes.set_yticks([tick.place for tick in panel.rows.ticks], [tick.text for tick in panel.rows.ticks])
    if panel.has_gaps:
        between = [((x - 0.5, -0.5), (x - 0.5, rows - 0.5)) for x in range(1, columns)]
        between += [((-0.5, y - 0.5), (columns - 0.5, y - 0.5)) for y in range(1, rows)]
        axes.add_patch(_as_one(between, panel.scale.gap, GAP))
    crosses = [line for cell in panel.errors for line in _cross(cell, panel)]
    for colour, width in ((PAPER, 1.3), (ERROR, 0.7)):
        axes.add_patch(_as_one(crosses, colour, width))
    if panel.cursor is not None:
        for colour, width in zip((PAPER, INK), CURSOR_WIDTHS, strict=True):
            axes.plot([panel.cursor] * 2, (-0.5, rows - 0.5), color=colour, linewidth=width, scalex=False, scaley=False)
    for span in panel.spans:
        _draw_bracket(axes, panel, span)


def _as_one(lines: Sequence[Line], colour: str, width: float) -> PathPatch:
    """Lines as one path: in an SVG each path of its own would repeat how all of them are drawn."""
    corners = [point for line in lines for point in line]
    codes = [Path.MOVETO, Path.LINETO] * len(lines)
    path = Path(np.reshape(corners, (-1, 2)), codes)
    return PathPatch(path, fill=False, edgecolor=colour, linewidth=width, capstyle="butt")


def _cross(cell: Cell, panel: Panel) -> tuple[Line, Line]:
    """✕ in the middle of a cell, in rows and columns."""
    width, height = panel.cell
    x, y = cell.column, cell.row
    dx, dy = (panel.cross / 2 / size for size in (width, height))
    return ((x - dx, y - dy), (x + dx, y + dy)), ((x - dx, y + dy), (x + dx, y - dy))


def _draw_bracket(axes: Axes, panel: Panel, span: Span) -> None:
    """Over some columns, with its name on it."""
    foot, top, name = (-0.5 - above / panel.cell[1] for above in (BRACKET_FOOT, BRACKET_TOP, BRACKET_NAME))
    left, right = span.start - 0.5, span.stop - 0.5
    axes.plot(
        (left, left, right, right),
        (foot, top, top, foot),
        color=LINE,
        linewidth=0.5,
        clip_on=False,
        scalex=False,
        scaley=False,
    )
    axes.text((left + right) / 2, name, span.name, fontsize=TICK_SIZE, color=SOFT_INK, ha="center", va="center")


def _draw_bar(axes: Axes, bar: ColourBar) -> None:
    low, high = bar.scale.low, bar.scale.high
    shades = np.linspace(low, high, SHADES)[:, np.newaxis]
    axes.imshow(
        shades,
        cmap=colours(bar.scale),
        vmin=low,
        vmax=high,
        extent=(0, 1, low, high),
        origin="lower",
        interpolation="none",
        aspect="auto",
    )
    axes.yaxis.tick_right()
    axes.set_yticks(bar.ticks, [number(tick) for tick in bar.ticks])


def _write(figure: Figure, drawing: Drawing, text: Text) -> None:
    figure.text(
        text.x / drawing.width,
        1 - text.y / drawing.height,
        text.text,
        fontsize=text.style.size,
        fontweight="bold" if text.style.bold else "normal",
        color=text.colour,
        horizontalalignment=text.align,
        verticalalignment="center",
        rotation=90 if text.turned else 0,
        rotation_mode="anchor",  # which SVG knows as well
        parse_math=False,
    )
