"""/api/training: real trainings of a tiny recipe, and everything that is refused."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from tapedeck.api.settings import ApiSettings
from tapedeck.errors import JobNotFound
from tapedeck.training.compiling import Compilation
from tapedeck.training.jobs import JobQueue
from tapedeck.training.recipe import Recipe
from tapedeck.training.schedule import RECORD
from tests.api.client import WAIT, Service, check_error, refused, vectors
from tests.api.conftest import ID, Gate, Serve, serving
from tests.cli.serving import served
from tests.training.tiny import ENDLESS, TINY, series_of, trainers, until

SMALL = {"locations": 3, "width": 1, "longest": 1, "batch_size": 1, "controller_size": 1}
"""A recipe whose machine has next to no memory: what is large in it is something else."""


def tiny(**fields: Any) -> dict[str, Any]:
    """The request for a training that takes a moment."""
    names = ("sequences", "batch_size", "longest", "locations", "width", "controller_size")
    return {"seed": 4, "recipe": {name: getattr(TINY, name) for name in names} | fields}


@pytest.fixture
def training(serve: Serve, tmp_path: Path) -> Service:
    return serve(runs=tmp_path / "runs", training_compilation=Compilation.NEVER)


def jobs(service: Service) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = service.http.get("/api/training").raise_for_status().json()["jobs"]
    return listed


def in_state(service: Service, job_id: str, state: str) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        job: dict[str, Any] = service.http.get(f"/api/training/{job_id}").json()
        assert job["error"] is None, job
        return job if job["state"] == state else None

    return until(look, f"{job_id} {state}")


def act(service: Service, job_id: str, action: str) -> httpx.Response:
    return service.http.post(f"/api/training/{job_id}/{action}")


def test_a_training_becomes_a_machine_that_runs(training: Service) -> None:
    asked = tiny(patterns={"ones": 1})
    answer = training.http.post("/api/training", json=asked)
    assert answer.status_code == 201
    job = answer.json()
    assert (job["id"], job["seed"], job["state"]) == ("copy-4", 4, "running")
    assert job["recipe"] == Recipe(**asked["recipe"]).as_dict()

    job = in_state(training, "copy-4", "finished")
    assert job["progress"]["sequences"] == job["progress"]["total"] == TINY.sequences
    assert (job["checkpoint"], job["checkpoints"]) == ("copy-4", len(series_of(TINY, "copy-4")))
    assert jobs(training) == [job]
    lines = training.http.get("/api/training/copy-4/metrics").json()["lines"]
    assert [line["sequences"] for line in lines] == [0, TINY.sequences]
    assert lines[-1]["loss"] > 0
    assert training.http.get("/api/training/copy-4/metrics?after=0").json()["lines"] == lines[1:]

    assert training.http.get("/api/training/copy-4/metrics").json()["error"] is None

    machines = [entry["id"] for entry in training.http.get("/api/checkpoints").json()]
    assert machines == ["copy-test", "copy-4", *series_of(TINY, "copy-4")]
    request = {"checkpoint": "copy-4", "sequence": vectors(2)}
    assert training.http.post("/api/trace", json=request).json()["steps"] == 6
    for action in ("pause", "resume", "stop"):
        error = refused(act(training, "copy-4", action), 409)
        assert error["detail"].startswith("copy-4 is finished; only a training that is ")


def test_a_new_service_finds_a_training_paused_and_goes_on_with_it(serve: Serve, tmp_path: Path) -> None:
    arguments = ("--api-only", "--checkpoints", tmp_path)
    settings = {"TAPEDECK_RUNS": str(tmp_path / "runs"), "TAPEDECK_TRAINING_COMPILATION": "never"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        with served(*arguments) as server, httpx.Client(base_url=server.url, timeout=WAIT) as http:
            first = Service(server.url, http)
            for seed in (1, 2):
                http.post("/api/training", json=tiny(sequences=ENDLESS.sequences) | {"seed": seed}).raise_for_status()
            # Beyond the line of metrics that the next service counts from. Left like this, the service is killed.
            written = RECORD * ENDLESS.batch_size
            until(lambda: (jobs(first)[0]["progress"] or {"sequences": 0})["sequences"] > written, "under way")
    second = serve(runs=tmp_path / "runs", training_compilation=Compilation.NEVER)
    assert [(job["id"], job["state"]) for job in jobs(second)] == [("copy-2", "paused"), ("copy-1", "paused")]
    seen = jobs(second)[1]["progress"]["sequences"]
    assert seen > 0
    assert act(second, "copy-1", "resume").json()["state"] == "running"
    until(lambda: jobs(second)[0]["progress"]["sequences"] > seen, "going on")
    assert [act(second, name, "stop").json()["state"] for name in ("copy-1", "copy-2")] == ["stopped", "stopped"]


@pytest.mark.parametrize(
    ("request_", "field", "detail"),
    [
        ({}, "seed", "The request has no seed; give a whole number from 0 to "),
        ({"seed": -1}, "seed", "seed is -1; give a whole number from 0 to "),
        ({"seed": 2**53}, "seed", "seed is 9007199254740992; "),
        ({"seed": True}, "seed", "seed is true; "),
        ({"seed": 1, "recipe": []}, "recipe", "recipe is a list; give an object of a recipe's fields"),
        ({"seed": 1, "recipe": None}, "recipe", "recipe is null; "),
        ({"seed": 1, "colour": 1}, "colour", "“colour” is not part of this request; "),
        ({"seed": 1, "recipe": {"colour": 1}}, "recipe.colour", "A recipe has no field “colour”; it has task, "),
        ({"seed": 1, "recipe": {"sequences": None}}, "recipe.sequences", "recipe.sequences is null; "),
        ({"seed": 1, "recipe": {"sequences": 10**40}}, "recipe.sequences", "recipe.sequences is 10000"),
        ({"seed": 1, "recipe": {"sequences": 0}}, "recipe.sequences", "sequences must be a whole number of at "),
        ({"seed": 1, "recipe": {"longest": 200}}, "recipe.locations", "A copy of 200 vectors needs at least 202 "),
        ({"seed": 1, "recipe": {"task": "fly"}}, "recipe.task", "There is no task “fly”; the tasks are copy"),
        (
            {"seed": 1, "recipe": {"task": {"random": 1}}},
            "recipe.task",
            "There is no task {“random”: 1}; the tasks are ",
        ),
        ({"seed": 1, "recipe": {"learning_rate": "fast"}}, "recipe.learning_rate", "learning_rate must be a "),
        (
            {"seed": 1, "recipe": {"patterns": {"random": None}}},
            "recipe.patterns",
            "recipe.patterns is an object; ",
        ),
        ({"seed": 1, "recipe": {"patterns": {"tartan": 1}}}, "recipe.patterns", "There is no pattern “tartan”; "),
        ({"seed": 1, "recipe": {"sequences": 10**9}}, "recipe.sequences", "sequences is 1,000,000,000; this ser"),
        ({"seed": 1, "recipe": {"controller_size": 10**9}}, "recipe", "One update of this recipe takes about "),
        ({"seed": 1, "recipe": {"batch_size": 10**6}}, "recipe", "One update of this recipe takes about "),
        (
            {"seed": 1, "recipe": SMALL | {"batch_size": 100_000, "bits": 5000}},
            *("recipe", "One update of this recipe takes about "),
        ),
        (
            {"seed": 1, "recipe": SMALL | {"batch_size": 100_000, "controller_size": 5000}},
            *("recipe", "One update of this recipe takes about "),
        ),
        (
            {"seed": 1, "recipe": SMALL | {"bits": 20_000, "width": 20_000}},
            *("recipe", "One update of this recipe takes about "),
        ),
    ],
)
def test_a_bad_recipe_starts_nothing(
    training: Service, tmp_path: Path, request_: dict[str, Any], field: str, detail: str
) -> None:
    error = refused(training.http.post("/api/training", json=request_), 422)
    assert error["field"] == field
    assert error["detail"].startswith(detail)
    assert jobs(training) == []
    assert not (tmp_path / "runs").exists()


def test_an_unknown_training(training: Service) -> None:
    for answer in (
        training.http.get("/api/training/copy-9"),
        training.http.get("/api/training/copy-9/metrics"),
        *(act(training, "copy-9", action) for action in ("pause", "resume", "stop")),
    ):
        error = refused(answer, 404)
        assert (error["code"], error["field"]) == ("job_not_found", "job")
    refused(training.http.get("/api/training/copy-9/metrics?after=much"), 422)


def test_a_page_from_elsewhere_may_look_at_nothing_and_stop_nothing(training: Service) -> None:
    foreign, own = {"Origin": "http://elsewhere.example"}, {"Origin": training.url}
    error = refused(training.http.post("/api/training", json=tiny(), headers=foreign), 403)
    assert error["detail"].startswith("Pages of http://elsewhere.example may not use this service")
    for action in ("pause", "resume", "stop"):
        refused(training.http.post(f"/api/training/copy-4/{action}", headers=foreign), 403)
        refused(training.http.post(f"/api/training/copy-4/{action}", headers=own), 404)
    assert "access-control-allow-origin" not in training.http.get("/api/training", headers=foreign).headers
    assert jobs(training) == []


def test_where_training_is_off_everything_is_refused(serve: Serve, tmp_path: Path) -> None:
    service = serve(training=False, runs=tmp_path / "runs")
    for answer in (
        service.http.get("/api/training"),
        service.http.post("/api/training", json=tiny()),
        service.http.get("/api/training/copy-1"),
        service.http.get("/api/training/copy-1/metrics"),
        *(act(service, "copy-1", action) for action in ("pause", "resume", "stop")),
    ):
        assert refused(answer, 403)["code"] == "training_disabled"
    assert not (tmp_path / "runs").exists()


def test_nothing_else_waits_for_trainings_that_save_themselves(
    training: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many are told to pause at once: more here than the event loop's own pool has threads."""
    saved = threading.Event()

    def pause(_: JobQueue, job_id: str) -> None:
        assert saved.wait(WAIT)
        raise JobNotFound(f"There is no training {job_id}.")

    monkeypatch.setattr(JobQueue, "pause", pause)
    many = 40
    with ThreadPoolExecutor(many) as clients:
        answers = [clients.submit(act, training, "copy-4", "pause") for _ in range(many)]
        try:
            until(lambda: "patience_3" in {thread.name for thread in threading.enumerate()}, "as many as may wait")
            assert training.http.get("/api/checkpoints").is_success
            assert jobs(training) == []
        finally:
            saved.set()
    assert {answer.result().status_code for answer in answers} == {404}


