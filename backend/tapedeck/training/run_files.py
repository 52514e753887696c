"""The files of a run in its folder: their names, and who may write them.

What seed 1 of the copy task leaves:
    copy-1.safetensors           the machine at the end
    copy-1-000000.safetensors …  the machine on its way, named by the sequences seen
    copy-1.metrics.jsonl         a line of numbers for every hundred updates
    copy-1.resume                until the run is finished: what resuming it needs
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from tapedeck.checkpoints import SUFFIX
from tapedeck.checkpoints.files import MOST_BYTES
from tapedeck.errors import InvalidConfiguration, TrainingError, quoted
from tapedeck.training.recipes import AnyRecipe
from tapedeck.training.schedule import checkpoint_updates
from tapedeck.training.starting import initial_machine

SPARE_BYTES = 1 << 20
"""Free space wanted beyond the checkpoints of a run."""

METADATA_BYTES = 8192
"""More than the metadata of a checkpoint take."""

MOST_LETTERS = 80
"""Of a run's name."""

_NAME = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{MOST_LETTERS - 1}}}", re.ASCII)
_STEP = re.compile(r"-\d{6,}$", re.ASCII)

PATIENCE = 10.0
"""Seconds within which a process lets go of its run once it is told to end or its parent has died."""


def run_name(recipe: AnyRecipe, seed: int) -> str:
    """The name of a run that is given no other."""
    return f"{recipe.task}-{seed}"


def check_name(name: object) -> None:
    """Checks that a run can have a name: its files do.

    Raises:
        InvalidConfiguration: it has other characters, is too long, or looks like a step of another run's series.
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise InvalidConfiguration(
            f"The name of a run must be up to {MOST_LETTERS} letters, digits, “.”, “_” and “-”, and begin with a "
            f"letter or digit; got {quoted(name)}.",
            field="name",
        )
    if _STEP.search(name):
        raise InvalidConfiguration(
            f"{quoted(name)} would look like one of a run's series, which end in “-” and six digits or more; take "
            "another name.",
            field="name",
        )


def final_path(folder: Path, name: str) -> Path:
    """Where the machine is at the end."""
    return folder / f"{name}{SUFFIX}"


def series_path(folder: Path, name: str, sequences: int) -> Path:
    """Where the machine is as it was after so many sequences."""
    return folder / f"{name}-{sequences:06d}{SUFFIX}"


def metrics_path(folder: Path, name: str) -> Path:
    """Where the numbers of a run are, as it goes."""
    return folder / f"{name}.metrics.jsonl"


def resume_path(folder: Path, name: str) -> Path:
    """Where an unfinished run keeps what resuming it needs."""
    return folder / f"{name}.resume"


def spoken(folder: Path) -> Path:
    """A folder as it is named in an error: a process that trains stands in its own and calls it `.`."""
    return folder.resolve() if folder == Path() else folder


def run_files(folder: Path, name: str) -> list[Path]:
    """Everything of a run in a folder."""
    endings = (SUFFIX, f"-[0-9]*{SUFFIX}", ".metrics.jsonl", ".resume")
    return sorted(path for ending in endings for path in folder.glob(name + ending))


def check_free(folder: Path, name: str) -> None:
    """Checks that a new run can have that name.

    Raises:
        TrainingError: the folder holds one that has it.
    """
    if run_files(folder, name):
        raise TrainingError(
            f"{spoken(folder)} already holds a run {name}; continue it (--resume), start it over (--force), "
            "take another name (--name) or "
            "another folder (--out)."
        )


def _lock_path(folder: Path, name: str) -> Path:
    return folder / f".{name}.lock"


def take(folder: Path, name: str) -> FileLock:
    """The right to write the files of a run, until it is released or the process ends in whatever way.

    Removes files that a killed process left half written.

    Raises:
        TrainingError: another process has it, or the folder cannot be written into.
    """
    lock = FileLock(_lock_path(folder, name), timeout=PATIENCE, thread_local=False)
    try:
        lock.acquire()
        for ending in (".*.tmp", "-[0-9]*.tmp"):
            for path in folder.glob(f".{name}{ending}"):
                path.unlink(missing_ok=True)
    except Timeout as error:
        raise TrainingError(
            f"Another process trains {name} in {spoken(folder)}; wait until it is done, or choose another folder "
            "(--out)."
        ) from error
    except OSError as error:
        raise TrainingError(f"The folder {spoken(folder)} cannot be written into: {error.strerror}.") from error
    return lock


def wait_for(folder: Path, name: str, seconds: float, asked: Callable[[], bool]) -> None:
    """Waits until nobody has the right to write the files of a run, for so long at most, or until asked to stop."""
    lock = FileLock(_lock_path(folder, name), thread_local=False)
    with suppress(Timeout), lock.acquire(seconds, cancel_check=asked):
        pass  # whoever takes it next has it; where that fails, `take` says so


def prepare_folder(folder: Path, recipe: AnyRecipe, runs: int = 1) -> None:
    """Makes the folder, and checks that it has room for every checkpoint of so many runs.

    Raises:
        InvalidConfiguration: the recipe's machine is so large that nothing reads its checkpoints.
        TrainingError: it cannot be made or written into, or has no room.
    """
    machine = initial_machine(recipe, seed=0)
    tensors = (*machine.parameters(), *machine.buffers())
    checkpoint = 4 * sum(value.numel() for value in tensors) + METADATA_BYTES
    if checkpoint > MOST_BYTES:
        raise InvalidConfiguration(
            f"A checkpoint of this recipe takes {(checkpoint >> 20) + 1} MB, and the most that is read is "
            f"{MOST_BYTES >> 20} MB. Take a smaller controller_size, width or bits."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    except (OSError, ValueError) as error:  # ValueError: a name that no folder can have
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        raise TrainingError(f"The folder {spoken(folder)} cannot be made: {reason}.") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise TrainingError(
            f"The folder {spoken(folder)} cannot be written into: no permission, or the disk is read-only."
        )
    needed = runs * checkpoint * (len(checkpoint_updates(recipe.updates)) + 4) + SPARE_BYTES
    if free < needed:
        what = "this run needs" if runs == 1 else f"these {runs} runs need"
        raise TrainingError(f"{spoken(folder)} has {free >> 20} MB of free space; {what} {(needed >> 20) + 1} MB.")
