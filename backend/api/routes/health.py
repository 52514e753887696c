"""GET /api/health."""

from __future__ import annotations

from asyncio import to_thread

from fastapi import APIRouter

import backend
from backend.api.dependencies import Library
from backend.api.schemas import Health
from backend.checkpoints import CheckpointInfo
from backend.errors import CheckpointUnreadable

router = APIRouter()


@router.get("/health", summary="Is the service there?")
async def health(library: Library) -> Health:
    """Answers at once, whatever else is going on."""
    try:
        entries = await to_thread(library.list)
    except CheckpointUnreadable:
        entries = []  # the service itself is well; GET /api/checkpoints says what is wrong with the folder
    readable = [entry for entry in entries if isinstance(entry, CheckpointInfo)]
    return Health(version=backend.__version__, checkpoints=len(readable))
