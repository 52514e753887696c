"""Runs that train side by side: each is a task of an executor, in a process of this machine or a worker of a cluster.

All of them write into one folder, which every worker must see at the same place: so a run whose worker died goes on in
another from its resume file, and leaves what it would have left. While a run trains, the folder has beside its files
(`run_files`)

    .copy-1.now      where it stands, written by the task and read by whoever gave it
    .copy-1.stop     whether it is to stop, the other way round
    .training-…      by which a worker knows that it sees this folder, and no other of that name
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ValidationError

from tapedeck.errors import CheckpointUnwritable, ClusterError
from tapedeck.executing import Cluster, Flight, Outcome, Processes, on_leaving
from tapedeck.executing.cluster import on_every_worker
from tapedeck.executing.processes import LEFT
from tapedeck.training.outcome import Ending, Fault, carry_out
from tapedeck.training.request import TrainingRequest
from tapedeck.training.run_files import run_files, take, wait_for
from tapedeck.training.trainer import Progress

PRELOADED = "tapedeck.training.preloaded"
"""What processes are to begin with."""

GLANCE = 0.2
"""Seconds between two looks at where the runs stand."""

REPORT = 0.5
"""Seconds between two times that a run says so."""

TAKEOVER = 60.0
"""Seconds that a run waits for a worker that lost it but has not ended yet: Slurm and Kubernetes leave it up to 30."""

PATIENCE = {Processes: 8.0, Cluster: 90.0}
"""Seconds that runs have to stop; on a cluster its network file system shows a new file late."""


class Standing(BaseModel):
    """Where a run stands.

    Attributes:
        progress: of the run.
        compiled: whether its steps are compiled; None until that is known.
        where: the machine and process that train it.
    """

    progress: Progress
    compiled: bool | None
    where: str


class Ended(NamedTuple):
    """How a run ended, and why where it failed."""

    ending: Ending
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a worker is given.

    Attributes:
        request: a run, to be resumed wherever it stands: what is done again continues.
        proof: the file by which the folder is known.
    """

    request: TrainingRequest
    proof: Path


def train_run(assignment: Assignment) -> Ending:
    """Trains a run until it ends or is to stop, in whatever process.

    Raises:
        ClusterError: this process does not see the folder.
        TapedeckError: the run cannot begin or continue.
    """
    request = assignment.request
    if not assignment.proof.exists():
        raise ClusterError(_unseen(f"A worker on {socket.gethostname()}", request.folder))
    stop = _Stop(_beside(request, "stop"))
    # As `preloaded` does, with which a worker of a cluster does not begin.
    os.environ["TORCHINDUCTOR_COMPILE_THREADS"] = "1"
    with on_leaving(stop.leave):
        wait_for(request.folder, request.name, TAKEOVER, lambda: stop.asked)
        if stop.asked:
            return Ending.STOPPED
        return carry_out(request, stop, _Report(_beside(request, "now")))


def train_side_by_side(
    requests: Sequence[TrainingRequest], executor: Processes | Cluster, asked: Callable[[], bool]
) -> Iterator[tuple[TrainingRequest, Standing | Ended]]:
    """Where each run stands whenever that has changed, and how it ended.

    Args:
        requests: of one folder, each as it was checked. A run that is to start over is removed as its turn comes.
        executor: where they are trained.
        asked: whether all are to stop; they save first. One that does not in time goes on until it sees that.

    Raises:
        ClusterError: a worker does not see the folder, or has several threads; or the cluster was lost.
        CheckpointUnwritable: the folder cannot be written into.
    """
    folder = requests[0].folder.resolve()
    local = isinstance(executor, Processes)
    begun: list[TrainingRequest] = []
    with _proof(folder) as proof:
        if isinstance(executor, Cluster):
            _check_workers(executor, proof)
        assignments = (Assignment(_begin(request, begun, folder), proof) for request in requests)
        with Flight(executor, train_run, assignments, in_flight=executor.workers if local else None) as flight:
            # Processes of this machine end with the pool; workers of a cluster keep what they have.
            for number, said in _watched(flight, begun, asked, PATIENCE[type(executor)], keeps=not local):
                yield requests[number], said


