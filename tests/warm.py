"""Commands in processes of their own that need not import torch first: forked from a process that has.

What a command does, says, and ends with is what it is where the shell starts it; only the two seconds of importing are
spent once. Tests of the start itself (what is imported, Ctrl-C, how a server starts) start it as the shell does.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, TextIO

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
    *arguments: str,
    folder: Path,
    environment: Mapping[str, str],
    encoding: str = "utf-8",
    streams: Sequence[Path | Connection],
    open_files: int | None = None,
) -> ForkServerProcess:
    """Starts `tapedeck`.

    Args:
        arguments: of the command line.
        folder: to run it in.
        environment: beside the test's own.
        encoding: of its streams.
        streams: the files, or ends of pipes, of its standard input, output and errors.
        open_files: so many at most.
    """
    whole = {**os.environ, **environment}
    said = {"folder": folder, "environment": whole, "encoding": encoding, "open_files": open_files}
    process = _CONTEXT.Process(target=_become, args=arguments, kwargs={**said, "streams": list(streams)})
    process.start()
    return process


def start(function: Callable[..., None], *arguments: object) -> ForkServerProcess:
    """Starts any importable function."""
    process = _CONTEXT.Process(target=function, args=arguments)
    process.start()
    return process


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that has said that it is ready.

    Attributes:
        process: its own.
        url: as it said.
        begun: everything that it printed until then.
        rest: what it prints from then on; whoever has it closes it.
    """

    process: ForkServerProcess
    url: str
    begun: str
    rest: TextIO

    def send(self, number: int) -> None:
        """Sends it a signal."""
        assert self.process.pid is not None
        os.kill(self.process.pid, number)


def start_serving(
    *arguments: str, ready: str, folder: Path, environment: Mapping[str, str], open_files: int | None = None
) -> Serving:
    """Starts a command that serves, until it prints a line that matches, whose only group is the address.

    Raises:
        AssertionError: it ended before; with what it printed.
    """
    reading, writing = _CONTEXT.Pipe(duplex=False)
    process = start_tapedeck(
        *arguments,
        folder=folder,
        environment=environment,
        streams=(Path(os.devnull), writing, writing),
        open_files=open_files,
    )
    writing.close()  # the process has the only end that is left: when it dies, the output ends
    rest = os.fdopen(os.dup(reading.fileno()), encoding="utf-8")
    reading.close()
    begun = ""
    for line in rest:
        begun += line
        if found := re.fullmatch(ready, line):
            return Serving(process, found[1], begun, rest)
    rest.close()
    process.join()
    raise AssertionError(f"The service did not start:\n{begun}")


def _become(
    *arguments: str,
    folder: Path,
    environment: dict[str, str],
    encoding: str,
    streams: list[Path | Connection],
    open_files: int | None,
) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    if open_files is not None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (open_files, open_files))
    for number, (name, place) in enumerate(zip(("stdin", "stdout", "stderr"), streams, strict=True)):
        flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_APPEND
        opened = os.open(place, flags, 0o600) if isinstance(place, Path) else place.fileno()
        os.dup2(opened, number)
        if isinstance(place, Path):
            os.close(opened)
        errors = "backslashreplace" if name == "stderr" else "strict"
        mode: Literal["r", "w"] = "r" if number == 0 else "w"
        # Open as long as the process.
        stream = open(number, mode, buffering=1, encoding=encoding, errors=errors, closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
    sys.argv = ["tapedeck", *arguments]
    from tapedeck.cli import main  # noqa: PLC0415

    main()
