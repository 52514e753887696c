"""A cluster on loopback as Dask's own commands start it: a scheduler, and workers of one thread that can be killed."""

from __future__ import annotations

import os
from itertools import count
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import orjson
from distributed import Client

from tests import warm
from tests.training.tiny import until


class LoopbackCluster:
    """The processes of a cluster.

    Args:
        folder: for its files.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / "scheduler.json"
        self._folder = folder
        self._scheduler = warm.start(scheduler, self.file)
        self._workers: dict[str, ForkServerProcess] = {}
        self._names = map(str, count())
        until(self.file.exists, "a scheduler")
        self.address: str = orjson.loads(self.file.read_bytes())["address"]

    def top_up(self, wanted: int) -> None:
        """Starts as many workers as are missing."""
        self._workers = {name: process for name, process in self._workers.items() if process.is_alive()}
        while len(self._workers) < wanted:
            name = next(self._names)
            self._workers[name] = warm.start(worker, self.address, self._folder, name)

    def end_workers(self) -> None:
        """Kills them all, until the scheduler has none."""
        for process in self._workers.values():
            process.kill()
            process.join()
        self._workers = {}
        with Client(self.address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
            self.until_known(client)

    def until_known(self, client: Any) -> None:
        """Until the scheduler has these workers, and no longer any that was killed."""
        until(lambda: {*client.run_on_scheduler(names)} == {*self._workers}, "all workers, and no other")

    def until_one_is_dead(self) -> None:
        """Until any of them is gone."""
        assert wait([process.sentinel for process in self._workers.values()])

    def close(self) -> None:
        for process in (*self._workers.values(), self._scheduler):
            process.kill()
            process.join()


def scheduler(file: Path) -> None:
    quiet()
    from distributed.cli.dask_scheduler import main  # noqa: PLC0415

    main(["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)])


def worker(address: str, folder: Path, name: str) -> None:
    quiet()
    from distributed.cli.dask_worker import main  # noqa: PLC0415

    # Without a nanny, which would start another where one was killed.
    own = ("--host", "127.0.0.1", "--no-nanny", "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder))
    main([address, *own, "--name", name])


def names(dask_scheduler: Any) -> list[str]:
    """Of the workers that the scheduler has."""
    return [str(each.name) for each in dask_scheduler.workers.values()]


def quiet() -> None:
    """What they log goes nowhere: a cluster has logs of its own."""
    for number in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), number)
