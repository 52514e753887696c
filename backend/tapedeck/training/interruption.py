"""Requests to stop, by Ctrl-C or by any other signal."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


class Interrupted(BaseException):
    """A request to stop where nothing is lost (`StopRequests.at_once`). Not an error, so nothing handles it as one."""


@dataclass(slots=True)
class StopRequests:
    """What was asked.

    Attributes:
        by: the signal that asked to stop; None until then.
        at_once: whether a signal raises `Interrupted` on the spot: for what takes long and leaves nothing
            unsaved, such as compiling.
    """

    by: signal.Signals | None = None
    at_once: bool = False

    @property
    def asked(self) -> bool:
        """Whether any signal came."""
        return self.by is not None

    @property
    def drop(self) -> bool:
        """Never: what a signal stops is to be resumed."""
        return False


@contextmanager
def stop_requests(*signals: signal.Signals) -> Iterator[StopRequests]:
    """While inside, the first of these signals is noted; a second one does what it always does."""
    requests = StopRequests()
    before = {each: signal.getsignal(each) for each in signals}

    def take(number: int, frame: FrameType | None) -> None:
        requests.by = signal.Signals(number)
        restore()
        if requests.at_once:
            raise Interrupted

    def restore() -> None:
        for each, handler in before.items():
            signal.signal(each, handler)

    for each in signals:
        signal.signal(each, take)
    try:
        yield requests
    finally:
        restore()
