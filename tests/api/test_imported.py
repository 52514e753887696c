"""A machine that others trained, through the service: as any other, in the way in which it hears its task."""

from __future__ import annotations

from pathlib import Path

import torch
from typer.testing import CliRunner

from tapedeck.cli.commands import app
from tests.api.conftest import Serve
from tests.checkpoints.importers.files import Sizes, family_c


def test_an_imported_machine_is_listed_and_runs_as_it_hears_its_task(serve: Serve, tmp_path: Path) -> None:
    file, out = tmp_path / "theirs.pt", tmp_path / "theirs.safetensors"
    torch.save(family_c(Sizes(n=32, c=4, o=3)), file)
    done = CliRunner().invoke(app, ["import", str(file), str(out), "--task", "copy"])
    assert (done.exit_code, done.stderr) == (0, "")
    assert "bits as family C, variant " in done.stdout

    http = serve(checkpoints=tmp_path).http
    (listed,) = http.get("/api/checkpoints").json()
    assert listed["origin"]["family"] == "C"
    assert listed["origin"]["licence"] is None
    assert listed["sequences_seen"] is None
    assert listed["steps"] == [{"times": 1, "of": []}, {"times": 2, "of": ["length"]}]

    request = {"checkpoint": "theirs", "input": {"sequence": [[1, 0, 1], [0, 1, 1]]}}
    trace = http.post("/api/trace", json=request).json()
    assert trace["steps"] == 5
    assert [channel["name"] for channel in trace["input_channels"]] == ["bit 1", "bit 2", "bit 3", "end"]
    assert [(phase["name"], phase["start"], phase["stop"]) for phase in trace["phases"]] == [
        ("input", 0, 2),
        ("end", 2, 3),
        ("recall", 3, 5),
    ]
    assert trace["score"]["bits"] == 6
    evaluation = http.post("/api/evaluation", json={"checkpoint": "theirs", "lengths": [3], "sequences": 2})
    assert evaluation.status_code == 200
    assert '"bits":18' in evaluation.text
