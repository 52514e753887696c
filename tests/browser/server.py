"""A real `tapedeck serve` in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).parents[2]
TAPEDECK = (sys.executable, "-c", "from tapedeck.cli import main; main()")
READY = "ready at "


class Server:
    """The service and the page on a free port of this machine; what it prints is kept.

    Args:
        checkpoints: the folder of its machines.
        settings: of the service, as its environment has them.
    """

    def __init__(self, checkpoints: Path, **settings: str) -> None:
        self._checkpoints, self._settings = checkpoints, settings
        self._process: subprocess.Popen[str] | None = None
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
        self._process = subprocess.Popen(
            [*TAPEDECK, "serve", "--port", port, "--checkpoints", str(self._checkpoints)],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"} | self._settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._printed.append(line)
            if READY in line:
                self.url = line.partition(READY)[2].strip()
                break
        else:
            raise AssertionError(f"The service did not start:\n{self.output}")
        self._reader = Thread(target=self._printed.extend, args=(self._process.stdout,), daemon=True)
        self._reader.start()

    def kill(self) -> None:
        """SIGKILL: it has no time to say goodbye."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM, as an operator would."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        self._process.send_signal(number)
        self._process.wait(timeout=10)
        self._reader.join()
        self._process.stdout.close()
