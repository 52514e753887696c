"""Jobs as they are: real processes that train, are paused, and are killed."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from filelock import FileLock

from tapedeck.checkpoints import CheckpointLibrary
from tapedeck.errors import JobConflict
from tapedeck.training.compiling import Compilation
from tapedeck.training.jobs import Job, JobQueue, JobState
from tapedeck.training.outcome import Fault
from tapedeck.training.worker import LOCK
from tests.training.tiny import (
    ENDLESS,
    TINY,
    WAIT,
    check_as_if_uninterrupted,
    in_state,
    next_checkpoint,
    on_its_way,
    series_of,
    trainers,
    until,
)

ROOT = Path(__file__).parents[2]
Open = Callable[..., JobQueue]


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "runs"


@pytest.fixture
def open_queue(runs: Path) -> Iterator[Open]:
    """Queues over the folder, as services have them. At the end nothing trains any more."""
    opened: list[JobQueue] = []

    def open_(**options: Any) -> JobQueue:
        opened.append(JobQueue(runs, compilation=Compilation.NEVER, **options))
        return opened[-1]

    yield open_
    for queue in reversed(opened):
        queue.close()
    if runs.exists():
        wait_for_the_worker(runs)


@contextmanager
def service(runs: Path, *start: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A service in a process of its own, and what it says when it watches."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.training.keeper", str(runs), *start],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def wait_for_the_worker(runs: Path) -> None:
    with FileLock(runs / LOCK).acquire(timeout=WAIT):
        pass


def listed(queue: JobQueue) -> list[Job]:
    return [job for job in queue.list() if isinstance(job, Job)]


def failure(queue: JobQueue, job_id: str) -> Fault:
    """What ends a job, as soon as it has."""
    return until(lambda: queue.get(job_id).error, f"{job_id} failed")


def worker_pid(runs: Path) -> int:
    """Of the one process that trains."""
    (pid,) = trainers(runs)
    return pid


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
    os.kill(worker_pid(runs), signal.SIGKILL)
    assert "was killed (SIGKILL)" in failure(queue, job.id).detail
    assert queue.get(job.id).state is JobState.FAILED

    queue.resume(job.id)
    checkpoint = next_checkpoint(runs, job.id, beyond=seen)
    assert queue.stop(job.id).state is JobState.STOPPED
    check_as_if_uninterrupted(checkpoint, ENDLESS, 5, tmp_path / "whole")


def test_the_only_service_is_killed_and_the_next_one_finds_the_job_paused(
    runs: Path, open_queue: Open, tmp_path: Path
) -> None:
    with service(runs, "start") as (process, said):
        assert said == "copy-5"
        process.kill()
    wait_for_the_worker(runs)  # nothing trains on

    queue = open_queue()
    (found,) = listed(queue)
    assert (found.id, found.state, found.error) == ("copy-5", JobState.PAUSED, None)
    assert found.progress is not None
    seen = found.progress.sequences
    assert seen > 0
    queue.resume(found.id)
    checkpoint = next_checkpoint(runs, found.id, beyond=seen)
    queue.stop(found.id)
    check_as_if_uninterrupted(checkpoint, ENDLESS, 5, tmp_path / "whole")


def test_a_replica_takes_over_when_the_owner_is_killed_and_trains_as_if_nothing_had_been(
    runs: Path, open_queue: Open, tmp_path: Path
) -> None:
    with service(runs, "start") as (owner, said):
        assert said == "copy-5"
        standby = open_queue()
        waits = standby.start(ENDLESS, seed=6)
        assert (waits.state, waits.place) == (JobState.QUEUED, 1)
        (trainer,) = trainers(runs)
        seen = on_its_way(standby, "copy-5").progress
        assert seen is not None
        owner.kill()
    on_its_way(standby, "copy-5", beyond=seen.sequences)
    until(lambda: trainer not in trainers(runs), "rid of the first owner's process")
    assert len(trainers(runs)) == 1
    assert [(job.id, job.state) for job in listed(standby)] == [
        ("copy-5", JobState.RUNNING),
        ("copy-6", JobState.QUEUED),
    ]
    checkpoint = next_checkpoint(runs, "copy-5", beyond=seen.sequences)
    standby.stop("copy-6")
    standby.stop("copy-5")
    check_as_if_uninterrupted(checkpoint, ENDLESS, 5, tmp_path / "whole")


def test_what_one_replica_is_asked_for_the_owner_does_and_all_say_alike(runs: Path, open_queue: Open) -> None:
    with service(runs) as (_, said):
        assert said == "watching"  # and owns the folder, which is made by the first job
        one, other = open_queue(), open_queue()
        job = one.start(ENDLESS, seed=1)
        assert job.state is JobState.RUNNING
        on_its_way(other, job.id)
        assert other.pause(job.id).state is JobState.PAUSED
        assert listed(one) == listed(other) == [one.get(job.id)]
        # It waits while the process that was paused is still ending.
        assert other.resume(job.id).state in {JobState.RUNNING, JobState.QUEUED}
        on_its_way(one, job.id)
        assert len(trainers(runs)) == 1
        assert one.stop(job.id).state is JobState.STOPPED
        assert listed(one) == listed(other) == [other.get(job.id)]


def test_a_stop_during_a_pause_wins(runs: Path, open_queue: Open) -> None:
    """The process is held while it is told both, one after the other, so that it cannot be done with the first."""
    queue = open_queue()
    job = on_its_way(queue, queue.start(ENDLESS, seed=1).id)
    pid = worker_pid(runs)
    os.kill(pid, signal.SIGSTOP)
    with ThreadPoolExecutor(2) as threads:
        pause = threads.submit(queue.pause, job.id)
        until(lambda: queue.get(job.id).wanted, "told to pause")
        stop = threads.submit(queue.stop, job.id)
        until(lambda: queue.get(job.id).wanted == "stop", "told to stop")
        os.kill(pid, signal.SIGCONT)
        assert stop.result().state is JobState.STOPPED
        with pytest.raises(JobConflict, match=r"copy-1 was stopped while it was being paused"):
            pause.result()
    assert queue.get(job.id).state is JobState.STOPPED
    assert not (runs / "copy-1.resume").exists()


def test_a_stop_before_the_first_update_waits_for_nothing(
    open_queue: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that does not even listen yet is not given its patience: it has nothing to save."""
    asleep = tmp_path / "python"  # it never comes as far as listening
    asleep.write_text(f'#!/bin/sh\nkill -STOP $$\nexec {sys.executable} "$@"\n')
    asleep.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(asleep))
    queue = open_queue(patience=100 * WAIT)
    job = queue.start(ENDLESS, seed=1)
    assert queue.stop(job.id).state is JobState.STOPPED


