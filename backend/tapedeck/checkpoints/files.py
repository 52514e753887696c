"""Whole files in and out: bounded reading, atomic writing, and every fault under the file's name."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tapedeck.errors import CheckpointUnreadable, CheckpointUnwritable

StrPath = str | os.PathLike[str]
"""A file or a folder, as Python's own functions take it."""

MOST_BYTES = 64 * 1024 * 1024
"""Of a checkpoint that is read. A machine of the default sizes takes 62 kB."""


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Puts the file's name before the sentence of every CheckpointUnreadable that is raised inside."""
    try:
        yield
    except CheckpointUnreadable as error:
        raise type(error)(f"{path.name}: {error.detail}") from error


def read_file(path: Path, most: int = MOST_BYTES) -> bytes:
    """All bytes of a file.

    Raises:
        CheckpointUnreadable: no such file, not a file, empty, larger than `most`, or the system refuses.
    """
    try:
        if not path.exists():
            raise CheckpointUnreadable("there is no such file.")
        if not path.is_file():  # a folder, and also a pipe or a device, which might never end
            raise CheckpointUnreadable("it is not a file.")
        with path.open("rb") as file:
            data = file.read(most + 1)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise CheckpointUnreadable(f"it cannot be read: {_reason(error)}.") from error
    if len(data) > most:
        raise CheckpointUnreadable(f"it is larger than {most >> 20} MB, far more than a checkpoint needs.")
    if not data:
        raise CheckpointUnreadable("it is empty.")
    return data


def write_atomically(path: Path, data: bytes) -> None:
    """Puts the bytes at `path` so that a reader finds the old file or the whole new one, whenever the writer dies.

    They go to a hidden `*.tmp` in the same folder first, and to the disk before the name moves over. A process that is
    killed in between leaves that `*.tmp` behind, which nothing reads; any other failure removes it.

    Raises:
        CheckpointUnwritable: no such folder, no permission, a full or read-only disk.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        try:
            _write_through(temporary, data)
            temporary.replace(path)
        except BaseException:  # also when interrupted
            with suppress(OSError):
                temporary.unlink()
            raise
        _sync_folder(path.parent)
    except (OSError, ValueError) as error:
        raise CheckpointUnwritable(f"{path} cannot be written: {_reason(error)}.") from error


def _write_through(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """The new name itself goes to the disk. Some file systems cannot; the file is whole all the same."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
