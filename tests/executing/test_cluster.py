"""A real scheduler and three workers on loopback, one of which is killed in the middle: the same, byte for byte."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest
from distributed import Client
from filelock import FileLock
from typer.testing import CliRunner

from tapedeck.checkpoints import read_checkpoint
from tapedeck.cli.commands import app
from tapedeck.errors import ClusterError
from tapedeck.executing import Cluster, Flight, cluster, in_order
from tapedeck.executing.cluster import on_every_worker, probe
from tapedeck.figures.runs import traces
from tapedeck.training import resume
from tapedeck.training.compiling import Compilation
from tapedeck.training.outcome import Ending
from tapedeck.training.request import TrainingRequest
from tapedeck.training.run_files import resume_path, take
from tapedeck.training.side_by_side import Assignment, Ended, Standing, train_run, train_side_by_side
from tests.checkpoints.conftest import random_machine, write
from tests.executing import work
from tests.executing.dask import LoopbackCluster
from tests.executing.test_processes import killed
from tests.training.tiny import ENDLESS, TINY, WAIT, until

RECIPE = replace(TINY, sequences=110, batch_size=1, longest=2)
"""110 updates: one resume file on the way."""

PLAN = ("--lengths", "2,3,4", "--patterns", "random,ones,zeros", "--sequences", "6")


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoopbackCluster]:
    running = LoopbackCluster(tmp_path_factory.mktemp("dask"))
    yield running
    running.close()


@pytest.fixture
def executor(processes: LoopbackCluster) -> Iterator[Cluster]:
    """Three workers, whatever became of them in the test before."""
    processes.top_up(3)
    with cluster(processes.address) as executor:
        processes.until_known(executor.client)
        yield executor


@pytest.fixture
def machines(tmp_path: Path) -> list[str]:
    return [str(write(tmp_path / f"copy-{number}.safetensors", random_machine(number))) for number in (1, 2)]


def evaluated(*arguments: str | Path) -> str:
    """What the command writes."""
    out = Path(arguments[-1])
    result = CliRunner().invoke(app, ["evaluate", *map(str, arguments[:-1]), "--json", str(out)])
    assert result.exception is None, result.output
    return out.read_text()


def test_a_worker_that_is_killed_in_the_middle_costs_nothing(
    executor: Cluster, processes: LoopbackCluster, tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    specifications = [work.Held(number, begun if number == 1 else None) for number in range(9)]
    with Flight(executor, work.square, specifications) as flight:
        found = flight.landed(0)
        until(lambda: killed(begun), "begun")
        while not flight.over:
            found += flight.landed()
    assert [each.result() for each in in_order(found)] == [number**2 for number in range(9)]
    processes.until_one_is_dead()


def test_an_evaluation_of_which_a_worker_is_killed_is_that_of_the_local_pool_byte_for_byte(
    executor: Cluster, processes: LoopbackCluster, machines: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = evaluated(*machines, *PLAN, "--processes", "2", tmp_path / "here.json")
    pids = on_every_worker(executor.client, os.getpid)
    victim, pid = next(iter(pids.items()))

    @contextmanager
    def probed(*_: object, **__: object) -> Iterator[Cluster]:
        yield executor

    def kill_at_work() -> None:
        client: Any = executor.client
        until(lambda: client.processing().get(victim), "at work")
        os.kill(pid, signal.SIGKILL)

    # Stopped, it never ends what it is given: it dies with that in its hands. It could not answer when it is probed.
    os.kill(pid, signal.SIGSTOP)
    monkeypatch.setattr("tapedeck.executing.workers", probed)
    thread = Thread(target=kill_at_work)
    thread.start()
    there = evaluated(*machines, *PLAN, "--cluster", processes.file, tmp_path / "there.json")
    thread.join()
    assert there == here
    processes.until_one_is_dead()


def test_a_worker_that_does_not_answer_is_said(executor: Cluster, processes: LoopbackCluster) -> None:
    pid = next(iter(on_every_worker(executor.client, os.getpid).values()))
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(ClusterError, match=r"A worker of .* does not answer within 0.2 s; see its log"):
        probe(executor.client, processes.address, 0.2)
    os.kill(pid, signal.SIGKILL)
    processes.until_one_is_dead()


def test_the_runs_of_figures_are_the_same_on_a_cluster(executor: Cluster, machines: list[str]) -> None:
    examples = [
        (read_checkpoint(Path(machine)), {"length": length}, None, 1) for machine in machines for length in (2, 4)
    ]
    for there, here in zip(traces(examples, executor), traces(examples), strict=True):
        np.testing.assert_array_equal(there.rows, here.rows)


def trained(*arguments: str | Path) -> str:
    """What the command says."""
    result = CliRunner().invoke(app, ["train", "copy", *map(str, arguments)])
    assert result.exception is None, result.output
    return result.output


def left(folder: Path) -> dict[str, bytes | None]:
    """The files of a folder, but for what the clock is in."""
    return {
        path.name: path.read_bytes() if path.suffix == ".safetensors" else None
        for path in folder.iterdir()
        if not path.name.endswith(".lock")
    }


def test_runs_of_which_a_worker_is_killed_go_on_elsewhere_and_are_those_of_the_local_pool_byte_for_byte(
    executor: Cluster, processes: LoopbackCluster, tmp_path: Path
) -> None:
    on_every_worker(executor.client, work.die_at_the_second_save, tmp_path / "died")
    fields = [f"{name}={value}" for name, value in RECIPE.as_dict().items() if isinstance(value, int)]
    recipe = [word for field in fields for word in ("--set", field)]
    options = ("--seeds", "1-2", *recipe, "--compile", "never")
    there = trained(*options, "--cluster", processes.address, "--out", tmp_path / "there")
    assert (tmp_path / "died").exists()
    processes.until_one_is_dead()
    here = trained(*options, "--processes", "2", "--out", tmp_path / "here")
    assert left(tmp_path / "there") == left(tmp_path / "here")
    for said in (there, here):
        assert said.splitlines()[-1].startswith("0 of 2 seeds at 0 errors on lengths 1–2")


def test_a_run_on_a_cluster_that_is_to_stop_saves_first(executor: Cluster, tmp_path: Path) -> None:
    request = TrainingRequest(1, tmp_path, ENDLESS.as_dict(), Compilation.NEVER)
    begun = Event()
    said: list[Standing | Ended] = []
    for _, each in train_side_by_side([request], executor, begun.is_set):
        said.append(each)
        if isinstance(each, Standing) and each.progress.sequences:
            begun.set()
    *_, last, ended = said
    assert ended == Ended(Ending.STOPPED)
    assert isinstance(last, Standing)
    assert resume.read(resume_path(tmp_path, "copy-1")).counters.updates * ENDLESS.batch_size >= last.progress.sequences
    assert {path.name for path in tmp_path.glob(".*")} == {".copy-1.lock"}


def test_a_worker_that_does_not_see_the_folder_trains_nothing(tmp_path: Path) -> None:
    """As on a machine where the client's folder is not mounted."""
    request = TrainingRequest(1, tmp_path / "runs", RECIPE.as_dict(), Compilation.NEVER, resume=True)
    with pytest.raises(ClusterError, match=r"A worker on \S+ does not see .*/runs, or cannot write into it; a run"):
        train_run(Assignment(request, request.folder / ".training-0"))
    assert list(tmp_path.iterdir()) == []


