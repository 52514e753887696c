"""The folder of the jobs and their runs: what is in it, and which service it belongs to."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, count
from pathlib import Path

from filelock import FileLock, Timeout

from backend.errors import TapedeckError, TrainingElsewhere, TrainingError
from backend.training import resume
from backend.training.jobs import record
from backend.training.jobs.job import OVER, RESUMABLE, Fault, Job, JobState
from backend.training.metrics import MetricsFile
from backend.training.recipe import Recipe
from backend.training.run_files import metrics_path, resume_path, run_name
from backend.training.trainer import Progress

logger = logging.getLogger(__name__)

LOCK = ".service.lock"
"""Held by the one service that keeps the jobs of a folder, as long as it lives."""


class JobFolder:
    """A folder of jobs.

    Args:
        path: where it is; it need not be there yet.
        others: folders of other machines, whose names a new run does not take.
    """

    def __init__(self, path: Path, others: Sequence[Path]) -> None:
        self.path = path
        self._with_machines = (path, *others)
        self._owned = FileLock(path / LOCK, blocking=False, thread_local=False)
        self._released = False

    def take(self) -> bool:
        """Makes it this service's own, if it is there; whether that is new.

        Raises:
            TrainingElsewhere: it is another one's, or this service is ending.
            TrainingError: it cannot be used.
        """
        if self._released:
            raise TrainingElsewhere(
                "The service is being stopped; what trains is saved and goes on when it is resumed."
            )
        if self._owned.is_locked or not self.path.exists():
            return False
        try:
            self._owned.acquire()
        except Timeout as error:
            raise TrainingElsewhere(
                f"Another service keeps the trainings in {self.path}. Stop it, or let this one keep its own in another "
                "folder (TAPEDECK_RUNS)."
            ) from error
        except OSError as error:
            raise TrainingError(
                f"The folder {self.path} cannot be written: {error.strerror}. Choose another one (TAPEDECK_RUNS)."
            ) from error
        return True

    def release(self) -> None:
        """Lets another service take it; this one will not any more."""
        self._released = True
        self._owned.release()

    def read_all(self) -> list[Job]:
        """Every job, in the order in which they were asked for. A service that comes new finds none of them going on:
        what was under way is paused. A record that cannot be read is left out, and the log says so.
        """
        jobs = []
        for path in self.path.glob(f"*{record.SUFFIX}"):
            try:
                jobs.append(self._found(record.read(path)))
            except TrainingError as error:
                logger.warning("%s", error.detail)
        return sorted(jobs, key=lambda job: (job.created, job.id))

    def write(self, job: Job) -> None:
        """Puts down where a job stands.

        Raises:
            CheckpointUnwritable: that cannot be written.
        """
        record.write(self.path, job)

    def metrics(self, run: str) -> list[Progress]:
        """The numbers of a run so far."""
        return [Progress(**line) for line in MetricsFile(metrics_path(self.path, run)).lines()]

    def forget_rest(self, run: str) -> None:
        """What going on with a run would need: nobody will."""
        try:
            resume_path(self.path, run).unlink(missing_ok=True)
        except OSError as error:
            logger.warning("The resume file of %s, which nobody needs, stays: %s", run, error)

    def free_name(self, recipe: Recipe, seed: int) -> str:
        """A name for a new run that no job, run or machine has: copy-7, or else copy-7-v2, copy-7-v3 …"""
        name = run_name(recipe, seed)
        return next(each for each in chain([name], (f"{name}-v{number}" for number in count(2))) if self._is_free(each))

    def _is_free(self, name: str) -> bool:
        of_the_run = re.compile(rf"{re.escape(name)}(-\d+)?\.")
        present = (folder for folder in self._with_machines if folder.is_dir())
        return not any(of_the_run.match(path.name) for folder in present for path in folder.iterdir())

    def _found(self, job: Job) -> Job:
        if job.state in OVER:
            return job
        state = job.state if job.state in RESUMABLE else JobState.PAUSED
        path = resume_path(self.path, job.id)
        if not path.exists():
            return replace(job, state=state)
        try:
            saved = resume.read(path)
            # What its process said last may be later than what it saved, or earlier.
            return replace(job, state=state, progress=saved.counters.progress(saved.recipe))
        except TapedeckError as error:
            return replace(job, state=JobState.FAILED, error=Fault.of(error))
