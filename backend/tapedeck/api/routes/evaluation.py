"""POST /api/evaluation: how well a machine generalizes, result after result."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import orjson
from fastapi import APIRouter
from starlette.responses import StreamingResponse

from tapedeck.api import costs, errors
from tapedeck.api.costs import Cost
from tapedeck.api.dependencies import Evaluations, Settings
from tapedeck.api.limits import check_plan
from tapedeck.api.recording import ERRORS, Held, sent
from tapedeck.api.schemas import EvaluationRequest, EvaluationResult
from tapedeck.checkpoints import Checkpoint
from tapedeck.errors import TapedeckError
from tapedeck.tasks import TASKS
from tapedeck.tracing import check_task
from tapedeck.training.evaluation import Plan, evaluate_by_batches

NDJSON = "application/x-ndjson"

router = APIRouter()


@router.post(
    "/evaluation",
    summary="Bit errors by length",
    response_class=StreamingResponse,
    responses={
        200: {
            "model": EvaluationResult,
            "description": "A line of JSON for each length and pattern, as soon as it is known. If the "
            "evaluation fails, the last line is the error, in the usual shape.",
            "content": {NDJSON: {}},
        },
        **ERRORS,
    },
)
async def evaluation(
    asked: EvaluationRequest, settings: Settings, evaluations: Evaluations, held: Held
) -> StreamingResponse:
    """Runs a machine on sequences that it has not seen, and counts wrong bits, with a 95 % interval of the rate.

    The interval is clustered by sequence, because the bits of a sequence fail together; `wrong_by_sequence` holds the
    counts it is made from. Every machine gets the same sequences. `worst` is the sequence with the most wrong bits.
    Dropping the connection ends the evaluation after the batch that is running.
    """
    plan = Plan(tuple(asked.lengths), tuple(asked.patterns), asked.sequences, asked.locations, asked.seed)
    check_plan(plan, settings)
    checkpoint = await evaluations.look_up(asked.checkpoint, asked.sha256)
    check_task(checkpoint.info.task)
    await held.enter_async_context(evaluations.place(_cost(checkpoint, plan)))
    lines = evaluations.each(_lines(checkpoint, plan))
    first = await anext(lines)  # of a machine that cannot run like this, this is the error, with a status of its own
    return StreamingResponse(sent(_through(first, lines)), media_type=NDJSON)


def _cost(checkpoint: Checkpoint, plan: Plan) -> Cost:
    config, task = checkpoint.info.config, TASKS[checkpoint.info.task]
    steps = [task.steps(length) for length in plan.lengths for _ in plan.patterns]
    return costs.of_evaluation(config, steps, plan.sequences, plan.locations or config.locations)


def _lines(checkpoint: Checkpoint, plan: Plan) -> Iterator[bytes]:
    """A line for each result, and nothing in it for each stretch: between two items a run can be left."""
    for result in evaluate_by_batches(checkpoint.machine, checkpoint.info.task, plan):
        if result is None:
            yield b""
            continue
        yield orjson.dumps({"checkpoint": checkpoint.info.id, **result.document()}, option=orjson.OPT_APPEND_NEWLINE)


async def _through(first: bytes, lines: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """All lines. What goes wrong after the first has no status any more: it is the last line, in the one shape."""
    yield first
    try:
        async for line in lines:
            yield line
    except TapedeckError as error:
        yield orjson.dumps(errors.document(error), option=orjson.OPT_APPEND_NEWLINE)
