"""A cluster on loopback as Dask's own commands start it: a scheduler, and workers of one thread that can be killed."""

from __future__ import annotations

import os
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import orjson

from tests import warm
from tests.training.tiny import until


class LoopbackCluster:
    """The processes of a cluster; nothing runs until `start`.

    Args:
        folder: for its files.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / "scheduler.json"
        self._folder = folder
        self._scheduler = warm.start(scheduler, self.file)
        self._workers: list[ForkServerProcess] = []
        until(self.file.exists, "a scheduler")
        self.address: str = orjson.loads(self.file.read_bytes())["address"]

    def top_up(self, count: int) -> None:
        """Starts as many workers as are missing."""
        self._workers = [each for each in self._workers if each.is_alive()]
        self._workers += [warm.start(worker, self.address, self._folder) for _ in range(count - len(self._workers))]

    def close(self) -> None:
        for process in (*self._workers, self._scheduler):
            process.kill()
            process.join()


def scheduler(file: Path) -> None:
    quiet()
    from distributed.cli.dask_scheduler import main  # noqa: PLC0415

    main(["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)])


def worker(address: str, folder: Path) -> None:
    quiet()
    from distributed.cli.dask_worker import main  # noqa: PLC0415

    # Without a nanny, which would start another where one was killed.
    own = ("--host", "127.0.0.1", "--no-nanny", "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder))
    main([address, *own])


def quiet() -> None:
    """What they log goes nowhere: a cluster has logs of its own."""
    for number in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), number)
