"""The reads of a copy against its writes: the read of recall step j should fall where the vector of input step j is.

Dimensions: T steps, N locations, L vectors of the input.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tapedeck.tasks.episode import Phase, Role
from tapedeck.tasks.verdicts.witness import Ints


class Recall(NamedTuple):
    """The reads of a copy against the writes that they should find again, a number a vector of the sequence."""

    written_at: Ints
    """The step at which the vector was the input [L]"""
    read_at: Ints
    """The step at which it should come out [L]"""
    written: Ints
    """The location that the write head was focused on when it was the input [L]"""
    read: Ints
    """The location that the read head is focused on when it should come out [L]"""
    offset: Ints
    """From the location written to the location read, the shorter way round: −N/2 < offset ≤ N/2 [L]"""


def compare_recall(phases: Sequence[Phase], write_locations: Ints, read_locations: Ints, locations: int) -> Recall:
    """The reads against the writes, from where the heads were focused [T] and N.

    A copy is a run that has one phase of input and one of recall, of one length. Of any other run nothing is known.
    """
    written_at, read_at = _only(phases, "input"), _only(phases, "recall")
    if len(written_at) != len(read_at):
        written_at = read_at = np.arange(0)
    written, read = write_locations[written_at], read_locations[read_at]
    return Recall(written_at, read_at, written, read, circular(read - written, locations))


def circular(distance: Ints, locations: int) -> Ints:
    """A distance on the ring of N locations the shorter way round, in −N/2 < d ≤ N/2."""
    half = (locations - 1) // 2
    shorter: Ints = (distance + half) % locations - half
    return shorter


def _only(phases: Sequence[Phase], role: Role) -> Ints:
    """The steps of the phase that has a role alone; none where several have it, or none has."""
    found = [np.arange(phase.start, phase.stop) for phase in phases if phase.role == role]
    return found[0] if len(found) == 1 else np.arange(0)
