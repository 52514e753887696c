"""`tapedeck tasks`: every task that machines are run on and trained for, those of plug-ins among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import typer

from tapedeck.tasks import TASKS, Task


def list_tasks() -> None:
    """List the tasks: what each takes as input, what counts, and what makes its examples longer."""
    for task in TASKS.values():
        for line in _lines(task):
            typer.echo(line)


def _lines(task: Task[Any]) -> Iterator[str]:
    yield task.name
    yield f"  {task.scores}"
    fields: Mapping[str, Mapping[str, Any]] = task.schema["properties"]
    for name, field in fields.items():
        yield f"  “{name}”: {field.get('description', field.get('type', 'anything'))}"
    yield f"  --input '{orjson.dumps(task.example).decode()}'"
    for size in task.sizes:
        values = ",".join(map(str, size.values))
        yield f"  --size {size.name}={values}  {size.of}, {size.least:,} to {size.most:,}"
