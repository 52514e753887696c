"""The numbers of a run as TensorBoard's event files."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from tapedeck.errors import CheckpointUnwritable, TrainingError
from tapedeck.training.trainer import Progress

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter


class EventFiles:
    """A recorder of a run. What stands after the point from which a run resumes is hidden by TensorBoard itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writer: SummaryWriter | None = None

    @staticmethod
    def check() -> None:
        """Checks that the library is installed.

        Raises:
            TrainingError: it is not.
        """
        if find_spec("tensorboard") is None:
            raise TrainingError(
                "TensorBoard is not installed; install it (pip install tensorboard), or train without --tensorboard."
            )

    def begin(self, sequences: int) -> None:
        """Opens a new file beside those that are there.

        Raises:
            CheckpointUnwritable: it cannot be written.
        """
        from torch.utils.tensorboard import SummaryWriter  # noqa: PLC0415 (takes seconds, and may be missing)

        # The line at so many sequences stays, but at the start, where it will come again.
        purge_step = sequences + 1 if sequences else 0
        try:
            self._writer = SummaryWriter(str(self._folder), purge_step=purge_step)
        except OSError as error:
            raise CheckpointUnwritable(f"{self._folder} cannot be written: {error.strerror}.") from error

    def record(self, progress: Progress) -> None:
        """Adds every number of a line."""
        if self._writer is None:
            return
        numbers = {
            "loss": progress.loss,
            "bit error rate": progress.bit_error_rate,
            "validation errors": progress.validation_errors,
            "validation excess": progress.validation_excess,
            "skipped updates": progress.skipped,
        }
        for name, value in numbers.items():
            if value is not None:
                self._writer.add_scalar(name, value, progress.sequences)
        self._writer.flush()
