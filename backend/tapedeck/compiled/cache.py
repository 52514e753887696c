"""Where compiled kernels are kept from one process to the next.

They are pickles, so the folder is the user's own: TAPEDECK_ENGINE_CACHE, or `tapedeck` in the user's folder of caches.
Where none may be written to, as in a container that is read only, what was compiled ahead is copied to a private folder
of this process; where there is nothing to copy, the kernels are compiled for this process alone.
"""

from __future__ import annotations

import atexit
import os
import shutil
import stat
import tempfile
from functools import cache
from pathlib import Path

from tapedeck.compiled import settings

OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


def said() -> Path:
    """The folder that is asked for, whether or not it is there."""
    if given := settings.read().engine_cache:
        return given.expanduser().absolute()
    caches = os.environ.get("XDG_CACHE_HOME")
    return (Path(caches) if caches else Path("~/.cache").expanduser()) / "tapedeck"


@cache
def folder() -> Path | None:
    """The folder that is used, which can be written to; None where there is none. Decided once in a process."""
    place = said()
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        private = _private(place)
    except (OSError, RuntimeError):  # RuntimeError: a user without a home
        return None
    if not private:
        return None
    try:
        tempfile.TemporaryFile(dir=place).close()
    except OSError:
        return _copied(place) if any(place.iterdir()) else None
    return place


def cached() -> bool:
    """Whether what is compiled is kept."""
    return folder() is not None


def _private(place: Path) -> bool:
    """Whether nobody but this user, or the superuser, may have put something there."""
    if not hasattr(os, "getuid"):
        return True
    about = place.stat()
    return about.st_uid in (0, os.getuid()) and not about.st_mode & OTHERS_MAY_WRITE


def _copied(place: Path) -> Path | None:
    try:
        copy = Path(tempfile.mkdtemp(prefix="tapedeck-"))
        atexit.register(shutil.rmtree, copy, ignore_errors=True)
        shutil.copytree(place, copy, dirs_exist_ok=True)
        copy.chmod(0o700)
    except OSError:
        return None
    return copy