def test_a_folder_that_cannot_be_made(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    service = serve(runs=tmp_path / "file" / "runs")
    error = refused(service.http.post("/api/training", json=tiny()), 500)
    assert error["code"] == "training_error"
    assert "cannot be made: Not a directory" in error["detail"]


def test_what_cannot_be_read_is_one_entry_with_an_error_and_hides_no_other(training: Service, tmp_path: Path) -> None:
    training.http.post("/api/training", json=tiny()).raise_for_status()
    in_state(training, "copy-4", "finished")
    (tmp_path / "runs" / "copy-9.job").write_text('{"seed": 9}')  # of an older version
    readable, unreadable = jobs(training)
    assert (readable["id"], readable["state"], readable["error"]) == ("copy-4", "finished", None)
    assert (unreadable["id"], unreadable["state"]) == ("copy-9", "unreadable")
    assert "copy-9.job cannot be read" in check_error(unreadable["error"])["detail"]

    metrics = tmp_path / "runs" / "copy-4.metrics.jsonl"
    first, last = metrics.read_text().splitlines()
    metrics.write_text("\n".join([first.replace("{", '{"colour": "blue", ', 1), '{"sequences": 60}', last, ""]))
    told = training.http.get("/api/training/copy-4/metrics").raise_for_status().json()
    assert [line["sequences"] for line in told["lines"]] == [0, TINY.sequences]
    assert check_error(told["error"])["detail"].startswith("copy-4.metrics.jsonl: line 2 is not a line of metrics")


def test_trainings_are_told_first_when_the_service_is_told_to_end(folder: Path, tmp_path: Path, gate: Gate) -> None:
    """While a run that cannot be broken off still holds the service up."""
    settings = ApiSettings(checkpoints=folder, runs=tmp_path / "runs", training_compilation=Compilation.NEVER)
    with ThreadPoolExecutor(2) as threads, ExitStack() as stack:
        stack.callback(gate.open)
        server = ExitStack()
        service = server.enter_context(serving(settings))
        service.http.post("/api/training", json=tiny(sequences=ENDLESS.sequences)).raise_for_status()
        until(lambda: jobs(service)[0]["progress"], "training")
        run = threads.submit(httpx.post, f"{service.url}/api/trace", json={"checkpoint": ID, "sequence": vectors(2)})
        assert gate.reached.wait(WAIT)
        ended = threads.submit(server.close)
        until(lambda: not trainers(tmp_path / "runs"), "rid of the process that trained")
        assert not ended.done()
        gate.open()
        ended.result()
        assert run.exception() is not None or run.result().status_code


def test_too_many_trainings(serve: Serve, tmp_path: Path) -> None:
    service = serve(runs=tmp_path / "runs", training_compilation=Compilation.NEVER, max_training_jobs=1)
    started = service.http.post("/api/training", json=tiny(sequences=ENDLESS.sequences, controller="lstm"))
    assert started.json()["recipe"]["learning_rate"] == 3e-4, "that of copy's recipe for an LSTM"
    error = refused(service.http.post("/api/training", json=tiny()), 503)
    assert error["code"] == "too_many_jobs"
    act(service, "copy-4", "stop").raise_for_status()


def test_the_errors_of_a_job_have_the_one_shape(training: Service, tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / ".copy-4.lock").mkdir()  # nothing can be trained there
    job = training.http.post("/api/training", json=tiny()).json()
    failed = until(lambda: (now := jobs(training)[0])["state"] == "failed" and now, "failed")
    assert failed["id"] == job["id"]
    assert check_error(failed["error"])["code"] == "training_error"
