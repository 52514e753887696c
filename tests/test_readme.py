"""Every snippet of the README runs as it stands there, but smaller and on a free port."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.cli.commands import app
from tapedeck.ntm import NeuralTM, NTMConfig
from tests.checkpoints.legacy_files import legacy_bytes
from tests.cli.serving import served
from tests.warm import run_tapedeck

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")

SHELL = re.findall(r"^    (tapedeck .*|curl (?:.*\\\n)*.*)$", README, re.MULTILINE)
PYTHON = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
MAKE = re.findall(r"^    make ([a-z-]+)", README, re.MULTILINE)

SMALLER = {
    "train": ["--sequences", "16", "--compile", "never"],
    "evaluate": ["--sequences", "2"],
}
"""Said after what the README says, and so instead of it."""
FEWER = {"1-20": "1-2", "1-64": "1-2", "1-126": "1-2", "all": "random,zeros"}
ELSEWHERE = {"--cluster", "/shared/runs"}
"""What is only where there is a cluster: such a line is carried out by this machine, in a folder of its own."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where somebody who follows the README works, with files of their own."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "checkpoints").mkdir()
    for name in ("copy-1.safetensors", "README.md"):
        (folder / "checkpoints" / name).write_bytes((SHIPPED_CHECKPOINTS / name).read_bytes())
    (folder / "mine.csv").write_text("1,0,1,1,0,0,1,1\n")
    (folder / "mine.toml").write_text("batch_size = 16\n")
    (folder / "theirs.pt").write_bytes(legacy_bytes(NeuralTM(NTMConfig())))
    return folder


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served() as server:
        yield server.url.removeprefix("http://")


def test_the_snippets_are_found() -> None:
    assert len(PYTHON) == 4
    assert {line.split()[1] for line in SHELL if line.startswith("tapedeck")} >= {"trace", "train", "evaluate"}
    assert {"run", "test"} <= {*MAKE}


def test_every_target_of_make_is_there() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {*MAKE} <= {*targets}


def test_every_command_and_python_snippet_of_the_readme_runs(
    folder: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("TAPEDECK_RUNS", str(folder / "runs"))  # services of other tests list none of it
    for line in SHELL:
        if line.startswith(("tapedeck serve", "tapedeck view")):
            continue  # they serve until they are stopped; the first is what the others ask
        if line.startswith("curl"):
            told = subprocess.run(
                ["bash", "-c", _there(line, address).replace("curl", "curl --fail", 1)],
                capture_output=True,
                check=False,
            )
            assert told.returncode == 0, line
            continue
        _, command, *arguments = shlex.split(line, comments=True)
        arguments = [FEWER.get(argument, argument) for argument in _here(arguments)]
        if command == "train" and "--resume" not in arguments:
            arguments.append("--force")  # each of them starts in a folder of its own
        _run(line, [command, *arguments, *SMALLER.get(command, [])])
    for number, snippet in enumerate(PYTHON):
        ran = subprocess.run(
            [sys.executable, "-c", _there(snippet, address)],
            env=os.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ran.returncode, ran.stderr) == (0, ""), f"snippet {number + 1}"


def _run(line: str, arguments: list[str]) -> None:
    if arguments[0] == "train":  # it starts processes, and listens to signals
        ran = run_tapedeck(*arguments, folder=Path.cwd(), environment={})
        assert ran.returncode == 0, f"{line}\n{ran.stderr}"
        return
    done = CliRunner().invoke(app, arguments)
    assert done.exception is None, f"{line}\n{done.output}\n{done.exception!r}"


def _here(arguments: list[str]) -> list[str]:
    """Without the options that name what is elsewhere, and without what follows them."""
    named = [at for at, argument in enumerate(arguments) if argument in ELSEWHERE]
    options = {at if arguments[at].startswith("--") else at - 1 for at in named}
    return [argument for at, argument in enumerate(arguments) if at not in options and at - 1 not in options]


def _there(snippet: str, address: str) -> str:
    return re.sub(r"(?:localhost|127\.0\.0\.1):8050", address, snippet)
