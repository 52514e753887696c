"""Where the machines that ship with the package are."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def shipped_checkpoints() -> Path:
    """The folder of the machines that ship: inside an installed package, at the top of a checkout."""
    installed = _PACKAGE / "shipped"
    return installed if installed.is_dir() else _PACKAGE.parents[1] / "checkpoints"


SHIPPED_CHECKPOINTS = shipped_checkpoints()
