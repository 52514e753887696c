"""The pool of this machine: the death of a process costs no other computation, and none outlives who made it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import wait
from multiprocessing import get_all_start_methods
from pathlib import Path

import pytest

from tapedeck.errors import InvalidConfiguration, WorkerLost
from tapedeck.executing import Flight, Processes, in_order, outcomes, workers
from tests.executing import work
from tests.training.tiny import WAIT, until

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


HELD_BACK = """
import signal
from multiprocessing import get_context
from tapedeck.executing import Processes

def tell():
    print(*(number.name for number in signal.pthread_sigmask(signal.SIG_BLOCK, [])))

if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    with Processes(1) as pool:
        pool.submit(int).result()
        forked = get_context("forkserver").Process(target=tell)
        forked.start()
        forked.join()
"""
"""A process that is forked as the workers are says which signals it was born with."""


@pytest.mark.skipif("forkserver" not in get_all_start_methods(), reason="workers are not forked here")
def test_ctrl_c_is_held_back_from_a_worker_until_it_ignores_it(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(HELD_BACK)
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, check=False, timeout=WAIT)
    assert (done.stdout, done.stderr) == ("SIGINT\n", "")


def test_either_processes_or_a_cluster() -> None:
    with pytest.raises(InvalidConfiguration, match="Give either processes"), workers(2, "tcp://127.0.0.1:1"):
        pass
