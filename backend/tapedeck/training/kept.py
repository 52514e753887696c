"""The evaluation that is kept beside a machine: `copy-1.evaluation.json` beside `copy-1.safetensors`.

`tapedeck evaluate copy-1 --json copy-1.evaluation.json` writes it.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from tapedeck.checkpoints import CheckpointInfo
from tapedeck.checkpoints.files import naming, read_file
from tapedeck.errors import CheckpointUnreadable

ENDING = ".evaluation.json"

MOST_BYTES = 8 * 1024 * 1024


class _Counted(BaseModel):
    model_config = ConfigDict(extra="allow")

    sha256: str


class _Kept(BaseModel):
    """As much of it as must be true before it is shown."""

    model_config = ConfigDict(extra="allow")

    results: list[_Counted]


def kept_evaluation(machine: Path, info: CheckpointInfo) -> bytes | None:
    """The JSON of the evaluation that is kept beside a machine's file; None where there is none, or another machine's.

    Raises:
        CheckpointUnreadable: what is there is no evaluation, or cannot be read.
    """
    path = machine.with_name(machine.stem + ENDING)
    if not path.exists():
        return None
    with naming(path):
        data = read_file(path, MOST_BYTES)
        try:
            kept = _Kept.model_validate_json(data)
        except ValidationError as error:
            raise CheckpointUnreadable("it is not an evaluation; write one with tapedeck evaluate … --json.") from error
    same = kept.results and all(result.sha256 == info.sha256 for result in kept.results)
    return data if same else None
