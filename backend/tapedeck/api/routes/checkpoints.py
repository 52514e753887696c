"""GET /api/checkpoints and GET /api/checkpoints/{id}."""

from __future__ import annotations

from asyncio import to_thread

from fastapi import APIRouter

from tapedeck.api import errors
from tapedeck.api.dependencies import Library
from tapedeck.api.schemas import CheckpointDocument, ErrorDocument, UnreadableDocument
from tapedeck.checkpoints import CheckpointInfo, UnreadableEntry
from tapedeck.errors import CheckpointUnreadable

router = APIRouter(prefix="/checkpoints")


@router.get("", summary="Every machine, the best default first")
async def list_checkpoints(library: Library) -> list[CheckpointDocument | UnreadableDocument]:
    """Final machines, then the series of their training, then files that cannot be read, each with its error."""
    return [_document(entry) for entry in await to_thread(library.list)]


@router.get(
    "/{checkpoint_id}",
    summary="One machine",
    responses={
        404: {"model": ErrorDocument, "description": "There is no machine with that id."},
        500: {"model": ErrorDocument, "description": "Its file cannot be read."},
    },
)
async def get_checkpoint(checkpoint_id: str, library: Library) -> CheckpointDocument:
    """What is known about it beside its numbers."""
    checkpoint = await to_thread(library.get, checkpoint_id)
    return CheckpointDocument.model_validate(checkpoint.info.document())


def _document(entry: CheckpointInfo | UnreadableEntry) -> CheckpointDocument | UnreadableDocument:
    if isinstance(entry, CheckpointInfo):
        return CheckpointDocument.model_validate(entry.document())
    error = errors.document(CheckpointUnreadable(entry.error))
    return UnreadableDocument.model_validate({"id": entry.id, **error})
