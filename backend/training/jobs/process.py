"""A process that trains, seen from the service."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread

import backend
from backend.training.jobs.job import Fault, JobState
from backend.training.jobs.messages import Advance, Command, End, Message, Order

ROOT = Path(backend.__file__).parents[1]

TOLD = {Command.PAUSE: JobState.PAUSED, Command.STOP: JobState.STOPPED}


class WorkerProcess:
    """Trains from when it is made. What it says, and its end, is handed on by a thread of its own.

    Args:
        order: what to train.
        advanced: called whenever it has come further.
        ended: called once, when it is gone.

    Raises:
        OSError: the system has no room for one more process.
    """

    def __init__(self, order: Order, advanced: Callable[[Advance], None], ended: Callable[[End], None]) -> None:
        self._advanced, self._ended = advanced, ended
        self._told: Command | None = None
        self._process = subprocess.Popen(  # noqa: S603 - this very Python, and a module of this project
            [sys.executable, "-m", "backend.training.jobs.worker", order.model_dump_json()],
            env=os.environ | {"PYTHONPATH": _path(), "OMP_NUM_THREADS": "1", "TORCHINDUCTOR_COMPILE_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C in the service's terminal is for the service
        )
        self._reader = Thread(target=self._read, name=f"training {order.run}", daemon=True)
        self._reader.start()

    def tell(self, command: Command) -> None:
        """A command. A process that is just ending does not hear it any more."""
        self._told = command
        assert self._process.stdin is not None  # noqa: S101 - a pipe
        with suppress(BrokenPipeError, ValueError):  # ValueError: it is gone, and the pipe closed
            self._process.stdin.write(f"{command}\n".encode())
            self._process.stdin.flush()

    def leave(self) -> None:
        """Lets go of it: it saves and ends, as when the service is killed."""
        self._told = Command.PAUSE
        self._hang_up()

    def wait(self, seconds: float) -> bool:
        """Whether it is gone, and that handed on, within so many seconds."""
        self._reader.join(seconds)
        return not self._reader.is_alive()

    def kill(self) -> None:
        """Ends it where it stands, and waits until that is handed on."""
        self._process.kill()
        self._reader.join()

    def _read(self) -> None:
        assert self._process.stdout is not None  # noqa: S101
        end = None
        with self._process.stdout as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    break  # cut off when the process was killed
                message = Message.model_validate_json(line).root
                if isinstance(message, Advance):
                    self._advanced(message)
                else:
                    end = message
        code = self._process.wait()
        self._hang_up()
        self._ended(end or self._silent_end(code))

    def _hang_up(self) -> None:
        assert self._process.stdin is not None  # noqa: S101
        with suppress(BrokenPipeError):
            self._process.stdin.close()

    def _silent_end(self, code: int) -> End:
        """What came to pass with a process that did not say it."""
        if self._told is not None:
            return End(state=TOLD[self._told])
        how = f"was killed ({signal.Signals(-code).name})" if code < 0 else f"broke off (exit code {code})"
        log = "" if code < 0 else ", and why is in the service's log"
        fault = Fault(
            "training_error", f"The process that trained {how}{log}. Resume goes on from its last saved state."
        )
        return End(state=JobState.FAILED, error=fault)


def _path() -> str:
    """Where the process finds this project, as this one did."""
    return os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
