"""Compiled or not, training computes the same; and where it cannot be compiled, it says so or does without."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import torch

from tapedeck.errors import TrainingError
from tapedeck.ntm.threads import one_thread
from tapedeck.training import compiling
from tapedeck.training.compiling import Compilation, choose_steps
from tapedeck.training.fused import make_steps
from tests.training.tiny import TINY

ROOT = Path(__file__).parents[2]
HEADERS = Path(sysconfig.get_path("include")) / "Python.h"


@pytest.mark.skipif(shutil.which("g++") is None or not HEADERS.exists(), reason="no g++, or no headers of Python")
def test_compiled_steps_compute_the_same(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.training.compiled"],
        cwd=ROOT,
        env=os.environ | {"TORCHINDUCTOR_COMPILE_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    for task, found in json.loads(done.stdout).items():
        assert found["compiled"] is True, task
        assert found["outputs"] < 1e-5, task
        assert found["parameters"] < 1e-5, task


def test_never_is_never() -> None:
    assert choose_steps(TINY, Compilation.NEVER) == (make_steps(TINY.config.spec), False)


def test_what_cannot_be_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(recipe: object) -> None:
        raise RuntimeError("InvalidCxxCompiler: no working C++ compiler found.\nand more")

    monkeypatch.setattr(compiling, "_compiled", fail)
    assert choose_steps(TINY, Compilation.AUTO) == (make_steps(TINY.config.spec), False)
    with pytest.raises(TrainingError, match=r"cannot be compiled here: .* compiler found\. Install a C\+\+ compiler"):
        choose_steps(TINY, Compilation.ALWAYS)


def test_threads_come_back() -> None:
    before = torch.get_num_threads()
    with one_thread():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before
