"""Where computations go: into processes of this machine, or to a cluster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tapedeck.errors import InvalidConfiguration
from tapedeck.executing.cluster import TIMEOUT, Cluster, cluster
from tapedeck.executing.processes import Processes, cores, processes


@contextmanager
def workers(
    count: int | None = None, address: str | None = None, *, preload: Sequence[str] = (), timeout: float = TIMEOUT
) -> Iterator[Processes | Cluster]:
    """The executor, until the end of the block.

    Args:
        count: how many processes of this machine; one for each core where neither is given.
        address: of a Dask scheduler, instead of them.
        preload: modules that the processes import ahead.
        timeout: seconds within which the cluster must answer.

    Raises:
        InvalidConfiguration: both are given.
        ClusterError: the cluster cannot be used.
        ModuleNotFoundError: Dask is not installed.
    """
    if address is None:
        with processes(count or cores(), preload) as pool:
            yield pool
        return
    if count is not None:
        raise InvalidConfiguration("Give either processes of this machine (--processes) or a --cluster, not both.")
    with cluster(address, timeout=timeout) as executor:
        yield executor
