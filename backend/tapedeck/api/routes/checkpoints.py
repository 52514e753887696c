"""GET /api/checkpoints, GET /api/checkpoints/{id}, its parameters, and the evaluation that is kept beside it."""

from __future__ import annotations

from asyncio import to_thread
from typing import Any

from fastapi import APIRouter, Response

from tapedeck.api import errors
from tapedeck.api.dependencies import Library
from tapedeck.api.schemas import (
    CheckpointDocument,
    ErrorDocument,
    KeptEvaluation,
    ParameterDocument,
    UnreadableDocument,
)
from tapedeck.checkpoints import CheckpointInfo, UnreadableEntry
from tapedeck.errors import CheckpointUnreadable
from tapedeck.tracing.interventions import Parameter, parameters_of
from tapedeck.training.kept import kept_evaluation

router = APIRouter(prefix="/checkpoints")

ERRORS: dict[int | str, dict[str, Any]] = {
    404: {"model": ErrorDocument, "description": "There is no machine with that id."},
    500: {"model": ErrorDocument, "description": "Its file cannot be read."},
}


@router.get("", summary="Every machine, the best default first")
async def list_checkpoints(library: Library) -> list[CheckpointDocument | UnreadableDocument]:
    """Final machines, then the series of their training, then files that cannot be read, each with its error."""
    return [_document(entry) for entry in await to_thread(library.list)]


@router.get(
    "/{checkpoint_id}",
    summary="One machine",
    responses=ERRORS,
)
async def get_checkpoint(checkpoint_id: str, library: Library) -> CheckpointDocument:
    """What is known about it beside its numbers."""
    checkpoint = await to_thread(library.get, checkpoint_id)
    return CheckpointDocument.model_validate(checkpoint.info.document())


@router.get(
    "/{checkpoint_id}/parameters",
    summary="What noise can be added to",
    responses=ERRORS,
)
async def get_parameters(checkpoint_id: str, library: Library) -> list[ParameterDocument]:
    """The parameters of the machine by name, in the order of its file."""

    def read() -> list[Parameter]:
        return parameters_of(library.get(checkpoint_id).machine)

    return [ParameterDocument.model_validate(each._asdict()) for each in await to_thread(read)]


@router.get(
    "/{checkpoint_id}/evaluation",
    summary="What was counted of it",
    response_model=KeptEvaluation | None,
    responses=ERRORS,
)
async def get_evaluation(checkpoint_id: str, library: Library) -> Response:
    """The evaluation that is kept beside the machine, as `tapedeck evaluate --json` wrote it; null where there is none.

    An evaluation of another machine of that name, by its hash, is none.
    """

    def read() -> bytes | None:
        info = library.get(checkpoint_id).info
        return kept_evaluation(library.path(checkpoint_id), info)

    return Response(await to_thread(read) or b"null", media_type="application/json")


def _document(entry: CheckpointInfo | UnreadableEntry) -> CheckpointDocument | UnreadableDocument:
    if isinstance(entry, CheckpointInfo):
        return CheckpointDocument.model_validate(entry.document())
    error = errors.document(CheckpointUnreadable(entry.error))
    return UnreadableDocument.model_validate({"id": entry.id, **error})
