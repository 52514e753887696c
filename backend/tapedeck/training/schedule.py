"""When a run of training reports, validates and saves."""

from __future__ import annotations

REPORT = 10
"""Updates between two reports of progress."""

RECORD = 100
"""Updates between two lines of metrics, each with a validation and a new resume file."""

DENSE = 50
"""Updates between two checkpoints of the first stretch, in which the memory access emerges …"""

DENSE_UNTIL = 1000
"""… and where it ends."""

GROWTH = 1.4
"""From there on every checkpoint stands at this many times the updates of the one before."""


def checkpoint_updates(total: int) -> list[int]:
    """The updates after which a run of so many saves a checkpoint, from 0 to the end: dense early, sparse later."""
    updates = list(range(0, min(DENSE_UNTIL, total), DENSE))
    following = float(DENSE_UNTIL)
    while following < total / GROWTH**0.5:  # none just before the end
        updates.append(RECORD * round(following / RECORD))
        following *= GROWTH
    return [*updates, total]


def next_stop(done: int, total: int) -> int:
    """The next update after which something is to be done."""
    checkpoints = (update for update in checkpoint_updates(total) if update > done)
    return min(next(checkpoints, total), done - done % REPORT + REPORT)
