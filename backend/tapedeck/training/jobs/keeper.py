"""Who trains the jobs of a folder: one of the services on it, the owner. The others stand by to take over."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from pathlib import Path
from threading import RLock, Thread

from filelock import FileLock, Timeout

from tapedeck.errors import TapedeckError, TrainingError
from tapedeck.training import resume
from tapedeck.training.compiling import Compilation
from tapedeck.training.jobs.job import RESUMABLE, UNDER_WAY, Job, JobState
from tapedeck.training.jobs.store import FILE, JobStore
from tapedeck.training.metrics import MetricsFile
from tapedeck.training.outcome import Ending, Fault
from tapedeck.training.request import TrainingRequest
from tapedeck.training.run_files import final_path, metrics_path, resume_path
from tapedeck.training.speed import Speed
from tapedeck.training.supervisor import PATIENCE, Advance, Command, End, Order, Supervisor
from tapedeck.training.trainer import Progress

logger = logging.getLogger(__name__)

LOCK = ".service.lock"
"""Held by the owner as long as it lives; the system releases it whatever ends the process."""

TURN, STANDBY = 0.1, 0.25
"""Seconds between two rounds of the owner, and of a service that stands by."""

GOODBYE = 2.0
"""Seconds that closing waits for a process to save; after that the process saves without the service."""

FINAL = {Command.PAUSE: JobState.PAUSED, Command.STOP: JobState.STOPPED}


class Keeper:
    """The owner of a folder, or a service that would be.

    The first service on a folder pauses what was under way when the last one ended. A service that stood by when the
    owner ended continues it.

    Args:
        folder: of the jobs; it need not be there yet.
        compilation: of the steps.
        patience: seconds that a process gets to do what it was told.
    """

    def __init__(self, folder: Path, compilation: Compilation, patience: float = PATIENCE) -> None:
        self._folder, self._compilation, self._patience = folder, compilation, patience
        self._lock = RLock()
        self._owned: _Owned | None = None
        self._stood_by: tuple[int, int] | None = None
        self._supervisor = Supervisor(folder, patience)
        self._speed = Speed(time.monotonic)
        self._advanced: dict[str, Advance] = {}
        self._ended: dict[str, End] = {}
        self._thread: Thread | None = None
        self._leaving = self._closed = False

    @property
    def leaving(self) -> bool:
        """Whether it will not own anything any more."""
        return self._leaving

    def watch(self) -> None:
        """From now on looks regularly, in a thread of its own."""
        with self._lock:
            if self._thread is None and not self._leaving:
                self._thread = Thread(target=self._watch, name=f"keeper of {self._folder}", daemon=True)
                self._thread.start()

    def look(self) -> None:
        """Takes in the present state, and does whatever is to be done.

        Raises:
            TrainingError: the folder cannot be used.
        """
        with self._lock:
            if self._owned is not None and not self._owned.still:
                self._let_go()
            if self._owned is None and not self._leaving:
                self._claim()
            if self._owned is not None:
                self._keep(self._owned.store)

    def leave(self) -> None:
        """Tells what trains to save and to end, at once and without waiting."""
        self._leaving = True
        self._supervisor.wake()

    def close(self) -> None:
        """Leaves, waits until what trains has saved, and gives the folder up to other services."""
        self.leave()
        deadline = time.monotonic() + GOODBYE
        if self._thread is not None:
            while self._supervisor.running and time.monotonic() < deadline:
                time.sleep(TURN / 10)
            self._closed = True
            self._supervisor.wake()
            self._thread.join()
        with self._lock:
            self._disown()

    def _watch(self) -> None:
        said = ""
        while not self._closed:
            try:
                self.look()
                said = ""
            except (TrainingError, OSError) as error:
                # Requests for the jobs are answered with it; in the log once is enough.
                if str(error) != said:
                    logger.warning("%s", error)
                said = str(error)
            self._supervisor.wait(TURN if self._owned is not None else STANDBY)

    def _claim(self) -> None:
        """Becomes the owner of the folder, if it exists and has none."""
        if not self._folder.exists():
            return
        lock = FileLock(self._folder / LOCK, blocking=False, thread_local=False)
        store = JobStore(self._folder)
        try:
            # Within a transaction, so that a job is only ever added before an owner comes or after it has recovered.
            with store.transaction():
                lock.acquire()
                taken = store.take_over()
                goes_on = _identity(self._folder / LOCK) == self._stood_by
                recovered = [
                    _recovered(self._folder, job, store.first_turn(), goes_on=goes_on)
                    for job in store.in_state(*UNDER_WAY, *(() if goes_on else RESUMABLE))
                ]
                for job in recovered:
                    store.put(job)
        except Timeout:
            self._stood_by = _identity(self._folder / LOCK)
            store.close()
        except OSError as error:
            store.close()
            lock.release()
            raise TrainingError(
                f"The folder {self._folder} cannot be written into: {error.strerror}. Make it writable, or choose "
                "another one (TAPEDECK_RUNS)."
            ) from error
        except BaseException:
            store.close()
            lock.release()
            raise
        else:
            self._owned = _Owned(self._folder, lock, store)
            for path in taken:
                _remove(path)
            for job in recovered:
                forget_rest(self._folder, job)

    def _let_go(self) -> None:
        """The folder was replaced or removed. What trains saves in the old one, and ends."""
        logger.warning("%s was replaced or removed; its trainings are paused where they are.", self._folder)
        self._supervisor.leave()
        self._supervisor = Supervisor(self._folder, self._patience)
        self._advanced, self._ended = {}, {}
        self._disown()

    def _disown(self) -> None:
        if self._owned is not None:
            self._owned.release()
        self._owned = self._stood_by = None

    def _keep(self, store: JobStore) -> None:
        if self._leaving:
            self._supervisor.leave()
        self._note(store)
        for job in store.in_state(JobState.RUNNING):
            if job.wanted is not None:
                self._supervisor.tell(job.id, job.wanted)
        while not (self._supervisor.running or self._leaving) and self._begin(store):
            pass
        self._supervisor.dismiss()

    def _note(self, store: JobStore) -> None:
        """Records what was said. What cannot be recorded now is tried again in the next round."""
        for run, said in self._supervisor.said():
            if isinstance(said, End):
                self._ended[run] = said
                continue
            self._advanced[run] = said
            if said.compiled is not None:  # the time before went into compiling
                self._speed.note(said.progress.sequences)
        if self._advanced or self._ended:
            with store.transaction():
                jobs = [self._noted(job) for job in store.in_state(JobState.RUNNING)]
                for job in jobs:
                    store.put(job)
            self._advanced.clear()
            self._ended.clear()
            for job in jobs:
                forget_rest(self._folder, job)

    def _noted(self, job: Job) -> Job:
        advance, end = self._advanced.get(job.id), self._ended.get(job.id)
        if advance is not None:
            speed = self._speed.per_second
            job = replace(job, progress=advance.progress, compiled=advance.compiled, sequences_per_second=speed)
        return job if end is None else self._settled(job, end)

    def _settled(self, job: Job, end: End) -> Job:
        """A job whose process is done with it. A stop that was asked for meanwhile wins."""
        if end.ending in (Ending.FINISHED, Ending.OVER):
            state = JobState.FINISHED
        elif job.wanted is Command.STOP:
            state = JobState.STOPPED
        elif end.ending is Ending.FAILED:
            state = JobState.FAILED
        elif self._leaving and job.wanted is None:
            return replace(job, sequences_per_second=None)  # the next owner decides what becomes of it
        else:
            state = JobState.PAUSED
        error = end.error if state is JobState.FAILED else None
        return replace(job, state=state, error=error, wanted=None, sequences_per_second=None)

    def _begin(self, store: JobStore) -> bool:
        """Trains the first job that waits; whether there was one."""
        with store.transaction():
            waiting = store.in_state(JobState.QUEUED)
            if not waiting:
                return False
            job = waiting[0]
            running = replace(
                job, state=JobState.RUNNING, begun=True, compiled=None, turn=None, wanted=None, place=None
            )
            store.put(running)
        self._speed = Speed(time.monotonic)
        request = TrainingRequest(
            job.seed, self._folder, job.recipe.as_dict(), self._compilation, resume=job.begun, run=job.id
        )
        try:
            self._supervisor.start(Order(request=request, background=True))
        except TrainingError as error:
            store.put(replace(running, state=JobState.FAILED, error=Fault.of(error)))
        return True


class _Owned:
    """What an owner holds open: the lock and the database. Held open, neither can be mistaken for a later file."""

    def __init__(self, folder: Path, lock: FileLock, store: JobStore) -> None:
        self.store = store
        self._lock = lock
        self._paths = (folder / LOCK, folder / FILE)
        self._held = self._found()

    @property
    def still(self) -> bool:
        """Whether both are still what stands in the folder."""
        return self._held == self._found()

    def release(self) -> None:
        self.store.close()
        self._lock.release()

    def _found(self) -> list[tuple[int, int] | None]:
        return [_identity(path) for path in self._paths]


def forget_rest(folder: Path, job: Job) -> None:
    """Removes what resuming a job needs, if it was stopped for good."""
    if job.state is JobState.STOPPED:
        _remove(resume_path(folder, job.id))


def _recovered(folder: Path, job: Job, turn: int, *, goes_on: bool) -> Job:
    """A job whose owner is gone, as its files have it: what was under way continues, or is paused."""
    if job.begun and final_path(folder, job.id).exists() and not resume_path(folder, job.id).exists():
        return replace(_at_rest(job, JobState.FINISHED), progress=_last_progress(folder, job))
    state = job.state
    if state is JobState.RUNNING and job.wanted is not None:
        state = FINAL[job.wanted]
    elif state in UNDER_WAY:
        state = JobState.QUEUED if goes_on else JobState.PAUSED
    if state is JobState.QUEUED:
        job = replace(job, state=state, turn=turn if job.turn is None else job.turn, compiled=None)
    else:
        job = _at_rest(job, state)
    path = resume_path(folder, job.id)
    if state is JobState.STOPPED or not path.exists():
        return job
    try:
        saved = resume.read(path)
    except TapedeckError as error:
        return replace(_at_rest(job, JobState.FAILED), error=Fault.of(error))
    # What its process said last may be later than what it saved, or earlier.
    return replace(job, progress=saved.counters.progress(saved.recipe))


def _at_rest(job: Job, state: JobState) -> Job:
    error = job.error if state is JobState.FAILED else None
    return replace(job, state=state, error=error, turn=None, wanted=None, sequences_per_second=None)


def _last_progress(folder: Path, job: Job) -> Progress | None:
    try:
        lines = MetricsFile(metrics_path(folder, job.id)).read().lines
    except TrainingError:
        return job.progress
    return lines[-1] if lines else job.progress


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("%s is no longer needed but cannot be removed: %s", path, error.strerror)
