"""How soon things are there that a person waits for: `python -m tests.bench.start [ROUNDS]`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from time import perf_counter

from tapedeck.api.settings import ApiSettings
from tests.bench.engine import Row
from tests.bench.table import printed, row
from tests.browser.server import ROOT

ROUNDS = 5
COMMAND = "from tapedeck.cli import main; main()"


def measure(rounds: int = ROUNDS) -> list[Row]:
    """Processes of their own, as the shell starts them."""
    ways: dict[str, Callable[[], None]] = {
        "import tapedeck": lambda: _python("import tapedeck"),
        "tapedeck --help": lambda: _python(COMMAND, "--help"),
        "tapedeck trace": lambda: _python(COMMAND, "trace", "--checkpoint", "copy-1", "--text", "Hello"),
        "tapedeck serve, until it is ready": _serve,
    }
    found = []
    for name, way in ways.items():
        seconds = []
        for _ in range(rounds):
            began = perf_counter()
            way()
            seconds.append(perf_counter() - began)
        found.append(row(name, seconds, "s"))
    return found


def _python(code: str, *arguments: str) -> None:
    subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def _serve() -> None:
    arguments = ("serve", "--port", "0", "--checkpoints", str(ApiSettings().checkpoints))
    with subprocess.Popen(
        [sys.executable, "-c", COMMAND, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        assert "ready" in next(line for line in server.stdout if "ready" in line)
        server.kill()


if __name__ == "__main__":
    printed({"start": measure(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)})
