"""The files that `tapedeck trace` writes: checked before anything is computed, each written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tapedeck.checkpoints import CheckpointInfo
from tapedeck.errors import FileUnwritable
from tapedeck.figures.animation import frame_count, gif_pieces
from tapedeck.figures.card import card_pieces
from tapedeck.figures.pictures import png_pieces, svg_pieces
from tapedeck.figures.view import View
from tapedeck.tracing import Trace
from tapedeck.tracing.export import Document, Export, csv_pieces, json_pieces, npz_pieces, short_json_pieces

GIF, JSON, SHORT = ".gif", ".json", "short .json"
EXPORTS: dict[str, Export] = {
    JSON: json_pieces,
    ".npz": npz_pieces,
    ".csv": csv_pieces,
    ".html": card_pieces,
    GIF: gif_pieces,
}
FIGURES = {".svg": svg_pieces, ".png": png_pieces}
FORMS = (*EXPORTS, *FIGURES)


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
        if out.suffix not in FORMS:
            raise FileUnwritable(f"--out is {out}; it must end in {', '.join(FORMS[:-1])} or {FORMS[-1]}.")
        files.append(TraceFile(out, out.suffix))
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
        _write(file.path, _pieces(SHORT if short and file.form == JSON else file.form, trace, info, said, view))
        yield file


def _check(files: Sequence[TraceFile]) -> None:
    places: set[Path] = set()
    for path in (file.path for file in files):
        if not path.parent.is_dir():
            raise FileUnwritable(f"{path} cannot be written: there is no folder {path.parent}.")
        if path.is_dir():
            raise FileUnwritable(f"{path} cannot be written: it is a folder.")
        if not os.access(path.parent, os.W_OK | os.X_OK):
            raise FileUnwritable(f"{path} cannot be written: {path.parent} is read-only. Choose another folder.")
        if (place := path.resolve()) in places:
            raise FileUnwritable(f"{path} would be written twice, in two forms; give each a file of its own.")
        places.add(place)


def _pieces(form: str, trace: Trace, info: CheckpointInfo, said: Document, view: View) -> Iterator[bytes]:
    if form in FIGURES:
        return FIGURES[form](trace, info.document(), said, view)
    export = short_json_pieces if form == SHORT else EXPORTS[form]
    pieces = export(trace, info.document(), said)
    return _told(pieces, frame_count(trace)) if form == GIF else pieces


def _told(pieces: Iterator[bytes], frames: int) -> Iterator[bytes]:
    """The same, with a bar on a terminal. A piece is a frame, but for the head and the end of the file."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        running = bar.add_task("GIF, frames", total=frames)
        for index, piece in enumerate(pieces):
            yield piece
            bar.update(running, completed=min(index, frames))


def _write(path: Path, pieces: Iterator[bytes]) -> None:
    """All of it or nothing: a file that is there already stays until the new one is whole."""
    try:
        with TemporaryDirectory(prefix=".tapedeck-", dir=path.parent) as folder:
            unfinished = Path(folder) / path.name
            with unfinished.open("wb") as file:
                file.writelines(pieces)
            unfinished.replace(path)
    except OSError as error:
        raise FileUnwritable(f"{path} cannot be written: {error.strerror or error}.") from error
