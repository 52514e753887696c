"""The log: one line a kind of trouble and minute."""

from __future__ import annotations

import logging

from tapedeck.api.logs import Sparing


def record(message: str, *arguments: object, error: Exception | None = None) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("asyncio", logging.ERROR, "", 0, message, arguments, info)


def test_one_line_a_kind_of_trouble_and_minute() -> None:
    now = 0.0
    sparing = Sparing(lambda: now)
    assert sparing.filter(record("%d sockets", 1))
    assert not any(sparing.filter(record("%d sockets", each)) for each in range(50_000))
    assert sparing.filter(record("another trouble"))
    assert sparing.filter(record("broke", error=ValueError()))
    assert sparing.filter(record("broke", error=KeyError()))
    assert not sparing.filter(record("broke", error=KeyError()))
    now = 60.0
    later = record("%d sockets", 7)
    assert sparing.filter(later)
    assert later.getMessage() == "7 sockets (50,000 more like this since the last line of its kind)"
