"""What `tapedeck evaluate` leaves behind: counts, and all that is needed to count them again.

As JSON, for `tapedeck card` and for other programs:

    {
      "command": "tapedeck evaluate copy-1 …",
      "versions": {"tapedeck": …, "python": …, "numpy": …, "torch": …},
      "plan": {"lengths": [...], "sizes": {"length": [...]}, "patterns": [...], "sequences": 100, "locations": null,
               "seed": 1},
      "machines": [{"label": …, "checkpoint": …, "sha256": …, "recipe": …}],
      "results": [{"label": …, "checkpoint": …, "sha256": …, **Result}]
    }

Each number of a result's size stands under its name: `length`, `items` … Only a plan of lengths has `lengths`.

As CSV, a row for each result, which repeats what the rows share: a table has no other place for it.
"""

from __future__ import annotations

import csv
import io
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import torch
from pydantic import BaseModel, ConfigDict, ValidationError

from tapedeck import __version__
from tapedeck.checkpoints import Checkpoint
from tapedeck.checkpoints.files import read_file
from tapedeck.errors import InvalidRequest
from tapedeck.training.evaluation import AnyResult, Plan

FIRST_COLUMNS = ("label", "checkpoint", "sha256")
"""Before the numbers of the size."""

WRONG_BITS = (
    *("exact", "exact_share"),
    *("bits", "wrong_bits", "bit_error_rate", "low", "high", "margin", "wrong_by_sequence"),
)
PREDICTIONS = ("bits", "cost", "optimum", "excess", "low", "high", "cost_by_sequence", "optimum_by_sequence")
"""What is counted, by the measure of the task."""

LAST_COLUMNS = (*("seed", "tapedeck", "python", "numpy", "torch", "recipe"),)


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


class Evaluation(BaseModel):
    """A file of `tapedeck evaluate --json`, as far as a card tells of it."""

    versions: dict[str, str]
    plan: _Plan
    results: list[Counted]

    def of(self, checkpoint: str) -> list[Counted]:
        """The results of one machine."""
        return [each for each in self.results if each.checkpoint == checkpoint]


def versions() -> dict[str, str]:
    """Of what has a part in the numbers."""
    return {
        "tapedeck": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "torch": torch.__version__,
    }


def document(
    results: Mapping[str, Sequence[AnyResult]], found: Mapping[str, Checkpoint], plan: Plan, command: str
) -> dict[str, Any]:
    """What there is to keep of an evaluation, as plain JSON.

    Args:
        results: by the label of the machine.
        found: the machines, likewise.
        plan: what they were evaluated on.
        command: that does it again.
    """
    machines = [
        {
            "label": label,
            "checkpoint": machine.info.id,
            "sha256": machine.info.sha256,
            "recipe": machine.info.origin.get("recipe"),
        }
        for label, machine in found.items()
    ]
    named = {machine["label"]: {key: machine[key] for key in ("label", "checkpoint", "sha256")} for machine in machines}
    return {
        "command": command,
        "versions": versions(),
        "plan": _plan(plan),
        "machines": machines,
        "results": [named[label] | result.document() for label, each in results.items() for result in each],
    }


def _plan(plan: Plan) -> dict[str, Any]:
    lengths = {"lengths": plan.sizes["length"]} if list(plan.sizes) == ["length"] else {}
    return lengths | asdict(plan)


def table(evaluation: Mapping[str, Any]) -> str:
    """The same as CSV."""
    recipes = {
        machine["label"]: orjson.dumps(machine["recipe"]).decode() if machine["recipe"] else ""
        for machine in evaluation["machines"]
    }
    shared = evaluation["versions"] | {"seed": evaluation["plan"]["seed"]}
    out = io.StringIO()
    counted = PREDICTIONS if any("excess" in result for result in evaluation["results"]) else WRONG_BITS
    shape = ("pattern", "locations", "sequences")
    columns = (*FIRST_COLUMNS, *evaluation["plan"]["sizes"], *shape, *counted, *LAST_COLUMNS)
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for result in evaluation["results"]:
        low, high = result["interval"]
        counts = {name: " ".join(map(str, result[name])) for name in counted if name.endswith("_by_sequence")}
        own = {"low": low, "high": high, **counts, "recipe": recipes[result["label"]]}
        writer.writerow(result | shared | own)
    return out.getvalue()


def read(path: Path) -> Evaluation:
    """The evaluation in a file.

    Raises:
        InvalidRequest: it holds anything else.
        CheckpointUnreadable: it cannot be read.
    """
    try:
        return Evaluation.model_validate_json(read_file(path))
    except ValidationError as error:
        raise InvalidRequest(
            f"{path} is not an evaluation of this version; write one with tapedeck evaluate … --json {path}."
        ) from error
