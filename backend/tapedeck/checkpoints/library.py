"""Folders of checkpoints, as they are now."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from time import time_ns
from typing import NamedTuple

from tapedeck.checkpoints.files import StrPath
from tapedeck.checkpoints.format import SUFFIX, Checkpoint, CheckpointInfo, read_checkpoint
from tapedeck.checkpoints.names import Entry, Listed, UnreadableEntry, tell_apart
from tapedeck.errors import CheckpointNotFound, CheckpointUnreadable, quoted
from tapedeck.tasks import TASKS

MOST_BYTES = 256 * 1024 * 1024
"""Of the machines that are kept in memory, the last used: as many as their files have. What is known about the others
stays.
"""

NAMED_IDS = 12
"""How many of the ids that exist an error names, the best first."""


SETTLED = 2_000_000_000
"""Nanoseconds after which a folder's time of change stands for what is in it: no file can come within the same tick of
the file system's clock any more.
"""

Folders = list[tuple[Path, dict[Path, Entry]]]
"""Each folder, and what its files are."""


class _Stamp(NamedTuple):
    """Changes when a file does."""

    modified: int
    size: int
    inode: int


class _Known(NamedTuple):
    stamp: _Stamp | None
    entry: Entry


class _Listing(NamedTuple):
    """All files by their ids, as long as no folder changes."""

    stamps: tuple[_Stamp | None, ...]
    listed: dict[str, Listed]


@dataclass(frozen=True)
class CheckpointLibrary:
    """The checkpoints of some folders, read when they are asked for. Files that come, change or go are seen at once.

    Any number of threads may use one library. Nothing of the file system is held open.

    Attributes:
        folder: must be there.
        others: come after it, and may come to be later; one that cannot be read hides none of the rest. The first
            folder's files are listed by their names; a run of another folder that has the name of one of an earlier
            folder by another, see `tell_apart`.
    """

    folder: StrPath
    others: tuple[StrPath, ...] = ()
    _known: dict[Path, _Known] = field(default_factory=dict, init=False, repr=False, compare=False)
    _machines: OrderedDict[Path, Checkpoint] = field(default_factory=OrderedDict, init=False, repr=False, compare=False)
    _listings: list[_Listing] = field(default_factory=list, init=False, repr=False, compare=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False, compare=False)

    def list(self) -> list[Entry]:
        """Every file, the best default first: final machines, then the series of their runs, each by task, then by
        folder, and then by sequences seen.

        Raises:
            CheckpointUnreadable: the folder cannot be read. A file that cannot is an entry like the others.
        """
        with self._lock:
            folders = self._look_around()
            for gone in self._known.keys() - {path for _, entries in folders for path in entries}:
                self._forget(gone)
        return [each.entry for each in sorted(tell_apart(folders).values(), key=_place)]

    def problems(self) -> tuple[str, ...]:
        """A sentence for each folder that cannot be read. One of the others only takes its own machines away."""
        found = []
        for folder in (self.folder, *self.others):
            try:
                _checkpoints_in(Path(folder), optional=folder is not self.folder)
            except CheckpointUnreadable as error:
                found.append(error.detail)
        return tuple(found)

    def get(self, checkpoint_id: str) -> Checkpoint:
        """The checkpoint of that id. Its machine is shared with everybody who asks: read only.

        Raises:
            CheckpointNotFound: there is none of that id; the error names those that there are.
            CheckpointUnreadable: the file, or the folder, cannot be read.
        """
        with self._lock:
            found = self._unchanged(checkpoint_id) or self._looked_up(checkpoint_id)
            if isinstance(found.entry, UnreadableEntry):
                raise CheckpointUnreadable(found.entry.error, field="checkpoint")
            return self._taken(found.path, found.entry)

    def at_hand(self, checkpoint_id: str) -> Checkpoint | None:
        """The same where it takes no time: no file is read, and nobody is waited for. Else None, whatever is wrong."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            found = self._unchanged(checkpoint_id)
            if found is None or isinstance(found.entry, UnreadableEntry):
                return None
            return self._taken(found.path, found.entry)
        finally:
            self._lock.release()

    def _taken(self, path: Path, entry: CheckpointInfo) -> Checkpoint:
        """A machine that is in memory, the last to be crowded out by others from now on."""
        self._machines.move_to_end(path)
        checkpoint = self._machines[path]
        return checkpoint if checkpoint.info is entry else replace(checkpoint, info=entry)

    def _unchanged(self, checkpoint_id: str) -> Listed | None:
        """As it was found the last time, where its file and all folders are as they were and its machine is in memory:
        most runs are of such a one, and to look at every file of a folder takes as long as a run.
        """
        if not self._listings or self._listings[0].stamps != self._folder_stamps():
            return None
        found = self._listings[0].listed.get(checkpoint_id)
        if found is None or found.path not in self._machines or self._known[found.path].stamp != _stamp(found.path):
            return None
        return found

    def _looked_up(self, checkpoint_id: str) -> Listed:
        self._listings.clear()
        now, stamps = time_ns(), self._folder_stamps()  # before looking: what changes from now on shows
        folders = self._look_around()
        listed = tell_apart(folders)
        found = _find(checkpoint_id, listed)
        if isinstance(found.entry, CheckpointInfo) and found.path not in self._machines:  # crowded out by others
            folders[found.folder][1][found.path] = self._read(found.path)
            listed = tell_apart(folders)
            found = _find(checkpoint_id, listed)
        if all(stamp is None or stamp.modified < now - SETTLED for stamp in stamps):
            self._listings.append(_Listing(stamps, listed))
        return found

    def _folder_stamps(self) -> tuple[_Stamp | None, ...]:
        return tuple(_stamp(folder) for folder in (self.folder, *self.others))

    def path(self, checkpoint_id: str) -> Path:
        """Where the file of that id is.

        Raises:
            CheckpointNotFound: there is none of that id.
            CheckpointUnreadable: the folder cannot be read.
        """
        with self._lock:
            return _find(checkpoint_id, tell_apart(self._look_around())).path

    def _look_around(self) -> Folders:
        """Each folder that can be read, with the files in it as they are now."""
        paths = {Path(self.folder): _checkpoints_in(Path(self.folder))}
        for folder in map(Path, self.others):
            with suppress(CheckpointUnreadable):  # `problems` says so
                paths[folder] = _checkpoints_in(folder, optional=True)
        # By where they are: named twice, a folder is still one.
        present = {os.path.realpath(folder): folder for folder in reversed(paths)}
        return [(folder, {path: self._look(path) for path in paths[folder]}) for folder in reversed(present.values())]

    def _look(self, path: Path) -> Entry:
        known = self._known.get(path)
        if known is None or known.stamp != _stamp(path):
            return self._read(path)
        return known.entry

    def _read(self, path: Path) -> Entry:
        self._listings.clear()  # they have what the file was before
        self._forget(path)
        stamp = _stamp(path)  # before reading: whatever is written from now on shows as a change
        try:
            checkpoint = _read_named(path)
        except CheckpointUnreadable as error:
            self._known[path] = _Known(stamp, UnreadableEntry(_id(path), error.detail))
        else:
            self._known[path] = _Known(stamp, checkpoint.info)
            self._machines[path] = checkpoint
            while len(self._machines) > 1 and self._bytes() > MOST_BYTES:
                self._machines.popitem(last=False)
        return self._known[path].entry

    def _bytes(self) -> int:
        """What the machines in memory take up."""
        stamps = (self._known[path].stamp for path in self._machines)
        return sum(stamp.size for stamp in stamps if stamp is not None)

    def _forget(self, path: Path) -> None:
        self._known.pop(path, None)
        self._machines.pop(path, None)


