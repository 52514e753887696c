"""A job on disk: one small JSON file, `<id>.job`, beside the files of its run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from backend.checkpoints.files import write_atomically
from backend.errors import InvalidConfiguration, TrainingError
from backend.training.jobs.job import Fault, Job, JobState
from backend.training.recipe import Recipe
from backend.training.trainer import Progress

SUFFIX = ".job"
FORMAT_VERSION = 1


class _Document(BaseModel):
    """What of a job outlives the service."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format_version: int = FORMAT_VERSION
    seed: int
    recipe: dict[str, Any]
    created: float
    state: JobState
    begun: bool
    progress: Progress | None
    compiled: bool | None
    error: Fault | None


KEPT = ("seed", "created", "state", "begun", "progress", "compiled", "error")


def write(folder: Path, job: Job) -> None:
    """Puts a job's record in the place of the one before.

    Raises:
        CheckpointUnwritable: it cannot be written.
    """
    document = _Document(recipe=job.recipe.as_dict(), **{name: getattr(job, name) for name in KEPT})
    write_atomically(folder / f"{job.id}{SUFFIX}", document.model_dump_json().encode())


def read(path: Path) -> Job:
    """The job as its record has it.

    Raises:
        TrainingError: the record is no whole one of this version.
    """
    try:
        document = _Document.model_validate_json(path.read_bytes())
        recipe = Recipe.from_dict(document.recipe)
    except (OSError, ValidationError, InvalidConfiguration) as error:
        raise TrainingError(f"{path} is no job of this version of Tapedeck: {error}") from error
    return Job(path.stem, recipe=recipe, **{name: getattr(document, name) for name in KEPT})
