"""A sweep over a WebSocket: a message for each point, as soon as it is known."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from typing import Any, ClassVar

import orjson

from tapedeck.api import costs, errors
from tapedeck.api.lab_schemas import SweepRequest
from tapedeck.api.stream import Conversation
from tapedeck.checkpoints import Checkpoint
from tapedeck.errors import TapedeckError
from tapedeck.lab.points import Job, count_in_parts, jobs
from tapedeck.lab.sweeps import SweepPlan
from tapedeck.parts import next_part
from tapedeck.tasks import task_as_heard
from tapedeck.training.evaluation import AnyResult


class SweepConversation(Conversation):
    """Any number of sweeps, one after another; cancelling one leaves what has come."""

    starts: ClassVar[str] = "sweep"

    def _carry_out(self, request: dict[str, Any]) -> Callable[[], Coroutine[Any, Any, None]]:
        return partial(self._sweep, SweepRequest.model_validate(request))

    async def _sweep(self, request: SweepRequest) -> None:
        found = await self._runs.look_up(request.checkpoint, request.sha256)
        interventions = tuple(each.document() for each in request.interventions)
        plan = SweepPlan(
            tuple(request.axes), request.size, interventions, request.sequences, request.locations, request.seed
        )
        spec, task = found.info.spec, task_as_heard(found.info.spec, found.info.task)
        points = plan.points(spec, task.name)
        cost = costs.of_sweep(spec, [(task.steps(point.size), point.locations) for point in points], plan.sequences)
        async with self._runs.place(cost):
            self._waited = 0.0
            todo = await self._runs.do(jobs, found.machine, task.name, plan)
            await self._send(_header(found, plan, len(todo)))
            async for message in self._runs.each(_points(todo)):
                if message:
                    await self._send(message)
            await self._send(_text({"type": "done", "points": len(todo)}))


def _header(found: Checkpoint, plan: SweepPlan, points: int) -> str:
    measure = task_as_heard(found.info.spec, found.info.task).measure
    axes = [{**axis.model_dump(), "title": axis.title} for axis in plan.axes]
    about = {"checkpoint": found.info.id, "axes": axes, "points": points}
    return _text({"type": "header", **about, "measure": measure.name, "title": measure.title})


def _points(todo: list[Job]) -> Iterator[str | None]:
    """A message for each point; None after each stretch of one: a moment at which others may have their turn."""
    for index, job in enumerate(todo):
        said = {"type": "point", "index": index, "values": list(job.point.values)}
        parts = count_in_parts(job)
        try:
            while not (counted := next_part(parts)):
                yield None
            yield _text({**said, **_result(counted[0])})
        except TapedeckError as error:
            yield _text({**said, **errors.document(error)})


def _result(result: AnyResult) -> dict[str, Any]:
    found = {"rate": result.rate, "interval": list(result.interval), "sequences": result.sequences}
    return {**found, "exact": getattr(result, "exact", None)}


def _text(message: dict[str, Any]) -> str:
    return orjson.dumps(message).decode()
