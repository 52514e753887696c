"""How long one client waits for a run on the stream, and for a film of 26: `python -m tests.bench.stream [ROUNDS]`.

A real server that has nothing else to do, the client in this process, each round of another sequence.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from time import perf_counter

from websockets.sync.client import ClientConnection, connect

from tapedeck.api.settings import ApiSettings
from tapedeck.checkpoints import SUFFIX
from tests.api.client import WAIT, vectors
from tests.bench.engine import Row
from tests.bench.load import MACHINE, serving, stream_of
from tests.bench.paint import LONG, SHORT
from tests.bench.table import printed, row

ROUNDS = 25


def measure(rounds: int = ROUNDS) -> list[Row]:
    """A run of 42 steps and one of 1000, to the first frame and to the last message; a whole film."""
    series = sorted(path.name.removesuffix(SUFFIX) for path in ApiSettings().checkpoints.glob(f"{MACHINE}-0*{SUFFIX}"))
    film = (MACHINE, *series)
    waits: dict[str, list[float]] = {}
    with serving() as server, connect(stream_of(server.url), compression=None, max_size=None) as socket:
        for turn in range(rounds + 1):
            for vector_count in (SHORT, LONG):
                first, last = _waited(socket, vector_count, turn, [MACHINE])
                steps = f"T = {2 * vector_count + 2:,}"
                waits.setdefault(f"{steps}: request to the first frame", []).append(first)
                waits.setdefault(f"{steps}: request to the end", []).append(last)
            film_name = f"T = {2 * SHORT + 2}: a film of {len(film)}, request to the end"
            waits.setdefault(film_name, []).append(_waited(socket, SHORT, turn, film)[1])
    # The first round warms up.
    return [row(what, found[1:], "ms", "≤ 150 ms" if "film" in what else None) for what, found in waits.items()]


def _waited(socket: ClientConnection, length: int, seed: int, machines: Sequence[str]) -> tuple[float, float]:
    """Milliseconds until the first frame, and until the last run is over."""
    checkpoint, *then = machines
    request = {"type": "run", "checkpoint": checkpoint, "then": then, "sequence": vectors(length, seed=seed)}
    text, begun = json.dumps(request), perf_counter()
    socket.send(text)
    first, left = None, len(machines)
    while left:
        message = socket.recv(WAIT)
        if isinstance(message, bytes):
            first = first or perf_counter() - begun
            continue
        kind = json.loads(message)["type"]
        assert kind in {"header", "done"}, message
        left -= kind == "done"
    assert first is not None
    return 1e3 * first, 1e3 * (perf_counter() - begun)


if __name__ == "__main__":
    printed({"stream": measure(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)})
