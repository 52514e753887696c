"""How near the compiled engine is to torch: the largest difference of each field, relative to its largest number."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tapedeck.tracing.layout import Layout

TOLERANCE = 1e-5
LEAST_SCALE = 0.1
"""Of a field whose numbers are all less: what is read, or put out, is a sum whose terms may cancel."""


def beyond(
    layout: Layout, found: npt.NDArray[np.float32], expected: npt.NDArray[np.float32], tolerance: float = TOLERANCE
) -> dict[str, float]:
    """The fields that are further apart, and how far."""
    apart = {}
    for field, columns in layout.columns:
        one, other = found[:, columns].astype(np.float64), expected[:, columns].astype(np.float64)
        scale = max(np.abs(other).max(), LEAST_SCALE)
        apart[field.name] = float(np.abs(one - other).max() / scale)
    return {name: each for name, each in apart.items() if not each <= tolerance}
