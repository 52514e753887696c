"""Computations by way of any executor: how many at once, in which order, and what becomes of errors."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from multiprocessing import get_context

import pytest

from tapedeck import errors
from tapedeck.executing import Flight, in_order, outcomes
from tests.executing import work


@pytest.fixture(params=[None, 3])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor | None]:
    """None, which computes here, and threads, which any executor stands for."""
    if request.param is None:
        yield None
        return
    with ThreadPoolExecutor(request.param) as threads:
        yield threads


@pytest.mark.parametrize("batch", [1, 2, 9])
def test_errors_are_rows_and_the_others_go_on(executor: Executor | None, batch: int) -> None:
    found = list(in_order(outcomes(executor, work.odd_alone, range(1, 6), batch=batch)))
    assert [each.number for each in found] == [0, 1, 2, 3, 4]
    assert [each.value for each in found] == [1, None, 3, None, 5]
    assert [type(each.error) for each in found] == [
        *(type(None), errors.InvalidRequest, type(None), errors.NonFinite, type(None))
    ]
    with pytest.raises(errors.InvalidRequest, match="2 is even"):
        found[1].result()


def test_a_fault_is_raised_and_is_no_row(executor: Executor | None) -> None:
    with pytest.raises(ZeroDivisionError):
        list(outcomes(executor, work.at_fault, [1]))


def test_specifications_are_read_as_there_is_room(executor: Executor | None) -> None:
    read: list[int] = []

    def numbers() -> Iterator[int]:
        for each in range(1, 1_000_000_000, 2):
            read.append(each)
            yield each

    found = outcomes(executor, work.odd_alone, numbers(), batch=2, in_flight=3)
    with closing(found):
        for _, outcome in zip(range(10), found, strict=False):
            # Beside what has come: three tasks under way, and one ahead.
            assert len(read) <= 10 + 2 * (3 + 2)
            assert outcome.value == 2 * outcome.number + 1


def test_what_is_stopped_begins_nothing_new() -> None:
    with ThreadPoolExecutor(1) as threads, Flight(threads, work.odd_alone, range(1, 100, 2), in_flight=1) as flight:
        assert [each.value for each in flight.landed()] == [1]
        assert not flight.over
        flight.stop()
        assert flight.over


def test_any_pool_that_loses_a_process_says_so() -> None:
    with ProcessPoolExecutor(1, get_context("forkserver")) as pool:
        (lost,) = outcomes(pool, work.deadly, [1])
        assert isinstance(lost.error, errors.WorkerLost)
        with pytest.raises(errors.WorkerLost, match="has lost its processes and computes nothing more"):
            list(outcomes(pool, work.odd_alone, [1]))


def subclasses(kind: type[errors.TapedeckError]) -> Iterator[type[errors.TapedeckError]]:
    yield kind
    for each in kind.__subclasses__():
        yield from subclasses(each)


def test_every_error_reaches_another_process_as_it_is() -> None:
    made = [
        errors.NonFinite(7),
        errors.TooManyRuns("full", retry_after=3),
        *(kind("because", field="here") for kind in subclasses(errors.TapedeckError)
          if kind not in (errors.NonFinite, errors.TooManyRuns)),
    ]  # fmt: skip
    for error in made:
        again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
        assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))
