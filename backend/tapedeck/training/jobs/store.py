"""The database with the jobs of a folder, in that folder, which every service on it reads and writes.

SQLite with a write-ahead log: readers never wait, and writers take turns. The log works on a disk of this machine, not
on a network's file system.

Earlier versions wrote a file `<id>.job` for each job. The owner of the folder takes these over.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from tapedeck.errors import InvalidConfiguration, JobNotFound, TrainingError, quoted
from tapedeck.training.jobs.job import Job, JobState, UnreadableJob
from tapedeck.training.outcome import Fault
from tapedeck.training.recipe import Recipe
from tapedeck.training.supervisor import Command
from tapedeck.training.trainer import Progress

FILE = "trainings.sqlite"
OLD_SUFFIX = ".job"

VERSION = 1
"""Of the tables, as SQLite's `user_version`."""

BUSY = 10.0
"""Seconds that a transaction waits for another to end."""

TABLES = """
CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    created REAL NOT NULL,
    state TEXT NOT NULL,
    turn INTEGER,            -- of those that wait: the lowest is next
    wanted TEXT,             -- pause or stop, of one that trains
    record TEXT NOT NULL     -- the rest, as JSON
) STRICT
"""

COLUMNS = ("id", "created", "state", "turn", "wanted")


@dataclass(frozen=True, slots=True)
class _Record:
    """The part of a job that is read and written as a whole. What an older version lacks has a default, and what a
    later one adds is ignored.
    """

    seed: int
    recipe: dict[str, Any]
    begun: bool = False
    progress: Progress | None = None
    compiled: bool | None = None
    error: Fault | None = None
    sequences_per_second: float | None = None


@dataclass(frozen=True, slots=True)
class _Old(_Record):
    """A whole job in a file of its own."""

    created: float = 0.0
    state: JobState = JobState.PAUSED


RECORD, OLD = TypeAdapter(_Record), TypeAdapter(_Old)


