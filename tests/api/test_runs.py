"""How runs share the workers: what is made before it is asked for, and for whom."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack

import pytest

from tapedeck.api.admission import Admission
from tapedeck.api.costs import Cost
from tapedeck.api.runs import FRAMES_AT_ONCE, Runs
from tapedeck.api.settings import ApiSettings
from tapedeck.checkpoints import CheckpointLibrary


@pytest.fixture
def runs() -> Iterator[Runs]:
    settings = ApiSettings()
    runs = Runs(CheckpointLibrary(settings.checkpoints), settings, Admission(settings))
    yield runs
    runs.close()


def made_ahead(runs: Runs, going_on: int, at_once: int) -> list[int]:
    """How many items are made and not yet taken, as each of eleven is taken, while so many runs go on."""

    async def take() -> list[int]:
        made = list[int]()

        def items() -> Iterator[int]:
            for item in range(11):
                made.append(item)
                yield item

        async with AsyncExitStack() as places:
            for _ in range(going_on):
                await places.enter_async_context(runs.place(Cost(1, 1)))
            return [len(made) - item - 1 async for item in runs.each(items(), at_once)]

    return asyncio.run(take())


def test_a_run_alone_is_made_several_frames_at_once_after_the_first(runs: Runs) -> None:
    assert made_ahead(runs, 1, FRAMES_AT_ONCE) == [0, 0, 1, 0, 3, 2, 1, 0, 2, 1, 0]


def test_beside_another_a_run_takes_its_turn_after_every_frame(runs: Runs) -> None:
    assert made_ahead(runs, 2, FRAMES_AT_ONCE) == [0] * 11


def test_what_takes_long_is_made_one_by_one(runs: Runs) -> None:
    assert made_ahead(runs, 1, at_once=1) == [0] * 11
