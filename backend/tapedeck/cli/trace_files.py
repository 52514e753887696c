"""The files that `tapedeck trace` writes: checked before anything is computed, each written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tapedeck.checkpoints import CheckpointInfo
from tapedeck.errors import FileUnwritable
from tapedeck.figures.animation import frame_count
from tapedeck.figures.forms import FORMS, GIF, JSON, SHORT, check_place, form_of, pieces, write_whole
from tapedeck.figures.view import View
from tapedeck.tracing import Trace
from tapedeck.tracing.export import Document


@dataclass(frozen=True)
class TraceFile:
    """A file to write, and the form that it has, which is named by a suffix."""

    path: Path
    form: str


def wanted(out: Path | None, named: Mapping[str, Path | None]) -> list[TraceFile]:
    """The files that are asked for, in the order of FORMS.

    Args:
        out: whose suffix says its form.
        named: by form, whatever their suffixes.

    Raises:
        FileUnwritable: a suffix that names no form, no folder to write into or none that may be written into, a folder
            in the file's place, or one file for two forms.
    """
    files = [TraceFile(path, form) for form, path in named.items() if path is not None]
    if out is not None:
        files.append(TraceFile(out, form_of(out, "--out")))
    _check(files)
    return sorted(files, key=lambda file: FORMS.index(file.form))


def write(
    files: Sequence[TraceFile], trace: Trace, info: CheckpointInfo, said: Document, view: View, *, short: bool
) -> Iterator[TraceFile]:
    """Gives each file when it is written; the GIF tells on a terminal how far it is.

    Pictures show what `view` says. JSON is of version 1 where it is to be `short`: of a run that was asked for by a
    sequence alone.

    Raises:
        FileUnwritable: the disk is full, or the folder cannot be written into any more.
    """
    for file in files:
        form = SHORT if short and file.form == JSON else file.form
        parts = pieces(form, trace, info.document(), said, view)
        write_whole(file.path, _told(parts, frame_count(trace)) if form == GIF else parts)
        yield file


def _check(files: Sequence[TraceFile]) -> None:
    places: set[Path] = set()
    for path in (file.path for file in files):
        check_place(path)
        if (place := path.resolve()) in places:
            raise FileUnwritable(f"{path} would be written twice, in two forms; give each a file of its own.")
        places.add(place)


def _told(parts: Iterator[bytes], frames: int) -> Iterator[bytes]:
    """The same, with a bar on a terminal. A piece is a frame, but for the head and the end of the file."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        running = bar.add_task("GIF, frames", total=frames)
        for index, piece in enumerate(parts):
            yield piece
            bar.update(running, completed=min(index, frames))
