"""POST /api/evaluation: how well a machine generalizes, result after result."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import orjson
from fastapi import APIRouter
from starlette.responses import StreamingResponse

from backend.api.dependencies import Evaluations, Library, Settings
from backend.api.limits import check_plan
from backend.api.recording import ERRORS, Held
from backend.api.schemas import EvaluationRequest, EvaluationResult
from backend.checkpoints import Checkpoint
from backend.training.evaluation import Plan, evaluate_by_batches

NDJSON = "application/x-ndjson"

router = APIRouter()


@router.post(
    "/evaluation",
    summary="Bit errors by length",
    response_class=StreamingResponse,
    responses={
        200: {
            "model": EvaluationResult,
            "description": "A line of JSON for each length and pattern, as soon as it is known.",
            "content": {NDJSON: {}},
        },
        **ERRORS,
    },
)
async def evaluation(
    asked: EvaluationRequest, library: Library, settings: Settings, evaluations: Evaluations, held: Held
) -> StreamingResponse:
    """Runs a machine on sequences that it has not seen, and counts wrong bits, with a 95 % interval of the rate.

    The interval is clustered by sequence, because the bits of a sequence fail together; `wrong_by_sequence` holds the
    counts it is made from. Every machine gets the same sequences. `worst` is the sequence with the most wrong bits.
    Dropping the connection ends the evaluation after the batch that is running.
    """
    plan = Plan(tuple(asked.lengths), tuple(asked.patterns), asked.sequences, asked.locations, asked.seed)
    check_plan(plan, settings)
    checkpoint = await evaluations.do(library.get, asked.checkpoint)
    await evaluations.do(checkpoint.machine.initial_state, locations=asked.locations)  # refuses before it is begun
    held.enter_context(evaluations.place())
    return StreamingResponse(_sent(evaluations.each(_lines(checkpoint, plan))), media_type=NDJSON)


def _lines(checkpoint: Checkpoint, plan: Plan) -> Iterator[bytes]:
    """A line for each result, and nothing in it for each batch: between two items a run can be left."""
    for result in evaluate_by_batches(checkpoint.machine, checkpoint.info.task, plan):
        if result is None:
            yield b""
            continue
        yield orjson.dumps({"checkpoint": checkpoint.info.id, **result.document()}, option=orjson.OPT_APPEND_NEWLINE)


async def _sent(lines: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async for line in lines:
        if line:
            yield line
