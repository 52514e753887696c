"""All jobs of a folder: one trains, others wait for it in a queue."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Lock

from backend.errors import CheckpointUnwritable, JobConflict, JobNotFound, TooManyJobs
from backend.training.compiling import Compilation
from backend.training.jobs.folder import JobFolder
from backend.training.jobs.job import RESUMABLE, UNDER_WAY, Fault, Job, JobState
from backend.training.jobs.messages import Advance, Command, End, Order
from backend.training.jobs.process import TOLD, WorkerProcess
from backend.training.jobs.speed import Speed
from backend.training.recipe import Recipe
from backend.training.run_files import prepare_folder
from backend.training.trainer import Progress

logger = logging.getLogger(__name__)

PATIENCE = 8.0
"""Seconds, more than a process gives itself."""

GOODBYE = 2.0
"""Seconds that closing waits for the process to save; it goes on saving without the service."""

ENDED = {Command.PAUSE: "paused", Command.STOP: "stopped"}


class JobQueue:
    """The jobs. Any number of threads may use one; what a method tells is so when it returns.

    Nothing is read or written before the first call. Jobs that were under way when the last service ended are paused.

    Args:
        folder: of the jobs, their checkpoints and all else of their runs; made when the first job is started.
        others: folders of other machines, whose names new runs do not take.
        compilation: of the steps.
        most: jobs that train or wait.
        patience: seconds that a process gets to end by itself once it was told to.

    Raises:
        TrainingElsewhere: by every method: another service keeps the jobs of this folder.
        TrainingError: by every method: the folder cannot be used.
    """

    def __init__(
        self,
        folder: Path,
        others: Sequence[Path] = (),
        compilation: Compilation = Compilation.AUTO,
        most: int = 20,
        patience: float = PATIENCE,
    ) -> None:
        self._folder, self._compilation, self._most = JobFolder(folder, others), compilation, most
        self._patience = patience
        self._lock = Lock()
        self._jobs: dict[str, Job] = {}
        self._waiting: list[str] = []
        self._process: WorkerProcess | None = None
        self._speed = Speed(time.monotonic)
        self._closed = False

    def list(self) -> list[Job]:
        """Every job: the one that trains, those that wait in their order, then the others, the newest first."""
        with self._lock:
            self._take_over()
            jobs = [self._seen(job) for job in reversed(self._jobs.values())]
        return sorted(jobs, key=lambda job: (job.state is not JobState.RUNNING, job.place or len(jobs) + 1))

    def get(self, job_id: str) -> Job:
        """One job.

        Raises:
            JobNotFound: there is none of that id.
        """
        with self._lock:
            return self._seen(self._find(job_id))

    def metrics(self, job_id: str, after: int = -1) -> Sequence[Progress]:
        """The lines of a job's metrics that stand at more than so many sequences.

        Raises:
            JobNotFound: as above.
        """
        run = self.get(job_id).id
        return [line for line in self._folder.metrics(run) if line.sequences > after]

    def start(self, recipe: Recipe, seed: int) -> Job:
        """A new job, which trains as soon as no other does.

        Raises:
            TooManyJobs: too many wait already.
            InvalidConfiguration: the machine is too large.
            TrainingError: the folder cannot be made, or has no room.
            CheckpointUnwritable: the job cannot be written down.
        """
        with self._lock:
            self._take_over()
            self._check_room()
            name = self._folder.free_name(recipe, seed)
            prepare_folder(self._folder.path, recipe)
            self._take_over()  # what was just made, too
            return self._enqueue(Job(name, seed, recipe, created=time.time()))

    def resume(self, job_id: str) -> Job:
        """Puts a paused or failed job at the end of the queue.

        Raises:
            JobConflict: it is neither.
            JobNotFound, TooManyJobs, CheckpointUnwritable: as above.
        """
        with self._lock:
            job = self._find(job_id)
            _check(job, RESUMABLE, "resumed")
            self._check_room()
            return self._enqueue(replace(job, state=JobState.QUEUED, error=None))

    def pause(self, job_id: str) -> Job:
        """Takes a job out of training, or out of the queue; nothing is lost. The next one trains.

        Raises:
            JobConflict: it neither trains nor waits.
            JobNotFound, CheckpointUnwritable: as above.
        """
        return self._end(job_id, UNDER_WAY, Command.PAUSE)

    def stop(self, job_id: str) -> Job:
        """Ends a job for good. The checkpoints that it has made stay.

        Raises:
            JobConflict: it is over already.
            JobNotFound, CheckpointUnwritable: as above.
        """
        return self._end(job_id, (*UNDER_WAY, *RESUMABLE), Command.STOP)

    def close(self) -> None:
        """Pauses what trains, and lets go of the folder. Nothing can be done with the jobs afterwards."""
        with self._lock:
            self._closed = True
            process = self._process
        if process is not None:
            process.leave()
            process.wait(GOODBYE)
        self._folder.release()

    def _take_over(self) -> None:
        if self._folder.take():
            self._jobs = {job.id: job for job in self._folder.read_all()}

    def _find(self, job_id: str) -> Job:
        self._take_over()
        if job_id not in self._jobs:
            raise JobNotFound(f"There is no training {job_id[:80]!r}; GET /api/training lists them.", field="job")
        return self._jobs[job_id]

    def _seen(self, job: Job) -> Job:
        """With what is known of it only at this moment."""
        if job.state is JobState.RUNNING:
            return replace(job, sequences_per_second=self._speed.per_second)
        return replace(job, place=self._waiting.index(job.id) + 1 if job.id in self._waiting else None)

    def _check_room(self) -> None:
        count = len(self._waiting) + (self._process is not None)
        if count >= self._most:
            raise TooManyJobs(
                f"{count} trainings run or wait, as many as this service takes (max_training_jobs). "
                "Wait until one is finished, or stop one."
            )

    def _enqueue(self, job: Job) -> Job:
        self._put(job)
        self._waiting.append(job.id)
        self._train_next()
        return self._seen(self._jobs[job.id])

    def _put(self, job: Job) -> None:
        self._folder.write(job)
        self._jobs[job.id] = job

    def _settle(self, job: Job) -> None:
        """Like `_put`, where nobody waits for an answer: what cannot be written down is so all the same."""
        self._jobs[job.id] = job
        try:
            self._folder.write(job)
        except CheckpointUnwritable as error:
            logger.warning("That %s is %s is not written down: %s", job.id, job.state, error.detail)

    def _end(self, job_id: str, allowed: Collection[JobState], command: Command) -> Job:
        with self._lock:
            job = self._find(job_id)
            _check(job, allowed, ENDED[command])
            process = self._process if job.state is JobState.RUNNING else None
            if process is None:
                self._put(replace(job, state=TOLD[command], error=None))
                self._waiting = [waiting for waiting in self._waiting if waiting != job_id]
                self._clear(job_id)
            else:
                process.tell(command)
        if process is not None and not process.wait(self._patience):
            process.kill()
        return self.get(job_id)

    def _clear(self, job_id: str) -> None:
        """What nobody needs any more of a job that was stopped."""
        if self._jobs[job_id].state is JobState.STOPPED:
            self._folder.forget_rest(job_id)

    def _train_next(self) -> None:
        while self._process is None and self._waiting and not self._closed:
            job = self._jobs[self._waiting.pop(0)]
            try:
                self._put(replace(job, state=JobState.RUNNING, begun=True, compiled=None))
                self._process = self._process_for(job)
            except (CheckpointUnwritable, OSError) as error:
                fault = Fault("training_error", f"Training could not be begun: {error}")
                self._settle(replace(job, state=JobState.FAILED, error=fault))

    def _process_for(self, job: Job) -> WorkerProcess:
        self._speed = Speed(time.monotonic)
        order = Order(
            folder=self._folder.path,
            run=job.id,
            seed=job.seed,
            recipe=job.recipe.as_dict(),
            compilation=self._compilation,
            begun=job.begun,
        )
        return WorkerProcess(order, partial(self._advanced, job.id), partial(self._ended, job.id))

    def _advanced(self, job_id: str, message: Advance) -> None:
        with self._lock:
            progress = message.progress
            self._jobs[job_id] = replace(self._jobs[job_id], progress=progress, compiled=message.compiled)
            if message.compiled is not None:  # the time before went into compiling
                self._speed.note(progress.sequences)

    def _ended(self, job_id: str, end: End) -> None:
        with self._lock:
            self._process = None
            self._settle(replace(self._jobs[job_id], state=end.state, error=end.error))
            self._clear(job_id)
            self._train_next()


def _check(job: Job, allowed: Collection[JobState], what: str) -> None:
    if job.state not in allowed:
        raise JobConflict(f"{job.id} is {job.state}; only a training that is {' or '.join(allowed)} can be {what}.")
