"""Machines as they are named on a command line; `tapedeck.library.machine` finds them."""

from __future__ import annotations

from pathlib import Path

from tapedeck.checkpoints import Checkpoint, CheckpointInfo, CheckpointLibrary
from tapedeck.errors import CheckpointNotFound
from tapedeck.library.machine import find, is_file, path_of

__all__ = ["best", "find", "folder_of", "path_of"]


def folder_of(checkpoint: str, folder: Path) -> Path:
    """Where a machine that `find` found is, and what its run left beside it."""
    return Path(checkpoint).parent if is_file(checkpoint) else folder


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
