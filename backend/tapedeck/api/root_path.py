"""Serving under a sub-path: what stands before /api in the addresses that browsers use."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

HEADER = "x-forwarded-prefix"
"""In which proxies say what they took off the path; several, one after another, with commas between."""

PLAIN = re.compile(r"(/[\w~-][\w.~-]*)*", re.ASCII)
"""Nothing that would lead a browser to another host, or out of an HTML attribute."""


def _plain(given: str) -> str:
    path = "/" + given.strip("/") if given.strip("/") else ""
    if not PLAIN.fullmatch(path):
        raise ValueError("expected a path such as /tapedeck, of letters, digits, '-', '_', '.' and '~'")
    if path == "/api" or path.startswith("/api/"):
        raise ValueError("expected a path that does not begin with /api, which is the service's own")
    return path


RootPathSetting = Annotated[str, AfterValidator(_plain)]
"""A sub-path, with a slash before it and none after it; empty for none."""


class RootPath:
    """ASGI middleware: tells the app the sub-path that it is served under, in `root_path`, as ASGI has it.

    It makes no difference whether the proxy takes the sub-path off or leaves it on.

    Args:
        app: what is served.
        root_path: the sub-path; empty leaves it to X-Forwarded-Prefix.
    """

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self._app, self._root_path = app, root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands the request on with its sub-path."""
        root = self._root_path or forwarded(scope) if scope["type"] in ("http", "websocket") else ""
        if root:
            scope = {**scope, "root_path": root, "path": root + without(root, scope["path"])}
        await self._app(scope, receive, send)


def forwarded(scope: Scope) -> str:
    """What X-Forwarded-Prefix says; empty where it says nothing, or nothing that a path can be."""
    parts = (part.strip().strip("/") for part in Headers(scope=scope).get(HEADER, "").split(","))
    root = "".join(f"/{part}" for part in parts if part)
    return root if PLAIN.fullmatch(root) else ""


def without(root: str, path: str) -> str:
    """The path from the sub-path on; one that does not begin with it had it taken off already."""
    return path.removeprefix(root) or "/" if path == root or path.startswith(f"{root}/") else path
