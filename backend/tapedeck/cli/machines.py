"""Machines as they are named on a command line."""

from __future__ import annotations

from pathlib import Path

from tapedeck.checkpoints import SUFFIX, Checkpoint, CheckpointInfo, CheckpointLibrary, read_checkpoint
from tapedeck.errors import CheckpointNotFound


def find(checkpoint: str, folder: Path, *others: Path) -> Checkpoint:
    """A file where the name is one, otherwise a machine of the folders, by the id that the service lists it under.

    Args:
        checkpoint: a path or an id.
        folder: must be there.
        others: are looked in after it, where they are there: the runs trained here, for instance.

    Raises:
        CheckpointNotFound: no folder has one of that id; names those that there are.
        CheckpointUnreadable: the file, or a folder, cannot be read.
    """
    if _is_file(checkpoint):
        return read_checkpoint(checkpoint)
    return CheckpointLibrary(folder, others).get(checkpoint)


def folder_of(checkpoint: str, folder: Path) -> Path:
    """Where a machine that `find` found is, and what its run left beside it."""
    return Path(checkpoint).parent if _is_file(checkpoint) else folder


def _is_file(checkpoint: str) -> bool:
    path = Path(checkpoint)
    return path.suffix == SUFFIX or path.name != checkpoint or path.is_file()


def best(folder: Path) -> Checkpoint:
    """The machine that a folder's list begins with.

    Raises:
        CheckpointNotFound: the folder holds none that can be read.
        CheckpointUnreadable: the folder cannot be read.
    """
    library = CheckpointLibrary(folder)
    for entry in library.list():
        if isinstance(entry, CheckpointInfo):
            return library.get(entry.id)
    raise CheckpointNotFound(f"There is no checkpoint in {folder}; name a file or an id with --checkpoint.")
