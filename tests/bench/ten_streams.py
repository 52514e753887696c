"""Ten clients in a process of their own, each with a run of 1,000 steps: `python -m tests.bench.ten_streams URL ID`."""

from __future__ import annotations

import asyncio
import json
import sys

from websockets.asyncio.client import connect

from tests.api.client import vectors

CLIENTS, LENGTH = 10, 499


async def stream(url: str, checkpoint: str, number: int) -> None:
    async with connect(url, compression=None, max_size=None) as socket:
        request = {"type": "run", "checkpoint": checkpoint, "sequence": vectors(LENGTH, seed=number)}
        await socket.send(json.dumps(request))
        header = json.loads(await socket.recv())
        assert header["steps"] == 2 * LENGTH + 2, header
        while isinstance(message := await socket.recv(), bytes):
            pass
        assert json.loads(message)["type"] == "done", message


async def main(url: str, checkpoint: str) -> None:
    await asyncio.gather(*(stream(url, checkpoint, number) for number in range(CLIENTS)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
