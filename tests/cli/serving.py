"""`tapedeck serve` in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.cli.conftest import ROOT
from tests.training.tiny import WAIT
from tests.warm import Serving, start_serving

READY = r"Tapedeck is ready at (http://\S+)\n"


@dataclass(frozen=True)
class Server:
    """A server that has said that it is ready."""

    url: str
    serving: Serving

    def stop(self, signal: int) -> tuple[int | None, str]:
        """Its exit code, None where it has not ended in time, and everything that it still had to say."""
        self.serving.send(signal)
        self.serving.process.join(WAIT)
        code = self.serving.process.exitcode
        return code, "" if code is None else self.serving.rest.read()


@contextmanager
def served(
    *arguments: str | Path, open_files: int | None = None, command: str = "serve", ready: str = READY
) -> Iterator[Server]:
    """`tapedeck serve` on a free port, until the end of the block; with so many files open at most.

    Args:
        command: another one that serves …
        ready: … and the line that it says when it does, before any other, with the address as its only group.
    """
    given = (command, "--port", "0", *map(str, arguments))
    serving = start_serving(
        *given, ready=ready, folder=Path.cwd(), environment={"PYTHONPATH": str(ROOT)}, open_files=open_files
    )
    with serving.rest:
        try:
            assert len(serving.begun.splitlines()) == 1, serving.begun
            yield Server(serving.url, serving)
        finally:
            serving.process.kill()
            serving.process.join()
