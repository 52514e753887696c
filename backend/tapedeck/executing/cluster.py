"""A cluster that a Dask scheduler runs, as an executor; nothing of it is ever started or shut down here."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from tapedeck.dependencies import needed
from tapedeck.errors import ClusterError, quoted

if TYPE_CHECKING:
    from distributed import Client

TIMEOUT = 30.0
"""Seconds within which the scheduler must answer and have a worker."""

ALIKE = ("tapedeck", "torch", "numpy")
"""Packages whose versions must be the same everywhere: the same work then comes to the same, to the last bit."""


class Cluster(Executor):
    """The workers that a client of Dask knows, as `Client.get_executor` gives them; shut down, it lets the client be.

    Args:
        client: of `distributed`.
        timeout: seconds for which it may be without any worker.
    """

    def __init__(self, client: Client, timeout: float = TIMEOUT) -> None:
        self._client, self._timeout = client, timeout
        self._seen = time.monotonic()
        # Not pure: what was computed before for the same arguments is not taken for it.
        self._executor: Executor = client.get_executor(pure=False)  # type: ignore[no-untyped-call]

    @property
    def workers(self) -> int:
        """How many computations run side by side now: threads of all workers. A cluster may grow and shrink.

        Raises:
            ClusterError: there has been none for too long.
        """
        count = sum(self.threads().values())
        now = time.monotonic()
        if count:
            self._seen = now
        elif now - self._seen > self._timeout:
            raise ClusterError(
                f"The cluster has lost its last worker, and has had no other for {self._timeout:g} s; see the workers' "
                "logs for what ended them, start some, and begin again."
            )
        return count

    def threads(self) -> dict[str, int]:
        """How many each worker has, by its address."""
        found: dict[str, int] = self._client.nthreads()  # type: ignore[no-untyped-call]
        return found

    @property
    def client(self) -> Client:
        """That of `distributed`."""
        return self._client

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As any executor's. Keywords of `distributed.Client.submit` are its own, so give none."""
        return self._executor.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        """As any executor's."""
        self._executor.shutdown(wait and not cancel_futures)


@contextmanager
def cluster(address: str, *, timeout: float = TIMEOUT) -> Iterator[Cluster]:
    """The workers of a scheduler, probed first, until the end of the block. They and it run on.

    Args:
        address: such as tcp://scheduler:8786, or the file that `dask scheduler --scheduler-file` writes.
        timeout: seconds within which it must answer and have a worker.

    Raises:
        ClusterError: nobody answers there, there is no worker, or one has other versions.
        ModuleNotFoundError: Dask is not installed (`pip install 'tapedeck[cluster]'`).
    """
    distributed: Any = needed("distributed")
    scheduler = _scheduler(address)
    try:
        with ThreadPoolExecutor(1) as thread:  # this one may have a loop already, as a notebook's has
            # Before there is a client, because one that never was connected cannot be closed.
            thread.submit(asyncio.run, _call(scheduler, timeout)).result()
        client = distributed.Client(scheduler, timeout=timeout, set_as_default=False)
    except ValueError as error:
        raise ClusterError(
            f"--cluster must be the address of a Dask scheduler such as tcp://scheduler:8786, got {quoted(address)}."
        ) from error
    except OSError as error:
        raise ClusterError(
            f"No Dask scheduler answers at {address} within {timeout:g} s; see that it runs (dask scheduler), that the "
            "address is the one that it says, and that this machine may reach it."
        ) from error
    with client:
        probe(client, address, timeout)
        yield Cluster(client, timeout)


def on_every_worker(client: Client, function: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
    """What a function says on each worker, by its address.

    Raises:
        ClusterError: it fails on one.
    """
    said: dict[str, Any] = client.run(function, *arguments, on_error="return")
    for worker, each in said.items():
        if isinstance(each, BaseException):
            raise ClusterError(f"The worker {worker} cannot do what is asked of it: {each}.") from each
    return said


def _scheduler(address: str) -> str:
    """The address itself, or that in the scheduler's file."""
    if not address.endswith(".json"):
        return address
    try:
        found: str = orjson.loads(Path(address).read_bytes())["address"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ClusterError(
            f"{address} is not the file of a Dask scheduler; dask scheduler --scheduler-file {address} writes it."
        ) from error
    return found


async def _call(scheduler: str, timeout: float) -> None:
    """Whether anybody answers there; raises what connecting does."""
    distributed: Any = needed("distributed")
    security = distributed.Security().get_connection_args("client")
    comm = await distributed.core.connect(scheduler, timeout=timeout, **security)
    await comm.close()


def probe(client: Client, address: str, timeout: float) -> None:
    """Checks that there are workers, and that each can compute what is sent to it, to the same bits.

    Args:
        client: of the scheduler.
        address: of it, as it was given.
        timeout: seconds within which it must have a worker, and all of them must answer.

    Raises:
        ClusterError: there is no worker, or one does not answer or has other versions.
    """
    try:
        client.wait_for_workers(1, timeout)
    except TimeoutError as error:
        raise ClusterError(
            f"The scheduler at {address} has no worker within {timeout:g} s; start some (dask worker {address}), or "
            "wait longer for the queue (--cluster-timeout)."
        ) from error
    distributed: Any = needed("distributed.versions")
    here = _versions(distributed.get_versions(ALIKE))
    question = {"op": "versions", "packages": ALIKE}
    asking: Any = client
    try:
        # One that ends meanwhile is ignored.
        answers = asking.sync(asking.scheduler.broadcast, msg=question, on_error="ignore", callback_timeout=timeout)
    except TimeoutError as error:
        raise ClusterError(
            f"A worker of {address} does not answer within {timeout:g} s; see its log, end it, or wait longer "
            "(--cluster-timeout)."
        ) from error
    for worker, answer in answers.items():
        there = _versions(answer)
        for name, version in here.items():
            if there[name] != version:
                has = f"has {name} {there[name]}" if there[name] else f"does not have {name}"
                raise ClusterError(
                    f"The worker {worker} {has} and this machine {version}; install the same on both, so that they "
                    "compute the same."
                )


def _versions(found: Mapping[str, Any]) -> dict[str, str | None]:
    """Of Python without its patch level, which changes no result."""
    packages: Mapping[str, str | None] = found["packages"]
    python = ".".join((packages["python"] or "").split(".")[:2])
    return {"Python": python, **{name: packages.get(name) for name in ALIKE}}
