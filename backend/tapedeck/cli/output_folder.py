"""What a command writes: checked before anything is computed. Several files into one folder: all of them, or none."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tapedeck.errors import FileUnwritable


def prepare(folder: Path, names: Iterable[str]) -> None:
    """Creates the folder if it does not exist, before anything is computed.

    Raises:
        FileUnwritable: it cannot be created, it is not a folder, nothing may be written into it, or one of the names is
            that of a folder.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise FileUnwritable(f"{folder} cannot be written into: it is not a folder.") from error
    except (OSError, ValueError) as error:  # ValueError: a name that no folder can have
        raise FileUnwritable(f"{folder} cannot be created: {_reason(error)}.") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise FileUnwritable(f"{folder} cannot be written into: permission denied, or the disk is read-only.")
    for name in names:
        if (folder / name).is_dir():
            raise FileUnwritable(f"{folder / name} cannot be written: it is a folder.")


def check_files(files: Mapping[str, Path | None]) -> None:
    """Whether each file can be written once there is something to write.

    Args:
        files: by the option that names it; None where the option is not given.

    Raises:
        FileUnwritable: its folder is not there, nothing may be written into it, the file is a folder, or two options
            name one file.
    """
    taken: dict[Path, str] = {}
    for option, path in files.items():
        if path is None:
            continue
        folder = path.parent
        if not folder.is_dir():
            raise FileUnwritable(f"{option} {path} cannot be written: there is no folder {folder}. Make it first.")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise FileUnwritable(f"{option} {path} cannot be written: {folder} is read-only. Choose another folder.")
        if path.is_dir():
            raise FileUnwritable(f"{option} {path} cannot be written: it is a folder. Name a file in it.")
        other = taken.setdefault(path.resolve(), option)
        if other != option:
            raise FileUnwritable(f"{other} and {option} both name {path}. Give each a file of its own.")


def write_together(folder: Path, files: Mapping[str, bytes]) -> None:
    """Puts the files there by name. They move into place once all are on the disk; until then old ones stay.

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
