"""What is swept: one parameter or two, turned through their values, each point on the same sampled examples.

An axis varies N (`locations`), a number that makes examples longer (`length`, `items` …), or the number of an
intervention: the `value` of set, scale and add, the `spread` of noise, the locations `by` which a head is moved.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from tapedeck.errors import InvalidConfiguration, InvalidInterventions, quoted
from tapedeck.ntm import MachineSpec
from tapedeck.tasks import Task, task_as_heard
from tapedeck.tasks.task import Size
from tapedeck.tracing.interventions import read_interventions

LOCATIONS = "locations"

NUMBER_OF = {"set": "value", "scale": "value", "add": "value", "noise": "spread", "move": "by"}
"""The number of each kind of intervention that has one."""

MOST_POINTS = 2_500
"""Of a sweep: 50 × 50."""

Number = Annotated[float, Field(allow_inf_nan=False)]


class Axis(BaseModel):
    """What is varied, and its values."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    vary: Annotated[
        str | dict[str, Any],
        Field(
            description="`locations`, the name of a size such as `length`, or an intervention whose number is varied: "
            "the `value` of set, scale and add, the `spread` of noise, `by` of move, which may be left out."
        ),
    ]
    values: Annotated[list[Number], Field(min_length=1, max_length=MOST_POINTS)]

    @property
    def number(self) -> str | None:
        """The field that is varied, of an intervention."""
        return NUMBER_OF.get(str(self.vary.get("kind"))) if isinstance(self.vary, Mapping) else None

    @property
    def varied(self) -> str | dict[str, Any]:
        """What is varied, without its number."""
        if isinstance(self.vary, str):
            return self.vary
        return {name: value for name, value in self.vary.items() if name != self.number and value is not None}

    @property
    def title(self) -> str:
        """For a person: of an axis, of a column."""
        if isinstance(self.vary, str):
            return self.vary
        kind, of = self.vary.get("kind"), self.vary.get("target") or self.vary.get("head")
        when = [f"{name} {self.vary[name]}" for name in ("step", "start", "stop") if self.vary.get(name) is not None]
        when += [f"in {self.vary['phase']}"] if self.vary.get("phase") else []
        signs = {
            "scale": f"{of} ×",
            "add": f"{of} +",
            "set": f"{of} =",
            "noise": f"noise on {of}",
            "move": f"{of} moved by",
        }
        return ", ".join([signs.get(str(kind), str(kind)), *when])


class Point(NamedTuple):
    """One point of a sweep.

    Attributes:
        values: of the axes.
        size: of the examples.
        locations: N; None for the machine's own.
        interventions: as a request has them.
    """

    values: tuple[float, ...]
    size: Size
    locations: int | None
    interventions: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class SweepPlan:
    """What is to be swept.

    Attributes:
        axes: one, or two for a map.
        size: the numbers that make an example longer, but for those that an axis varies.
        interventions: of every point, before those of the axes.
        sequences: examples of each point, the same ones for the same size.
        locations: N of every point; None for the machine's own.
        seed: of the examples.
    """

    axes: tuple[Axis, ...]
    size: Mapping[str, int]
    interventions: tuple[dict[str, Any], ...] = ()
    sequences: int = 100
    locations: int | None = None
    seed: int = 1

    def points(self, spec: MachineSpec, task: str) -> list[Point]:
        """Every point, the last axis varying fastest.

        Raises:
            InvalidConfiguration: an axis varies what the machine or its task does not have, or values that it cannot.
            InvalidInterventions: one is not as it must be, whatever its number; names it by its index.
        """
        known = task_as_heard(spec, task)
        self._check(known)
        names = [axis.vary if isinstance(axis.vary, str) else None for axis in self.axes]
        found = []
        for values in product(*(axis.values for axis in self.axes)):
            named = {name: int(value) for name, value in zip(names, values, strict=True) if name is not None}
            locations = named.pop(LOCATIONS, self.locations)
            size = {each.name: named.get(each.name, self.size.get(each.name, _usual(each))) for each in known.sizes}
            changes = [*self.interventions, *self._varied(values)]
            read_interventions(changes)
            found.append(Point(values, size, locations, tuple(changes)))
        return found

    def _varied(self, values: Sequence[float]) -> Iterator[dict[str, Any]]:
        for axis, value in zip(self.axes, values, strict=True):
            if isinstance(axis.vary, Mapping) and axis.number is not None:
                yield {**axis.vary, axis.number: int(value) if axis.number == "by" else value}

    def _check(self, task: Task[Any]) -> None:
        if not 1 <= len(self.axes) <= 2:
            raise InvalidConfiguration(f"A sweep has one axis or two, got {len(self.axes)}.", field="axes")
        if (count := math.prod(len(axis.values) for axis in self.axes)) > MOST_POINTS:
            raise InvalidConfiguration(f"A sweep has at most {MOST_POINTS:,} points, got {count:,}.", field="axes")
        if self.sequences < 1:
            raise InvalidConfiguration(f"sequences must be at least 1, got {self.sequences}.", field="sequences")
        sizes = {each.name: each for each in task.sizes}
        if unknown := [name for name in self.size if name not in sizes]:
            raise InvalidConfiguration(
                f"{task.name} has no size {quoted(unknown[0])}; it has {', '.join(sizes)}.", field="size"
            )
        if len(self.axes) == 2 and self.axes[0].varied == self.axes[1].varied:
            raise InvalidConfiguration(
                f"Both axes vary {self.axes[0].title}; vary two different things.", field="axes.1.vary"
            )
        for index, axis in enumerate(self.axes):
            self._check_axis(axis, f"axes.{index}", sizes)
        for name, value in self.size.items():
            _check_size(value, sizes[name], f"size.{name}")

    def _check_axis(self, axis: Axis, at: str, sizes: Mapping[str, Any]) -> None:
        if isinstance(axis.vary, Mapping):
            if axis.number is None:
                kinds = ", ".join(NUMBER_OF)
                raise InvalidInterventions(
                    f"Axis {at[-1]} varies the number of an intervention; give one of the kinds {kinds}.", field=at
                )
            whole = axis.number == "by"
        elif axis.vary == LOCATIONS:
            whole = True
        elif axis.vary in sizes:
            for value in axis.values:
                _check_size(value, sizes[axis.vary], f"{at}.values")
            return
        else:
            raise InvalidConfiguration(
                f"Axis {at[-1]} varies {quoted(axis.vary)}; it can vary {LOCATIONS}, {', '.join(sizes)}, or an "
                "intervention.",
                field=f"{at}.vary",
            )
        if whole and (wrong := [value for value in axis.values if value != int(value)]):
            raise InvalidConfiguration(f"{axis.title} takes whole numbers, got {wrong[0]}.", field=f"{at}.values")


def _check_size(value: float, size: Any, field: str) -> None:
    if value != int(value) or not size.least <= value <= size.most:
        raise InvalidConfiguration(
            f"{size.name} must be a whole number from {size.least:,} to {size.most:,}, got {value:g}.", field=field
        )


def _usual(size: Any) -> int:
    """Of a size that nothing is said of: the first of those that an evaluation takes."""
    return int(size.values[0])
