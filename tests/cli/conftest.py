"""The command line as it is started, in a process of its own; and `tapedeck trace` in the test's own."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tapedeck.cli.commands import app
from tapedeck.ntm import NTMConfig
from tests.checkpoints.conftest import random_machine, write
from tests.warm import run_tapedeck

ROOT = Path(__file__).parents[2]
Tapedeck = Callable[..., "subprocess.CompletedProcess[str]"]
Trace = Callable[..., str]


@pytest.fixture(autouse=True)
def own_interruption() -> Iterator[None]:
    """A command that runs in the test's own process leaves what Ctrl-C does here alone."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def tapedeck(tmp_path: Path) -> Tapedeck:
    """Runs `tapedeck` with these arguments, in an empty folder, 100 columns wide, with this on its standard input."""

    def run(*arguments: str | Path, encoding: str = "utf-8", given: str = "") -> subprocess.CompletedProcess[str]:
        environment = {"COLUMNS": "100", "NO_COLOR": "1", "TAPEDECK_RUNS": str(tmp_path / "runs")}
        return run_tapedeck(
            *map(str, arguments), folder=tmp_path, environment=environment, encoding=encoding, given=given
        )

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "machines"
    folder.mkdir()
    write(folder / "bytes.safetensors", random_machine(1, NTMConfig(locations=6, width=4, bits=8, controller_size=5)))
    write(folder / "small.safetensors", random_machine(2))
    return folder


@pytest.fixture
def trace(folder: Path) -> Trace:
    """What the command says; raises what it raises."""

    def run(*arguments: str | Path, checkpoint: str | Path = "bytes") -> str:
        where = ("--checkpoint", str(checkpoint), "--checkpoints", str(folder))
        result = CliRunner().invoke(app, ["trace", *where, *map(str, arguments)])
        if result.exception is not None:
            raise result.exception
        return result.output

    return run
