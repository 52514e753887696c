"""One run of training, from its request to how it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from backend.errors import CheckpointUnwritable, TapedeckError, TrainingError
from backend.training.interruption import Interrupted, StopRequests
from backend.training.metrics import MetricsFile
from backend.training.request import RunRequest
from backend.training.run_files import final_path, metrics_path
from backend.training.trainer import Progress

Report = Callable[[Progress, bool | None], None]
"""Is told where a run stands, and whether it is compiled, which is None until that is known."""


class Ending(StrEnum):
    """How a run ended."""

    FINISHED = "finished"
    """Its machine is there."""
    OVER = "was over already"
    STOPPED = "stopped"
    """Somebody asked for it; it can be gone on with."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request.

    Attributes:
        request: the run that was asked for.
        ending: how it ended.
        progress: where it stands now, as far as that is known.
        error: why it failed, where it did.
    """

    request: RunRequest
    ending: Ending
    progress: Progress | None = None
    error: TapedeckError | None = None

    @property
    def solved(self) -> bool:
        """Whether its machine is there, and makes no error on the lengths of its recipe."""
        progress = self.progress
        return progress is not None and progress.sequences == progress.total and progress.validation_errors == 0

    @property
    def line(self) -> str:
        """A sentence for people."""
        request, progress = self.request, self.progress
        if self.error is not None:
            return f"{request.name}: {self.error.detail}"
        if self.ending is Ending.STOPPED:
            where = f" at {progress.sequences:,} of {progress.total:,} sequences" if progress else " before it began"
            return f"{request.name}: stopped{where}"
        said = f"{request.name}: {self.ending}"
        if progress is not None and progress.solved_at is not None and progress.solved_after is not None:
            said += f", without an error from {progress.solved_at:,} sequences on ({progress.solved_after:.1f} s)"
        if progress is not None and progress.validation_errors:
            said += f", {progress.validation_errors:,} wrong bits in the last validation"
        return f"{said}; {final_path(request.folder, request.name)}"


def carry_out(request: RunRequest, stop: StopRequests, report: Report) -> Outcome:
    """Trains to the end, or until asked to stop; then everything is saved.

    Raises:
        TapedeckError: the run cannot begin or go on.
    """
    if request.is_over:
        request.check()
        return Outcome(request, Ending.OVER, last_progress(request))
    progress = None
    try:
        run = request.open()
        for progress in run:
            report(progress, run.compiled)
            # Compiling takes up to a minute, and whoever asks to stop in it should not have to wait.
            stop.at_once = run.compiled is None and not run.trainer.finished
            if stop.by and not run.trainer.finished:
                run.save()
                return Outcome(request, Ending.STOPPED, progress)
    except Interrupted:
        return Outcome(request, Ending.STOPPED, progress)
    except CheckpointUnwritable as error:
        raise TrainingError(f"{error.detail} Make room or choose another folder; --resume goes on.") from error
    finally:
        stop.at_once = False
    return Outcome(request, Ending.FINISHED, progress)


def last_progress(request: RunRequest) -> Progress | None:
    """Where a run stood at its last line of metrics; None where there is none."""
    lines = MetricsFile(metrics_path(request.folder, request.name)).lines()
    return Progress(**lines[-1]) if lines else None
