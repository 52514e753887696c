"""Ctrl-C, and being told to end, at every moment: real processes, real signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from filelock import FileLock

from tapedeck.training.compiling import Compilation
from tapedeck.training.jobs import Job, JobQueue, JobState
from tests.cli.conftest import ROOT
from tests.cli.serving import served
from tests.training.tiny import ENDLESS, WAIT, trainers, until


@contextmanager
def tapedeck(*arguments: str | Path, python: tuple[str, ...] = ()) -> Iterator[subprocess.Popen[str]]:
    """The command in the foreground of a terminal of its own: Ctrl-C reaches all of its group."""
    with subprocess.Popen(
        [sys.executable, *python, "-c", "from tapedeck.cli import main; main()", *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "100", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - tests may run in the background
    ) as process:
        try:
            yield process
        finally:
            process.kill()


INTERRUPTED = """
import atexit, os, signal, sys
from tapedeck.cli import main
left = int(sys.argv.pop(1))

def interrupt(event, arguments):
    global left
    if event == "import":
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGINT)

if left:
    sys.addaudithook(interrupt)
else:
    atexit.register(os.kill, os.getpid(), signal.SIGINT)
main()
"""
"""The command, interrupted by itself at exactly the import of that number, or with 0 when it has ended."""


@pytest.mark.parametrize("imports", [1, 2, 5, 20, 80, 0])
def test_ctrl_c_before_the_command_line_is_imported_leaves_no_traceback(imports: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, str(imports), "--version"],
        capture_output=True,
        text=True,
        check=False,
        timeout=WAIT,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")
    assert done.stdout.startswith("tapedeck") is (imports == 0)


def test_what_main_is_imported_with_takes_no_time() -> None:
    """Until it is there Ctrl-C prints a traceback: nothing but a handful of small modules may come first."""
    source = "import sys; before = set(sys.modules); import tapedeck.cli; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True, timeout=WAIT)
    assert {*done.stdout.split()} <= {
        *("__future__", "signal", "tapedeck", "tapedeck.cli", "tapedeck.cli.interruption"),
        *("enum", "types", "operator", "_operator", "functools", "_functools", "collections", "_collections"),
        *("itertools", "keyword", "reprlib"),
    }


@pytest.mark.parametrize("command", ["serve", "train"])
def test_ctrl_c_during_imports_ends_it_without_a_traceback(command: str) -> None:
    check_ended_while_importing("torch", signal.SIGINT, command)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_during_the_start_of_serve_is_not_swallowed(number: signal.Signals) -> None:
    """Between its own beginning, which is where it imports the page, and when it is ready."""
    check_ended_while_importing("dash", number, "serve", "--port", "0")


def check_ended_while_importing(package: str, number: signal.Signals, *arguments: str) -> None:
    with tapedeck(*arguments, python=("-X", "importtime")) as process:
        assert process.stderr is not None
        for line in process.stderr:  # one for each module, when it is imported
            if line.rpartition("|")[2].strip().startswith(f"{package}."):
                break
        os.killpg(process.pid, number)
        said, errors = process.communicate(timeout=WAIT)
    assert (process.returncode, said) == (-number, "")
    assert [line for line in errors.splitlines() if line.startswith("import time") is False] == []


@pytest.mark.parametrize("moment", ["the processes start", "they train"])
def test_ctrl_c_with_several_seeds_says_stopped_and_no_traceback(tmp_path: Path, moment: str) -> None:
    runs = tmp_path / "runs"
    options = ("--longest", "3", "--locations", "8", "--set", "batch_size=2", "--sequences", "9000000")
    with tapedeck("train", "copy", "--seeds", "1-3", "--compile", "never", "--out", runs, *options) as process:
        assert process.stdout is not None
        if moment == "they train":
            assert process.stdout.readline().startswith("copy-")
        else:
            until(lambda: [*runs.glob(".copy-*.lock")], "the first run")
        os.killpg(process.pid, signal.SIGINT)
        said, errors = process.communicate(timeout=WAIT)
    assert process.returncode == 128 + signal.SIGINT, said + errors
    assert errors == ""
    assert "copy-1: stopped" in said
    assert "failed" not in said
    assert f"continue with: tapedeck train copy --seeds 1-3 --out {runs} --resume\n" in said
    for lock in runs.glob(".copy-*.lock"):
        with FileLock(lock, timeout=0):  # nobody trains any more
            pass


def test_a_service_that_is_told_to_end_tells_its_training_which_saves_exactly_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = tmp_path / "runs"
    monkeypatch.setenv("TAPEDECK_RUNS", str(runs))
    monkeypatch.setenv("TAPEDECK_TRAINING_COMPILATION", "never")
    fields = ("batch_size", "longest", "locations", "width", "controller_size", "sequences")
    asked = {"seed": 77, "recipe": {name: getattr(ENDLESS, name) for name in fields}}
    with served("--api-only") as server, httpx.Client(base_url=server.url, timeout=WAIT) as http:
        http.post("/api/training", json=asked).raise_for_status()

        def seen() -> int:
            progress = http.get("/api/training/copy-77").raise_for_status().json()["progress"]
            return 0 if progress is None else int(progress["sequences"])

        until(lambda: seen() > 0, "training")
        assert server.stop(signal.SIGTERM) == (0, "")
    until(lambda: not trainers(runs), "saved")
    queue = JobQueue(runs, compilation=Compilation.NEVER)
    (job,) = queue.list()
    queue.close()
    assert isinstance(job, Job)
    assert job.state is JobState.PAUSED
    assert job.progress is not None
    assert job.progress.sequences > 0
