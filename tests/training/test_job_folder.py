"""What can be done with jobs that nothing trains: their folder, their records, their states."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tapedeck.errors import (
    JobConflict,
    JobNotFound,
    TooManyJobs,
    TrainingElsewhere,
    TrainingError,
)
from tapedeck.training.compiling import Compilation
from tapedeck.training.jobs import Job, JobQueue, JobState, UnreadableJob
from tapedeck.training.jobs.keeper import LOCK
from tapedeck.training.jobs.store import FILE, is_free, opened
from tapedeck.training.outcome import Fault
from tapedeck.training.run import TrainingRun
from tapedeck.training.run_files import resume_path
from tapedeck.training.speed import WINDOW, Speed
from tapedeck.training.supervisor import Command
from tests.training.tiny import TINY

JOB = Job("copy-1", 1, TINY, created=1.5)


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[JobQueue]:
    queue = JobQueue(tmp_path)
    yield queue
    queue.close()


def write(folder: Path, state: JobState, job_id: str = "copy-1", created: float = 1.5, **changes: Any) -> None:
    with opened(folder) as store:
        store.put(replace(JOB, id=job_id, state=state, created=created, **changes))


def states(queue: JobQueue) -> list[JobState]:
    return [job.state for job in queue.list() if isinstance(job, Job)]


def test_a_record_keeps_all_of_a_job(tmp_path: Path) -> None:
    run = TrainingRun.start(TINY, 1, tmp_path)
    job = replace(
        JOB, state=JobState.FAILED, begun=True, progress=run.trainer.progress, error=Fault("code", "Why.", "field")
    )
    job = replace(job, seed=2**63 - 1, compiled=True, wanted=Command.STOP, sequences_per_second=2.5)
    with opened(tmp_path) as store:
        store.put(job)
        store.put(replace(job, id="copy-2", turn=7, created=3.0))
        assert store.every() == [job, replace(job, id="copy-2", turn=7, created=3.0, place=1)]
        assert store.get("copy-2").place == 1


@pytest.mark.parametrize("state", [JobState.RUNNING, JobState.QUEUED, JobState.PAUSED])
def test_what_was_under_way_is_found_paused(tmp_path: Path, queue: JobQueue, state: JobState) -> None:
    write(tmp_path, state, turn=3 if state is JobState.QUEUED else None)
    assert [(job.state, job.place) for job in queue.list() if isinstance(job, Job)] == [(JobState.PAUSED, None)]


@pytest.mark.parametrize("state", [JobState.FINISHED, JobState.STOPPED, JobState.FAILED])
def test_what_was_over_is_found_over(tmp_path: Path, queue: JobQueue, state: JobState) -> None:
    write(tmp_path, state)
    assert states(queue) == [state]


def test_what_was_to_be_stopped_when_the_service_ended_is_stopped(tmp_path: Path, queue: JobQueue) -> None:
    write(tmp_path, JobState.RUNNING, begun=True, wanted=Command.STOP)
    TrainingRun.start(TINY, 1, tmp_path).save()
    assert states(queue) == [JobState.STOPPED]
    assert not resume_path(tmp_path, "copy-1").exists()


def test_a_run_that_ended_just_before_its_service_is_finished(tmp_path: Path, queue: JobQueue) -> None:
    write(tmp_path, JobState.RUNNING, begun=True)
    *_, last = TrainingRun.start(TINY, 1, tmp_path, Compilation.NEVER)
    (job,) = queue.list()
    assert isinstance(job, Job)
    assert (job.state, job.progress) == (JobState.FINISHED, last)


def test_the_newest_job_comes_first(tmp_path: Path, queue: JobQueue) -> None:
    for job_id, created in (("copy-2", 7.0), ("copy-3", 8.0), ("copy-1", 9.0)):
        write(tmp_path, JobState.FINISHED, job_id, created)
    assert [job.id for job in queue.list()] == ["copy-1", "copy-3", "copy-2"]


OLD = {
    "format_version": 1,
    "seed": 1,
    "recipe": TINY.as_dict(),
    "created": 1.5,
    "state": "finished",
    "begun": True,
    "progress": None,
    "compiled": False,
    "error": None,
}
"""A job in a file of its own, as versions before the database wrote it."""


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "finished"),
        ({"state": "running"}, "paused"),
        ({"state": "failed", "error": {"code": "training_error", "detail": "Why.", "field": None}}, "failed"),
        ({"format_version": 0, "colour": "blue"}, "finished"),
        ({"recipe": {"longest": 3}}, "finished"),
    ],
)
def test_jobs_of_an_older_version_are_taken_over(
    tmp_path: Path, queue: JobQueue, changes: dict[str, Any], state: str
) -> None:
    path = tmp_path / "copy-1.job"
    path.write_text(json.dumps(OLD | changes))
    (job,) = queue.list()
    assert isinstance(job, Job)
    assert (job.id, job.seed, job.created, job.state) == ("copy-1", 1, 1.5, state)
    assert job.error == (Fault("training_error", "Why.") if state == "failed" else None)
    assert not path.exists()
    other = JobQueue(tmp_path)
    assert queue.list() == other.list() == [job]
    other.close()


def test_jobs_of_an_older_version_need_no_more_than_seed_and_recipe(tmp_path: Path, queue: JobQueue) -> None:
    (tmp_path / "copy-1.job").write_text(json.dumps({"seed": 3, "recipe": {}}))
    (job,) = queue.list()
    assert isinstance(job, Job)
    assert (job.seed, job.state) == (3, JobState.PAUSED)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ('{"format_version": 1', "copy-2.job cannot be read by this version of Tapedeck: Invalid JSON"),
        ("[]", "copy-2.job cannot be read by this version of Tapedeck: "),
        (json.dumps(OLD | {"recipe": {"colour": 1}}), "Tapedeck: A recipe has no field “colour”; "),
        (json.dumps(OLD | {"state": "asleep"}), "Tapedeck: state: Input should be "),
        (json.dumps(OLD | {"recipe": {"task": {"random": 1}}}), "Tapedeck: There is no task {“random”: 1}; "),
    ],
)
def test_a_job_that_cannot_be_read_is_one_entry_with_an_error_and_hides_no_other(
    tmp_path: Path, queue: JobQueue, written: str, says: str
) -> None:
    write(tmp_path, JobState.FINISHED)
    path = tmp_path / "copy-2.job"
    path.write_text(written)
    first, unreadable = queue.list()
    assert (first.id, unreadable.id) == ("copy-1", "copy-2")
    assert isinstance(unreadable, UnreadableJob)
    assert says in unreadable.error.detail
    assert path.read_text() == written


def test_a_record_in_the_database_that_cannot_be_read_is_one_entry_with_an_error(
    tmp_path: Path, queue: JobQueue
) -> None:
    for name in ("copy-1", "copy-2", "copy-3"):
        write(tmp_path, JobState.FINISHED, name)
    with sqlite3.connect(tmp_path / FILE) as database:
        database.execute("UPDATE jobs SET state = 'asleep' WHERE id = 'copy-1'")
        database.execute("UPDATE jobs SET record = '{' WHERE id = 'copy-3'")
    database.close()
    assert [(job.id, isinstance(job, UnreadableJob)) for job in queue.list()] == [
        ("copy-2", False),
        ("copy-1", True),
        ("copy-3", True),
    ]
    with pytest.raises(TrainingError, match="The record of copy-3 cannot be read"):
        queue.get("copy-3")


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda path: path.write_bytes(b"no database" * 1000), "file is not a database"),
        (lambda path: path.mkdir(), "unable to open database file"),
        (lambda path: sqlite3.connect(path).execute("PRAGMA user_version = 9").close(), "is of a later version"),
    ],
)
def test_a_database_that_cannot_be_read_is_said(tmp_path: Path, damage: Any, says: str) -> None:
    damage(tmp_path / FILE)
    queue = JobQueue(tmp_path)
    with pytest.raises(TrainingError, match=says):
        queue.list()
    queue.close()


def test_a_damaged_resume_file_is_said(tmp_path: Path, queue: JobQueue) -> None:
    write(tmp_path, JobState.RUNNING)
    resume_path(tmp_path, "copy-1").write_bytes(b"half")
    (job,) = queue.list()
    assert isinstance(job, Job)
    assert job.state is JobState.FAILED
    assert job.error is not None
    assert job.error.detail.startswith("copy-1.resume is not a whole resume file")


@pytest.mark.parametrize(
    ("state", "refused"),
    [
        (JobState.FINISHED, {"pause", "resume", "stop"}),
        (JobState.STOPPED, {"pause", "resume", "stop"}),
        (JobState.PAUSED, {"pause"}),
        (JobState.FAILED, {"pause"}),
    ],
)
def test_what_a_state_does_not_allow_is_refused(
    tmp_path: Path, queue: JobQueue, state: JobState, refused: set[str]
) -> None:
    write(tmp_path, state)
    before = queue.get("copy-1")
    for action in refused:
        with pytest.raises(JobConflict, match=f"copy-1 is {state}; only a training that is "):
            getattr(queue, action)("copy-1")
    assert queue.get("copy-1") == before


def test_a_paused_job_is_stopped_for_good(tmp_path: Path, queue: JobQueue) -> None:
    write(tmp_path, JobState.PAUSED)
    rest = resume_path(tmp_path, "copy-1")
    run = TrainingRun.start(TINY, 1, tmp_path)
    run.save()
    assert rest.exists()
    assert queue.stop("copy-1").state is JobState.STOPPED
    assert queue.get("copy-1").state is JobState.STOPPED
    assert not rest.exists()


def test_an_unknown_job(queue: JobQueue) -> None:
    for act in (queue.get, queue.pause, queue.resume, queue.stop, queue.metrics):
        with pytest.raises(JobNotFound, match=r"There is no training “\.\./copy-1”"):
            act("../copy-1")


def test_every_service_reads_what_is_there_and_one_that_is_being_stopped_refuses(
    tmp_path: Path, queue: JobQueue
) -> None:
    write(tmp_path, JobState.FINISHED)
    other = JobQueue(tmp_path)
    assert queue.list() == other.list()
    assert len(other.list()) == 1
    queue.close()
    assert len(other.list()) == 1
    other.close()
    for act in (other.list, lambda: other.start(TINY, seed=1), lambda: other.pause("copy-1")):
        with pytest.raises(TrainingElsewhere, match="is being stopped"):
            act()


def test_looking_makes_nothing(tmp_path: Path) -> None:
    queue = JobQueue(tmp_path / "runs")
    assert queue.list() == []
    queue.close()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place, why in ((Path("/proc/runs"), ""), (tmp_path / "file" / "runs", "Not a directory")):
        with pytest.raises(TrainingError, match=f"The folder {place} cannot be made: {why}"):
            JobQueue(place).start(TINY, seed=1)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / LOCK).mkdir()
    queue = JobQueue(tmp_path)
    with pytest.raises(TrainingError, match=f"The folder {tmp_path} cannot be written into: "):
        queue.list()
    queue.close()


def test_no_more_jobs_than_the_limit(tmp_path: Path) -> None:
    write(tmp_path, JobState.PAUSED)
    queue = JobQueue(tmp_path, most=0)
    with pytest.raises(TooManyJobs, match="max_training_jobs"):
        queue.start(TINY, seed=1)
    with pytest.raises(TooManyJobs):
        queue.resume("copy-1")
    assert states(queue) == [JobState.PAUSED]
    queue.close()


@pytest.mark.parametrize(
    ("taken", "free"),
    [
        ([], True),
        (["copy-1.safetensors"], False),
        (["copy-1-000400.safetensors"], False),
        (["copy-1.job"], False),
        (["copy-12.safetensors", "copy-1-v2.safetensors", "my-copy-1.safetensors"], True),
    ],
)
def test_a_new_run_takes_no_name_that_is_there(tmp_path: Path, taken: list[str], free: bool) -> None:
    folders = [tmp_path / "runs", tmp_path / "shipped", tmp_path / "none"]
    for folder in folders[:2]:
        folder.mkdir(exist_ok=True)
        for name in taken:
            (folder / name).touch()
        assert is_free("copy-1", folders) is free
        for name in taken:
            (folder / name).unlink()


def test_speed_is_of_the_last_seconds() -> None:
    now = 0.0
    speed = Speed(lambda: now)
    assert speed.per_second is None
    speed.note(0)
    assert speed.per_second is None
    for second in range(1, 41):
        now = float(second)
        speed.note(100 * second if second <= 20 else 2000 + 10 * (second - 20))
    assert speed.per_second == pytest.approx(10)
    assert WINDOW < 20


def test_what_is_left_takes_as_long_as_the_speed_says(tmp_path: Path) -> None:
    run = TrainingRun.start(TINY, 1, tmp_path)
    assert (JOB.seconds_left, JOB.checkpoints) == (None, 0)
    job = replace(JOB, progress=run.trainer.progress)
    assert (job.seconds_left, job.checkpoints) == (None, 1)
    assert replace(job, sequences_per_second=60.0).seconds_left == pytest.approx(TINY.sequences / 60)
