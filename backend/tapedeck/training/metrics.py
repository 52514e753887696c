"""The numbers of a run as it trains: JSON lines, one for every stretch of updates."""

from __future__ import annotations

import math
from dataclasses import asdict, astuple, dataclass
from pathlib import Path

import orjson
from pydantic import TypeAdapter, ValidationError

from tapedeck.checkpoints.files import write_atomically
from tapedeck.errors import CheckpointUnwritable, TrainingError
from tapedeck.training.trainer import Progress

LINE = TypeAdapter(Progress)
"""What a line holds. Fields that this version does not know are passed over: a later one may write more."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """What is in a file of metrics.

    Attributes:
        lines: those that can be read.
        problem: what is wrong with the others; None where nothing is.
    """

    lines: list[Progress]
    problem: str | None = None


class MetricsFile:
    """Lines of `Progress`. What was written after the point from which a run is resumed is written again."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self, sequences: int) -> None:
        """Keeps the lines up to the first of more sequences than that, as they are; 0 empties the file, or makes it.

        Raises:
            CheckpointUnwritable: it cannot be written.
            TrainingError: what is there cannot be read.
        """
        kept = []
        for line in self._written() if sequences else []:
            progress = _parsed(line)
            if isinstance(progress, Progress) and progress.sequences > sequences:
                break
            kept.append(line)
        write_atomically(self.path, b"".join(kept))

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

    def read(self) -> Metrics:
        """Every line that can be read, and what is wrong with the others.

        Raises:
            TrainingError: the file itself cannot be read.
        """
        lines: list[Progress] = []
        problems: list[str] = []
        for number, line in enumerate(self._written(), start=1):
            parsed = _parsed(line)
            if isinstance(parsed, Progress):
                lines.append(parsed)
            else:
                problems.append(f"line {number} {parsed}")
        if not problems:
            return Metrics(lines)
        more = f", and {len(problems) - 1:,} more cannot be read either" if len(problems) > 1 else ""
        return Metrics(lines, f"{self.path.name}: {problems[0]}{more}. The other lines are shown.")

    def _written(self) -> list[bytes]:
        """The whole lines; the last one may have been cut off when the process died."""
        try:
            written = self.path.read_bytes() if self.path.exists() else b""
        except OSError as error:
            raise TrainingError(f"{self.path.name} cannot be read: {error.strerror}.") from error
        return [line for line in written.splitlines(keepends=True) if line.endswith(b"\n")]


def _parsed(line: bytes) -> Progress | str:
    """A line, or what is wrong with it."""
    try:
        progress = LINE.validate_json(line)
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(map(str, problem["loc"]))
        return f"is not a line of metrics ({f'{where}: ' if where else ''}{problem['msg']})"
    if not all(math.isfinite(number) for number in astuple(progress) if number is not None):
        return "is not a line of metrics (a number in it is not finite)"
    return progress
