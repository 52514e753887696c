"""All jobs of a folder: one trains, others wait in a queue. Every service on the folder lists and takes them."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from itertools import chain, count
from pathlib import Path

from tapedeck.errors import JobConflict, JobNotFound, TooManyJobs, TrainingElsewhere, quoted
from tapedeck.training.compiling import Compilation
from tapedeck.training.jobs.job import RESUMABLE, UNDER_WAY, Job, JobState, UnreadableJob
from tapedeck.training.jobs.keeper import FINAL, Keeper, forget_rest
from tapedeck.training.jobs.store import JobStore, is_free, opened, unreadable_files
from tapedeck.training.metrics import Metrics, MetricsFile
from tapedeck.training.recipe import Recipe
from tapedeck.training.run_files import metrics_path, prepare_folder, run_name
from tapedeck.training.supervisor import PATIENCE, Command

GLANCE = 0.03
"""Seconds between two checks of what another service does."""

HEARD = 2.0
"""Seconds within which a healthy service does what is asked."""


class JobQueue:
    """The jobs. Any number of threads and services may use those of one folder; what a method asks for is done when it
    returns, whichever service does it.

    Nothing is read or written before the first call, or `watch`.

    Args:
        folder: of the jobs, their checkpoints and all else of their runs; made when the first job is started.
        others: folders of other machines, whose names new runs do not take.
        compilation: of the steps.
        most: jobs that train or wait.
        patience: seconds that a process gets to end by itself once it was told to.

    Raises:
        TrainingElsewhere: by every method: this service is being stopped.
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
        self._folder, self._others, self._most, self._patience = folder, others, most, patience
        self._keeper = Keeper(folder, compilation, patience)

    def watch(self) -> None:
        """From now on, takes the trainings over should the service that owns them end."""
        self._keeper.watch()

    def leave(self) -> None:
        """Tells what trains here to save and to end, without waiting for it. Afterwards every other method refuses."""
        self._keeper.leave()

    def close(self) -> None:
        """Leaves, waits until what trains has saved, and gives the folder up to other services."""
        self._keeper.close()

    def list(self) -> list[Job | UnreadableJob]:
        """Every job: the one that trains, those that wait, in order, the others, the newest first, and last those that
        cannot be read.
        """
        self._look()
        if not self._folder.exists():
            return []
        with opened(self._folder) as store:
            listed = store.every()
        jobs = [job for job in reversed(listed) if isinstance(job, Job)]
        unreadable = [job for job in listed if isinstance(job, UnreadableJob)]
        unreadable += unreadable_files(self._folder, {job.id for job in listed})
        jobs.sort(key=lambda job: (job.state is not JobState.RUNNING, job.place or len(jobs) + 1))
        return [*jobs, *unreadable]

    def get(self, job_id: str) -> Job:
        """One job.

        Raises:
            JobNotFound: no job has that id.
            TrainingError: its record cannot be read, or as above.
        """
        self._look()
        return self._found(job_id)

    def metrics(self, job_id: str, after: int = -1) -> Metrics:
        """The lines of a job's metrics that stand at more than so many sequences.

        Raises:
            JobNotFound: as above.
        """
        metrics = MetricsFile(metrics_path(self._folder, self.get(job_id).id)).read()
        return replace(metrics, lines=[line for line in metrics.lines if line.sequences > after])

    def start(self, recipe: Recipe, seed: int) -> Job:
        """A new job, which trains as soon as no other does.

        Raises:
            TooManyJobs: too many wait already.
            InvalidConfiguration: the machine is too large.
            TrainingError: the folder cannot be made, or has no room.
        """
        self._check_open()
        prepare_folder(self._folder, recipe)
        self._look()
        with opened(self._folder) as store, store.transaction():
            self._check_room(store)
            job = Job(self._free_name(store, recipe, seed), seed, recipe, time.time(), turn=store.next_turn())
            store.put(job)
        return self._after(job.id, lambda job: job.state is not JobState.QUEUED or self._waits(job), HEARD)

    def resume(self, job_id: str) -> Job:
        """Puts a paused or failed job at the end of the queue.

        Raises:
            JobConflict: it is neither.
            JobNotFound, TooManyJobs: as above.
        """
        self.get(job_id)
        with opened(self._folder) as store, store.transaction():
            job = store.get(job_id)
            _check(job, RESUMABLE, "resumed")
            self._check_room(store)
            store.put(replace(job, state=JobState.QUEUED, error=None, turn=store.next_turn()))
        return self._after(job.id, lambda job: job.state is not JobState.QUEUED or self._waits(job), HEARD)

    def pause(self, job_id: str) -> Job:
        """Takes a job out of training, or out of the queue; nothing is lost. The next one trains.

        Raises:
            JobConflict: it neither trains nor waits, or was stopped meanwhile.
            JobNotFound: as above.
        """
        job = self._end(job_id, UNDER_WAY, Command.PAUSE)
        if job.state is JobState.STOPPED:
            raise JobConflict(f"{job.id} was stopped while it was being paused, and a stop is for good.")
        return job

    def stop(self, job_id: str) -> Job:
        """Ends a job for good, even one that is being paused. The checkpoints made so far stay.

        Raises:
            JobConflict: it is over already.
            JobNotFound: as above.
        """
        return self._end(job_id, (*UNDER_WAY, *RESUMABLE), Command.STOP)

    def _look(self) -> None:
        self._check_open()
        self._keeper.watch()
        self._keeper.look()

    def _check_open(self) -> None:
        if self._keeper.leaving:
            raise TrainingElsewhere(
                "The service is being stopped. What trains is saved, and continues when another service takes it over "
                "or when it is resumed."
            )

    def _found(self, job_id: str) -> Job:
        if not self._folder.exists():
            raise JobNotFound(f"There is no training {quoted(job_id[:80])}; GET /api/training lists them.", field="job")
        with opened(self._folder) as store:
            return store.get(job_id)

    def _check_room(self, store: JobStore) -> None:
        under_way = len(store.in_state(*UNDER_WAY))
        if under_way >= self._most:
            raise TooManyJobs(
                f"{under_way} trainings run or wait, the most that this service takes (max_training_jobs). "
                "Wait until one is finished, or stop one."
            )

    def _free_name(self, store: JobStore, recipe: Recipe, seed: int) -> str:
        """A name for a new run that no job, run or machine has: copy-7, or else copy-7-v2, copy-7-v3 …"""
        name, taken = run_name(recipe, seed), {job.id for job in store.every()}
        names = chain([name], (f"{name}-v{number}" for number in count(2)))
        return next(each for each in names if each not in taken and is_free(each, [self._folder, *self._others]))

    def _waits(self, job: Job) -> bool:
        """Whether a job has to wait for another one."""
        with opened(self._folder) as store:
            return (job.place or 0) > 1 or bool(store.in_state(JobState.RUNNING))

    def _end(self, job_id: str, allowed: Collection[JobState], command: Command) -> Job:
        self.get(job_id)
        with opened(self._folder) as store, store.transaction():
            job = store.get(job_id)
            _check(job, allowed, FINAL[command])
            if job.state is JobState.RUNNING:
                job = replace(job, wanted=job.wanted if job.wanted is Command.STOP else command)
            else:
                job = replace(job, state=FINAL[command], error=None, turn=None)
            store.put(job)
        forget_rest(self._folder, job)
        ended = self._after(
            job_id, lambda job: job.state is not JobState.RUNNING or job.wanted is None, self._patience + HEARD
        )
        if ended.state is JobState.RUNNING and ended.wanted is not None:
            raise TrainingElsewhere(
                f"The service that trains {job_id} does not answer. The {command} is recorded, and takes effect when "
                "that service answers or another takes its place."
            )
        return ended

    def _after(self, job_id: str, done: Callable[[Job], bool], seconds: float) -> Job:
        """A job once the service that owns the folder has done what was asked, or after that many seconds."""
        deadline = time.monotonic() + seconds
        while not done(job := self.get(job_id)) and time.monotonic() < deadline:
            time.sleep(GLANCE)
        return job


def _check(job: Job, allowed: Collection[JobState], what: str) -> None:
    if job.state not in allowed:
        raise JobConflict(f"{job.id} is {job.state}; only a training that is {' or '.join(allowed)} can be {what}.")
