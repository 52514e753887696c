"""GET /api/tasks."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from tapedeck.api.trace_schemas import TaskDocument
from tapedeck.tasks import TASKS, Task
from tapedeck.tasks.terms import terms_of
from tapedeck.training.patterns import PATTERNS

router = APIRouter(prefix="/tasks")


@router.get("", summary="Every task that a machine can be run on")
async def list_tasks() -> list[TaskDocument]:
    """What each task takes as a request's `input`, the channels and phases of its example, what is scored, the sizes
    that it is evaluated at, how many steps a run of any size has, and how many locations an exact answer needs.
    """
    return [_document(task) for task in TASKS.values()]


def _document(task: Task[Any]) -> TaskDocument:
    bits, names = task.example_bits, [size.name for size in task.sizes]
    episode = task.episode(task.parse(task.example, bits))
    return TaskDocument.model_validate(
        {
            "name": task.name,
            "input": task.schema,
            "input_channels": [asdict(channel) for channel in task.input_channels(bits)],
            "output_channels": [asdict(channel) for channel in task.output_channels(bits)],
            "phases": [phase._asdict() for phase in episode.phases],
            "scored": task.scores,
            "measure": asdict(task.measure),
            "sizes": [size._asdict() for size in task.sizes],
            "steps": [term._asdict() for term in terms_of(task.steps, names)],
            "locations": [term._asdict() for term in terms_of(task.locations_needed, names)],
            "patterns": list(PATTERNS) if task.patterned else [],
        }
    )