@pytest.mark.parametrize("then", ["moved", "deleted"])
def test_another_folder_in_the_place_of_the_old_one_has_no_ghosts_and_one_owner(
    runs: Path, open_queue: Open, tmp_path: Path, then: str
) -> None:
    queue, other = open_queue(), open_queue()
    on_its_way(queue, queue.start(ENDLESS, seed=1).id)
    (trainer,) = trainers(runs)
    runs.rename(tmp_path / "old")
    if then == "deleted":
        shutil.rmtree(tmp_path / "old")
    runs.mkdir()
    assert queue.list() == other.list() == []
    until(lambda: not Path(f"/proc/{trainer}").exists(), "rid of what trained there")
    assert [path.name for path in runs.glob("copy*")] == []
    new = other.start(ENDLESS, seed=2)
    on_its_way(queue, new.id)
    assert [job.id for job in listed(queue)] == [job.id for job in listed(other)] == ["copy-2"]
    assert len(trainers(runs)) == 1
    queue.stop(new.id)

    if then == "moved":
        back = JobQueue(tmp_path / "old", compilation=Compilation.NEVER)
        assert [(job.id, job.state) for job in listed(back)] == [("copy-1", JobState.PAUSED)]
        back.close()


def test_one_trains_and_the_others_wait_in_their_order(open_queue: Open) -> None:
    queue, together = open_queue(), Barrier(2)

    def start(_: int) -> str:
        together.wait(WAIT)
        return queue.start(ENDLESS, seed=1).id

    with ThreadPoolExecutor(2) as threads:  # two starts at once are two jobs
        assert set(threads.map(start, range(2))) == {"copy-1", "copy-1-v2"}
    queue.start(ENDLESS, seed=3)
    assert [(job.state, job.place) for job in listed(queue)] == [
        (JobState.RUNNING, None),
        (JobState.QUEUED, 1),
        (JobState.QUEUED, 2),
    ]
    first, second, third = (job.id for job in listed(queue))
    assert third == "copy-3"
    assert queue.pause(second).state is JobState.PAUSED
    assert queue.get(third).place == 1
    assert queue.resume(second).place == 2
    assert queue.stop(second).state is JobState.STOPPED
    assert queue.stop(first).state is JobState.STOPPED
    on_its_way(queue, third)
    assert [job.state for job in listed(queue)] == [JobState.RUNNING, JobState.STOPPED, JobState.STOPPED]


def test_a_process_that_hears_nothing_is_killed_and_nothing_is_lost(runs: Path, open_queue: Open) -> None:
    queue = open_queue(patience=0.2)
    job = on_its_way(queue, queue.start(ENDLESS, seed=1).id, beyond=200)
    os.kill(worker_pid(runs), signal.SIGSTOP)
    assert queue.pause(job.id).state is JobState.PAUSED
    queue.close()
    (found,) = listed(open_queue())
    assert found.progress is not None
    assert found.progress.sequences >= 200, "the last resume file"


def test_a_full_disk_is_said_and_with_room_it_comes_to_its_end(runs: Path, open_queue: Open) -> None:
    queue = open_queue()
    runs.mkdir()
    with FileLock(runs / LOCK):  # until the test lets it, the process does not begin
        job = queue.start(TINY, seed=1)
        # No file of that process may grow beyond this: as on a full disk.
        resource.prlimit(worker_pid(runs), resource.RLIMIT_FSIZE, (4000, 4000))
    fault = failure(queue, job.id)
    assert fault.code == "checkpoint_unwritable"
    assert fault.detail.endswith("copy-1-000000.safetensors cannot be written: File too large.")

    queue.resume(job.id)
    finished = in_state(queue, job.id, JobState.FINISHED)
    assert finished.progress is not None
    assert finished.progress.sequences == finished.progress.total == TINY.sequences
    assert finished.checkpoint == "copy-1"
    assert [line.sequences for line in queue.metrics(job.id).lines] == [0, 120]
    assert [line.sequences for line in queue.metrics(job.id, after=0).lines] == [120]
    machines = [entry.id for entry in CheckpointLibrary(runs).list()]
    assert machines == ["copy-1", *series_of(TINY, "copy-1")]
    assert finished.checkpoints == len(series_of(TINY, "copy-1"))
