"""The numbers of a run as it goes: JSON lines, one for every stretch of updates."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from backend.checkpoints.files import write_atomically
from backend.errors import CheckpointUnwritable, TrainingError
from backend.training.trainer import Progress


class MetricsFile:
    """Lines of `Progress`. What was written after the point from which a run is resumed is written again."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self, sequences: int) -> None:
        """Keeps only the lines up to so many sequences; 0 empties the file, or makes it.

        Raises:
            CheckpointUnwritable: it cannot be written.
        """
        lines = self.lines() if sequences else []
        kept = [line for line in lines if line["sequences"] <= sequences]
        write_atomically(self.path, b"".join(orjson.dumps(line) + b"\n" for line in kept))

    def record(self, progress: Progress) -> None:
        """Adds a line.

        Raises:
            CheckpointUnwritable: it cannot be written.
        """
        try:
            with self.path.open("ab") as file:
                file.write(orjson.dumps(asdict(progress)) + b"\n")
        except OSError as error:
            raise CheckpointUnwritable(f"{self.path} cannot be written: {error.strerror}.") from error

    def lines(self) -> list[dict[str, Any]]:
        """The whole lines; the last one may have been cut off when the process died.

        Raises:
            TrainingError: the file cannot be read, or holds something else.
        """
        try:
            if not self.path.exists():
                return []
            written = self.path.read_bytes().splitlines(keepends=True)
            return [orjson.loads(line) for line in written if line.endswith(b"\n")]
        except (OSError, orjson.JSONDecodeError) as error:
            raise TrainingError(f"{self.path} is no file of metrics that can be read: {error}.") from error
