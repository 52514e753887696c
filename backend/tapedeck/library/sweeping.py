"""Sweeps: a parameter turned through its values, over many sampled examples."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, SupportsIndex

import numpy as np
import numpy.typing as npt
import orjson
from pydantic import ValidationError

from tapedeck.checkpoints import CheckpointInfo
from tapedeck.checkpoints.files import StrPath
from tapedeck.dependencies import needed
from tapedeck.errors import InvalidConfiguration, TapedeckError, shown
from tapedeck.executing import in_order, outcomes
from tapedeck.lab.points import count, jobs
from tapedeck.lab.sweeps import Axis, Point, SweepPlan
from tapedeck.library.inputs import whole_number
from tapedeck.library.machine import Machine, load
from tapedeck.library.saving import save
from tapedeck.tasks import task_as_heard
from tapedeck.tracing.interventions import read_interventions
from tapedeck.tracing.interventions.declarations import Given
from tapedeck.training.evaluation import AnyResult

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

Varied = str | Given
"""`locations`, a size such as `length`, or an intervention, whose number is varied."""


@dataclass(frozen=True)
class Swept:
    """One point: its values, and its result, or why there is none."""

    point: Point
    result: AnyResult | None
    error: TapedeckError | None = None


@dataclass(frozen=True, repr=False)
class Sweep:
    """What became of a machine as one parameter, or two, went through their values. `sweep` makes one.

    Attributes:
        info: the machine.
        plan: what was swept.
        points: every point, the last axis varying fastest.
    """

    info: CheckpointInfo
    plan: SweepPlan
    points: tuple[Swept, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """How many values each axis has."""
        return tuple(len(axis.values) for axis in self.plan.axes)

    @property
    def rate(self) -> npt.NDArray[np.float64]:
        """Of each point, by axis: the bit error rate, or the excess of predictions; NaN where there is none."""
        return self._each(lambda result: result.rate)

    @property
    def low(self) -> npt.NDArray[np.float64]:
        """The lower end of the 95 % band, clustered by example."""
        return self._each(lambda result: result.interval.low)

    @property
    def high(self) -> npt.NDArray[np.float64]:
        """The upper end."""
        return self._each(lambda result: result.interval.high)

    def rows(self) -> Iterator[dict[str, Any]]:
        """A row for each point: the values under the axes' titles, and what was counted."""
        for swept in self.points:
            row: dict[str, Any] = dict(zip((axis.title for axis in self.plan.axes), swept.point.values, strict=True))
            if swept.result is None:
                yield {**row, "error": swept.error.detail if swept.error else None}
                continue
            result = swept.result
            row[result.measure.name] = result.rate
            row |= {"low": result.interval.low, "high": result.interval.high, "sequences": result.sequences}
            yield {**row, "bits": result.bits, "locations": result.locations}

    def to_frame(self) -> pd.DataFrame:
        """The rows as a pandas data frame."""
        frame: pd.DataFrame = needed("pandas").DataFrame([*self.rows()])
        return frame

    def plot(self) -> go.Figure:
        """A curve with its band, or a map of two parameters, by Plotly."""
        figure: go.Figure = needed("tapedeck.figures.sweep").draw(self)
        return figure

    def document(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "checkpoint": self.info.id,
            "sha256": self.info.sha256,
            "axes": [{**axis.model_dump(), "title": axis.title} for axis in self.plan.axes],
            "size": dict(self.plan.size),
            "interventions": list(self.plan.interventions),
            "sequences": self.plan.sequences,
            "seed": self.plan.seed,
            "points": [*self.rows()],
        }

    def save(self, path: StrPath) -> Path:
        """Writes `.json`, `.csv` (both with every point) or `.html` (the figure), by the path's suffix.

        Raises:
            FileUnwritable: another suffix, or the file cannot be written there.
        """
        return save(path, self.encoded)

    def encoded(self, suffix: str) -> bytes:
        """The bytes of a file of that form, such as `.json`."""
        if suffix == ".json":
            return orjson.dumps(self.document(), option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_INDENT_2)
        page: str = self.table() if suffix == ".csv" else self.plot().to_html(include_plotlyjs=True)
        return page.encode()

    def table(self) -> str:
        """The rows as CSV."""
        rows = [*self.rows()]
        out = io.StringIO()
        writer = csv.DictWriter(out, dict.fromkeys(name for row in rows for name in row))
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue()

    def __repr__(self) -> str:
        titles = " × ".join(axis.title for axis in self.plan.axes)
        return f"<Sweep of {self.info.id}: {titles}, {len(self.points)} points of {self.plan.sequences} sequences>"

    def _each(self, of: Any) -> npt.NDArray[np.float64]:
        found = [np.nan if swept.result is None else of(swept.result) for swept in self.points]
        return np.array(found, np.float64).reshape(self.shape)


