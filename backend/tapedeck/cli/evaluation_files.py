"""The files of `tapedeck evaluate --json`, read back; `tapedeck.library.evaluation` says what stands in them."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from tapedeck.checkpoints.files import read_file
from tapedeck.errors import InvalidRequest


class Counted(BaseModel):
    """One result, as far as a card tells of it; see `tapedeck.training.evaluation.Result`."""

    model_config = ConfigDict(extra="allow")

    checkpoint: str
    sha256: str
    pattern: str
    locations: int
    sequences: int
    bits: int
    interval: tuple[float, float]
    exact: int = 0
    wrong_bits: int = 0
    excess: float | None = None
    cost: float = 0
    optimum: float = 0

    def size(self, name: str) -> int:
        """One of the numbers of its size."""
        return int((self.model_extra or {})[name])


class _Plan(BaseModel):
    seed: int
    sizes: dict[str, list[int]] = {"length": []}


class EvaluationFile(BaseModel):
    """A file of `tapedeck evaluate --json`, as far as a card tells of it."""

    versions: dict[str, str]
    plan: _Plan
    results: list[Counted]

    def of(self, checkpoint: str) -> list[Counted]:
        """The results of one machine."""
        return [each for each in self.results if each.checkpoint == checkpoint]


def read(path: Path) -> EvaluationFile:
    """The evaluation in a file.

    Raises:
        InvalidRequest: it holds anything else.
        CheckpointUnreadable: it cannot be read.
    """
    try:
        return EvaluationFile.model_validate_json(read_file(path))
    except ValidationError as error:
        raise InvalidRequest(
            f"{path} is not an evaluation of this version; write one with tapedeck evaluate … --json {path}."
        ) from error
