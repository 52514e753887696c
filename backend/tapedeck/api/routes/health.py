"""GET /api/health."""

from __future__ import annotations

from asyncio import to_thread
from typing import Literal

from fastapi import APIRouter

import tapedeck
from tapedeck.api.dependencies import Library
from tapedeck.api.schemas import Health
from tapedeck.checkpoints import CheckpointInfo
from tapedeck.errors import CheckpointUnreadable

router = APIRouter()


@router.get("/health", response_model_exclude_none=True, summary="Is the service there?")
async def health(library: Library) -> Health:
    """Answers at once, whatever else the service is doing. `degraded` means that a folder of machines cannot be read;
    the rest is served all the same.
    """
    problems = await to_thread(library.problems)
    try:
        entries = await to_thread(library.list)
    except CheckpointUnreadable:
        entries = []
    readable = [entry for entry in entries if isinstance(entry, CheckpointInfo)]
    status: Literal["ok", "degraded"] = "degraded" if problems else "ok"
    return Health(
        status=status, version=tapedeck.__version__, checkpoints=len(readable), problems=list(problems) or None
    )
