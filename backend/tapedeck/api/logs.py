"""The service's log: what is the same trouble is said once a minute, with how often it was."""

from __future__ import annotations

import logging
from asyncio import CancelledError
from collections.abc import Callable
from time import monotonic
from typing import Any

SILENCE = 60.0
"""Seconds after a line in which others of its kind are only counted."""

MOST_KINDS = 1000
"""That are remembered; beyond it all are forgotten, which costs a line each."""


class Sparing(logging.Filter):
    """Lets one record of a kind through a minute: of a logger, a message without what it is about, and an exception's
    type and place. The next one that is let through says how many were not.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._kinds: dict[tuple[object, ...], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is said."""
        kind, now = _kind(record), self._clock()
        last, unsaid = self._kinds.get(kind, (None, 0))
        if last is not None and now - last < SILENCE:
            self._kinds[kind] = (last, unsaid + 1)
            return False
        if len(self._kinds) >= MOST_KINDS:
            self._kinds.clear()
        self._kinds[kind] = (now, 0)
        if unsaid:
            record.msg = f"{record.getMessage().rstrip()} ({unsaid:,} more like this since the last line of its kind)"
            record.args = ()
        return True


def is_trouble(record: logging.LogRecord) -> bool:
    """Not what uvicorn says of the requests that it ends when it is told to end: that is what it was told."""
    cancelled = record.exc_info and isinstance(record.exc_info[1], CancelledError)
    return record.name != "uvicorn.error" or not (cancelled or str(record.msg).startswith("Cancel %s running task"))


def _kind(record: logging.LogRecord) -> tuple[object, ...]:
    """The first line alone: what follows it names single sockets."""
    message = str(record.msg).partition("\n")[0]
    if not record.exc_info or record.exc_info[1] is None:
        return record.name, message
    traceback = record.exc_info[2]
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    place = None if traceback is None else (traceback.tb_frame.f_code.co_filename, traceback.tb_lineno)
    return record.name, message, record.exc_info[0], place


CONFIG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"trouble": {"()": lambda: is_trouble}, "sparing": {"()": Sparing}},
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["trouble", "sparing"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
"""Everything that is logged in the service's process goes to one handler, uvicorn's and asyncio's lines too."""
