"""Many clients at once: 200 copies of 20 vectors every 2 seconds, for a bounded time; who waits, who is refused.

A real server, the clients in this process beside it: `python -m tests.bench.load [CLIENTS [SECONDS]]`, or `make load`,
which takes three minutes: then more come than there is room for, and at last 50,000 runs show whether memory stays.
A client that is refused comes again after as long as it was told: a fair service gives all of them about as many runs.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import quantiles
from time import perf_counter, sleep

from websockets.asyncio.client import ClientConnection, connect

from tapedeck.api.settings import ApiSettings
from tapedeck.compiled.loading import KERNELS
from tests.api.client import WAIT, vectors
from tests.bench.engine import Row
from tests.bench.table import printed, row
from tests.browser.server import Server

CLIENTS, SECONDS = 200, 60.0
RUNS = 50_000
EVERY = 2.0
"""Seconds from one run of a client to its next; one that takes longer is followed at once."""
IDLE = 0.05
"""Seconds of a processor in a second that a service takes at most that has nothing to do."""
VECTORS = 20
LONG = 200
"""Vectors of runs that are not over before the next one is asked for."""
MACHINE = "copy-1"


@dataclass
class Client:
    """What became of one client's runs.

    Attributes:
        first_frames, last_frames: seconds from the message that was not refused to the first frame, and to the last.
        refused_after: seconds until it was told so.
        runs: that came to their end.
        refusals, unsaid: how many, and how many of them did not say when to come again.
    """

    first_frames: list[float] = field(default_factory=list)
    last_frames: list[float] = field(default_factory=list)
    refused_after: list[float] = field(default_factory=list)
    runs: int = 0
    refusals: int = 0
    unsaid: int = 0

    async def work(self, url: str, start: float, until: float, run: str) -> None:
        """A run every two seconds, from a moment of its own on."""
        async with connect(url, compression=None, max_size=None, open_timeout=WAIT) as socket:
            due = start
            while (now := perf_counter()) < until:
                await asyncio.sleep(max(0.0, due - now))
                await asyncio.sleep(await self._run(socket, run))
                due = max(due + EVERY, perf_counter())

    async def _run(self, socket: ClientConnection, run: str) -> float:
        """One run; how long to wait before anything else, where it was refused."""
        asked = perf_counter()
        await socket.send(run)
        first = last = None
        async for message in socket:
            if isinstance(message, bytes):
                last = perf_counter() - asked
                first = first or last
                continue
            if message.startswith('{"type":"header"'):
                continue  # 35 kB, which take longer to read than to send
            said = json.loads(message)
            if said["type"] == "done" and first is not None and last is not None:
                self.runs += 1
                self.first_frames.append(first)
                self.last_frames.append(last)
                return 0.0
            if said["type"] == "error":
                self.refused_after.append(perf_counter() - asked)
                self.refusals += 1
                self.unsaid += "retry_after" not in said
                return float(said.get("retry_after", EVERY))
        raise ConnectionError


async def load(url: str, count: int, seconds: float, length: int = VECTORS) -> list[Client]:
    """So many clients for so long, spread over the first two seconds."""
    clients = [Client() for _ in range(count)]
    run = request(length)
    begin, spread = perf_counter(), random.Random(1)  # noqa: S311 - nothing is kept secret
    starts = [begin + spread.uniform(0, EVERY) for _ in clients]
    await asyncio.gather(
        *(client.work(url, start, begin + seconds, run) for client, start in zip(clients, starts, strict=True))
    )
    return clients


@contextmanager
def serving(**settings: str) -> Iterator[Server]:
    """The service alone, in a process of its own, with the kernels, which are compiled before."""
    assert KERNELS.load(), KERNELS.problem
    server = Server(ApiSettings().checkpoints, TAPEDECK_ENGINE="compiled", **settings)
    server.start("--api-only")
    try:
        asyncio.run(load(stream_of(server.url), 1, 0.1))
        _rest(server)
        yield server
    finally:
        server.stop()


def _rest(server: Server) -> None:
    """Until it has compared its machines with torch, which it does once, in the background."""
    before = server.usage().processor
    while True:
        sleep(1)
        now = server.usage().processor
        if now - before < IDLE:
            return
        before = now


def measure(count: int = CLIENTS, seconds: float = SECONDS) -> list[Row]:
    """The rows of a class at work."""
    with serving() as server:
        before, begin = server.usage(), perf_counter()
        clients = asyncio.run(load(stream_of(server.url), count, seconds))
        took, used = perf_counter() - begin, server.usage().processor - before.processor
    first = [1e3 * each for client in clients for each in client.first_frames]
    last = [1e3 * each for client in clients for each in client.last_frames]
    runs = sum(client.runs for client in clients)
    what = f"{count} clients, {VECTORS} vectors every {EVERY:g} s"
    return [
        _late(f"{what}: to the first frame, 95 %", first, "≤ 150 ms"),
        _late(f"{what}: to the last, 95 %", last, "≤ 300 ms"),
        row("runs a second", [runs / took], "", f"≥ {0.95 * count / EVERY:.0f}"),
        row("processor of the service, of a core", [100 * used / took], "%", "≤ 4 %"),
        row("processor of a run", [1e3 * used / max(runs, 1)], "ms"),
        row("refused, of all that was asked", [100 * sum(client.refusals for client in clients) / max(runs, 1)], "%"),
        row("refused without a time to come back", [sum(client.unsaid for client in clients)], "", "0"),
    ]


def measure_memory(runs: int = RUNS, clients: int = 8) -> list[Row]:
    """How much more memory the service takes after so many runs, one right after another, as fast as it can."""
    with serving(TAPEDECK_MAX_MESSAGES_PER_SECOND="1000000") as server:
        asyncio.run(repeat(stream_of(server.url), runs // 10, clients))
        before = server.usage().memory
        asyncio.run(repeat(stream_of(server.url), runs, clients))
        grown = server.usage().memory - before
    return [row(f"memory after {runs:,} runs more", [grown / 1e6], "MB", "± 30 MB")]


def measure_refusals(count: int = 400) -> list[Row]:
    """How soon a service that has two places and lets two wait says no to all others, and when to come again."""
    limits = {"TAPEDECK_MAX_CONCURRENT_RUNS": "2", "TAPEDECK_MAX_WAITING_RUNS": "2"}
    with serving(**limits) as server:
        clients = asyncio.run(load(stream_of(server.url), count, 2 * EVERY, LONG))
    waits = [1e3 * each for client in clients for each in client.refused_after]
    unsaid = sum(client.unsaid for client in clients)
    if not waits:
        return [row("over capacity: refused", [0.0], "", "> 0")]
    return [
        _late(f"over capacity: until one of {len(waits)} is refused, 95 %", waits, "≤ 150 ms"),
        row("over capacity: refused without a time to come back", [unsaid], "", "0"),
    ]


async def repeat(url: str, runs: int, clients: int) -> None:
    """So many runs of two vectors by so many clients, each right after the one before."""

    async def work(share: int) -> None:
        async with connect(url, compression=None, max_size=None, open_timeout=WAIT) as socket:
            for turn in range(share):
                await socket.send(request(2, seed=turn))
                while isinstance(said := await socket.recv(), bytes) or not said.startswith('{"type":"done"'):
                    if isinstance(said, str) and said.startswith('{"type":"error"'):
                        raise ConnectionError(said)

    await asyncio.gather(*(work(runs // clients) for _ in range(clients)))


def _late(name: str, milliseconds: list[float], to_reach: str) -> Row:
    """The 95th percentile; the spread is to the very last."""
    cut = quantiles(milliseconds, n=20)[-1]
    return Row(name, cut, max(milliseconds) - cut, "ms", to_reach=to_reach)


def request(length: int, seed: int = 0) -> str:
    """The message that asks for a run of so many random vectors."""
    return json.dumps({"type": "run", "checkpoint": MACHINE, "sequence": vectors(length, seed)})


def stream_of(url: str) -> str:
    return f"ws{url.removeprefix('http')}/api/stream"


def main(count: int, seconds: float) -> None:
    found = measure(count, seconds)
    printed({"load": [*found, *measure_refusals(), *measure_memory()]})


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CLIENTS, float(sys.argv[2]) if len(sys.argv) > 2 else SECONDS)
