"""Where a command computes: here, in several processes, or on a cluster; the options, and the executor they mean."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Annotated

import typer

from tapedeck import executing
from tapedeck.executing.cluster import TIMEOUT

PANEL = "Where it is computed"

Processes = Annotated[
    int | None,
    typer.Option(
        min=1, help="How many processes side by side; 1 if left out.", rich_help_panel=PANEL, show_default=False
    ),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        envvar="TAPEDECK_CLUSTER",
        help="Of a Dask scheduler, such as tcp://scheduler:8786, or its scheduler file: on its workers instead.",
        rich_help_panel=PANEL,
        show_default=False,
    ),
]
ClusterTimeout = Annotated[
    float, typer.Option(min=0, help="Seconds within which it must have a worker.", rich_help_panel=PANEL)
]

__all__ = ["TIMEOUT", "Cluster", "ClusterTimeout", "Processes", "workers"]


@contextmanager
def workers(
    processes: int | None, cluster: str | None, timeout: float, *, preload: str = ""
) -> Iterator[Executor | None]:
    """The executor that the options mean, until the end of the block; None for this process alone.

    Args:
        processes: how many, as given.
        cluster: its address, as given.
        timeout: in seconds.
        preload: the module that they compute with.

    Raises:
        InvalidConfiguration: both are given.
        ClusterError: the cluster cannot be used.
        ModuleNotFoundError: Dask is not installed.
    """
    if cluster is None and processes in (None, 1):
        yield None
        return
    with executing.workers(processes, cluster, preload=[preload] if preload else (), timeout=timeout) as executor:
        yield executor
