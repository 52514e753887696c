"""Being asked to stop: by Ctrl-C, by whoever ends the process."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType


@contextmanager
def stop_requests(*signals: signal.Signals) -> Iterator[Event]:
    """While inside, the first of these signals sets the event; a second one does what it always does."""
    asked = Event()
    before = {each: signal.getsignal(each) for each in signals}

    def take(number: int, frame: FrameType | None) -> None:
        asked.set()
        _restore()

    def _restore() -> None:
        for each, handler in before.items():
            signal.signal(each, handler)

    for each in signals:
        signal.signal(each, take)
    try:
        yield asked
    finally:
        _restore()
