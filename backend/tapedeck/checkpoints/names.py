"""The ids under which the checkpoints of several folders are listed together."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import NamedTuple

from tapedeck.checkpoints.format import CheckpointInfo


@dataclass(frozen=True)
class UnreadableEntry:
    """A file of the folder that is not a checkpoint: its id and the sentence that says why."""

    id: str
    error: str


Entry = CheckpointInfo | UnreadableEntry


class Listed(NamedTuple):
    """A file, the place of its folder among the folders, and what it is listed as."""

    path: Path
    folder: int
    entry: Entry


def tell_apart(folders: Sequence[tuple[Path, Mapping[Path, Entry]]]) -> dict[str, Listed]:
    """Every file by an id of its own.

    The first folder's ids are its files' names. Where a later folder has a run, or an id, that an earlier one has too,
    it is another training of the same name: all of that run is listed as one of its folder, such as copy-1~runs and
    copy-1~runs-004000 of the run copy-1~runs, so that nobody takes the two series for one.
    """
    listed: dict[str, Listed] = {}
    runs: set[str] = set()
    for place, (folder, entries) in enumerate(folders):
        kept, renamed = _split(entries, listed, runs)
        for path, entry in kept.items():
            listed.setdefault(entry.id, Listed(path, place, entry))
        runs |= {_run(entry) for entry in kept.values()}
        for run, group in renamed.items():
            mark = next(mark for mark in _marks(folder) if _is_free(mark, run, group.values(), listed, runs))
            for path, entry in group.items():
                marked = _marked(entry, run, mark)
                listed.setdefault(marked.id, Listed(path, place, marked))
            runs.add(run + mark)
    return listed


def _split(
    entries: Mapping[Path, Entry], listed: Container[str], runs: Container[str]
) -> tuple[dict[Path, Entry], dict[str, dict[Path, Entry]]]:
    """Those that keep their ids; and by run those that cannot."""
    taken = {_run(entry) for entry in entries.values() if entry.id in listed or _run(entry) in runs}
    kept: dict[Path, Entry] = {}
    renamed: dict[str, dict[Path, Entry]] = {}
    for path, entry in entries.items():
        group = renamed.setdefault(_run(entry), {}) if _run(entry) in taken else kept
        group[path] = entry
    return kept, renamed


def _run(entry: Entry) -> str:
    """The run that a checkpoint is of; one that is of none is alone."""
    run = entry.origin.get("run") if isinstance(entry, CheckpointInfo) else None
    return run if isinstance(run, str) else entry.id


def _marks(folder: Path) -> Iterator[str]:
    """Fit for a URL as they are, whatever the folder is called."""
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", folder.resolve().name) or "other"
    return chain([f"~{name}"], (f"~{name}~{number}" for number in count(2)))


def _is_free(mark: str, run: str, entries: Iterable[Entry], listed: Container[str], runs: Container[str]) -> bool:
    return run + mark not in runs and not any(_marked_id(entry.id, run, mark) in listed for entry in entries)


def _marked_id(checkpoint_id: str, run: str, mark: str) -> str:
    """With the mark behind the name of the run, so that the series is still one: <run>-<digits>."""
    if checkpoint_id == run or checkpoint_id.startswith(f"{run}-"):
        return run + mark + checkpoint_id.removeprefix(run)
    return checkpoint_id + mark


def _marked(entry: Entry, run: str, mark: str) -> Entry:
    checkpoint_id = _marked_id(entry.id, run, mark)
    if isinstance(entry, UnreadableEntry):
        return replace(entry, id=checkpoint_id)
    origin = entry.origin | {"run": run + mark} if "run" in entry.origin else entry.origin
    return replace(entry, id=checkpoint_id, name=f"{entry.name} ({mark.removeprefix('~')})", origin=origin)
