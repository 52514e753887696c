"""Where the reference repository's own checkpoints are, i-0.pt to i-99000.pt: they do not ship with this project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

VARIABLE = "TAPEDECK_REFERENCE_CHECKPOINTS"
FOLDER = Path(os.environ.get(VARIABLE) or Path(__file__).parents[2] / "shared" / "seed-checkpoints")
MISSING = f"the reference's checkpoints are not here ({VARIABLE} names their folder): their tests are skipped"

needs_them = pytest.mark.skipif(not FOLDER.is_dir(), reason=MISSING)
