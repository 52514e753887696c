"""Sequences for tests."""

from __future__ import annotations

import random


def random_rows(length: int, density: float, seed: int, bits: int = 8) -> list[str]:
    """Rows whose bits are each 1 with probability `density`; the same for the same arguments."""
    draw = random.Random(seed)  # noqa: S311 - nothing secret
    return ["".join("1" if draw.random() < density else "0" for _ in range(bits)) for _ in range(length)]
