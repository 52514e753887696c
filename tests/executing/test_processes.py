"""The pool of this machine: the death of a process costs no other computation, and none outlives who made it."""

from __future__ import annotations

import os
import signal
from concurrent.futures import wait
from pathlib import Path

import pytest

from tapedeck.errors import InvalidConfiguration, WorkerLost
from tapedeck.executing import Flight, Processes, in_order, outcomes, workers
from tests.executing import work
from tests.training.tiny import until

PRELOAD = ["tests.warm_imports"]  # as all others here: there is one process that is forked from


def killed(begun: Path) -> bool:
    """Kills who wrote the file, once it is there."""
    if not begun.exists():
        return False
    os.kill(int(begun.read_text()), signal.SIGKILL)
    return True


def test_a_process_that_is_killed_costs_nothing(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    specifications = [work.Held(number, begun if number == 1 else None) for number in range(5)]
    with Processes(2, PRELOAD) as pool, Flight(pool, work.square, specifications) as flight:
        found = flight.landed(0)
        until(lambda: killed(begun), "begun")
        while not flight.over:
            found += flight.landed()
    assert [each.result() for each in in_order(found)] == [0, 1, 4, 9, 16]


def test_what_kills_every_process_is_a_row_and_the_others_go_on() -> None:
    with Processes(1, PRELOAD) as pool:
        (lost,) = outcomes(pool, work.deadly, [3])
        assert isinstance(lost.error, WorkerLost)
        assert str(lost.error).startswith("4 processes died in computing it, most likely because the system ended them")
        assert pool.submit(work.odd_alone, 3).result() == 3


def test_a_pool_that_is_left_lets_its_computation_save(tmp_path: Path) -> None:
    pool = Processes(1, PRELOAD)
    future, waiting = pool.submit(work.saving, tmp_path), pool.submit(work.odd_alone, 3)
    begun = tmp_path / "begun"
    until(begun.exists, "begun")
    process = int(begun.read_text())
    pool.leave()
    wait([future])
    assert (tmp_path / "saved").exists()
    assert waiting.cancelled()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    with pytest.raises(RuntimeError, match="after shutdown"):
        pool.submit(work.odd_alone, 3)


def test_either_processes_or_a_cluster() -> None:
    with pytest.raises(InvalidConfiguration, match="Give either processes"), workers(2, "tcp://127.0.0.1:1"):
        pass
