"""How fast a training goes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

WINDOW = 10.0
"""Seconds over which the speed is the mean."""


class Speed:
    """Sequences a second, lately.

    Args:
        clock: seconds that never run backwards.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()

    def note(self, sequences: int) -> None:
        """So many have been seen now."""
        now = self._clock()
        self._seen.append((now, sequences))
        while len(self._seen) > 2 and now - self._seen[1][0] > WINDOW:
            self._seen.popleft()

    @property
    def per_second(self) -> float | None:
        """None before two moments are known."""
        if len(self._seen) < 2 or self._seen[0][0] == self._seen[-1][0]:
            return None
        (began, before), (ended, after) = self._seen[0], self._seen[-1]
        return (after - before) / (ended - began)
