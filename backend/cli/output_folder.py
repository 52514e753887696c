"""A folder that a command writes several files into: all of them, or none."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from backend.errors import FileUnwritable


def prepare(folder: Path, names: Iterable[str]) -> None:
    """Makes the folder where it is not there yet, before anything is computed.

    Raises:
        FileUnwritable: it cannot be made, it is not a folder, nothing may be written into it, or one of the names is
            that of a folder.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise FileUnwritable(f"{folder} cannot be written into: it is not a folder.") from error
    except (OSError, ValueError) as error:  # ValueError: a name that no folder can have
        raise FileUnwritable(f"{folder} cannot be made: {_reason(error)}.") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise FileUnwritable(f"{folder} cannot be written into: Permission denied, or the disk is read-only.")
    for name in names:
        if (folder / name).is_dir():
            raise FileUnwritable(f"{folder / name} cannot be written: it is a folder.")


def write_together(folder: Path, files: Mapping[str, bytes]) -> None:
    """Puts the files there by name. They take their places when all are on the disk; till then old ones stay.

    Raises:
        FileUnwritable: the disk is full, or the folder cannot be written into any more.
    """
    try:
        with TemporaryDirectory(prefix=".tapedeck-", dir=folder) as unfinished:
            for name, data in files.items():
                (Path(unfinished) / name).write_bytes(data)
            for name in files:
                (Path(unfinished) / name).replace(folder / name)
    except OSError as error:
        raise FileUnwritable(f"{folder} cannot be written into: {_reason(error)}.") from error


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
