"""What was measured of machines, kept beside the kernels: each is compared with torch once, not once a process.

One line a machine, appended in one piece, so that processes need not wait for one another; a line that is no such thing
says nothing.
"""

from __future__ import annotations

import hashlib
from functools import cache as cache_result
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import orjson

from tapedeck.compiled import cache
from tapedeck.compiled.loading import KERNELS

PACKAGE = Path(__file__).parents[1]
SOURCES = [path for folder in ("ntm", "compiled") for path in sorted((PACKAGE / folder).glob("*.py"))]
"""Of both sides of the comparison."""


class Answer(NamedTuple):
    """Whether the engine may stand in for a machine, and whether every sampled run agreed."""

    fits: bool
    steady: bool


class Kept:
    """The lines of this process's kernels; nothing where no folder can be written to."""

    def __init__(self) -> None:
        self._lines: dict[str, Answer] | None = None

    def get(self, key: str) -> Answer | None:
        """What was kept under a key, which says everything that it rests on but the sources."""
        if self._lines is None:
            self._lines = _read(_place())
        return self._lines.get(key)

    def put(self, key: str, found: Answer) -> None:
        """Keeps it for the processes after this one; where the disk does not take it, they measure again."""
        place = _place()
        if place is None:
            return
        try:
            with place.open("ab") as file:
                file.write(orjson.dumps([key, *found]) + b"\n")
        except OSError:
            return


def _place() -> Path | None:
    folder = cache.folder()
    return None if folder is None else folder / f"fitness-{_stamp()}"


def _read(place: Path | None) -> dict[str, Answer]:
    try:
        lines = [] if place is None else place.read_bytes().splitlines()
    except OSError:
        return {}
    found = {}
    for line in lines:
        try:
            key, fits, steady = orjson.loads(line)
            found[str(key)] = Answer(bool(fits), bool(steady))
        except (ValueError, TypeError):  # half a line, of a process that was killed
            continue
    return found


@cache_result
def _stamp() -> str:
    """Of the sources, of what they rest on, and of the processor that was compiled for."""
    versions = [version(name) for name in ("torch", "numba", "numpy")]
    said = ([path.read_bytes() for path in SOURCES], versions, KERNELS.about)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


KEPT = Kept()
"""This process's."""
