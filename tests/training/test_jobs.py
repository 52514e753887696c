"""Jobs as they are: real processes that train, are paused, and are killed."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from filelock import FileLock

from backend.checkpoints import CheckpointLibrary
from backend.training.compiling import Compilation
from backend.training.jobs import Fault, JobQueue, JobState
from backend.training.jobs.worker import LOCK
from tests.training.tiny import (
    ENDLESS,
    TINY,
    WAIT,
    check_as_if_uninterrupted,
    in_state,
    next_checkpoint,
    on_its_way,
    series_of,
    until,
)

ROOT = Path(__file__).parents[2]
Open = Callable[..., JobQueue]


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "runs"


@pytest.fixture
def open_queue(runs: Path) -> Iterator[Open]:
    """Queues over the folder, one after another. At the end nothing trains any more."""
    opened: list[JobQueue] = []

    def open_(**options: Any) -> JobQueue:
        opened.append(JobQueue(runs, compilation=Compilation.NEVER, **options))
        return opened[-1]

    yield open_
    for queue in opened:
        queue.close()
    if runs.exists():
        wait_for_the_worker(runs)


def wait_for_the_worker(runs: Path) -> None:
    with FileLock(runs / LOCK).acquire(timeout=WAIT):
        pass


def failure(queue: JobQueue, job_id: str) -> Fault:
    """What ends a job, as soon as it has."""
    return until(lambda: queue.get(job_id).error, f"{job_id} failed")


def worker_pid(queue: JobQueue) -> int:
    assert queue._process is not None
    return queue._process._process.pid


def test_paused_and_killed_and_resumed_it_trains_as_if_nothing_had_been(
    runs: Path, open_queue: Open, tmp_path: Path
) -> None:
    queue = open_queue()
    job = queue.start(ENDLESS, seed=5)
    assert (job.id, job.state) == ("copy-5", JobState.RUNNING)
    on_its_way(queue, job.id)
    paused = queue.pause(job.id)
    assert paused.state is JobState.PAUSED
    assert paused.progress is not None
    seen = paused.progress.sequences
    assert seen > 0

    queue.resume(job.id)
    on_its_way(queue, job.id, beyond=seen)
    os.kill(worker_pid(queue), signal.SIGKILL)
    assert "was killed (SIGKILL)" in failure(queue, job.id).detail
    assert queue.get(job.id).state is JobState.FAILED

    queue.resume(job.id)
    checkpoint = next_checkpoint(runs, job.id, beyond=seen)
    assert queue.stop(job.id).state is JobState.STOPPED
    check_as_if_uninterrupted(checkpoint, ENDLESS, 5, tmp_path / "whole")


def test_the_service_is_killed_and_the_next_one_finds_the_job_paused(
    runs: Path, open_queue: Open, tmp_path: Path
) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.training.keeper", str(runs)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as service:
        assert service.stdout is not None
        assert service.stdout.readline() == "copy-5\n"
        service.kill()
    wait_for_the_worker(runs)  # nothing trains on

    queue = open_queue()
    (found,) = queue.list()
    assert (found.id, found.state, found.error) == ("copy-5", JobState.PAUSED, None)
    assert found.progress is not None
    seen = found.progress.sequences
    assert seen > 0
    queue.resume(found.id)
    checkpoint = next_checkpoint(runs, found.id, beyond=seen)
    queue.stop(found.id)
    check_as_if_uninterrupted(checkpoint, ENDLESS, 5, tmp_path / "whole")


def test_one_trains_and_the_others_wait_in_their_order(open_queue: Open) -> None:
    queue, together = open_queue(), Barrier(2)

    def start(_: int) -> str:
        together.wait(WAIT)
        return queue.start(ENDLESS, seed=1).id

    with ThreadPoolExecutor(2) as threads:  # two starts at once are two jobs
        assert set(threads.map(start, range(2))) == {"copy-1", "copy-1-v2"}
    queue.start(ENDLESS, seed=3)
    assert [(job.state, job.place) for job in queue.list()] == [
        (JobState.RUNNING, None),
        (JobState.QUEUED, 1),
        (JobState.QUEUED, 2),
    ]
    first, second, third = (job.id for job in queue.list())
    assert third == "copy-3"
    assert queue.pause(second).state is JobState.PAUSED
    assert queue.get(third).place == 1
    assert queue.resume(second).place == 2
    assert queue.stop(second).state is JobState.STOPPED
    assert queue.stop(first).state is JobState.STOPPED
    on_its_way(queue, third)
    assert [job.state for job in queue.list()] == [JobState.RUNNING, JobState.STOPPED, JobState.STOPPED]


def test_a_process_that_hears_nothing_is_killed_and_nothing_is_lost(
    open_queue: Open,
) -> None:
    queue = open_queue(patience=0.2)
    job = on_its_way(queue, queue.start(ENDLESS, seed=1).id, beyond=200)
    os.kill(worker_pid(queue), signal.SIGSTOP)
    assert queue.pause(job.id).state is JobState.PAUSED
    queue.close()
    (found,) = open_queue().list()
    assert found.progress is not None
    assert found.progress.sequences >= 200, "the last resume file"


def test_a_full_disk_is_said_and_with_room_it_comes_to_its_end(runs: Path, open_queue: Open) -> None:
    queue = open_queue()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # No file may grow beyond that, in this process and the one that trains: as on a full disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (4000, hard))
    try:
        job = queue.start(TINY, seed=1)
        fault = failure(queue, job.id)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert fault.code == "checkpoint_unwritable"
    assert fault.detail.endswith("copy-1-000000.safetensors cannot be written: File too large.")

    queue.resume(job.id)
    finished = in_state(queue, job.id, JobState.FINISHED)
    assert finished.progress is not None
    assert finished.progress.sequences == finished.progress.total == TINY.sequences
    assert finished.checkpoint == "copy-1"
    assert [line.sequences for line in queue.metrics(job.id)] == [0, 120]
    assert [line.sequences for line in queue.metrics(job.id, after=0)] == [120]
    machines = [entry.id for entry in CheckpointLibrary(runs).list()]
    assert machines == ["copy-1", *series_of(TINY, "copy-1")]
    assert finished.checkpoints == len(series_of(TINY, "copy-1"))
