"""A real scheduler and three workers on loopback, one of which is killed in the middle: the same, byte for byte."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from typer.testing import CliRunner

from tapedeck.cli.commands import app
from tapedeck.errors import ClusterError
from tapedeck.executing import Cluster, Flight, cluster, in_order
from tapedeck.executing.cluster import on_every_worker
from tests.checkpoints.conftest import random_machine, write
from tests.executing import work
from tests.executing.dask import LoopbackCluster
from tests.executing.test_processes import killed
from tests.training.tiny import until

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
        executor.client.wait_for_workers(3)
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


def test_a_worker_that_is_killed_in_the_middle_costs_nothing(executor: Cluster, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    specifications = [work.Held(number, begun if number == 1 else None) for number in range(9)]
    with Flight(executor, work.square, specifications) as flight:
        found = flight.landed(0)
        until(lambda: killed(begun), "begun")
        while not flight.over:
            found += flight.landed()
    assert [each.result() for each in in_order(found)] == [number**2 for number in range(9)]


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


def test_a_worker_that_does_not_answer_is_said(executor: Cluster, processes: LoopbackCluster) -> None:
    pid = next(iter(on_every_worker(executor.client, os.getpid).values()))
    os.kill(pid, signal.SIGSTOP)
    unanswered = pytest.raises(ClusterError, match=r"A worker of .* does not answer within 0.5 s; see its log")
    with unanswered, cluster(processes.address, timeout=0.5):
        pass
    os.kill(pid, signal.SIGKILL)
