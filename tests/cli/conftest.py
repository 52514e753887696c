"""The command line as it is started, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Tapedeck = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def tapedeck(tmp_path: Path) -> Tapedeck:
    """Runs `tapedeck` with these arguments, in an empty folder, 100 columns wide."""

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", "from backend.cli import main; main()", *map(str, arguments)],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "100", "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run
