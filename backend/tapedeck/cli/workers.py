"""Where a command computes: here, in several processes, or on a cluster; the options, and the executor they mean."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

import typer

from tapedeck import executing
from tapedeck.executing import Cluster, Processes
from tapedeck.executing.cluster import TIMEOUT

PANEL = "Where it is computed"

ProcessesOption = Annotated[
    int | None,
    typer.Option(
        min=1, help="How many processes side by side; 1 if left out.", rich_help_panel=PANEL, show_default=False
    ),
]
ClusterOption = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        envvar="TAPEDECK_CLUSTER",
        help="Of a Dask scheduler, such as tcp://scheduler:8786, or its scheduler file: on its workers instead.",
        rich_help_panel=PANEL,
        show_default=False,
    ),
]
TimeoutOption = Annotated[
    float,
    typer.Option("--cluster-timeout", min=0, help="Seconds within which it must have a worker.", rich_help_panel=PANEL),
]

__all__ = ["PANEL", "TIMEOUT", "ClusterOption", "Place", "ProcessesOption", "TimeoutOption"]


@dataclass(frozen=True, slots=True)
class Place:
    """What the options say.

    Attributes:
        processes: how many of this machine, where that was said.
        cluster: the address of a cluster, where that was said.
        timeout: of the cluster, in seconds.
    """

    processes: int | None
    cluster: str | None
    timeout: float = TIMEOUT

    @property
    def options(self) -> str:
        """Those of a command that goes to the same cluster."""
        return "" if self.cluster is None else f" --cluster {shlex.quote(self.cluster)}"

    @contextmanager
    def workers(self, preload: str, count: int | None = None) -> Iterator[Processes | Cluster]:
        """The executor, until the end of the block.

        Args:
            preload: the module that the processes compute with.
            count: how many there are where nothing was said; one for each core if left out.

        Raises:
            InvalidConfiguration: both processes and a cluster were given.
            ClusterError: the cluster cannot be used.
            ModuleNotFoundError: Dask is not installed.
        """
        processes = count if self.processes is None and self.cluster is None else self.processes
        with executing.workers(processes, self.cluster, preload=[preload], timeout=self.timeout) as executor:
            yield executor

    @contextmanager
    def workers_if_any(self, preload: str) -> Iterator[Processes | Cluster | None]:
        """The same, or None where this process alone will do.

        Args:
            preload: as above.

        Raises:
            As above.
        """
        if self.cluster is None and self.processes in (None, 1):
            yield None
            return
        with self.workers(preload) as executor:
            yield executor
