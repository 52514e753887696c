"""The runs that figures show: random sequences, the same for the same seed and length."""

from __future__ import annotations

import numpy as np

from tapedeck.checkpoints import Checkpoint
from tapedeck.errors import InvalidRequest
from tapedeck.tracing import Run, prepare

LONGEST = 1000
"""Vectors of a sequence: beyond it a time step would be finer than print."""

MOST_LOCATIONS = 4096


def random_run(checkpoint: Checkpoint, length: int, locations: int | None, seed: int) -> Run:
    """A run on fair, independent bits that is ready to start.

    Args:
        checkpoint: the machine.
        length: vectors of the sequence.
        locations: N; None for the machine's own.
        seed: of the bits, which depend on nothing but it, the length and the machine's bits a vector.

    Raises:
        InvalidRequest: a length, a number of locations or a seed that no figure can have.
    """
    if not 1 <= length <= LONGEST:
        raise InvalidRequest(f"A sequence must have 1 to {LONGEST:,} vectors, got {length:,}.")
    if locations is not None and locations > MOST_LOCATIONS:
        raise InvalidRequest(f"There can be at most {MOST_LOCATIONS:,} locations, got {locations:,}.")
    if seed < 0:
        raise InvalidRequest(f"A seed must be 0 or more, got {seed}.")
    bits = checkpoint.machine.config.bits
    sequence = np.random.default_rng((seed, length)).integers(2, size=(length, bits))
    return prepare(checkpoint.machine, checkpoint.info.task, sequence.tolist(), locations)
