"""Serving under a sub-path: what stands before the page's own paths in the addresses that browsers use.

Dash is told its sub-path when it is made, and compares paths with it. Here a proxy may name it with each request, so
Dash is made with a placeholder, which is filled in as the document is sent, and it sees paths without the sub-path.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from typing import Annotated

from pydantic import AfterValidator
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

HEADER = "x-forwarded-prefix"

PLAIN = re.compile(r"(/[\w~-][\w.~-]*)*", re.ASCII)
"""Nothing that would lead a browser to another host, or out of an HTML attribute."""

PLACEHOLDER = "/@root-path@"
"""In Dash's addresses, where the sub-path belongs."""

WRITTEN = (PLACEHOLDER, PLACEHOLDER.replace("/", r"\u002f"))
"""As Dash writes it in HTML, and in JSON."""

_current: ContextVar[str] = ContextVar("root_path", default="")
_path: ContextVar[str] = ContextVar("path", default="/")


def _plain(given: str) -> str:
    path = "/" + given.strip("/") if given.strip("/") else ""
    if not PLAIN.fullmatch(path):
        raise ValueError("expected a path such as /tapedeck, of letters, digits, '-', '_', '.' and '~'")
    return path


RootPathSetting = Annotated[str, AfterValidator(_plain)]
"""A sub-path, with a slash before it and none after it; empty for none."""


def current() -> str:
    """The sub-path of the request that is being answered; empty for none."""
    return _current.get()


def path() -> str:
    """The path of that request, without the sub-path."""
    return _path.get()


def filled_in(document: str) -> str:
    """The document with the sub-path of the request in all of its addresses."""
    for written in WRITTEN:
        document = document.replace(written, current())
    return document


class RootPath:
    """ASGI middleware: notes the sub-path of a request, and takes it off the path where the proxy left it on.

    Args:
        app: what is served.
        root_path: the sub-path; empty leaves it to X-Forwarded-Prefix.
    """

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self._app, self._root_path = app, root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands the request on as one of the page at the root."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        root = self._root_path or _forwarded(scope)
        asked = scope["path"]
        if root and (asked == root or asked.startswith(f"{root}/")):
            asked = asked.removeprefix(root) or "/"
        tokens = _current.set(root), _path.set(asked)
        try:
            await self._app({**scope, "path": asked}, receive, send)
        finally:
            _current.reset(tokens[0])
            _path.reset(tokens[1])


def _forwarded(scope: Scope) -> str:
    parts = (part.strip().strip("/") for part in Headers(scope=scope).get(HEADER, "").split(","))
    root = "".join(f"/{part}" for part in parts if part)
    return root if PLAIN.fullmatch(root) else ""
