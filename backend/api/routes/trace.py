"""POST /api/trace: a whole run in one answer."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from backend.api.dependencies import ServiceRuns
from backend.api.errors import refusal
from backend.api.negotiation import preferred
from backend.api.recording import CLIENT_GONE, ERRORS, Held, batches, record
from backend.api.schemas import ErrorDocument, RunRequest, TraceDocument
from backend.tracing import OutputLayer, diagnose
from backend.tracing.export import Export, json_pieces, npz_pieces

JSON, NPZ = "application/json", "application/x-npz"
FORMS: dict[str, Export] = {JSON: json_pieces, NPZ: npz_pieces}

router = APIRouter()


@router.post(
    "/trace",
    summary="The whole trace of a run",
    response_class=Response,
    responses={
        200: {
            "model": TraceDocument,
            "description": "Every number of every step. With `Accept: application/x-npz` the arrays as a NumPy .npz: "
            "`inputs`, `targets`, `outputs`, each head's as `write.weighting`, `read.read_vector` …, all float32; "
            "`initial.memory`, `initial.weighting`, `bit_errors`, `checkpoint_sha256`; how focused a head is at each "
            "step, `write.sum`, `write.entropy` (bits), `write.peak`, `write.location` …; for each vector "
            "`recall.written_at`, `recall.read_at` (steps), `recall.written`, `recall.read` (locations) and "
            "`recall.offset` between them; and `diagnosis` as JSON text.",
            "content": {NPZ: {"schema": {"type": "string", "format": "binary"}}},
        },
        406: {"model": ErrorDocument, "description": "Neither JSON nor .npz would be accepted."},
        **ERRORS,
    },
)
async def trace(asked: RunRequest, request: Request, runs: ServiceRuns, held: Held) -> Response:
    """Runs a machine on a sequence. The stream gives the same, step by step, while it is computed."""
    form = preferred(request.headers.get("accept", ""), tuple(FORMS))
    if form is None:
        return refusal(HTTPStatus.NOT_ACCEPTABLE, f"A trace comes as {JSON} or {NPZ}; accept one of them.")
    prepared = await runs.prepare(asked)
    recorded = await record(prepared.run, request, runs, held)
    if recorded is None:
        return Response(status_code=CLIENT_GONE)
    diagnosis = await runs.do(diagnose, recorded, OutputLayer.of(prepared.run.machine))
    pieces = FORMS[form](recorded, prepared.checkpoint, {"diagnosis": diagnosis.document()})
    return StreamingResponse(runs.each(batches(pieces)), media_type=form, headers=_headers(form))


def _headers(form: str) -> dict[str, str]:
    # An encoding that is said keeps a middleware from compressing some hundred megabytes of digits.
    headers = {"Content-Encoding": "identity", "Vary": "Accept"}
    return headers | {"Content-Disposition": 'attachment; filename="trace.npz"'} if form == NPZ else headers
