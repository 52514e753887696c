"""Trace files of other machines, written by programs that know NumPy and docs/trace-format.md alone."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

PROGRAMS = {"ntm": "ntm_lstm_two_reads.py", "dnc": "dnc.py"}


def write_by_hand(which: str, path: Path) -> Path:
    """Runs one of the programs, which writes that file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", [which, str(path)])
        runpy.run_path(str(Path(__file__).parent / PROGRAMS[which]), run_name="__main__")
    return path