def _watched(
    flight: Flight[Assignment, Ending],
    begun: Sequence[TrainingRequest],
    asked: Callable[[], bool],
    patience: float,
    *,
    keeps: bool,
) -> Iterator[tuple[int, Standing | Ended]]:
    known: dict[int, Standing | None] = {}
    ended: set[int] = set()
    deadline: float | None = None
    while not flight.over:
        for outcome in flight.landed(GLANCE):
            ended.add(outcome.number)
            yield from _last(outcome, begun[outcome.number], known.get(outcome.number))
        there = [number for number in range(len(begun)) if number not in ended]
        for number in there:
            now = _now(begun[number])
            if now is not None and now != known.get(number):
                known[number] = now
                yield number, now
        if asked() and deadline is None:
            flight.stop()
            deadline = time.monotonic() + patience
            for number in there:
                _beside(begun[number], "stop").touch()
        losing = keeps or any(_unsaved(known.get(number)) for number in there)
        if deadline is not None and (time.monotonic() > deadline or not losing):
            break
    yield from ((number, Ended(Ending.STOPPED)) for number in range(len(begun)) if number not in ended)


def _last(
    outcome: Outcome[Ending], request: TrainingRequest, known: Standing | None
) -> Iterator[tuple[int, Standing | Ended]]:
    """Where a run stood when it ended, and how it did."""
    now = _now(request)
    if now is not None and now != known:
        yield outcome.number, now
    for kind in ("now", "stop"):
        _beside(request, kind).unlink(missing_ok=True)
    if outcome.error is not None:
        yield outcome.number, Ended(Ending.FAILED, Fault.of(outcome.error))
    else:
        yield outcome.number, Ended(outcome.result())


def _unsaved(known: Standing | None) -> bool:
    """Whether a run has begun anything that stopping at once would lose."""
    return known is not None and known.compiled is not None


def _begin(request: TrainingRequest, begun: list[TrainingRequest], folder: Path) -> TrainingRequest:
    """The run as any worker may take it up, however far another has got with it."""
    wanted = replace(request, folder=folder, resume=True, replace=False)
    for kind in ("now", "stop"):
        _beside(wanted, kind).unlink(missing_ok=True)
    if request.replace:
        lock = take(folder, request.name)
        for path in run_files(folder, request.name):
            path.unlink()
        lock.release()
    begun.append(wanted)
    return wanted


def _check_workers(executor: Cluster, proof: Path) -> None:
    """Whether each can train into the folder."""
    for worker, sees in on_every_worker(executor.client, _sees, proof).items():
        if not sees:
            raise ClusterError(_unseen(f"The worker {worker}", proof.parent))
    for worker, threads in executor.threads().items():
        if threads > 1:
            raise ClusterError(
                f"The worker {worker} has {threads} threads, and a training needs a process of its own; start it with "
                f"--nthreads 1 --nworkers {threads}."
            )


def _sees(proof: Path) -> bool:
    return proof.exists() and os.access(proof.parent, os.W_OK | os.X_OK)


def _unseen(who: str, folder: Path) -> str:
    return (
        f"{who} does not see {folder}, or cannot write into it; a run goes on elsewhere from what it has saved, so "
        "choose a folder (--out) of a file system that all workers have at the same place."
    )


@contextmanager
def _proof(folder: Path) -> Iterator[Path]:
    proof = folder / f".training-{secrets.token_hex(8)}"
    try:
        proof.touch()
    except OSError as error:
        raise CheckpointUnwritable(f"{folder} cannot be written into: {error.strerror}.") from error
    try:
        yield proof
    finally:
        proof.unlink(missing_ok=True)


def _beside(request: TrainingRequest, kind: str) -> Path:
    return request.folder / f".{request.name}.{kind}"


def _now(request: TrainingRequest) -> Standing | None:
    with suppress(FileNotFoundError, ValidationError):  # not yet; or written by another version
        return Standing.model_validate_json(_beside(request, "now").read_bytes())
    return None


class _Stop:
    """Whether a run is to stop: because it was told so, or because its process is to end."""

    drop = False

    def __init__(self, path: Path) -> None:
        self.at_once = False
        self._path, self._left = path, False

    @property
    def asked(self) -> bool:
        return self._left or self._path.exists()

    def leave(self) -> None:
        self._left = True
        if self.at_once:
            os._exit(LEFT)


class _Report:
    """Says where a run stands, now and then, and whenever it has been compiled."""

    def __init__(self, path: Path) -> None:
        self._path, self._due = path, 0.0
        self._compiled: bool | None = None
        self._where = f"{socket.gethostname()}, process {os.getpid()}"

    def __call__(self, progress: Progress, compiled: bool | None) -> None:  # noqa: FBT001 - as it is told
        now, over = time.monotonic(), progress.sequences == progress.total
        if now < self._due and compiled == self._compiled and not over:
            return
        self._due, self._compiled = now + REPORT, compiled
        unfinished = self._path.with_name(f"{self._path.name}.tmp")
        try:
            unfinished.write_text(Standing(progress=progress, compiled=compiled, where=self._where).model_dump_json())
            unfinished.replace(self._path)
        except OSError as error:
            raise CheckpointUnwritable(f"{self._path} cannot be written: {error.strerror}.") from error
