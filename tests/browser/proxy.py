"""A reverse proxy in a process of its own, as an operator sets one up, rightly or wrongly."""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOP = (b"connection:", b"upgrade:")


class Proxy:
    """Passes connections on to a server; a request a connection, but for those that become WebSockets.

    Args:
        upstream: the port of the server on this machine.
        prefix: the sub-path that it serves the server under.
        strips: whether it takes that off the paths.
        names_prefix: whether it says so in X-Forwarded-Prefix.
        upgrades: whether it passes on what asks for a WebSocket.
        host: what it puts into Host; None passes on what came.
    """

    def __init__(
        self,
        upstream: int,
        *,
        prefix: str = "",
        strips: bool = True,
        names_prefix: bool = False,
        upgrades: bool = True,
        host: str | None = None,
    ) -> None:
        options = ["--upstream", str(upstream), "--prefix", prefix, "--host", host or ""]
        options += ["--strips"] * strips + ["--names-prefix"] * names_prefix + ["--upgrades"] * upgrades
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.proxy", *options], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """Ends it."""
        assert self._process.stdout is not None
        self._process.kill()
        self._process.wait(timeout=10)
        self._process.stdout.close()


async def _serve(options: argparse.Namespace) -> None:
    tasks = set[asyncio.Task[None] | None]()  # asyncio itself would let go of one that waits

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(task := asyncio.current_task())
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await _pass_on(reader, writer, options)
        writer.close()
        tasks.discard(task)

    server = await asyncio.start_server(connected, "127.0.0.1", 0, limit=2**20)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, options: argparse.Namespace) -> None:
    first, *headers = (await reader.readuntil(b"\r\n\r\n"))[:-4].split(b"\r\n")
    method, path, version = first.split(b" ")
    prefix = options.prefix.encode()
    if not path.startswith(prefix):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\nConnection: close\r\n\r\nanother site")
        return
    asks = any(header.lower().startswith(b"upgrade:") for header in headers) and options.upgrades
    if not asks:
        headers = [header for header in headers if not header.lower().startswith(HOP)] + [b"Connection: close"]
    if options.host:
        headers = [header for header in headers if not header.lower().startswith(b"host:")]
        headers.append(b"Host: " + options.host.encode())
    if options.names_prefix:
        headers.append(b"X-Forwarded-Prefix: " + prefix)
    if options.strips:
        path = path.removeprefix(prefix) or b"/"
    try:
        back, forth = await asyncio.open_connection("127.0.0.1", options.upstream)
    except ConnectionRefusedError:
        writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        return
    forth.write(b"\r\n".join([b" ".join([method, path, version]), *headers, b"", b""]))
    sending = asyncio.create_task(_copy(reader, forth))
    with suppress(ConnectionError):
        await _copy(back, writer)
    sending.cancel()
    forth.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while part := await reader.read(2**16):
        writer.write(part)
        await writer.drain()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for name in ("--upstream", "--prefix", "--host"):
        parser.add_argument(name)
    for name in ("--strips", "--names-prefix", "--upgrades"):
        parser.add_argument(name, action="store_true")
    asyncio.run(_serve(parser.parse_args()))
