"""The chart in the README, made of docs/benchmarks/latest.json: `python -m tests.bench.chart`.

How many times as fast as plain torch each engine takes a step, on a logarithmic scale; the colours follow the reader's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from math import log10
from pathlib import Path
from typing import Any

from tests.bench.table import shown

PLACE = Path(__file__).parents[2] / "docs/benchmarks/latest.json"
WIDTH, LEFT, RIGHT, LINE, TOP = 760, 330, 90, 26, 40
PLAIN = "plain torch"
LOOK = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 } .bar { fill: #4269a5 } .plain { fill: #9aa4b2 }
.quiet { fill: #59636e } @media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .bar { fill: #7aa2e3 } .plain { fill: #6b7685 } .quiet { fill: #9198a1 } }"""


def drawn(found: Mapping[str, Any]) -> str:
    """The SVG of the rows that are microseconds of a step."""
    rows = [each for each in found["rows"] if each["unit"].startswith("µs") and each["against"] in (None, PLAIN)]
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


if __name__ == "__main__":
    PLACE.with_suffix(".svg").write_text(drawn(json.loads(PLACE.read_text(encoding="utf-8"))), encoding="utf-8")
