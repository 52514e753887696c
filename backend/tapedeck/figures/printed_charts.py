"""A chart on paper, by matplotlib."""

from __future__ import annotations

from matplotlib.axes import Axes

from tapedeck.figures.charts import BAND, LINE_WIDTH, RING, Chart, Line
from tapedeck.figures.drawing import GAP
from tapedeck.figures.palette import LINE, PAPER

RULE = 0.5
"""How strong the rules are: behind the lines."""


def draw_chart(axes: Axes, chart: Chart) -> None:
    """Its lines, with a fine rule at each mark of the vertical axis."""
    for axis, scale, limit in ((chart.x, axes.set_xscale, axes.set_xlim), (chart.y, axes.set_yscale, axes.set_ylim)):
        scale("log" if axis.logarithmic else "linear")
        limit(axis.low, axis.high)
    axes.minorticks_off()
    axes.set_xticks([value for value, _ in chart.x.ticks], [text for _, text in chart.x.ticks])
    axes.set_yticks([value for value, _ in chart.y.ticks], [text for _, text in chart.y.ticks])
    for value, _ in chart.y.ticks:
        axes.axhline(value, color=LINE, linewidth=GAP, alpha=RULE, clip_on=False)
    for line in chart.lines:
        _draw_line(axes, line)


def _draw_line(axes: Axes, line: Line) -> None:
    dashes = tuple(length / LINE_WIDTH for length in line.dashes)  # matplotlib counts them in widths of the line
    style = (0, dashes) if dashes else "solid"
    if line.band:
        low, high = line.band
        axes.fill_between(line.x, low, high, color=line.colour, alpha=BAND, linewidth=0)
    axes.plot(line.x, line.y, color=line.colour, linewidth=LINE_WIDTH, linestyle=style, solid_joinstyle="round")
    for x, y in line.marked:
        axes.plot([x], [y], "o", markersize=RING, color=PAPER, markeredgecolor=line.colour, markeredgewidth=LINE_WIDTH)
