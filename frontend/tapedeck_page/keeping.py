"""Files that never change under their address, kept in memory as they were sent: each is read and compressed once."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOLDERS = ("/_dash-component-suites/", "/whole/")
"""Whose files have a hash, or their version and date, in their address."""

DATED = "/assets/"
"""Whose files have their date in the query."""

FOR_GOOD = "public, max-age=31536000, immutable"

MAX_BYTES = 32 * 2**20
"""Several times what there is; an address with a date that nothing ever had is served and kept like any other."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, as it is sent: its status and headers, and its body."""

    start: Message
    body: bytes


class Keeping:
    """ASGI middleware around whatever serves and compresses such files.

    Args:
        app: what is served.
        max_bytes: how much is kept; what was asked for longest ago goes first.
    """

    def __init__(self, app: ASGIApp, max_bytes: int = MAX_BYTES) -> None:
        self._app, self._max_bytes = app, max_bytes
        self._kept: OrderedDict[tuple[str, bytes, bool], Kept] = OrderedDict()
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers from memory, or keeps the answer."""
        if not _never_changes(scope):
            await self._app(scope, receive, send)
            return
        key = (scope["path"], scope["query_string"], "gzip" in Headers(scope=scope).get("accept-encoding", ""))
        kept = self._kept.get(key)
        if kept is None:
            kept = await self._ask(scope, receive)
            if kept.start["status"] == 200:
                self._keep(key, kept)
        else:
            self._kept.move_to_end(key)
        await send(kept.start)
        await send({"type": "http.response.body", "body": kept.body})

    async def _ask(self, scope: Scope, receive: Receive) -> Kept:
        start: Message = {}
        parts: list[bytes] = []

        async def take(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                if message["status"] == 200:
                    MutableHeaders(raw=start["headers"])["cache-control"] = FOR_GOOD
            else:
                parts.append(message.get("body", b""))

        await self._app(scope, receive, take)
        return Kept(start, b"".join(parts))

    def _keep(self, key: tuple[str, bytes, bool], kept: Kept) -> None:
        if (other := self._kept.pop(key, None)) is not None:  # of a request at the same time
            self._bytes -= len(other.body)
        self._kept[key] = kept
        self._bytes += len(kept.body)
        while self._bytes > self._max_bytes:
            self._bytes -= len(self._kept.popitem(last=False)[1].body)


def _never_changes(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or "range" in Headers(scope=scope):
        return False
    path, query = str(scope["path"]), bytes(scope["query_string"])
    return path.startswith(FOLDERS) or (path.startswith(DATED) and query.startswith(b"m="))
