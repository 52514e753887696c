"""Getting the kernels ready: compiled once, kept on disk where that may be, and never in the way of a run.

`KERNELS` is this process's; Numba keeps what it compiled in the module, so there is one of it.
"""

from __future__ import annotations

import hashlib
import logging
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import cache as cache_result
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread, get_native_id, main_thread
from typing import Any

import numpy as np
from filelock import FileLock

from tapedeck.compiled import cache, settings
from tapedeck.compiled.flat import NO_PLAN, FlatMachine, FlatPlan, FlatState, Floats, smallest
from tapedeck.compiled.settings import EngineChoice

logger = logging.getLogger(__name__)

WORTH_LOADING, WORTH_COMPILING = 2_000, 20_000
"""Steps that torch has taken in this process: some 0.4 s and 4 s, after which more are likely to come."""

PATIENCE = 10
"""Tenths of a second after which the thread ends that has nothing more to do."""

NICE = 10
"""What is made in the background gives way to runs."""

SOURCE = Path(__file__).with_name("kernels.py")


@cache_result
def _installed() -> bool:
    return find_spec("numba") is not None


class Kernels:
    """The kernels of this process: not asked for yet, ready, or out of reach for a reason."""

    def __init__(self) -> None:
        self._lock, self._thread_lock = Lock(), Lock()
        self._advance: Any = None
        self._problem: str | None = None
        self._waiting: SimpleQueue[Callable[[], object]] = SimpleQueue()
        self._thread: Thread | None = None
        self._steps = 0
        self._begun = False

    @property
    def problem(self) -> str | None:
        """Why there will be none; None where there may be, or are."""
        if settings.read().engine == EngineChoice.TORCH:
            return f"{settings.ENGINE} is {EngineChoice.TORCH}"
        return self._problem if _installed() else "Numba is not installed: pip install 'tapedeck[compiled]'"

    @property
    def ready(self) -> bool:
        """Whether they can be called at once."""
        return self._advance is not None and self.problem is None

    @property
    def advance(self) -> Any:
        """`tapedeck.compiled.kernels.advance`, compiled; only where they are ready."""
        return self._advance

    @property
    def about(self) -> dict[str, str]:
        """What they were made with, and for which processor; where they are ready."""
        return {**_made_with()}

    def kept(self) -> bool:
        """Whether what is on disk is compiled already, so that it takes a moment to load."""
        place = cache.folder()
        return place is not None and self.problem is None and (place / _stamp()).exists()

    def begin(self) -> None:
        """Makes them ready in the background, whatever that takes."""
        if not self._begun and self.problem is None:
            self._begun = True
            self.in_background(self._load_apart)

    def worth(self, steps: int) -> bool:
        """Whether they are ready or being made so; they are begun once torch has taken so many steps that it pays."""
        if not self._begun and not self.ready:
            self._steps += steps
            if self._steps >= WORTH_COMPILING or (self._steps >= WORTH_LOADING and self.kept()):
                self.begin()
        return self._begun or self.ready

    def load(self) -> bool:
        """Makes them ready, which takes a fraction of a second, or where they are not kept some seconds.

        Returns:
            Whether they are; where not, `problem` says why.
        """
        with self._lock:
            if self._advance is None and self.problem is None:
                try:
                    self._advance = _compiled()
                except Exception as error:  # whatever a compiler may not like: torch serves, and says so
                    logger.exception("The compiled engine is not to be had; torch serves.")
                    self._problem = f"it could not be compiled ({type(error).__name__})"
        return self.ready

    def in_background(self, work: Callable[[], object]) -> None:
        """Does some short work after what waits already. A process that ends waits for the piece that is under way.

        Python would end a daemon thread where it is, and inside torch that takes the whole process down.
        """
        self._waiting.put(work)
        with self._thread_lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._work, name="comparing")
                self._thread.start()

    def _load_apart(self) -> None:
        """Makes them ready; what takes seconds, compiling, in a process of its own that ends with this one.

        Python can end no thread that compiles: a process that ended meanwhile would have to wait, or be aborted. Only
        where nothing can be kept on disk there is no other way.
        """
        if not self.kept() and cache.folder() is not None and not _compiled_elsewhere():
            return
        self.load()

    def _work(self) -> None:
        _give_way()
        idle = 0
        while main_thread().is_alive():
            try:
                work = self._waiting.get(timeout=0.1)
            except Empty:
                idle += 1
                with self._thread_lock:
                    if idle > PATIENCE and self._waiting.empty():
                        self._thread = None
                        return
                continue
            idle = 0
            try:
                work()
            except Exception:  # the edge of the thread
                logger.exception("Something for the compiled engine went wrong.")


def _compiled_elsewhere() -> bool:
    """Has another process compile and keep them; whether this one is still there to use them."""
    quiet = subprocess.DEVNULL
    command = [sys.executable, "-c", f"from {__name__} import KERNELS; KERNELS.load()"]
    with subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet) as process:  # noqa: S603 (our own)
        while process.poll() is None:
            if not main_thread().is_alive():
                process.kill()
                return False
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
    return True


def _give_way() -> None:
    if sys.platform == "linux":  # elsewhere it would be the whole process
        os.setpriority(os.PRIO_PROCESS, get_native_id(), NICE)


KERNELS = Kernels()


def _compiled() -> Any:
    place = cache.folder()
    # Whoever else starts now waits, and then loads what this one kept.
    with nullcontext() if place is None else FileLock(place / ".lock"):
        with _caching_in(place):
            advance = import_module("tapedeck.compiled.kernels").advance
        flat, state = smallest()
        inputs, rows, raw = (np.zeros((1, size), np.float32) for size in (flat.inputs, flat.computed, flat.outputs))
        call(advance, flat, state, inputs, rows, 0, raw)
        if place is not None:
            (place / _stamp()).touch()
    return advance


def call(  # noqa: PLR0917 (as the kernel has them)
    advance: Any,
    flat: FlatMachine,
    state: FlatState,
    inputs: Floats,
    rows: Floats,
    first: int,
    raw: Floats,
    begin: int = 0,
    plan: FlatPlan = NO_PLAN,
) -> int:
    """Takes the steps of `inputs`, from step `begin` of the run; every array lies in one piece."""
    finite: int = advance(
        inputs,
        rows,
        rows.view(np.int32),
        first,
        raw,
        raw.view(np.int32),
        *state.before,
        *flat.arguments,
        *state.after,
        begin,
        *plan,
    )
    return finite


@contextmanager
def _caching_in(place: Path | None) -> Iterator[None]:
    """Numba decides where it keeps a function when it is decorated; other programs' functions are none of ours."""
    config = import_module("numba").config
    before = config.CACHE_DIR
    if place is not None:
        config.CACHE_DIR = str(place)
    try:
        yield
    finally:
        config.CACHE_DIR = before


@cache_result
def _made_with() -> dict[str, str]:
    config = import_module("numba").config
    cpu = config.CPU_NAME or import_module("llvmlite.binding").get_host_cpu_name()
    return {"version": f"numba {version('numba')}", "cpu": str(cpu)}


def _stamp() -> str:
    """The name of a file that says that these kernels are kept, for this Python, Numba, processor and place."""
    made_for = os.environ.get("NUMBA_CPU_NAME", ""), platform.processor(), platform.machine()
    said = (SOURCE.read_bytes(), str(SOURCE), version("numba"), platform.python_version(), made_for)
    return f"kernels-{hashlib.sha256(repr(said).encode()).hexdigest()[:16]}"
