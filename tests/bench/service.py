"""How soon the service answers /api/health here: idle, while ten runs of 1,000 steps stream from it, while it trains.

A real server, the clients in processes of their own: `python -m tests.bench.service [ROUNDS]`. What else runs on the
machine only ever makes it slower: the median is the service's, the slowest answer may be the machine's.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import httpx
from rich.console import Console
from rich.table import Table

from tapedeck.api.settings import ApiSettings
from tests.api.client import WAIT
from tests.cli.conftest import ROOT
from tests.cli.serving import served
from tests.training.tiny import until

ROUNDS = 3
IDLE_ANSWERS = 200
TO_REACH_MS = 50
MACHINE = "copy-1"


def main(rounds: int) -> None:
    table = Table("/api/health", "answers", "median", "98 %", "slowest", "to reach", title=f"{rounds} rounds")
    with TemporaryDirectory() as runs:
        os.environ |= {"TAPEDECK_RUNS": runs, "TAPEDECK_TRAINING_COMPILATION": "never"}
        _measure(rounds, table)
    Console(width=100).print(table)


def _measure(rounds: int, table: Table) -> None:
    with (
        served("--api-only", "--checkpoints", ApiSettings().checkpoints) as server,
        httpx.Client(base_url=server.url, timeout=WAIT) as http,
    ):
        for _ in range(rounds):
            table.add_row("while nothing runs", *_row([_answer(http) for _ in range(IDLE_ANSWERS)]))
            table.add_row("while ten runs stream", *_row(list(_while_streaming(server.url, http))))
            table.add_row("while a machine is trained", *_row(_while_training(http)))


def _while_streaming(url: str, http: httpx.Client) -> Iterator[float]:
    """The milliseconds of one answer after another until all streams are done."""
    command = [sys.executable, "-m", "tests.bench.ten_streams", f"ws{url.removeprefix('http')}/api/stream", MACHINE]
    with subprocess.Popen(command, cwd=ROOT) as streams:
        while streams.poll() is None:
            yield _answer(http)
    assert streams.returncode == 0


def _while_training(http: httpx.Client) -> list[float]:
    """The milliseconds of as many answers as when idle, from the first report of the training on."""
    address = f"/api/training/{http.post('/api/training', json={'seed': 1}).raise_for_status().json()['id']}"
    until(lambda: (http.get(address).json()["progress"] or {}).get("sequences"), "under way")
    times = [_answer(http) for _ in range(IDLE_ANSWERS)]
    http.post(f"{address}/stop").raise_for_status()
    return times


def _answer(http: httpx.Client) -> float:
    start = perf_counter()
    http.get("/api/health").raise_for_status()
    return 1e3 * (perf_counter() - start)


def _row(times: list[float]) -> list[str]:
    figures = (median(times), sorted(times)[int(0.98 * len(times))], max(times))
    return [str(len(times)), *(f"{figure:.1f} ms" for figure in figures), f"≤ {TO_REACH_MS} ms"]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