def _find(checkpoint_id: str, listed: Mapping[str, Listed]) -> Listed:
    # An id is a name that the list holds, never a part of a path.
    if checkpoint_id not in listed:
        best = [each.entry.id for each in sorted(listed.values(), key=_place)]
        raise CheckpointNotFound(_not_found(checkpoint_id, best), field="checkpoint")
    return listed[checkpoint_id]


def _checkpoints_in(folder: Path, *, optional: bool = False) -> list[Path]:
    """The files of a folder; none of an optional one that is not there yet."""
    try:
        paths = sorted(folder.iterdir())
    except FileNotFoundError as error:
        if optional:
            return []
        raise _unreadable(folder, error) from error
    except OSError as error:
        raise _unreadable(folder, error) from error
    return [path for path in paths if path.suffix == SUFFIX and not path.name.startswith(".")]


def _unreadable(folder: Path, error: OSError) -> CheckpointUnreadable:
    return CheckpointUnreadable(f"The checkpoints folder {folder} cannot be read: {error.strerror}.")


def _id(path: Path) -> str:
    """The name without its suffix, always fit for JSON."""
    return os.fsencode(path.stem).decode(errors="replace")


def _read_named(path: Path) -> Checkpoint:
    if _id(path) != path.stem:
        raise CheckpointUnreadable(f"{_id(path)}{SUFFIX}: its name is not UTF-8; rename it.")
    return read_checkpoint(path)


def _stamp(path: StrPath) -> _Stamp | None:
    """None for a file or a folder that has just gone, or that cannot even be looked at."""
    try:
        status = os.stat(path)  # takes half as long as Path.stat
    except OSError:
        return None
    return _Stamp(status.st_mtime_ns, status.st_size, status.st_ino)


def _place(listed: Listed) -> tuple[int, int, int, bool, int, str]:
    """Sorts: final machines, series, unreadable files; in each the first task's, the first folder's, those of runs that
    have the name of their task alone, such as copy-1, the most sequences first.
    """
    _, folder, entry = listed
    if isinstance(entry, UnreadableEntry):
        return (2, 0, folder, False, 0, entry.id)
    seen = -1 if entry.sequences_seen is None else entry.sequences_seen
    task = list(TASKS).index(entry.task) if entry.task in TASKS else len(TASKS)
    of_series = is_of_a_series(entry)
    run = entry.id.rpartition("-")[0] if of_series else entry.id
    named, _, number = run.partition("~")[0].rpartition("-")
    other = not (named == entry.task and number.isdecimal())
    return (int(of_series), task, folder, other, -seen, entry.id)


def is_of_a_series(info: CheckpointInfo) -> bool:
    """Saved on the way: `<run>-<digits>` of the run that made it, such as copy-1-004000 of copy-1."""
    run, _, count = info.id.rpartition("-")
    return count.isdecimal() and run == info.origin.get("run")


def _not_found(checkpoint_id: str, ids: list[str]) -> str:
    if not ids:
        return f"There is no checkpoint {quoted(checkpoint_id[:80])}; the folder has none."
    named = ", ".join(ids[:NAMED_IDS])
    more = f" and {len(ids) - NAMED_IDS} more" if len(ids) > NAMED_IDS else ""
    return f"There is no checkpoint {quoted(checkpoint_id[:80])}; there are {named}{more}."
