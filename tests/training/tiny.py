"""Trainings that take seconds, and waiting for them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import torch

from tapedeck.checkpoints import read_checkpoint
from tapedeck.training.compiling import Compilation
from tapedeck.training.jobs import Job, JobQueue, JobState
from tapedeck.training.recipe import Recipe
from tapedeck.training.recipes import ASSOCIATIVE_RECALL, PRIORITY_SORT, REPEAT_COPY
from tapedeck.training.run import TrainingRun
from tapedeck.training.schedule import checkpoint_updates

T = TypeVar("T")

TINY = Recipe(sequences=120, batch_size=2, shortest=1, longest=3, locations=8, width=4, controller_size=8)

TINY_RECALL = replace(
    ASSOCIATIVE_RECALL, sizes={"items": (2, 3)}, bits=2, sequences=240, batch_size=2, locations=9, width=4,
    controller_size=6, decay_updates=30,
)  # fmt: skip

TINY_REPEAT = replace(
    REPEAT_COPY, sizes={"length": (1, 3), "repeats": (1, 3)}, bits=2, sequences=240, batch_size=2, locations=8, width=4,
    controller_size=6, levels=(1, 3), decay_updates=30,
)  # fmt: skip

TINY_HEADS = replace(
    TINY_RECALL, heads=2, add_vector="raw", memory_spread=0.3, drives=("inputs",), betas=(0.9, 0.98), largest_share=0.5,
    decay_share=0.5, decay_after=0,
)  # fmt: skip

TINY_SORT = replace(
    PRIORITY_SORT, sizes={"vectors": (2, 4)}, bits=2, sequences=240, batch_size=2, locations=6, width=4,
    controller_size=6, heads=2,
)  # fmt: skip

ENDLESS = replace(TINY, sequences=9_000_000)
"""For what is to be interrupted on its way, however slow the test is."""

WAIT = 60.0
"""Seconds after which something that should have come never will."""

GLANCE = 0.02
"""Seconds between two looks."""


def series_of(recipe: Recipe, job_id: str) -> list[str]:
    """The checkpoints on a job's way to its end, the last first."""
    updates = checkpoint_updates(recipe.updates)
    return [f"{job_id}-{update * recipe.batch_size:06d}" for update in reversed(updates)]


def trainers(runs: Path) -> list[int]:
    """The processes that stand in a folder to train: where one stands, the system itself knows."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
            if b"tapedeck.training.worker" in command and (process / "cwd").resolve() == runs.resolve():
                found.append(int(process.name))
        except OSError:
            continue  # it has just gone
    return found


def until(look: Callable[[], T | None], what: str) -> T:
    """What `look` sees, as soon as that is something."""
    for _ in range(int(WAIT / GLANCE)):
        if seen := look():
            return seen
        time.sleep(GLANCE)
    raise AssertionError(f"after {WAIT} s still not {what}")


def in_state(queue: JobQueue, job_id: str, state: JobState) -> Job:
    """The job, as soon as it is in that state."""

    def look() -> Job | None:
        job = queue.get(job_id)
        assert job.state is state or job.error is None, job.error
        return job if job.state is state else None

    return until(look, f"{job_id} {state}")


def on_its_way(queue: JobQueue, job_id: str, beyond: int = 0) -> Job:
    """The job, as soon as it has seen more sequences than that; it must not be over by then."""

    def look() -> Job | None:
        job = queue.get(job_id)
        assert job.state in (JobState.RUNNING, JobState.QUEUED), job
        return job if job.progress is not None and job.progress.sequences > beyond else None

    return until(look, f"{job_id} beyond {beyond} sequences")


def next_checkpoint(runs: Path, job_id: str, beyond: int) -> Path:
    """The first checkpoint of a job of more sequences than that, as soon as it is there."""

    def look() -> Path | None:
        series = sorted(runs.glob(f"{job_id}-[0-9]*.safetensors"))
        return next((path for path in series if int(path.stem.rpartition("-")[2]) > beyond), None)

    return until(look, f"a checkpoint of {job_id} beyond {beyond} sequences")


def check_as_if_uninterrupted(checkpoint: Path, recipe: Recipe, seed: int, folder: Path) -> None:
    """The parameters in a checkpoint are those of a run in this process that nothing interrupts, to the last bit."""
    seen = int(checkpoint.stem.rpartition("-")[2])
    run = TrainingRun.start(recipe, seed, folder, Compilation.NEVER)
    next(progress for progress in run if progress.sequences == seen)
    ours, theirs = read_checkpoint(checkpoint).machine.state_dict(), run.trainer.machine.state_dict()
    assert ours.keys() == theirs.keys()
    for name, value in theirs.items():
        assert torch.equal(ours[name], value), name
