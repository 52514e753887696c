"""Several processes that serve one folder of trainings: `uvicorn --workers 2`, with one of them killed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.client import WAIT
from tests.api.test_training import tiny
from tests.cli.conftest import ROOT
from tests.training.tiny import ENDLESS, trainers, until

APP = "tapedeck.api.app:create_app"


@pytest.fixture
def url(folder: Path, tmp_path: Path) -> Iterator[str]:
    """Of a service of two processes."""
    command = [sys.executable, "-m", "uvicorn", "--factory", APP, "--workers", "2", "--port", "0"]
    settings = {
        "TAPEDECK_CHECKPOINTS": str(folder),
        "TAPEDECK_RUNS": str(tmp_path / "runs"),
        "TAPEDECK_TRAINING_COMPILATION": "never",
    }
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        begun, at = 0, ""
        for line in process.stderr:
            if found := re.search(r"running on (http://\S+)", line):
                at = found[1]
            begun += "Application startup complete" in line
            if begun == 2:
                break
        yield at
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=WAIT)


def ask(url: str, method: str = "GET", path: str = "", **options: Any) -> Any:
    """On a connection of its own: any of the processes may answer."""
    return httpx.request(method, f"{url}/api/training{path}", timeout=WAIT, **options).raise_for_status().json()


def parent_of(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def test_replicas_answer_alike_and_one_takes_over_when_the_owner_is_killed(url: str, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    started = [ask(url, "POST", json=tiny(sequences=ENDLESS.sequences) | {"seed": seed}) for seed in (1, 2)]
    assert [job["state"] for job in started] == ["running", "queued"]
    expected = [("copy-1", "running", None), ("copy-2", "queued", 1)]

    def listed() -> list[tuple[str, str, int | None]]:
        return [(job["id"], job["state"], job["place"]) for job in ask(url)["jobs"]]

    assert [listed() for _ in range(10)] == [expected] * 10

    def seen() -> int:
        progress = ask(url, path="/copy-1")["progress"]
        return 0 if progress is None else int(progress["sequences"])

    until(seen, "training")
    (trainer,) = trainers(runs)
    os.kill(parent_of(trainer), signal.SIGKILL)
    until(lambda: trainers(runs) not in ([], [trainer]), "another process that trains")
    before = until(seen, "where it stands")
    until(lambda: seen() > before, "further")
    assert [listed() for _ in range(10)] == [expected] * 10
    assert len(trainers(runs)) == 1
    for job in ("copy-2", "copy-1"):
        assert ask(url, "POST", f"/{job}/stop")["state"] == "stopped"
    assert [listed() for _ in range(4)] == [[("copy-2", "stopped", None), ("copy-1", "stopped", None)]] * 4
