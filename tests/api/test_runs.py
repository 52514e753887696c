"""How runs share the workers: what is made before it is asked for, and for whom."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from tapedeck.api.admission import Admission
from tapedeck.api.runs import TURN, Runs
from tapedeck.api.settings import ApiSettings
from tapedeck.checkpoints import CheckpointLibrary
from tapedeck.errors import NonFinite
from tests.loops import run_apart


def serving(clock: Callable[[], float]) -> Runs:
    settings = ApiSettings()
    return Runs(CheckpointLibrary(settings.checkpoints), settings, Admission(settings), clock)


def made_ahead(runs: Runs) -> list[int]:
    """How many items are made and not yet taken, as each of nine is taken."""

    async def take() -> list[int]:
        made = list[int]()

        def items() -> Iterator[int]:
            for item in range(9):
                made.append(item)
                yield item

        return [len(made) - item - 1 async for item in runs.each(items())]

    return run_apart(take())


@pytest.mark.parametrize(
    ("seconds", "ahead"),
    [(0.0, [8, 7, 6, 5, 4, 3, 2, 1, 0]), (0.4 * TURN, [2, 1, 0] * 3), (1.5 * TURN, [0] * 9)],
    ids=["at-once", "three-a-turn", "one-a-turn"],
)
def test_a_run_goes_on_for_a_turn_and_not_longer(seconds: float, ahead: list[int]) -> None:
    now = iter(range(1000))
    with closing(serving(lambda: next(now) * seconds)) as runs:
        assert made_ahead(runs) == ahead


def test_a_turn_ends_where_others_may_have_theirs() -> None:
    """As before a step that may take long: what was made goes out."""
    made = list[int]()

    def items() -> Iterator[int | None]:
        for item in (1, None, 2, 3):
            if item is not None:
                made.append(item)
            yield item

    async def take() -> list[list[int]]:
        return [made.copy() async for item in runs.each(items()) if item is not None]

    with closing(serving(lambda: 0.0)) as runs:
        assert run_apart(take()) == [[1], [1, 2, 3], [1, 2, 3]]


def test_only_a_first_turn_is_made_on_the_event_loop() -> None:
    threads = list[threading.Thread]()

    def items() -> Iterator[int | None]:
        for item in (1, 2, None, 3, None, 4):
            threads.append(threading.current_thread())
            yield item

    async def take(*, here: bool) -> list[bool]:
        threads.clear()
        async for _ in runs.each(items(), here=here):
            pass
        return [thread is threading.current_thread() for thread in threads]

    with closing(serving(lambda: 0.0)) as runs:
        assert run_apart(take(here=True)) == [True, True, True, False, False, False]
        assert not any(run_apart(take(here=False)))


def test_what_was_made_before_an_error_comes_before_it() -> None:
    def items() -> Iterator[int]:
        yield from (1, 2)
        raise NonFinite(3)

    async def take() -> list[int]:
        taken = list[int]()
        try:
            async for item in runs.each(items()):
                taken.append(item)
        except NonFinite:
            return taken
        raise AssertionError(taken)

    with closing(serving(lambda: 0.0)) as runs:
        assert run_apart(take()) == [1, 2]
