"""GET /files: the trace files that `tapedeck view` was given, for the page that it serves, docs/trace-format.md.

Exactly these, by their number; no request names a path. What one of them holds, the browser finds out.
"""

from __future__ import annotations

from asyncio import to_thread
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import FileResponse

from tapedeck.api.origin import unknown_host
from tapedeck.errors import TraceFileUnreadable

MEDIA_TYPE = "application/x-npz"
PRIVATE = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""A file is read anew each time, by this page alone."""


def _of_this_page(request: Request) -> None:
    """Refuses a page whose owner has its name lead to this machine, as `tapedeck.api.origin` says."""
    if detail := unknown_host(request.headers, request.app.state.settings.allowed_hosts):
        raise HTTPException(HTTPStatus.FORBIDDEN, detail)


router = APIRouter(prefix="/files", dependencies=[Depends(_of_this_page)], include_in_schema=False)


@router.get("")
async def listed(request: Request) -> list[dict[str, Any]]:
    """Which there are: name, path and bytes of each; null bytes where it has gone."""
    return await to_thread(_listed, request.app.state.files)


@router.get("/{number}", response_model=None)
async def content(request: Request, number: str) -> FileResponse:
    """One of them, as it is on the disk now."""
    files: tuple[Path, ...] = request.app.state.files
    if not number.isdecimal() or int(number) >= len(files):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    file = files[int(number)]
    if not await to_thread(file.is_file):
        raise TraceFileUnreadable(f"{file.name} is no longer there; record it again, or view another one.")
    return FileResponse(
        file, media_type=MEDIA_TYPE, filename=file.name, content_disposition_type="inline", headers=PRIVATE
    )


def _listed(files: tuple[Path, ...]) -> list[dict[str, Any]]:
    return [
        {"name": file.name, "path": f"/files/{number}", "bytes": file.stat().st_size if file.is_file() else None}
        for number, file in enumerate(files)
    ]
