"""GET /api/checkpoints and GET /api/checkpoints/{id}."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from typer.testing import CliRunner

from tapedeck.checkpoints import read_checkpoint
from tapedeck.cli.commands import app
from tests.api.client import Service, check_error, refused
from tests.api.conftest import ID, Serve, save, small_machine

EXAMPLE = {"sequence": [[0, 1, 0, 1, 1, 0, 0, 1]]}


def test_one_machine_is_described_in_full(service: Service, folder: Path) -> None:
    data = (folder / f"{ID}.safetensors").read_bytes()
    assert service.http.get(f"/api/checkpoints/{ID}").json() == {
        "id": ID,
        "name": "A test's machine",
        "task": "copy",
        "sequences_seen": 100,
        "seed": 3,
        "machine": json.loads(json.dumps(read_checkpoint(folder / f"{ID}.safetensors").machine.spec.as_document())),
        "config": {"locations": 12, "width": 5, "bits": 8, "controller_size": 7},
        "sha256": hashlib.sha256(data).hexdigest(),
        "metrics": {"bit_errors": 1.5},
        "origin": {"kind": "trained", "run": ID},
    }


def test_the_parameters_that_noise_can_be_added_to_are_listed_with_their_shapes(service: Service, folder: Path) -> None:
    machine = read_checkpoint(folder / f"{ID}.safetensors").machine
    listed = service.http.get(f"/api/checkpoints/{ID}/parameters").json()
    assert [(each["name"], each["shape"]) for each in listed] == [
        (name, [*value.shape]) for name, value in machine.named_parameters()
    ]
    for each in listed:
        noise = {"kind": "noise", "target": f"parameters.{each['name']}", "spread": 0.1}
        answer = service.http.post("/api/trace", json={**EXAMPLE, "checkpoint": ID, "interventions": [noise]})
        assert answer.is_success == (each["deviation"] > 0), "a share of no deviation is nothing"
    assert refused(service.http.get("/api/checkpoints/none/parameters"), 404)["code"] == "checkpoint_not_found"


def test_the_list_holds_the_same(service: Service) -> None:
    assert service.http.get("/api/checkpoints").json() == [service.http.get(f"/api/checkpoints/{ID}").json()]


def test_a_file_that_cannot_be_read_is_listed_last_and_the_others_work(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "aaa.safetensors").write_bytes(b"no checkpoint")
    save(tmp_path / "few.safetensors", small_machine(), seen=10)
    save(tmp_path / "many.safetensors", small_machine(), seen=1000)
    service = serve(checkpoints=tmp_path)
    many, few, broken = service.http.get("/api/checkpoints").json()
    assert (many["id"], few["id"]) == ("many", "few")
    assert broken.keys() == {"id", "error"}
    assert broken["id"] == "aaa"
    assert check_error(broken["error"])["code"] == "checkpoint_unreadable"
    assert "aaa.safetensors" in broken["error"]["detail"]
    assert service.http.get("/api/checkpoints/few").json() == few
    error = refused(service.http.get("/api/checkpoints/aaa"), 500)
    assert error["code"] == "checkpoint_unreadable"


def test_machines_come_and_go_without_a_restart(serve: Serve, tmp_path: Path) -> None:
    service = serve(checkpoints=tmp_path)
    assert service.http.get("/api/checkpoints").json() == []
    save(tmp_path / "new.safetensors", small_machine())
    assert service.http.get("/api/checkpoints/new").status_code == 200
    (tmp_path / "new.safetensors").unlink()
    refused(service.http.get("/api/checkpoints/new"), 404)


def test_an_unknown_id_names_those_that_exist(service: Service) -> None:
    error = refused(service.http.get("/api/checkpoints/nobody"), 404)
    assert error["code"] == "checkpoint_not_found"
    assert ID in error["detail"]


def test_no_id_leads_out_of_the_folder(service: Service) -> None:
    for path in ("..%2Fsecret", "%2e%2e%5csecret", "..%00"):
        refused(service.http.get(f"/api/checkpoints/{path}"), 404)


def test_the_evaluation_beside_a_machine_is_told_as_long_as_it_is_of_that_machine(serve: Serve, tmp_path: Path) -> None:
    service, file = serve(checkpoints=tmp_path), tmp_path / "new.evaluation.json"
    save(tmp_path / "new.safetensors", small_machine())
    assert service.http.get("/api/checkpoints/new/evaluation").json() is None
    counted = ["evaluate", "new", "--checkpoints", str(tmp_path), "--lengths", "2,3", "--json", str(file)]
    assert CliRunner().invoke(app, counted).exit_code == 0
    told = service.http.get("/api/checkpoints/new/evaluation").json()
    assert told == json.loads(file.read_text())
    assert [result["length"] for result in told["results"]] == [2, 3]

    save(tmp_path / "new.safetensors", small_machine(), seen=1000)
    assert service.http.get("/api/checkpoints/new/evaluation").json() is None, "it is of the machine before"
    file.write_text("[]")
    error = refused(service.http.get("/api/checkpoints/new/evaluation"), 500)
    assert error["detail"] == "new.evaluation.json: it is not an evaluation; write one with tapedeck evaluate … --json."
    refused(service.http.get("/api/checkpoints/nobody/evaluation"), 404)


def test_several_folders_of_runs_are_listed_and_machines_of_one_name_told_apart(serve: Serve, tmp_path: Path) -> None:
    folders = {name: tmp_path / name for name in ("shipped", "here", "there")}
    for number, folder in enumerate(folders.values()):
        folder.mkdir()
        save(folder / "same.safetensors", small_machine(number))
    more = f"{folders['there']}, {tmp_path / 'not-yet'}"
    service = serve(checkpoints=folders["shipped"], runs=folders["here"], more_runs=more)
    assert {each["id"] for each in service.http.get("/api/checkpoints").json()} == {"same", "same~here", "same~there"}
    answered = service.http.post("/api/trace", json={"checkpoint": "same~there", "sequence": [[1] * 8]})
    assert answered.status_code == 200
