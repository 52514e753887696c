"""The one table of the benchmarks, printed, and as JSON with the facts of the machine that they ran on."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.engine import Row
from tests.browser.chromium import installed_browser

WIDTH = 120
LIBRARIES = ("torch", "numpy", "numba", "fastapi", "uvicorn", "dash")


def row(name: str, values: Sequence[float], unit: str, to_reach: str | None = None) -> Row:
    """Of these rounds; the spread is that of their middle half, as everywhere in the table."""
    low, _, high = quantiles(values, n=4) if len(values) > 1 else (values[0],) * 3
    return Row(name, median(values), high - low, unit, to_reach=to_reach)


def printed(found: Mapping[str, Sequence[Row]]) -> None:
    """All parts, one after another."""
    table = Table("part", "what", "median", "spread", "times as fast", "to reach")
    for part, rows in found.items():
        for each in rows:
            faster = "" if each.ratio is None else f"{each.ratio:.1f} × {each.against}"
            told = (f"{shown(each.median)} {each.unit}", shown(each.spread), faster, each.to_reach or "")
            table.add_row(part, each.name, *told)
        table.add_section()
    Console(width=WIDTH).print(table)


def document(found: Mapping[str, Sequence[Row]]) -> dict[str, Any]:
    """As JSON: nothing in it says whose machine it was."""
    rows = [{"part": part, **_plain(each)} for part, several in found.items() for each in several]
    return {"machine": facts(), "rows": rows}


def facts() -> dict[str, Any]:
    """The processor, how many cores may be used, the memory, and the versions of what computes and of what paints."""
    return {
        "processor": _told("/proc/cpuinfo", "model name") or platform.machine(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory": _told("/proc/meminfo", "MemTotal"),
        "system": f"{platform.system()} {platform.machine()}",
        "load before": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        **{name: _version(name) for name in LIBRARIES},
        "browser": subprocess.run(
            [installed_browser(), "--version"], capture_output=True, text=True, check=True
        ).stdout.strip(),
    }


def _plain(found: Row) -> dict[str, Any]:
    return {name: float(f"{each:.4g}") if isinstance(each, float) else each for name, each in found._asdict().items()}


def _told(file: str, name: str) -> str | None:
    path = Path(file)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), None)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def shown(value: float) -> str:
    """With three digits."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
