"""What is written to a WebSocket in one turn of the event loop goes out in one piece, and nothing of it is lost."""

from __future__ import annotations

import asyncio
from typing import cast

from tapedeck.api.connections import GATHERED, GatheringTransport
from tests.loops import run_apart


class Written(list[bytes]):
    """A transport that writes down what it is told."""

    def write(self, data: bytes) -> None:
        self.append(data)

    def close(self) -> None:
        self.append(b"closed")

    def is_closing(self) -> bool:
        return b"closed" in self


def test_what_is_written_in_one_turn_goes_out_together_and_before_the_end() -> None:
    async def write() -> Written:
        written = Written()
        transport = GatheringTransport(cast("asyncio.Transport", written), asyncio.get_running_loop())
        for data in (b"a", b"b"):
            transport.write(data)
        assert written == []
        await asyncio.sleep(0)
        transport.write(b"c" * GATHERED)
        assert written[1:] == [b"c" * GATHERED], "much waits for nothing"
        transport.write(b"d")
        transport.close()
        await asyncio.sleep(0)
        assert transport.is_closing()
        return written

    assert run_apart(write()) == [b"ab", b"c" * GATHERED, b"d", b"closed"]
