"""All that is fast or slow here, in one table: `make bench`, or `python -m tests.bench [--write]`.

It takes some four minutes on two cores. With --write, docs/benchmarks/ has what was found, and the charts of it,
docs/benchmarks.md the profile.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench import chart, engine, load, opening, paint, profile, start, stream, training
from tests.bench.engine import Row
from tests.bench.table import document, printed

FOLDER = Path(__file__).parents[2] / "docs/benchmarks"
PAGE = FOLDER.with_suffix(".md")
LOADED_FOR = 20.0
"""Seconds of a class at work; `make load` has it for a minute."""

PARTS: dict[str, Callable[[], Sequence[Row]]] = {
    "start": start.measure,
    "page": lambda: [*opening.measure(), *paint.measure()],
    "run": engine.measure,
    "profile": profile.measure,
    "training": training.measure,
    "stream": stream.measure,
    "load": lambda: [*load.measure(seconds=LOADED_FOR), *load.measure_refusals()],
}


def main(arguments: Sequence[str]) -> None:
    found = {}
    for part, measure in PARTS.items():
        sys.stderr.write(f"{part} …\n")
        found[part] = measure()
    printed(found)
    if "--write" in arguments:
        FOLDER.mkdir(exist_ok=True)
        told = document(found)
        (FOLDER / "latest.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        chart.write(told, FOLDER)
        PAGE.write_text(profile.filled(PAGE.read_text(encoding="utf-8"), told), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
