"""What somebody does with a task that a plug-in brings, in a process of its own; says what came of it as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

import tapedeck as td
from tapedeck.api.settings import ApiSettings
from tapedeck.cli.commands import app
from tests.api.conftest import serving

TINY = {"task": "reverse", "sizes": {"length": [1, 3]}, "bits": 2, "sequences": 40, "batch_size": 4, "locations": 8,
        "width": 4, "controller_size": 6, "decay_updates": 5}  # fmt: skip


def session(folder: Path) -> dict[str, Any]:
    machine = td.train(TINY, name="backwards", out=folder, compilation="never")
    run = machine.run(["10", "01"])
    named = CliRunner().invoke(
        app, ["trace", "--checkpoint", str(folder / "backwards.safetensors"), "--sequence", "10"]
    )
    with serving(ApiSettings(checkpoints=folder)) as service:
        tasks = service.http.get("/api/tasks").json()
        trace = service.http.post(
            "/api/trace", json={"checkpoint": "backwards", "input": {"sequence": [[1, 0]]}, "interventions": []}
        )
    try:
        td.train("sing")
    except td.TapedeckError as error:
        unknown = error.detail
    return {
        "machine": [machine.id, machine.task],
        "phases": [phase.name for phase in run.phases],
        "score": run.score,
        "counted": [row["bits"] for row in td.evaluate(machine, sizes={"length": (2,)}, sequences=3).rows()],
        "listed": CliRunner().invoke(app, ["tasks"]).output,
        "trace": [named.exit_code, named.output, repr(named.exception)],
        "api": [task["name"] for task in tasks],
        "answered": [trace.status_code, trace.json().get("task")],
        "unknown": unknown,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(session(Path(sys.argv[1]))))
