"""A process may end at any moment, whatever the engine makes in the background."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tapedeck.compiled.settings import ENGINE

ENDING = """
import torch
from tapedeck.compiled.fitness import FITNESS
from tapedeck.compiled.kept import KEPT
from tapedeck.compiled.loading import KERNELS
from tapedeck.ntm import NeuralTM
KERNELS.load()
KEPT.get = lambda key: None  # else an earlier process has compared them
for seed in range(4):
    torch.manual_seed(seed)
    FITNESS.measure_soon(NeuralTM().eval(), "copy")
"""


@pytest.mark.usefixtures("kernels")
def test_a_process_that_ends_while_machines_are_compared_ends_as_it_should(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python ends a thread of its own where it is; inside torch that would end the process with an abort."""
    monkeypatch.setenv(ENGINE, "auto")
    ended = subprocess.run([sys.executable, "-c", ENDING], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
