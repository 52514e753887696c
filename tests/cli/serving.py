"""`tapedeck serve` in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.cli.conftest import ROOT
from tests.training.tiny import WAIT

READY = r"Tapedeck is ready at (http://\S+)\n"


@dataclass(frozen=True)
class Server:
    """A server that has said that it is ready."""

    url: str
    process: subprocess.Popen[str]

    def stop(self, signal: int) -> tuple[int, str]:
        """Its exit code, and everything that it still had to say."""
        self.process.send_signal(signal)
        said, _ = self.process.communicate(timeout=WAIT)
        return self.process.returncode, said


@contextmanager
def served(
    *arguments: str | Path, open_files: int | None = None, command: str = "serve", ready: str = READY
) -> Iterator[Server]:
    """`tapedeck serve` on a free port, until the end of the block; with so many files open at most.

    Args:
        command: another one that serves …
        ready: … and the line that it says when it does, with the address as its only group.
    """
    program = [sys.executable, "-c", "from tapedeck.cli import main; main()", command, "--port", "0"]
    limited = [] if open_files is None else ["sh", "-c", f'ulimit -n {open_files} && exec "$@"', "sh"]
    with subprocess.Popen(
        [*limited, *program, *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            said = re.fullmatch(ready, line)
            assert said, line + process.stdout.read()
            yield Server(said[1], process)
        finally:
            process.kill()