class JobStore:
    """The database of a folder, open until it is closed.

    Raises:
        TrainingError: by everything: it cannot be opened, read or written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / FILE
        with self._reporting():
            self._database = sqlite3.connect(
                self.path, timeout=BUSY, isolation_level=None, check_same_thread=False, factory=_Connection
            )
        try:
            with self._reporting():
                self._prepare()
        except BaseException:
            self._database.close()
            raise

    def close(self) -> None:
        """Lets go of the file."""
        self._database.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A block in which nobody else writes; undone if it raises."""
        with self._reporting():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def every(self) -> list[Job | UnreadableJob]:
        """Every job, the oldest first, those that wait with their place in the queue."""
        jobs = [_from_row(row) for row in self._rows("ORDER BY created, id")]
        waiting = sorted(job.turn for job in jobs if isinstance(job, Job) and job.turn is not None)
        places = {turn: place for place, turn in enumerate(waiting, start=1)}
        return [
            replace(job, place=places[job.turn]) if isinstance(job, Job) and job.turn is not None else job
            for job in jobs
        ]

    def in_state(self, *states: JobState) -> list[Job]:
        """The readable jobs in these states; those that wait in their order."""
        rows = self._rows(f"WHERE state IN ({', '.join('?' * len(states))}) ORDER BY turn, created, id", *states)
        return [job for job in map(_from_row, rows) if isinstance(job, Job)]

    def get(self, job_id: str) -> Job:
        """One job.

        Raises:
            JobNotFound: no job has that id.
            TrainingError: its record cannot be read, or as above.
        """
        rows = self._rows("WHERE id = ?", job_id)
        if not rows:
            raise JobNotFound(f"There is no training {quoted(job_id[:80])}; GET /api/training lists them.", field="job")
        job = _from_row(rows[0])
        if isinstance(job, UnreadableJob):
            raise TrainingError(job.error.detail, field="job")
        return job if job.turn is None else replace(job, place=len(self._rows("WHERE turn <= ?", job.turn)))

    def put(self, job: Job) -> None:
        """Writes a job, in the place of its previous record."""
        record = _Record(
            job.seed,
            job.recipe.as_dict(),
            job.begun,
            job.progress,
            job.compiled,
            job.error,
            job.sequences_per_second,
        )
        columns = (job.id, job.created, job.state, job.turn, job.wanted, RECORD.dump_json(record).decode())
        with self._reporting():
            self._database.execute("INSERT OR REPLACE INTO jobs VALUES (?, ?, ?, ?, ?, ?)", columns)

    def next_turn(self) -> int:
        """After all that wait."""
        return self._bound("max") + 1

    def first_turn(self) -> int:
        """Before all that wait."""
        return self._bound("min") - 1

    def take_over(self) -> list[Path]:
        """Takes the jobs of earlier versions' files into the database, inside a transaction, and gives the files that
        may be removed after it. A job that was under way is paused. A file that cannot be read stays, and is listed.
        """
        known = {row["id"] for row in self._rows("")}
        taken = []
        for path in _old_files(self.folder):
            if path.stem not in known:
                try:
                    self.put(_from_old(path))
                except TrainingError:
                    continue
            taken.append(path)
        return taken

    def _prepare(self) -> None:
        execute = self._database.execute
        execute("PRAGMA synchronous = NORMAL")
        version = execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            execute("PRAGMA journal_mode = WAL")
            execute("BEGIN IMMEDIATE")  # another service may be doing the same
            if execute("PRAGMA user_version").fetchone()[0] == 0:
                execute(TABLES)
                execute(f"PRAGMA user_version = {VERSION}")
            execute("COMMIT")
        elif version != VERSION:
            raise TrainingError(
                f"{self.path} is of a later version of Tapedeck ({version}, and this one reads {VERSION}). Update "
                "Tapedeck, or choose another folder (TAPEDECK_RUNS)."
            )

    def _rows(self, which: str, *values: object) -> list[sqlite3.Row]:
        with self._reporting():
            return self._database.execute(f"SELECT * FROM jobs {which}", values).fetchall()  # noqa: S608 - our own words

    def _bound(self, function: str) -> int:
        with self._reporting():
            found = self._database.execute(f"SELECT {function}(turn) FROM jobs").fetchone()[0]  # noqa: S608
        return 0 if found is None else int(found)

    @contextmanager
    def _reporting(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise TrainingError(
                f"The trainings in {self.path} cannot be read or written: {error}. Make sure that the folder is "
                "writable and its disk has room, or choose another folder (TAPEDECK_RUNS)."
            ) from error


class _Connection(sqlite3.Connection):
    """Gives rows by name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row_factory = sqlite3.Row


@contextmanager
def opened(folder: Path) -> Iterator[JobStore]:
    """The database of a folder, for one block."""
    with closing(JobStore(folder)) as store:
        yield store


def unreadable_files(folder: Path, known: set[str]) -> list[UnreadableJob]:
    """Jobs of earlier versions that are not in the database and cannot be taken over."""
    found = []
    for path in _old_files(folder):
        if path.stem not in known:
            try:
                _from_old(path)
            except TrainingError as error:
                found.append(UnreadableJob(_sayable(path.stem), Fault.of(error)))
    return found


def is_free(name: str, folders: list[Path]) -> bool:
    """Whether none of the folders holds a file of a run or a job with that name."""
    of_the_run = re.compile(rf"{re.escape(name)}(-\d+)?\.")
    return not any(of_the_run.match(path.name) for folder in folders if folder.is_dir() for path in folder.iterdir())


def _from_row(row: sqlite3.Row) -> Job | UnreadableJob:
    try:
        record = RECORD.validate_json(row["record"])
        return Job(
            row["id"],
            record.seed,
            Recipe.from_dict(record.recipe),
            row["created"],
            JobState(row["state"]),
            record.begun,
            record.progress,
            record.compiled,
            record.error,
            row["turn"],
            None if row["wanted"] is None else Command(row["wanted"]),
            sequences_per_second=record.sequences_per_second,
        )
    except (ValueError, InvalidConfiguration) as error:
        return UnreadableJob(row["id"], Fault.of(TrainingError(_unreadable(f"The record of {row['id']}", error))))


def _from_old(path: Path) -> Job:
    """Raises TrainingError where the file cannot be read."""
    if _sayable(path.stem) != path.stem:
        raise TrainingError(f"The name of {_sayable(path.name)} is not UTF-8; rename it and its run's other files.")
    try:
        old = OLD.validate_json(path.read_bytes())
        recipe = Recipe.from_dict(old.recipe)
    except (OSError, ValueError, InvalidConfiguration) as error:
        raise TrainingError(f"{_unreadable(path.name, error)} Move the file away to take it off the list.") from error
    state = JobState.PAUSED if old.state in (JobState.RUNNING, JobState.QUEUED) else old.state
    return Job(path.stem, old.seed, recipe, old.created, state, old.begun, old.progress, old.compiled, old.error)


def _unreadable(what: str, error: Exception) -> str:
    if isinstance(error, ValidationError):
        problem = error.errors()[0]
        why = ": ".join(filter(None, (".".join(map(str, problem["loc"])), problem["msg"])))
    elif isinstance(error, InvalidConfiguration):
        why = error.detail.rstrip(".")
    else:
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return f"{what} cannot be read by this version of Tapedeck: {why}. Its checkpoints stay as they are."


def _old_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob(f"*{OLD_SUFFIX}") if not path.name.startswith("."))


def _sayable(name: str) -> str:
    """A file's name, fit for JSON."""
    return os.fsencode(name).decode(errors="replace")
