"""Being asked to stop, by real signals to this very process."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tapedeck.training.interruption import Interrupted, stop_requests

BOTH = (signal.SIGINT, signal.SIGTERM)


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """As a program in the foreground: one that a shell starts in the background ignores Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("number", BOTH)
def test_the_first_signal_is_noted(number: signal.Signals) -> None:
    before = [signal.getsignal(each) for each in BOTH]
    with stop_requests(*BOTH) as stop:
        assert stop.by is None
        signal.raise_signal(number)
        assert stop.by is number
        assert [signal.getsignal(each) for each in BOTH] == before
    assert [signal.getsignal(each) for each in BOTH] == before


def test_the_second_does_what_it_always_does() -> None:
    with stop_requests(*BOTH) as stop:
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert stop.by is signal.SIGTERM


def test_where_nothing_would_be_lost_it_ends_at_once() -> None:
    with stop_requests(*BOTH) as stop:
        stop.at_once = True
        with pytest.raises(Interrupted):
            signal.raise_signal(signal.SIGINT)
        assert stop.by is signal.SIGINT
    assert not issubclass(Interrupted, Exception)


def test_handlers_come_back_after_an_error_too() -> None:
    before = signal.getsignal(signal.SIGINT)

    def fail() -> None:
        with stop_requests(*BOTH):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert signal.getsignal(signal.SIGINT) is before
