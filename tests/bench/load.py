"""Many clients at once: 200 copies of 20 vectors every 2 seconds, for a bounded time; who waits, who is refused.

A real server, the clients in this process beside it: `python -m tests.bench.load [CLIENTS [SECONDS]]`, or `make load`.
A client that is refused comes again after as long as it was told: a fair service gives all of them about as many runs.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from dataclasses import dataclass, field
from statistics import median, quantiles
from time import perf_counter

from rich.console import Console
from rich.table import Table
from websockets.asyncio.client import ClientConnection, connect

from tapedeck.api.settings import ApiSettings
from tests.api.client import WAIT, vectors
from tests.cli.serving import served

CLIENTS, SECONDS = 200, 20.0
EVERY = 2.0
"""Seconds from one run of a client to its next; one that takes longer is followed at once."""
VECTORS = 20
MACHINE = "copy-1"


@dataclass
class Client:
    """What became of one client's runs.

    Attributes:
        first_frames: seconds from the message that was not refused to the first frame.
        runs: that came to their end.
        refusals, unsaid: how many, and how many of them did not say when to come again.
    """

    first_frames: list[float] = field(default_factory=list)
    runs: int = 0
    refusals: int = 0
    unsaid: int = 0

    async def work(self, url: str, start: float, until: float) -> None:
        """A run every two seconds, from a moment of its own on."""
        async with connect(url, compression=None, max_size=None, open_timeout=WAIT) as socket:
            due = start
            while (now := perf_counter()) < until:
                await asyncio.sleep(max(0.0, due - now))
                await asyncio.sleep(await self._run(socket))
                due = max(due + EVERY, perf_counter())

    async def _run(self, socket: ClientConnection) -> float:
        """One run; how long to wait before anything else, where it was refused."""
        asked = perf_counter()
        await socket.send(json.dumps({"type": "run", "checkpoint": MACHINE, "sequence": vectors(VECTORS)}))
        first = None
        async for message in socket:
            if isinstance(message, bytes):
                first = first or perf_counter() - asked
                continue
            said = json.loads(message)
            if said["type"] == "done":
                self.runs += 1
                self.first_frames.append(first or 0.0)
                return 0.0
            if said["type"] == "error":
                self.refusals += 1
                self.unsaid += "retry_after" not in said
                return float(said.get("retry_after", EVERY))
        raise ConnectionError


async def load(url: str, count: int, seconds: float) -> list[Client]:
    """So many clients for so long, spread over the first two seconds."""
    clients = [Client() for _ in range(count)]
    begin, spread = perf_counter(), random.Random(1)  # noqa: S311 - nothing is kept secret
    starts = [begin + spread.uniform(0, EVERY) for _ in clients]
    await asyncio.gather(
        *(client.work(url, start, begin + seconds) for client, start in zip(clients, starts, strict=True))
    )
    return clients


def main(count: int, seconds: float) -> None:
    with served("--api-only", "--checkpoints", ApiSettings().checkpoints) as server:
        url = f"ws{server.url.removeprefix('http')}/api/stream"
        begin = perf_counter()
        clients = asyncio.run(load(url, count, seconds))
        took = perf_counter() - begin
    runs, waits = [client.runs for client in clients], [each for client in clients for each in client.first_frames]
    cuts = quantiles(waits, n=20)
    table = Table("", "", show_header=False, title=f"{count} clients, a copy of {VECTORS} vectors every {EVERY:g} s")
    for name, figure in (
        ("runs", f"{sum(runs):,} in {took:.1f} s, {sum(runs) / took:.0f} a second"),
        ("runs of a client", f"{min(runs)} to {max(runs)}, median {median(runs):g}"),
        ("refusals", f"{sum(client.refusals for client in clients):,}"),
        ("refusals without Retry-After", f"{sum(client.unsaid for client in clients):,}"),
        ("clients refused", f"{sum(client.refusals > 0 for client in clients):,}"),
        (
            "first frame",
            f"median {1e3 * median(waits):,.0f} ms, 95 % {1e3 * cuts[-1]:,.0f} ms, last {max(waits):.1f} s",
        ),
    ):
        table.add_row(name, figure)
    Console(width=100).print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CLIENTS, float(sys.argv[2]) if len(sys.argv) > 2 else SECONDS)
