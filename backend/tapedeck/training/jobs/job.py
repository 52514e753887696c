"""A job: a recipe and a seed that are to become a machine, and how far they have got."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tapedeck.training.outcome import Fault
from tapedeck.training.recipe import Recipe
from tapedeck.training.schedule import checkpoint_updates
from tapedeck.training.supervisor import Command
from tapedeck.training.trainer import Progress


class JobState(StrEnum):
    """The state of a job."""

    QUEUED = "queued"
    """Waits until the jobs before it are done."""
    RUNNING = "running"
    PAUSED = "paused"
    """When resumed, it ends exactly where it would have without a pause."""
    FINISHED = "finished"
    """Its machine is there."""
    STOPPED = "stopped"
    """Ended for good; the checkpoints made so far stay."""
    FAILED = "failed"
    """`Job.error` says why; when resumed, it continues from its last saved state."""


UNDER_WAY = (JobState.RUNNING, JobState.QUEUED)
RESUMABLE = (JobState.PAUSED, JobState.FAILED)
OVER = (JobState.FINISHED, JobState.STOPPED)


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands at one moment.

    Attributes:
        id: the name of its run, which its files bear.
        seed: of the run.
        recipe: of the run.
        created: when it was asked for, in seconds since 1970.
        state: where it stands.
        begun: whether a process has ever worked on it.
        progress: how far the training is; None before it was begun.
        compiled: whether the steps are compiled; None before that is known, which is while it compiles.
        error: what ended it, where it failed.
        turn: those that wait train in the order of it; None for a job that does not wait.
        wanted: a pause or a stop that was asked for while it trained and has not happened yet.
        place: in the queue, from 1 on; None for a job that does not wait.
        sequences_per_second: lately; None where nothing trains.
    """

    id: str
    seed: int
    recipe: Recipe
    created: float
    state: JobState = JobState.QUEUED
    begun: bool = False
    progress: Progress | None = None
    compiled: bool | None = None
    error: Fault | None = None
    turn: int | None = None
    wanted: Command | None = None
    place: int | None = None
    sequences_per_second: float | None = None

    @property
    def seconds_left(self) -> float | None:
        """Until the end, at the present speed."""
        if self.progress is None or not self.sequences_per_second:
            return None
        return (self.progress.total - self.progress.sequences) / self.sequences_per_second

    @property
    def checkpoints(self) -> int:
        """How many machines of its series there are so far."""
        if self.progress is None:
            return 0
        updates = self.progress.sequences // self.recipe.batch_size
        return sum(update <= updates for update in checkpoint_updates(self.recipe.updates))

    @property
    def checkpoint(self) -> str | None:
        """The id of its machine, once it is finished."""
        return self.id if self.state is JobState.FINISHED else None


@dataclass(frozen=True, slots=True)
class UnreadableJob:
    """A job whose record this version cannot read. It can only be listed, and nothing of it is lost."""

    id: str
    error: Fault
