"""A real `tapedeck serve` in a process of its own."""

from __future__ import annotations

import os
import signal
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TextIO

from tests.warm import start_tapedeck

ROOT = Path(__file__).parents[2]
READY = "ready at "


class Server:
    """The service and the page on a free port of this machine; what it prints is kept.

    Args:
        checkpoints: the folder of its machines.
        settings: of the service, as its environment has them.
    """

    def __init__(self, checkpoints: Path, **settings: str) -> None:
        self._checkpoints, self._settings = checkpoints, settings
        self._process: ForkServerProcess | None = None
        self._reader = Thread()
        self._printed: list[str] = []
        self.url = ""

    @property
    def output(self) -> str:
        """Everything that it has printed, over all starts."""
        return "".join(self._printed)

    def start(self) -> None:
        """Until it answers: on any free port, and after a kill on the same one again."""
        port = self.url.rpartition(":")[2] or "0"
        with TemporaryDirectory() as folder:
            pipe = Path(folder) / "output"
            os.mkfifo(pipe)
            self._process = start_tapedeck(
                *("serve", "--port", port, "--checkpoints", str(self._checkpoints)),
                folder=ROOT,
                environment={"PYTHONPATH": str(ROOT), "NO_COLOR": "1"} | self._settings,
                streams=(Path(os.devnull), pipe, pipe),
            )
            said = pipe.open(encoding="utf-8")
            for line in said:
                self._printed.append(line)
                if READY in line:
                    self.url = line.partition(READY)[2].strip()
                    break
            else:
                said.close()
                raise AssertionError(f"The service did not start:\n{self.output}")
        self._reader = Thread(target=self._read, args=(said,), daemon=True)
        self._reader.start()

    def _read(self, said: TextIO) -> None:
        with said:
            self._printed.extend(said)

    def kill(self) -> None:
        """SIGKILL: it has no time to say goodbye."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM, as an operator would."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        assert self._process is not None
        assert self._process.pid is not None
        os.kill(self._process.pid, number)
        self._process.join(timeout=10)
        assert self._process.exitcode is not None, f"The service did not end:\n{self.output}"
        self._reader.join()
