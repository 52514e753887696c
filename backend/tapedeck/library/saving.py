"""Writing what was counted into a file, in the form that its suffix says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tapedeck.checkpoints.files import StrPath, write_atomically
from tapedeck.errors import FileUnwritable
from tapedeck.figures.forms import check_place

SUFFIXES = (".json", ".csv", ".html")


def save(path: StrPath, encoded: Callable[[str], bytes]) -> Path:
    """Writes the file.

    Args:
        path: ends in one of SUFFIXES.
        encoded: the bytes of each form; asked once the file can be written.

    Raises:
        FileUnwritable: another suffix, or the file cannot be written there.
    """
    path = Path(path)
    if path.suffix not in SUFFIXES:
        raise FileUnwritable(f"path is {path}; it must end in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}.")
    check_place(path)
    write_atomically(path, encoded(path.suffix))
    return path
