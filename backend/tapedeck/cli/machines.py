"""Machines as they are named on a command line; `tapedeck.library.machine` finds them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from tapedeck.checkpoints import Checkpoint, CheckpointInfo, CheckpointLibrary, UnreadableEntry
from tapedeck.checkpoints.library import is_of_a_series
from tapedeck.errors import CheckpointNotFound, CheckpointUnreadable
from tapedeck.library.machine import find, is_file, path_of

__all__ = ["best", "find", "folder_of", "named", "path_of"]


def named(given: Iterable[str], task: str | None) -> Iterator[str]:
    """The names that were given, and for a folder the file of every machine in it, without the series of their runs.

    Args:
        given: ids, files and folders.
        task: of folders, the machines of this one; of all where it is None.

    Raises:
        CheckpointNotFound: a folder holds none.
        CheckpointUnreadable: a folder, or a file in one, cannot be read.
    """
    for name in given:
        if not Path(name).is_dir():
            yield name
            continue
        library = CheckpointLibrary(name)
        found = [each for each in library.list() if isinstance(each, UnreadableEntry) or not is_of_a_series(each)]
        for entry in found:
            if isinstance(entry, UnreadableEntry):
                raise CheckpointUnreadable(f"{entry.error} Take it out of {name}, or name the machines that you mean.")
        chosen = [each for each in found if isinstance(each, CheckpointInfo) and task in (None, each.task)]
        if not chosen:
            what = "machine" if task is None else f"machine for {task}"
            raise CheckpointNotFound(f"There is no {what} in {name}; name another folder, a file or an id.")
        yield from (os.fspath(library.path(each.id)) for each in chosen)


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