def test_a_run_waits_for_the_worker_that_lost_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has not ended yet; whoever is given the run would otherwise give up before it has."""
    monkeypatch.setattr("tapedeck.training.run_files.PATIENCE", 0.0)
    request = TrainingRequest(1, tmp_path, RECIPE.as_dict(), Compilation.NEVER, resume=True)
    proof = tmp_path / ".training-0"
    proof.touch()
    lock, waiting = take(tmp_path, "copy-1"), Event()
    whole = FileLock.acquire

    def acquire(*arguments: Any, **options: Any) -> Any:
        waiting.set()
        return whole(*arguments, **options)

    monkeypatch.setattr(FileLock, "acquire", acquire)
    with ThreadPoolExecutor(1) as threads:
        ended = threads.submit(train_run, Assignment(request, proof))
        assert waiting.wait(WAIT)
        lock.release()
        assert ended.result() is Ending.FINISHED


def test_a_cluster_without_dask_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'tapedeck\[cluster\]'"), cluster("tcp://127.0.0.1:1"):
        pass


def test_what_is_no_cluster_is_said(processes: LoopbackCluster, tmp_path: Path) -> None:
    processes.end_workers()
    wrong = {
        "tcp://127.0.0.1:1": "No Dask scheduler answers at tcp://127.0.0.1:1 within 0.2 s; see that it runs",
        "nonsense": "--cluster must be the address of a Dask scheduler such as tcp://scheduler:8786, got “nonsense”.",
        str(tmp_path / "no.json"): f"{tmp_path / 'no.json'} is not the file of a Dask scheduler; dask scheduler",
    }
    for address, says in wrong.items():
        with pytest.raises(ClusterError) as refused, cluster(address, timeout=0.2):
            pass
        assert str(refused.value).startswith(says)
    with (
        Client(processes.address, set_as_default=False) as client,  # type: ignore[no-untyped-call]
        pytest.raises(ClusterError, match=r"The scheduler at \S+ has no worker within 0.2 s; start some"),
    ):
        probe(client, processes.address, 0.2)
