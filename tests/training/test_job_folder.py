"""What can be done with jobs that nothing trains: their folder, their records, their states."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from backend.errors import (
    CheckpointUnwritable,
    JobConflict,
    JobNotFound,
    TooManyJobs,
    TrainingElsewhere,
    TrainingError,
)
from backend.training.jobs import Fault, Job, JobQueue, JobState, record
from backend.training.jobs.folder import LOCK, JobFolder
from backend.training.jobs.speed import WINDOW, Speed
from backend.training.run import TrainingRun
from backend.training.run_files import resume_path
from tests.training.tiny import TINY

JOB = Job("copy-1", 1, TINY, created=1.5)


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[JobQueue]:
    queue = JobQueue(tmp_path)
    yield queue
    queue.close()


def write(folder: Path, state: JobState, job_id: str = "copy-1", created: float = 1.5) -> Path:
    record.write(folder, replace(JOB, id=job_id, state=state, created=created))
    return folder / f"{job_id}.job"


def test_a_record_keeps_what_outlives_the_service(tmp_path: Path) -> None:
    run = TrainingRun.start(TINY, 1, tmp_path)
    job = replace(JOB, state=JobState.FAILED, begun=True, progress=run.trainer.progress, error=Fault("code", "Why."))
    record.write(tmp_path, replace(job, place=3, sequences_per_second=2.5))
    assert record.read(tmp_path / "copy-1.job") == job


@pytest.mark.parametrize("state", [JobState.RUNNING, JobState.QUEUED, JobState.PAUSED])
def test_what_was_under_way_is_found_paused(tmp_path: Path, queue: JobQueue, state: JobState) -> None:
    write(tmp_path, state)
    assert [job.state for job in queue.list()] == [JobState.PAUSED]


@pytest.mark.parametrize("state", [JobState.FINISHED, JobState.STOPPED, JobState.FAILED])
def test_what_was_over_is_found_over(tmp_path: Path, queue: JobQueue, state: JobState) -> None:
    write(tmp_path, state)
    assert [job.state for job in queue.list()] == [state]


def test_the_newest_job_comes_first(tmp_path: Path, queue: JobQueue) -> None:
    for job_id, created in (("copy-2", 7.0), ("copy-3", 8.0), ("copy-1", 9.0)):
        write(tmp_path, JobState.FINISHED, job_id, created)
    assert [job.id for job in queue.list()] == ["copy-1", "copy-3", "copy-2"]


def test_a_damaged_record_hides_no_other(tmp_path: Path, queue: JobQueue, caplog: pytest.LogCaptureFixture) -> None:
    write(tmp_path, JobState.FINISHED)
    (tmp_path / "copy-2.job").write_text('{"format_version": 1')
    with caplog.at_level(logging.WARNING):
        assert [job.id for job in queue.list()] == ["copy-1"]
    assert "copy-2.job is no job of this version" in caplog.text


def test_a_damaged_resume_file_is_said(tmp_path: Path, queue: JobQueue) -> None:
    write(tmp_path, JobState.RUNNING)
    resume_path(tmp_path, "copy-1").write_bytes(b"half")
    (job,) = queue.list()
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
    path = write(tmp_path, state)
    before = path.read_bytes()
    for action in refused:
        with pytest.raises(JobConflict, match=f"copy-1 is {state}; only a training that is "):
            getattr(queue, action)("copy-1")
    assert path.read_bytes() == before


def test_a_paused_job_is_stopped_for_good(tmp_path: Path, queue: JobQueue) -> None:
    path = write(tmp_path, JobState.PAUSED)
    rest = resume_path(tmp_path, "copy-1")
    run = TrainingRun.start(TINY, 1, tmp_path)
    run.save()
    assert rest.exists()
    assert queue.stop("copy-1").state is JobState.STOPPED
    assert record.read(path).state is JobState.STOPPED
    assert not rest.exists()


def test_an_unknown_job(queue: JobQueue) -> None:
    for act in (queue.get, queue.pause, queue.resume, queue.stop, queue.metrics):
        with pytest.raises(JobNotFound, match=r"There is no training '\.\./copy-1'"):
            act("../copy-1")


def test_the_folder_belongs_to_one_service_at_a_time(tmp_path: Path, queue: JobQueue) -> None:
    write(tmp_path, JobState.FINISHED)
    assert len(queue.list()) == 1
    other = JobQueue(tmp_path)
    with pytest.raises(TrainingElsewhere, match="Another service keeps the trainings in "):
        other.list()
    with pytest.raises(TrainingElsewhere):
        other.start(TINY, seed=1)
    queue.close()
    assert len(other.list()) == 1
    other.close()
    with pytest.raises(TrainingElsewhere, match="is being stopped"):
        other.list()


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
    (tmp_path / "copy-1.job").mkdir()
    with pytest.raises(CheckpointUnwritable):
        record.write(tmp_path, JOB)
    (tmp_path / LOCK).mkdir()
    with pytest.raises(TrainingError, match=f"The folder {tmp_path} cannot be written: "):
        JobQueue(tmp_path).list()


def test_no_more_jobs_than_the_limit(tmp_path: Path) -> None:
    write(tmp_path, JobState.PAUSED)
    queue = JobQueue(tmp_path, most=0)
    with pytest.raises(TooManyJobs, match="max_training_jobs"):
        queue.start(TINY, seed=1)
    with pytest.raises(TooManyJobs):
        queue.resume("copy-1")
    assert [job.state for job in queue.list()] == [JobState.PAUSED]
    queue.close()


@pytest.mark.parametrize(
    ("taken", "free"),
    [
        ([], "copy-1"),
        (["copy-1.safetensors"], "copy-1-v2"),
        (["copy-1-000400.safetensors"], "copy-1-v2"),
        (["copy-1.job", "copy-1-v2.resume"], "copy-1-v3"),
        (["copy-12.safetensors", "copy-1-v2.safetensors", "my-copy-1.safetensors"], "copy-1"),
    ],
)
def test_a_new_run_takes_no_name_that_is_there(tmp_path: Path, taken: list[str], free: str) -> None:
    for folder in ("runs", "shipped"):
        names = JobFolder(tmp_path / "runs", (tmp_path / "shipped",))
        (tmp_path / folder).mkdir()
        for name in taken:
            (tmp_path / folder / name).touch()
        assert names.free_name(TINY, 1) == free
        for name in taken:
            (tmp_path / folder / name).unlink()


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
