"""A real `tapedeck serve` in a process of its own."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from threading import Thread
from typing import NamedTuple, TextIO

from tests.warm import Serving, start_serving

ROOT = Path(__file__).parents[2]
READY = r"Tapedeck is ready at (http://\S+)\n"


class Usage(NamedTuple):
    """What a process has taken: seconds of processor, and the bytes that it holds."""

    processor: float
    memory: int


class Server:
    """The service and the page on a free port of this machine; what it prints is kept.

    Args:
        checkpoints: the folder of its machines.
        settings: of the service, as its environment has them.
    """

    def __init__(self, checkpoints: Path, **settings: str) -> None:
        self._checkpoints, self._settings = checkpoints, settings
        self._serving: Serving | None = None
        self._reader = Thread()
        self._printed: list[str] = []
        self.url = ""

    @property
    def output(self) -> str:
        """Everything that it has printed, over all starts."""
        return "".join(self._printed)

    def start(self, *options: str) -> None:
        """Until it answers: on any free port, and after a kill on the same one again; with options of the command."""
        port = self.url.rpartition(":")[2] or "0"
        self._serving = serving = start_serving(
            *("serve", "--port", port, "--checkpoints", str(self._checkpoints), *options),
            ready=READY,
            folder=ROOT,
            environment={"PYTHONPATH": str(ROOT), "NO_COLOR": "1"} | self._settings,
        )
        self.url = serving.url
        self._printed.append(serving.begun)
        self._reader = Thread(target=self._read, args=(serving.rest,), daemon=True)
        self._reader.start()

    def _read(self, said: TextIO) -> None:
        with said:
            self._printed.extend(said)

    def usage(self) -> Usage:
        """What it has taken so far, as Linux counts it."""
        assert self._serving is not None
        place = Path(f"/proc/{self._serving.process.pid}")
        times = (place / "stat").read_text().rpartition(")")[2].split()
        pages = int((place / "statm").read_text().split()[1])
        seconds = sum(map(int, times[11:13])) / os.sysconf("SC_CLK_TCK")
        return Usage(seconds, pages * os.sysconf("SC_PAGE_SIZE"))

    def kill(self) -> None:
        """SIGKILL: it has no time to say goodbye."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM, as an operator would."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        assert self._serving is not None
        self._serving.send(number)
        self._serving.process.join(timeout=60)
        assert self._serving.process.exitcode is not None, f"The service did not end:\n{self.output}"
        self._reader.join()
