"""Who may compute now. Everyone else waits for a turn, in the order of asking, and not for ever.

So many runs are under way at once, and all that is computed shares one budget of bytes. Long runs have at most half of
the places, so that short ones, which are soon over, never stand behind a row of them.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

from tapedeck.api.costs import Cost
from tapedeck.api.settings import ApiSettings
from tapedeck.errors import LimitExceeded, TooManyRuns

REMEMBERED = 32
"""Ends of runs that the guess rests on when there will be room."""

LONGEST_GUESS = 60
"""Seconds after which a client that was refused is asked to come again, at most."""


@dataclass(frozen=True, eq=False)
class _Waiting:
    """Someone who waits, from a moment on."""

    cost: Cost
    number: int
    turn: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Admission:
    """The places of a service, and its bytes. Built once; used from the event loop alone.

    Attributes:
        count: how many runs are under way.
    """

    def __init__(self, settings: ApiSettings, clock: Callable[[], float] = monotonic) -> None:
        self._settings, self._clock = settings, clock
        self.count = self._long = self._size = self._asked = 0
        self._queues: dict[bool, deque[_Waiting]] = {True: deque(), False: deque()}
        self._ends: deque[float] = deque(maxlen=REMEMBERED)

    def check(self, cost: Cost) -> None:
        """What this deployment computes at all.

        Raises:
            LimitExceeded: it is more than the whole budget, of work or of bytes.
        """
        for amount, most, unit, name in (
            (cost.work, self._settings.max_work, "units of work", "max_work"),
            (cost.size, self._settings.max_run_bytes, "bytes", "max_run_bytes"),
        ):
            if amount > most:
                raise LimitExceeded(
                    f"This takes {amount:,} {unit}; this service allows {most:,} for one request ({name}). "
                    "Ask for fewer sequences, vectors or locations."
                )

    @asynccontextmanager
    async def place(self, cost: Cost) -> AsyncIterator[None]:
        """Room for one more run for as long as it takes, as soon as it is its turn.

        Raises:
            LimitExceeded: it is more than the whole budget.
            TooManyRuns: its turn did not come in time, or too many wait already.
        """
        self.check(cost)
        await self._enter(cost)
        try:
            yield
        finally:
            self._leave(cost)

    async def _enter(self, cost: Cost) -> None:
        queue = self._queues[cost.short]
        if not queue and self._fits(cost):
            self._take(cost)
            return
        if sum(map(len, self._queues.values())) >= self._settings.max_waiting_runs:
            raise self._refusal()
        self._asked += 1
        waiting = _Waiting(cost, self._asked)
        queue.append(waiting)
        try:
            async with asyncio.timeout(self._settings.max_wait):
                await waiting.turn
        except BaseException as error:
            if waiting.turn.done() and not waiting.turn.cancelled():  # it came at the moment at which it gave up
                self._leave(cost)
            elif waiting in queue:
                queue.remove(waiting)
                self._call_next()  # who stood behind it may fit where it did not
            if isinstance(error, TimeoutError):
                raise self._refusal() from error
            raise

    def _fits(self, cost: Cost) -> bool:
        most = self._settings.max_concurrent_runs
        room = self.count < most and self._size + cost.size <= self._settings.max_run_bytes
        return room and (cost.short or self._long < max(1, most // 2))

    def _take(self, cost: Cost) -> None:
        self.count += 1
        self._long += not cost.short
        self._size += cost.size

    def _leave(self, cost: Cost) -> None:
        self.count -= 1
        self._long -= not cost.short
        self._size -= cost.size
        self._ends.append(self._clock())
        self._call_next()

    def _call_next(self) -> None:
        """Gives what is free to those who have waited longest and fit; nobody passes another of the same kind."""
        while ready := [queue[0] for queue in self._queues.values() if queue and self._fits(queue[0].cost)]:
            called = min(ready, key=lambda waiting: waiting.number)
            self._queues[called.cost.short].remove(called)
            if not called.turn.done():
                self._take(called.cost)
                called.turn.set_result(None)

    def _refusal(self) -> TooManyRuns:
        seconds = self._guess()
        return TooManyRuns(
            f"This service is busy with {'1 run' if self.count == 1 else f'{self.count} runs'}, and others are waiting "
            "(max_concurrent_runs). "
            f"Try again in {seconds} s.",
            retry_after=seconds,
        )

    def _guess(self) -> int:
        """In how many seconds all who wait now will have had their turn, at the pace of the last runs."""
        waiting = 1 + sum(map(len, self._queues.values()))
        if len(self._ends) < 2:
            return 1
        pace = (self._clock() - self._ends[0]) / len(self._ends)
        return min(LONGEST_GUESS, max(1, math.ceil(waiting * pace)))
