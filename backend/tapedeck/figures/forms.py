"""The files that a run can be saved as, by their suffixes; each is written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tapedeck.dependencies import needed
from tapedeck.errors import FileUnwritable
from tapedeck.figures.view import WHOLE, View
from tapedeck.tracing import Trace
from tapedeck.tracing.export import Document, Export

GIF, JSON, SHORT = ".gif", ".json", "short .json"

EXPORTS: Mapping[str, str] = {
    JSON: "tapedeck.tracing.export.json_pieces",
    ".npz": "tapedeck.tracing.export.npz_pieces",
    ".csv": "tapedeck.tracing.export.csv_pieces",
    ".html": "tapedeck.figures.card.card_pieces",
    GIF: "tapedeck.figures.animation.gif_pieces",
}
"""All numbers, a run card, an animation: the function that makes each, imported when it is wanted."""

FIGURES: Mapping[str, str] = {
    ".svg": "tapedeck.figures.pictures.svg_pieces",
    ".png": "tapedeck.figures.pictures.png_pieces",
}
"""The verification figure of a run, which shows what a `View` says."""

FORMS = (*EXPORTS, *FIGURES)

_SHORT = "tapedeck.tracing.export.short_json_pieces"


def pieces(form: str, trace: Trace, checkpoint: Document, said: Document, view: View = WHOLE) -> Iterator[bytes]:
    """The bytes of a file, part by part.

    Args:
        form: one of FORMS; or SHORT, JSON of version 1, for a copy that was asked for by its sequence alone.
        trace: the run.
        checkpoint: its machine, as it is described to people.
        said: what else is said of the run, such as its diagnosis.
        view: what a picture shows; no other form has one.

    Raises:
        ModuleNotFoundError: what draws is not installed; says what to do.
    """
    if form in FIGURES:
        drawn: Callable[[Trace, Document, Document, View], Iterator[bytes]] = _maker(FIGURES[form])
        return drawn(trace, checkpoint, said, view)
    export: Export = _maker(_SHORT if form == SHORT else EXPORTS[form])
    return export(trace, checkpoint, said)


def form_of(path: Path, named: str) -> str:
    """The form that a suffix names.

    Args:
        path: of the file.
        named: how the file was asked for, such as --out.

    Raises:
        FileUnwritable: it names none.
    """
    if path.suffix not in FORMS:
        raise FileUnwritable(f"{named} is {path}; it must end in {', '.join(FORMS[:-1])} or {FORMS[-1]}.")
    return path.suffix


def check_place(path: Path) -> None:
    """Whether a file can be written there, before anything is computed for it.

    Raises:
        FileUnwritable: no folder to write into or none that may be written into, or a folder in the file's place.
    """
    if not path.parent.is_dir():
        raise FileUnwritable(f"{path} cannot be written: there is no folder {path.parent}.")
    if path.is_dir():
        raise FileUnwritable(f"{path} cannot be written: it is a folder.")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise FileUnwritable(f"{path} cannot be written: {path.parent} is read-only. Choose another folder.")


def write_whole(path: Path, parts: Iterator[bytes]) -> None:
    """All of it or nothing: a file that is there already stays until the new one is whole.

    Raises:
        FileUnwritable: the disk is full, or the folder cannot be written into any more.
    """
    try:
        with TemporaryDirectory(prefix=".tapedeck-", dir=path.parent) as folder:
            unfinished = Path(folder) / path.name
            with unfinished.open("wb") as file:
                file.writelines(parts)
            unfinished.replace(path)
    except OSError as error:
        raise FileUnwritable(f"{path} cannot be written: {error.strerror or error}.") from error


def _maker(name: str) -> Any:
    module, _, function = name.rpartition(".")
    return getattr(needed(module), function)
