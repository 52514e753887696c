"""POST /api/evaluation: how well a machine generalizes, result after result."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import orjson
from fastapi import APIRouter
from starlette.responses import StreamingResponse

from tapedeck.api import costs, errors
from tapedeck.api.dependencies import Evaluations, Settings
from tapedeck.api.limits import check_plan
from tapedeck.api.recording import ERRORS, Held, sent
from tapedeck.api.schemas import EvaluationRequest, EvaluationResult, PredictionEvaluationResult
from tapedeck.checkpoints import Checkpoint
from tapedeck.errors import InvalidRequest, TapedeckError
from tapedeck.tasks import CopyTask, Task, task_as_heard
from tapedeck.training.evaluation import Plan, evaluate_by_batches

NDJSON = "application/x-ndjson"

router = APIRouter()


@router.post(
    "/evaluation",
    summary="Bit errors by size",
    response_class=StreamingResponse,
    responses={
        200: {
            "model": EvaluationResult | PredictionEvaluationResult,
            "description": "A line of JSON for each size and pattern, as soon as it is known. If the "
            "evaluation fails, the last line is the error, in the usual shape.",
            "content": {NDJSON: {}},
        },
        **ERRORS,
    },
)
async def evaluation(
    asked: EvaluationRequest, settings: Settings, evaluations: Evaluations, held: Held
) -> StreamingResponse:
    """Runs a machine on examples of its task that it has not seen, and counts wrong bits, with a 95 % interval of the
    rate.

    `sizes` gives the values of each number that makes an example longer, as `GET /api/tasks` names them, and every
    combination is evaluated: `{"items": [2, 6]}`, `{"length": [5, 10], "repeats": [5, 10]}`. `lengths` is the short
    form of `{"length": …}`; without either the task's own values are taken. In a result each number of its size stands
    under its name, `items` or `length` and `repeats`.

    Of a task whose outputs are probabilities, what they cost is counted instead, in bits, and `excess` is the share
    above the Bayes-optimal estimator's cost.

    The interval is clustered by sequence, because the bits of a sequence fail together; `wrong_by_sequence` holds the
    counts it is made from. Every machine gets the same examples. `worst` is the one with the most wrong bits.
    Dropping the connection ends the evaluation after the batch that is running.
    """
    if asked.lengths is not None and asked.sizes is not None:
        raise InvalidRequest("The request has both lengths and sizes; give one of them.", field="sizes")
    checkpoint = await evaluations.look_up(asked.checkpoint, asked.sha256)
    task = task_as_heard(checkpoint.info.spec, checkpoint.info.task)
    plan = Plan(_sizes(asked, task), tuple(asked.patterns), asked.sequences, asked.locations, asked.seed)
    sizes = plan.sizes_of(task)
    check_plan(plan, task, sizes, settings)
    steps = [task.steps(size) for size in sizes for _ in plan.patterns]
    spec = checkpoint.info.spec
    cost = costs.of_evaluation(spec, steps, plan.sequences, plan.locations or spec.memory.locations)
    await held.enter_async_context(evaluations.place(cost))
    lines = evaluations.each(_lines(checkpoint, plan))
    first = await anext(lines)  # of a machine that cannot run like this, this is the error, with a status of its own
    return StreamingResponse(sent(_through(first, lines)), media_type=NDJSON)


def _sizes(asked: EvaluationRequest, task: Task[Any]) -> dict[str, tuple[int, ...]]:
    """By name; the task's own where none are asked for."""
    if asked.lengths is not None:
        return {CopyTask.sizes[0].name: tuple(asked.lengths)}
    if asked.sizes is not None:
        return {name: tuple(values) for name, values in asked.sizes.items()}
    return {each.name: each.values for each in task.sizes}


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
