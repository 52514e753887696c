"""Carrying out a request for a run, and how that ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from tapedeck.errors import TapedeckError
from tapedeck.training.interruption import Interrupted
from tapedeck.training.metrics import MetricsFile
from tapedeck.training.request import TrainingRequest
from tapedeck.training.run import TrainingRun
from tapedeck.training.run_files import metrics_path
from tapedeck.training.trainer import Progress

Report = Callable[[Progress, bool | None], None]
"""Is told where a run stands, and whether its steps are compiled, which is None until that is known."""


class Ending(StrEnum):
    """How a run ended."""

    FINISHED = "finished"
    """Its machine is there."""
    OVER = "already over"
    STOPPED = "stopped"
    """On request. It can be resumed, unless it was stopped for good."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why something failed: the parts of a `TapedeckError`."""

    code: str
    detail: str
    field: str | None = None

    @classmethod
    def of(cls, error: TapedeckError) -> Fault:
        """The parts of an error."""
        return cls(error.code, error.detail, error.field)


class Stop(Protocol):
    """Whether a run is to stop: asked by a signal (`interruption`) or by another process (`worker`)."""

    at_once: bool
    """Whether the process may end where it stands, because nothing is unsaved: while it compiles."""

    @property
    def asked(self) -> bool:
        """Whether it is to stop …"""

    @property
    def drop(self) -> bool:
        """… for good, so that nothing needs saving."""


def carry_out(request: TrainingRequest, stop: Stop, report: Report) -> Ending:
    """Trains to the end, or until asked to stop, and then saves everything.

    Raises:
        TapedeckError: the run cannot begin or continue.
    """
    if request.is_over:
        request.check()
        return Ending.OVER
    run: TrainingRun | None = None
    try:
        run = request.open()
        for progress in run:
            stop.at_once = False
            report(progress, run.compiled)
            if stop.asked and (stop.drop or not run.trainer.finished):
                if not stop.drop and run.compiled is not None:  # before that there is nothing new to save
                    run.save()
                return Ending.STOPPED
            # Compiling takes up to a minute, and a stop should not have to wait for it.
            stop.at_once = run.compiled is None and not run.trainer.finished
    except Interrupted:
        return Ending.STOPPED
    finally:
        stop.at_once = False
        if run is not None:
            run.close()
    return Ending.FINISHED


def last_progress(request: TrainingRequest) -> Progress | None:
    """Where a run stood at its last line of metrics; None where there is none."""
    lines = MetricsFile(metrics_path(request.folder, request.name)).read().lines
    return lines[-1] if lines else None
