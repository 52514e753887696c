"""The charts of docs/benchmarks.md, made of docs/benchmarks/latest.json: `python -m tests.bench.chart`.

What a step takes in each engine, on a logarithmic scale, which is in the README too; and, linear, what a run costs over
its steps T and a step over its locations N. The colours follow the reader's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from math import log10
from pathlib import Path
from typing import Any

from tests.bench.table import shown

PLACE = Path(__file__).parents[2] / "docs/benchmarks/latest.json"
WIDTH, LEFT, RIGHT, LINE, TOP = 760, 330, 90, 26, 40
ROOM = 40
"""For the numbers of a point beside those of the one before."""
PLAIN = "plain torch"
SCALED = re.compile(r"^a compiled step of copy-1, T = ([\d,]+), N = ([\d,]+)$")
STEPS, LOCATIONS = 200, 128
"""What stays the same while the other grows, see `tests.bench.engine`."""
LOOK = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 } .bar { fill: #4269a5 } .plain { fill: #9aa4b2 }
.quiet { fill: #59636e } .axis { stroke: #9aa4b2; fill: none } .line { stroke: #4269a5; fill: none; stroke-width: 2 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .bar { fill: #7aa2e3 } .plain { fill: #6b7685 }
.quiet { fill: #9198a1 } .axis { stroke: #6b7685 } .line { stroke: #7aa2e3 } }"""


def drawn(found: Mapping[str, Any]) -> str:
    """The SVG of the rows that are microseconds of a step."""
    steps = [each for each in found["rows"] if each["part"] == "run" and each["unit"].startswith("µs")]
    rows = [each for each in steps if each["against"] in (None, PLAIN)]
    most = max((each["median"] for each in rows), default=1.0)
    scale = (WIDTH - LEFT - RIGHT) / max(log10(most), 1e-9)
    height = TOP + LINE * len(rows) + 10
    label = "Microseconds of a step, by engine"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{label}">'
    title = '<text x="0" y="18">Microseconds of a step, everything recorded, one core; logarithmic</text>'
    parts = [head, f"<style>{LOOK}</style>", title]
    for place, each in enumerate(rows):
        y = TOP + LINE * place
        long = max(2.0, scale * log10(max(each["median"], 1.0)))
        look = "plain" if each["ratio"] is None else "bar"
        faster = "" if each["ratio"] is None else f", {each['ratio']:.1f} ×"
        parts += [
            f'<text x="{LEFT - 8}" y="{y + 14}" text-anchor="end">{escape(each["name"])}</text>',
            f'<rect class="{look}" x="{LEFT}" y="{y + 2}" width="{long:.1f}" height="16" rx="2"/>',
            f'<text class="quiet" x="{LEFT + long + 6:.1f}" y="{y + 14}">{shown(each["median"])}{faster}</text>',
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"


def costs(found: Mapping[str, Any]) -> str:
    """The SVG of a run's milliseconds over T, and of a step's microseconds over N."""
    matches = [(SCALED.search(each["name"]), each["median"]) for each in found["rows"]]
    taken = [(*(int(size.replace(",", "")) for size in match.groups()), median) for match, median in matches if match]
    over_steps = sorted((steps, steps * median / 1000) for steps, locations, median in taken if locations == LOCATIONS)
    over_locations = sorted((locations, median) for steps, locations, median in taken if steps == STEPS)
    label = "The cost of a run over its steps, and of a step over its locations"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} 280" role="img" aria-label="{label}">'
    left = _panel(0, f"ms of a run of copy-1 over its steps T, N = {LOCATIONS}", over_steps)
    right = _panel(WIDTH // 2, f"µs of a step over locations N, T = {STEPS}", over_locations)
    return "\n".join([head, f"<style>{LOOK}</style>", *left, *right, "</svg>"]) + "\n"


def _panel(left: int, title: str, points: Sequence[tuple[int, float]]) -> list[str]:
    """One curve, on axes that begin at 0, each point with its number where there is room."""
    long, high = (max((point[place] for point in points), default=1) for place in (0, 1))
    width, height, top = WIDTH // 2 - 90, 190, 50
    scaled = [(left + 30 + width * x / long, top + height * (1 - y / high)) for x, y in points]
    parts = [
        f'<text x="{left}" y="18">{escape(title)}</text>',
        f'<path class="axis" d="M{left + 30} {top - 10}V{top + height}H{left + 40 + width}"/>',
        f'<polyline class="line" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in scaled)}"/>',
    ]
    last = float(left)
    for (size, value), (x, y) in zip(points, scaled, strict=True):
        parts.append(f'<circle class="bar" cx="{x:.1f}" cy="{y:.1f}" r="4"/>')
        if x - last < ROOM:
            continue
        last = x
        parts += [
            f'<text class="quiet" x="{x:.1f}" y="{y - 8:.1f}" text-anchor="end">{shown(value)}</text>',
            f'<text class="quiet" x="{x:.1f}" y="{top + height + 18}" text-anchor="middle">{size:,}</text>',
        ]
    return parts


def write(found: Mapping[str, Any], folder: Path) -> None:
    """Both, beside the figures that they are made of."""
    for name, draw in (("latest.svg", drawn), ("costs.svg", costs)):
        (folder / name).write_text(draw(found), encoding="utf-8")


if __name__ == "__main__":
    write(json.loads(PLACE.read_text(encoding="utf-8")), PLACE.parent)
