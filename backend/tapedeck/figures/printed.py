"""A drawing on paper: SVG and PNG by matplotlib, which needs no browser. The same drawing gives the same bytes."""

from __future__ import annotations

import math
import warnings
from io import BytesIO
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

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
    Scale,
    Span,
    Text,
)
from tapedeck.figures.palette import ERROR, LINE, PAPER, SOFT_INK

POINTS_PER_INCH = 72
LEAST_DPI = 400
"""Of a PNG: print quality. Finer where a cell would otherwise have no pixel of its own."""

SHADES = 256

SETTINGS: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana"],  # the first comes with matplotlib
    "svg.fonttype": "none",  # text stays text: it can be searched, read aloud and edited
    "svg.hashsalt": "tapedeck",  # instead of a random one
}

Point = tuple[float, float]
Line = tuple[Point, Point]


def svg(drawing: Drawing) -> bytes:
    """As SVG, with the drawing's metadata. Cells are the pixels of images inside, sharp at any size."""
    return _save(drawing, "svg", {**drawing.metadata, "Date": None})


def png(drawing: Drawing) -> bytes:
    """As PNG, with the drawing's metadata."""
    return _save(drawing, "png", {**drawing.metadata, "Software": None})


def _save(drawing: Drawing, form: str, metadata: dict[str, str | None]) -> bytes:
    out = BytesIO()
    with rc_context(SETTINGS), warnings.catch_warnings():
        # A checkpoint's name may be in a script that the font does not have; it is drawn as boxes.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = _figure(drawing)
        figure.savefig(out, format=form, dpi=_dpi(drawing), metadata=metadata)
    return out.getvalue()


def _dpi(drawing: Drawing) -> int:
    finest = min(size for panel in drawing.panels for size in panel.cell)
    return max(LEAST_DPI, math.ceil(POINTS_PER_INCH / finest))


def _figure(drawing: Drawing) -> Figure:
    size = (drawing.width / POINTS_PER_INCH, drawing.height / POINTS_PER_INCH)
    figure = Figure(figsize=size, facecolor=PAPER)
    for panel in drawing.panels:
        _draw_panel(_axes(figure, drawing, panel.box), panel)
    for bar in drawing.bars:
        _draw_bar(_axes(figure, drawing, bar.box), bar)
    for text in drawing.texts:
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


def _draw_panel(axes: Axes, panel: Panel) -> None:
    rows, columns = panel.values.shape
    axes.imshow(
        panel.values, cmap=_colours(panel.scale), vmin=0, vmax=panel.scale.high, interpolation="none", aspect="auto"
    )
    axes.set_xticks([tick.place for tick in panel.columns.ticks], [tick.text for tick in panel.columns.ticks])
    axes.set_yticks([tick.place for tick in panel.rows.ticks], [tick.text for tick in panel.rows.ticks])
    if panel.has_gaps:
        between = [((x - 0.5, -0.5), (x - 0.5, rows - 0.5)) for x in range(1, columns)]
        between += [((-0.5, y - 0.5), (columns - 0.5, y - 0.5)) for y in range(1, rows)]
        axes.add_collection(LineCollection(between, colors=panel.scale.gap, linewidths=GAP), autolim=False)
    crosses = [line for cell in panel.errors for line in _cross(cell, panel)]
    for colour, width in ((PAPER, 1.3), (ERROR, 0.7)):
        axes.add_collection(LineCollection(crosses, colors=colour, linewidths=width), autolim=False)
    for span in panel.spans:
        _draw_bracket(axes, panel, span)


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
    high = bar.scale.high
    shades = np.linspace(0, high, SHADES)[:, np.newaxis]
    axes.imshow(
        shades,
        cmap=_colours(bar.scale),
        vmin=0,
        vmax=high,
        extent=(0, 1, 0, high),
        origin="lower",
        interpolation="none",
        aspect="auto",
    )
    axes.yaxis.tick_right()
    axes.set_yticks(bar.ticks, [f"{tick:g}" for tick in bar.ticks])


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


def _colours(scale: Scale) -> LinearSegmentedColormap:
    return LinearSegmentedColormap.from_list(scale.name, scale.colours)
