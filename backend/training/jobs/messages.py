"""What a service and the process that trains for it say to each other, a line of JSON each."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from backend.training.compiling import Compilation
from backend.training.jobs.job import Fault, JobState
from backend.training.trainer import Progress


class Command(StrEnum):
    """What the process is told to do; that nobody is there any more to tell it anything means pause."""

    PAUSE = "pause"
    """Save exactly this update, and end."""
    STOP = "stop"
    """End."""


class Order(BaseModel):
    """What a process is started for."""

    model_config = ConfigDict(frozen=True)

    folder: Path
    run: str
    seed: int
    recipe: dict[str, Any]
    compilation: Compilation
    begun: bool


class Advance(BaseModel):
    """The training has come so far."""

    kind: Literal["advance"] = "advance"
    progress: Progress
    compiled: bool | None


class End(BaseModel):
    """The last message: why the process ends."""

    kind: Literal["end"] = "end"
    state: JobState
    error: Fault | None = None


class Message(RootModel[Advance | End]):
    """Anything that a process says."""

    root: Advance | End = Field(discriminator="kind")
