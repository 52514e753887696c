"""Commands in processes of their own that need not import torch first: forked from a process that has.

What a command does, says, and ends with is what it is where the shell starts it; only the two seconds of importing are
spent once. Tests of the start itself (what is imported, Ctrl-C, how a server starts) start it as the shell does.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from tempfile import TemporaryDirectory

TIMEOUT = 60.0
"""Seconds; for a machine that is busy with other things."""

_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.warm_imports"])


def run_tapedeck(
    *arguments: str, folder: Path, environment: Mapping[str, str], encoding: str = "utf-8", given: str = ""
) -> subprocess.CompletedProcess[str]:
    """Runs `tapedeck` to its end.

    Args:
        arguments: of the command line.
        folder: to run it in.
        environment: beside the test's own.
        encoding: of its streams.
        given: on its standard input.
    """
    with TemporaryDirectory() as streams:
        names = [Path(streams) / name for name in ("stdin", "stdout", "stderr")]
        names[0].write_text(given, encoding=encoding)
        process = start_tapedeck(*arguments, folder=folder, environment=environment, encoding=encoding, streams=names)
        process.join(TIMEOUT)
        if process.is_alive():
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(["tapedeck", *arguments], TIMEOUT)
        # As bytes first: a carriage return of a progress line stays one.
        said = [name.read_bytes().decode(encoding) for name in names[1:]]
        return subprocess.CompletedProcess(["tapedeck", *arguments], process.exitcode or 0, *said)


def start_tapedeck(
    *arguments: str, folder: Path, environment: Mapping[str, str], encoding: str = "utf-8", streams: Sequence[Path]
) -> ForkServerProcess:
    """Starts `tapedeck`.

    Args:
        arguments: of the command line.
        folder: to run it in.
        environment: beside the test's own.
        encoding: of its streams.
        streams: the files, or pipes with names, of its standard input, output and errors.
    """
    process = _CONTEXT.Process(target=_become, args=(arguments, folder, dict(environment), encoding, list(streams)))
    process.start()
    return process


def _become(
    arguments: tuple[str, ...], folder: Path, environment: dict[str, str], encoding: str, streams: list[Path]
) -> None:
    os.chdir(folder)
    os.environ.update(environment)
    for number, (name, path) in enumerate(zip(("stdin", "stdout", "stderr"), streams, strict=True)):
        flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_APPEND
        opened = os.open(path, flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
        errors = "backslashreplace" if name == "stderr" else "strict"
        mode = "r" if number == 0 else "w"
        stream = open(number, mode, encoding=encoding, errors=errors, closefd=False)  # noqa: SIM115 as long as the process
        setattr(sys, name, stream)
    sys.argv = ["tapedeck", *arguments]
    from tapedeck.cli import main  # noqa: PLC0415

    main()
