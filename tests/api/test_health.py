"""GET /api/health."""

from __future__ import annotations

import shutil
from pathlib import Path

import tapedeck
from tests.api.client import Service
from tests.api.conftest import ID, Gate, Serve


def test_says_version_and_machines(service: Service) -> None:
    answer = service.http.get("/api/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "version": tapedeck.__version__, "checkpoints": 1}


def test_counts_only_what_can_be_run(serve: Serve, folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / f"{ID}.safetensors", tmp_path / "good.safetensors")
    (tmp_path / "bad.safetensors").write_bytes(b"no checkpoint")
    assert serve(checkpoints=tmp_path).http.get("/api/health").json()["checkpoints"] == 1


def test_answers_when_the_folder_is_gone(serve: Serve, tmp_path: Path) -> None:
    moving = tmp_path / "moving"
    moving.mkdir()
    service = serve(checkpoints=moving)
    moving.rmdir()
    assert service.http.get("/api/health").json()["checkpoints"] == 0


def test_a_runs_folder_that_is_a_file_takes_nothing_else_away_and_is_said(serve: Serve, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    runs.write_text("no folder")
    service = serve(runs=runs)
    health = service.http.get("/api/health").json()
    assert (health["status"], health["checkpoints"]) == ("degraded", 1)
    assert health["problems"] == [f"The checkpoints folder {runs} cannot be read: Not a directory."]
    assert [each["id"] for each in service.http.get("/api/checkpoints").json()] == [ID]
    assert service.http.post("/api/trace", json={"checkpoint": ID, "sequence": [[0] * 8]}).status_code == 200


def test_answers_while_every_worker_computes(serve: Serve, gate: Gate) -> None:
    """Both workers stand still in the middle of a step; the event loop does not."""
    service = serve(workers=2)
    with service.socket() as first, service.socket() as second:
        for talk in (first, second):
            talk.run([[0] * 8], checkpoint=ID)
            assert talk.message()["type"] == "header"
        assert service.http.get("/api/health").json()["status"] == "ok"
        assert gate.steps == 0
        gate.open()
