"""How well machines do, side by side: what was counted, as an object that becomes a table, a figure or a file.

As JSON, for `tapedeck card` and for other programs:

    {
      "command": "tapedeck evaluate copy-1 …", or null where no command does it again,
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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import torch

from tapedeck import __version__
from tapedeck.checkpoints import CheckpointInfo
from tapedeck.checkpoints.files import StrPath
from tapedeck.dependencies import needed
from tapedeck.library.saving import save
from tapedeck.training.evaluation import AnyResult, Plan, Result

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

FIRST_COLUMNS = ("label", "checkpoint", "sha256")
"""Before the numbers of the size."""

WRONG_BITS = ("exact", "exact_share", "bits", "wrong_bits", "bit_error_rate", "low", "high", "margin")
PREDICTIONS = ("bits", "cost", "optimum", "excess", "low", "high")
"""What is counted, by the measure of the task; `low` and `high` are the 95 % confidence interval."""

BY_SEQUENCE = "_by_sequence"
"""What the names end in of numbers that a result has for each sequence."""

LAST_COLUMNS = ("seed", "tapedeck", "python", "numpy", "torch", "recipe")


@dataclass(frozen=True, repr=False)
class Evaluation:
    """What machines were evaluated on, and what came out. `tapedeck.evaluate` makes one.

    Attributes:
        machines: what is known about each, by its label: its id, or what tells it from another of that id.
        plan: sizes, patterns, sequences, locations and seed.
        results: of each machine by its label, by size and then by pattern.
        command: that counts the same again; None where there is none.
    """

    machines: Mapping[str, CheckpointInfo]
    plan: Plan
    results: Mapping[str, Sequence[AnyResult]]
    command: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Of a row (the machine, each number of the size, pattern, locations, sequences, and what was counted)."""
        wrong_bits = isinstance(next(iter(self.results.values()))[0], Result)
        shape = ("pattern", "locations", "sequences")
        return (*FIRST_COLUMNS, *self.plan.sizes, *shape, *(WRONG_BITS if wrong_bits else PREDICTIONS))

    def rows(self) -> Iterator[dict[str, Any]]:
        """A row for each result, by column: rates and shares from 0 to 1, costs in bits."""
        for label, results in self.results.items():
            info = self.machines[label]
            first = dict(zip(FIRST_COLUMNS, (label, info.id, info.sha256), strict=True))
            for result in results:
                found = {**first, **result.document(), "low": result.interval.low, "high": result.interval.high}
                yield {name: found[name] for name in self.columns}

    def to_frame(self) -> pd.DataFrame:
        """The rows as a pandas DataFrame.

        Raises:
            ModuleNotFoundError: pandas is not installed (`pip install 'tapedeck[frames]'`).
        """
        frame: pd.DataFrame = needed("pandas").DataFrame(self.rows(), columns=[*self.columns])
        return frame

    def document(self) -> dict[str, Any]:
        """What there is to keep, as plain JSON, see above."""
        machines = [
            {"label": label, "checkpoint": info.id, "sha256": info.sha256, "recipe": info.origin.get("recipe")}
            for label, info in self.machines.items()
        ]
        named = {each["label"]: {key: each[key] for key in FIRST_COLUMNS} for each in machines}
        lengths = {"lengths": self.plan.sizes["length"]} if list(self.plan.sizes) == ["length"] else {}
        return {
            "command": self.command,
            "versions": versions(),
            "plan": lengths | asdict(self.plan),
            "machines": machines,
            "results": [named[label] | result.document() for label, each in self.results.items() for result in each],
        }

    def table(self) -> str:
        """The same as CSV, with what each sequence had."""
        shared = versions() | {"seed": self.plan.seed}
        documents = [result.document() for each in self.results.values() for result in each]
        counts = [name for name in documents[0] if name.endswith(BY_SEQUENCE)]
        out = io.StringIO()
        writer = csv.DictWriter(out, (*self.columns, *counts, *LAST_COLUMNS), lineterminator="\n")
        writer.writeheader()
        for row, document in zip(self.rows(), documents, strict=True):
            recipe = self.machines[row["label"]].origin.get("recipe")
            own = {name: " ".join(map(str, document[name])) for name in counts}
            writer.writerow(row | own | shared | {"recipe": orjson.dumps(recipe).decode() if recipe else ""})
        return out.getvalue()

    def plot(self) -> go.Figure:
        """What was counted against the size, a line for each machine and pattern, with its 95 % intervals.

        Raises:
            ModuleNotFoundError: Plotly is not installed (`pip install 'tapedeck[figures]'`).
        """
        figure: go.Figure = needed("tapedeck.figures.evaluation").figure(self.results, self.document())
        return figure

    def page(self) -> str:
        """That figure as one HTML page, which works offline and holds the document."""
        page: str = needed("tapedeck.figures.evaluation").page(self.results, self.document())
        return page

    def save(self, path: StrPath) -> Path:
        """Writes a file in the form that its suffix says: `.json` the document, `.csv` the table, `.html` the page.

        Raises:
            FileUnwritable: another suffix, or the file cannot be written there.
        """
        return save(path, self.encoded)

    def encoded(self, suffix: str) -> bytes:
        """The bytes of a file of that form, such as `.json`."""
        if suffix == ".json":
            return orjson.dumps(self.document())
        return (self.table() if suffix == ".csv" else self.page()).encode()

    def __repr__(self) -> str:
        rates = "; ".join(
            f"{label}: {results[0].measure.title} "
            + ", ".join(f"{result.rate:.2g} ({_at(result)})" for result in list(results)[:_MOST_TOLD])
            + (" …" if len(results) > _MOST_TOLD else "")
            for label, results in self.results.items()
        )
        return f"<Evaluation {rates}>"


_MOST_TOLD = 6
"""Results of a machine that its text names."""


def versions() -> dict[str, str]:
    """Of what has a part in the numbers."""
    return {
        "tapedeck": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "torch": torch.__version__,
    }


def _at(result: AnyResult) -> str:
    size = ", ".join(f"{name} {value:,}" for name, value in result.size.items())
    return size if result.pattern == "random" else f"{size}, {result.pattern}"