def sweep(
    machine: Machine | StrPath,
    vary: Varied,
    values: Iterable[float],
    *,
    against: tuple[Varied, Iterable[float]] | None = None,
    size: Mapping[str, SupportsIndex] | None = None,
    interventions: Sequence[Given] = (),
    sequences: SupportsIndex = 100,
    locations: SupportsIndex | None = None,
    seed: SupportsIndex = 1,
    executor: Executor | None = None,
) -> Sweep:
    """Turns a parameter through its values, and counts at each how often the machine errs on sampled examples.

    Args:
        machine: one, or what `load` takes for it.
        vary: `locations`, a size such as `length`, or an intervention such as `td.scale("read.sharpening", 1)`, whose
            number (the `value`, the `spread` of noise, `by` of a move) takes the values.
        values: numbers.
        against: a second parameter and its values, for a map.
        size: the numbers that make examples longer; of one that is not named, the first that an evaluation takes.
        interventions: of every point.
        sequences: examples of each point, the same ones at every point of one size.
        locations: N of every point; the machine's own where it is None.
        seed: of the examples.
        executor: where the points are computed; here, where it is None.

    Raises:
        InvalidConfiguration: a parameter or a value that the machine or its task does not have.
        InvalidInterventions: an intervention that is not as it must be. Where one point cannot be computed, such as
            where numbers overflow, that point has an `error` and the others their results.
    """
    loaded = load(machine)
    pairs = [(vary, values), *([] if against is None else [against])]
    plan = SweepPlan(
        tuple(_axis(what, each) for what, each in pairs),
        {name: whole_number(value, name, InvalidConfiguration) for name, value in (size or {}).items()},
        tuple(each.document() for each in read_interventions(list(interventions))),
        whole_number(sequences, "sequences", InvalidConfiguration),
        None if locations is None else whole_number(locations, "locations", InvalidConfiguration),
        whole_number(seed, "seed", InvalidConfiguration),
    )
    return Sweep(loaded.info, plan, tuple(swept(loaded, plan, executor)))


def swept(machine: Machine, plan: SweepPlan, executor: Executor | None = None) -> Iterator[Swept]:
    """Each point in order, as soon as it is known; closing the iterator cancels what has not begun.

    Raises:
        As `sweep`.
    """
    task = task_as_heard(machine.spec, machine.task).name
    todo = jobs(machine.module, task, plan)
    with closing(outcomes(executor, count, todo)) as found:
        for job, outcome in zip(todo, in_order(found), strict=True):
            yield Swept(job.point, outcome.value, outcome.error)


def _axis(vary: Varied, values: Iterable[float]) -> Axis:
    varied = vary if isinstance(vary, str) else read_interventions([vary])[0].document()
    try:
        return Axis(vary=varied, values=[float(value) for value in values])
    except (TypeError, ValueError, ValidationError) as error:
        raise InvalidConfiguration(
            f"The values of a sweep are finite numbers, at least one; got {shown(values)}.", field="values"
        ) from error
