"""What the tests compute elsewhere: functions of one specification that any process can import."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from multiprocessing import parent_process
from multiprocessing.connection import wait
from pathlib import Path
from threading import Event
from typing import NoReturn

from tapedeck.errors import InvalidRequest, NonFinite
from tapedeck.executing import on_leaving
from tapedeck.training.run import TrainingRun


@dataclass(frozen=True, slots=True)
class Held:
    """A number to square, of which the first attempt is held until its process is killed.

    Attributes:
        begun: the file that the first attempt writes its process into; None where nothing is held.
    """

    number: int
    begun: Path | None = None


def square(held: Held) -> int:
    if held.begun is not None and not held.begun.exists():
        hold(held.begun)
    return held.number**2


def hold(begun: Path) -> NoReturn:
    """Does no more. It ends with the process that started it, as all others do."""
    write(begun)
    parent = parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


def write(begun: Path) -> None:
    """Says which process this is."""
    unfinished = begun.with_suffix(".tmp")
    unfinished.write_text(str(os.getpid()))
    unfinished.replace(begun)


def odd_alone(number: int) -> int:
    if number == 4:
        raise NonFinite(number)
    if number % 2 == 0:
        raise InvalidRequest(f"{number} is even", field="number")
    return number


def at_fault(number: int) -> int:
    raise ZeroDivisionError(number)


def deadly(_: int) -> NoReturn:
    os._exit(9)


def die_at_the_second_save(died: Path) -> None:
    """From now on the first run that this process saves for the second time ends it, in the middle of its work.

    Args:
        died: the file that says that some process has done so, the only one.
    """
    whole, saves = TrainingRun.save, count(1)

    def save(run: TrainingRun) -> None:
        whole(run)
        if next(saves) == 2 and not run.trainer.finished:
            with suppress(FileExistsError):
                died.touch(exist_ok=False)
                os.kill(os.getpid(), signal.SIGKILL)

    TrainingRun.save = save  # type: ignore[assignment, method-assign] # of this process, which is to be killed


def saving(folder: Path) -> None:
    """Goes on until it is asked to end, and then saves."""
    asked = Event()
    with on_leaving(asked.set):
        write(folder / "begun")
        asked.wait()
        (folder / "saved").touch()
