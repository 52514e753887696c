"""Brings docker-compose.yml up, runs a sequence through its gateway, and takes it down: `make compose-test`.

COMPOSE names the command to use, "docker compose" when it is not set. PORT is the gateway's.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.compose import gateway

ROOT = Path(__file__).parents[2]
WITHOUT_ENGINE = ROOT.parent / "shared" / "tools" / "compose-here.sh"
"""Runs compose on a machine that has no engine, where it is there."""

LISTS_MACHINES = """
import asyncio
from tapedeck_page.client import ServiceClient
from tapedeck_page.settings import PageSettings
assert asyncio.run(ServiceClient(PageSettings().service_url, 5).checkpoints())
"""

INSIDE = {
    "the page's image is without torch": (
        "frontend",
        "from importlib.util import find_spec; assert not find_spec('torch')",
    ),
    "the page reaches the service": ("frontend", LISTS_MACHINES),
    "the page does not run as root": ("frontend", "import os; assert os.getuid()"),
    "the service does not run as root": ("backend", "import os; assert os.getuid()"),
    "the service has room for what it trains": (
        "backend",
        "from tempfile import TemporaryFile; TemporaryFile(dir='runs')",
    ),
}
"""What must hold inside a container: which, and Python that fails where it does not."""


def main() -> int:
    compose = _compose()
    if compose is None:
        _say("There is no container engine that answers; start one, or name a command: make compose-test COMPOSE=…")
        return 1
    passed = False
    try:
        _run([*compose, "up", "--build", "--detach", "--wait", "--wait-timeout", "180"])
        for name, check in gateway.checks(int(os.environ.get("PORT", "8050"))):
            check()
            _say(f"ok  {name}")
        for name, (service, code) in INSIDE.items():
            _run([*compose, "exec", "-T", service, "python", "-c", code])
            _say(f"ok  {name}")
        passed = True
    finally:
        if not passed:
            subprocess.run([*compose, "logs", "--tail", "40"], cwd=ROOT, check=False)
        _run([*compose, "down", "--volumes", "--remove-orphans"])
    return 0


def _compose() -> Sequence[str] | None:
    """The command, for a project of its own: taking it down must not touch what is up for use."""
    command = _engine()
    return command and [*command, "--project-name", "tapedeck-test"]


def _engine() -> Sequence[str] | None:
    if command := os.environ.get("COMPOSE"):
        return shlex.split(command)
    if (
        shutil.which("docker")
        and subprocess.run(["docker", "version"], capture_output=True, check=False).returncode == 0
    ):
        return ["docker", "compose"]
    return ["bash", str(WITHOUT_ENGINE), "compose"] if WITHOUT_ENGINE.exists() else None


def _run(command: Sequence[str]) -> None:
    _say(f"$ {shlex.join(command)}")
    subprocess.run(command, cwd=ROOT, check=True)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
