"""Folders of checkpoints, as they are now."""

from __future__ import annotations

import os
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from backend.checkpoints.format import SUFFIX, Checkpoint, CheckpointInfo, read_checkpoint
from backend.errors import CheckpointNotFound, CheckpointUnreadable

MOST_MACHINES = 64
"""Kept in memory, the last used; what is known about the others stays."""

NAMED_IDS = 12
"""How many of the ids that exist an error names."""


@dataclass(frozen=True)
class UnreadableEntry:
    """A file of the folder that is no checkpoint: its id and the sentence that says why."""

    id: str
    error: str


class _Stamp(NamedTuple):
    """Changes when a file does."""

    modified: int
    size: int
    inode: int


class _Known(NamedTuple):
    stamp: _Stamp | None
    entry: CheckpointInfo | UnreadableEntry


@dataclass(frozen=True)
class CheckpointLibrary:
    """The checkpoints of some folders, read when they are asked for. Files that come, change or go are seen at once.

    Any number of threads may use one library. Nothing of the file system is held open.

    Attributes:
        folder: must be there.
        others: come after it, and may come to be later. Of two files of one name the first folder's counts.
    """

    folder: Path
    others: tuple[Path, ...] = ()
    _known: dict[str, _Known] = field(default_factory=dict, init=False, repr=False, compare=False)
    _machines: OrderedDict[str, Checkpoint] = field(default_factory=OrderedDict, init=False, repr=False, compare=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False, compare=False)

    def list(self) -> list[CheckpointInfo | UnreadableEntry]:
        """Every file, the best default first: final machines, then the series of their runs, each by folder and then by
        sequences seen.

        Raises:
            CheckpointUnreadable: the folder cannot be read. A file that cannot is an entry like the others.
        """
        files = self._files()
        with self._lock:
            for gone in self._known.keys() - files.keys():
                self._forget(gone)
            entries = [self._look(checkpoint_id, path) for checkpoint_id, path in files.items()]
        folders = (self.folder, *self.others)
        return sorted(entries, key=lambda entry: _place(entry, folders.index(files[entry.id].parent)))

    def get(self, checkpoint_id: str) -> Checkpoint:
        """The checkpoint of that id. Its machine is shared with everybody who asks: read only.

        Raises:
            CheckpointNotFound: there is none; names those that are.
            CheckpointUnreadable: the file, or the folder, cannot be read.
        """
        files = self._files()
        # An id is a name that the folder lists, never a part of a path.
        if checkpoint_id not in files:
            raise CheckpointNotFound(_not_found(checkpoint_id, list(files)), field="checkpoint")
        with self._lock:
            entry = self._look(checkpoint_id, files[checkpoint_id])
            if isinstance(entry, CheckpointInfo) and checkpoint_id not in self._machines:  # crowded out by others
                entry = self._read(checkpoint_id, files[checkpoint_id])
            if isinstance(entry, UnreadableEntry):
                raise CheckpointUnreadable(entry.error, field="checkpoint")
            self._machines.move_to_end(checkpoint_id)
            return self._machines[checkpoint_id]

    def _files(self) -> dict[str, Path]:
        present = (self.folder, *(folder for folder in self.others if folder.exists()))
        files: dict[str, Path] = {}
        for path in (path for folder in present for path in _checkpoints_in(folder)):
            files.setdefault(_id(path), path)
        return files

    def _look(self, checkpoint_id: str, path: Path) -> CheckpointInfo | UnreadableEntry:
        known = self._known.get(checkpoint_id)
        if known is None or known.stamp != _stamp(path):
            return self._read(checkpoint_id, path)
        return known.entry

    def _read(self, checkpoint_id: str, path: Path) -> CheckpointInfo | UnreadableEntry:
        self._forget(checkpoint_id)
        stamp = _stamp(path)  # before reading: whatever is written from now on shows as a change
        try:
            checkpoint = _read_named(path)
        except CheckpointUnreadable as error:
            self._known[checkpoint_id] = _Known(stamp, UnreadableEntry(checkpoint_id, error.detail))
        else:
            self._known[checkpoint_id] = _Known(stamp, checkpoint.info)
            self._machines[checkpoint_id] = checkpoint
            while len(self._machines) > MOST_MACHINES:
                self._machines.popitem(last=False)
        return self._known[checkpoint_id].entry

    def _forget(self, checkpoint_id: str) -> None:
        self._known.pop(checkpoint_id, None)
        self._machines.pop(checkpoint_id, None)


def _checkpoints_in(folder: Path) -> list[Path]:
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise CheckpointUnreadable(f"The checkpoints folder {folder} cannot be read: {error.strerror}.") from error
    return [path for path in paths if path.suffix == SUFFIX and not path.name.startswith(".")]


def _id(path: Path) -> str:
    """The name without its suffix, always fit for JSON."""
    return os.fsencode(path.stem).decode(errors="replace")


def _read_named(path: Path) -> Checkpoint:
    if _id(path) != path.stem:
        raise CheckpointUnreadable(f"{_id(path)}{SUFFIX}: its name is not UTF-8; rename it.")
    return read_checkpoint(path)


def _stamp(path: Path) -> _Stamp | None:
    """None for a file that has just gone, or that cannot even be looked at."""
    try:
        status = path.stat()
    except OSError:
        return None
    return _Stamp(status.st_mtime_ns, status.st_size, status.st_ino)


def _place(entry: CheckpointInfo | UnreadableEntry, folder: int) -> tuple[int, int, int, str]:
    """Sorts: final machines, series, unreadable files; in each the first folder's, the most sequences first."""
    if isinstance(entry, UnreadableEntry):
        return (2, folder, 0, entry.id)
    seen = -1 if entry.sequences_seen is None else entry.sequences_seen
    return (1 if _is_of_a_series(entry) else 0, folder, -seen, entry.id)


def _is_of_a_series(info: CheckpointInfo) -> bool:
    """Saved on the way: `<run>-<digits>` of the run that made it, such as copy-1-004000 of copy-1."""
    run, _, count = info.id.rpartition("-")
    return count.isdecimal() and run == info.origin.get("run")


def _not_found(checkpoint_id: str, ids: list[str]) -> str:
    if not ids:
        return f"There is no checkpoint {checkpoint_id[:80]!r}; the folder holds none at all."
    named = ", ".join(ids[:NAMED_IDS])
    more = f" and {len(ids) - NAMED_IDS} more" if len(ids) > NAMED_IDS else ""
    return f"There is no checkpoint {checkpoint_id[:80]!r}; there are {named}{more}."
