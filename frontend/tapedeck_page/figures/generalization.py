"""Bit error rate against size: the frame that the browser fills with a line, or a map, for each machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go

from tapedeck_viewer.appearance import APPEARANCE

WRONG_BITS: Mapping[str, Any] = {"title": "bit error rate", "chance": 0.5, "foretold": False}
"""The measure of a task that names none."""
USUAL_EXCESS = 0.06
"""How far above the optimum an axis reaches at first."""
MARGIN = 1.06
COLOURS: list[str] = APPEARANCE["lines"]
"""One a machine, told apart by their dashes too; each has a contrast of 3 : 1 on the page's ground in both themes."""
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")

LINE_HEIGHT = 16
"""Of a label above the figure, in pixels."""
HEIGHT = 440
GAP = 0.08
"""Between two maps, as a share of the figure's width."""

GRID = "rgba(128,128,128,0.2)"


@dataclass(frozen=True, slots=True)
class Axis:
    """A size of a task.

    Attributes:
        name: the contract's.
        title: for people.
        values: that are evaluated, in order.
        needs: (a, b) where an exact answer to a size s takes a + b · s locations; None where that depends on more.
    """

    name: str
    title: str
    values: Sequence[int]
    needs: tuple[int, int] | None = None

    def held(self, locations: int) -> int | None:
        """The greatest that so many locations hold."""
        return (locations - self.needs[0]) // self.needs[1] if self.needs else None

    def held_label(self, locations: int) -> str:
        """“N − 2 = 126”, “N / 3 = 42”."""
        before, each = self.needs or (0, 1)
        room = f"N − {before}" if before else "N"
        shared = room if each == 1 else f"({room}) / {each}" if before else f"{room} / {each}"
        return f"{shared} = {self.held(locations):,}"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is known of a machine before it is evaluated.

    Attributes:
        name: of the machine.
        locations: N of its runs.
        trained: the greatest sizes of its training, by name; those that are known.
    """

    name: str
    locations: int
    trained: Mapping[str, int] = field(default_factory=dict)


def frame(machines: Sequence[Bounds], axes: Sequence[Axis], measure: Mapping[str, Any] = WRONG_BITS) -> go.Figure:
    """An empty figure with its axes, what the machines were trained to and what their memories hold.

    Where machines differ, each label says whose it is.

    Args:
        machines: that are evaluated, none if none is chosen.
        axes: of one size, the lines' one axis, which has room for what a memory holds, too, unless that is far away; of
            two sizes, both axes of a map for each machine.
        measure: of the task, as the service describes it.
    """
    return _lines(machines, axes[0], measure) if len(axes) == 1 else _maps(machines, axes[0], axes[1])


def _lines(machines: Sequence[Bounds], axis: Axis, measure: Mapping[str, Any]) -> go.Figure:
    figure = go.Figure()
    longest = max(axis.values)
    trained = _owners({each.name: each.trained.get(axis.name) for each in machines})
    holds = _owners({each.name: axis.held(each.locations) for each in machines})
    near = [size for size in holds if 2 * longest >= size]
    end = MARGIN * max(longest, *near, *trained) if near or trained else MARGIN * longest
    for line, (size, names) in enumerate(trained.items()):
        figure.add_vrect(x0=0, x1=size, fillcolor="rgba(128,128,128,0.14)", line_width=0)
        _label(figure, 0, line, "left", _whose(f"trained to {size:,}", names, machines))
    locations = {axis.held(each.locations): each.locations for each in machines}
    for line, (size, names) in enumerate(holds.items()):
        figure.add_vline(x=size, line={"dash": "dot", "width": 1})
        left = 2 * size < end  # beside the labels of the training, which begin at 0
        above = line + (len(trained) if left else 0)
        said = _whose(axis.held_label(locations[size]), names, machines)
        _label(figure, size, above, "left" if left else "right", said)
    lines = len(trained) + len(holds)
    figure.update_layout(
        **_look(lines),
        colorway=list(COLOURS),
        hovermode="closest",
        showlegend=True,
        legend={"orientation": "h", "y": -0.16},
        uirevision=f"{axis.name} {longest} {[*trained, *holds]}",
        xaxis={**_axis(axis.title), "range": [0, end]},
        yaxis={
            **_axis(measure["title"]),
            "range": [-0.01, USUAL_EXCESS if measure["chance"] is None else measure["chance"] + 0.06],
            **({"tickformat": "+.0%"} if measure["foretold"] else {}),
        },
    )
    return figure


def _maps(machines: Sequence[Bounds], across: Axis, up: Axis) -> go.Figure:
    """A map beside another; its cells are as large whatever sizes they stand for."""
    figure = go.Figure()
    count = max(1, len(machines))
    width = (1 - GAP * (count - 1)) / count
    layout: dict[str, Any] = {}
    for at, each in enumerate(machines):
        number = "" if at == 0 else str(at + 1)
        left = at * (width + GAP)
        layout[f"xaxis{number}"] = {
            **_axis(across.title),
            **_categories(across),
            "domain": [left, left + width],
            "anchor": f"y{number}",
        }
        layout[f"yaxis{number}"] = {**_axis(up.title if at == 0 else ""), **_categories(up), "anchor": f"x{number}"}
        sizes = {axis.name: each.trained.get(axis.name) for axis in (across, up)}
        known = [f"{size:,}" for size in sizes.values() if size]
        said = f"{each.name}, trained to {' × '.join(known)}" if known else each.name
        _label(figure, left, 0, "left", said, xref="paper")
        if all(sizes.values()):
            corner = [_cells_within(axis, sizes[axis.name]) - 0.5 for axis in (across, up)]
            line = {"dash": "dot", "width": 1}
            where = {"xref": f"x{number}", "yref": f"y{number}"}
            figure.add_shape(type="rect", x0=-0.5, y0=-0.5, x1=corner[0], y1=corner[1], line=line, **where)
    figure.update_layout(**_look(1), **layout, uirevision=f"{[*across.values]} {[*up.values]} {count}")
    return figure


def _look(lines: int) -> dict[str, Any]:
    return {
        "margin": {"l": 56, "r": 16, "t": 16 + LINE_HEIGHT * max(1, lines), "b": 48},
        "height": HEIGHT,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": "Inter, system-ui, sans-serif", "size": 13},
    }


def _axis(title: str) -> dict[str, Any]:
    return {"title": {"text": title, "font": {"size": 13}}, "gridcolor": GRID, "zeroline": False}


def _categories(axis: Axis) -> dict[str, Any]:
    values = [str(value) for value in axis.values]
    return {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": values,
        "range": [-0.5, len(values) - 0.5],
        "showgrid": False,
    }


def _cells_within(axis: Axis, trained: int | None) -> int:
    return sum(value <= (trained or 0) for value in axis.values)


def spread(least: int, most: int, count: int) -> list[int]:
    """Whole numbers from the least to the most, evenly spread, at most so many of them."""
    found = [least + round((most - least) * at / max(1, count - 1)) for at in range(count)]
    return [found[0], *(after for before, after in pairwise(found) if after > before)]


def _owners(sizes: Mapping[str, int | None]) -> dict[int, list[str]]:
    """The machines of each size, the smallest first."""
    known = sorted({size for size in sizes.values() if size is not None})
    return {size: [name for name, each in sizes.items() if each == size] for size in known}


def _whose(label: str, names: Sequence[str], machines: Sequence[Bounds]) -> str:
    return label if len(names) == len(machines) else f"{label} ({', '.join(names)})"


def _label(figure: go.Figure, x: float, line: int, anchor: str, text: str, *, xref: str = "x") -> None:
    figure.add_annotation(
        x=x,
        y=1,
        xref=xref,
        yref="paper",
        yshift=line * LINE_HEIGHT,
        text=text,
        showarrow=False,
        xanchor=anchor,
        yanchor="bottom",
    )
