"""What of a run a picture shows: a step, locations, one panel. As people ask for it, and as it is drawn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from tapedeck.errors import InvalidRequest, quoted
from tapedeck.figures.axes import locations_in_use
from tapedeck.figures.words import enumerated
from tapedeck.tracing import Layout, Trace

USED, ALL = "used", "all"

MEMORY, ORIGINS = "memory", "origins"
"""The panels that are not fields over time: the memory, and `read.origins`, who wrote what a read head reads."""

WEIGHTING = ".weighting"
"""What follows a head's name in the field of its weighting."""

MOST_LOCATIONS = 1024
"""More would be finer than print."""

_RANGE = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)


class View(NamedTuple):
    """What a picture is asked to show.

    Attributes:
        step: where the line stands, and of which the memory is shown; None for neither.
        rows: `used`, `all`, or the first and the last location as `60-83`, around the end of the memory where the last
            is the smaller one.
        panel: a field's name, `memory`, or of a read head `read.origins`; None for the whole figure.
    """

    step: int | None = None
    rows: str = USED
    panel: str | None = None

    def check(self, steps: int, locations: int, panels: Sequence[str]) -> None:
        """Whether a run of so many steps and locations with these panels has what is asked for.

        Raises:
            InvalidRequest: it has not.
        """
        if self.step is not None and not 0 <= self.step < steps:
            raise InvalidRequest(f"step is {self.step:,}; this run has the steps 0 to {steps - 1:,}.", field="step")
        if self.panel is not None and self.panel not in panels:
            raise InvalidRequest(f"This run has no panel {quoted(self.panel)}; it has {_told(panels)}.", field="panel")
        if self.panel == MEMORY and self.step is None:
            raise InvalidRequest("The memory is that of a step: give step as well.", field="step")
        self._check_rows(locations)

    def locations(self, trace: Trace) -> list[int]:
        """Those that are shown, from top to bottom."""
        count = len(trace.initial.memory)
        if self.rows == USED:
            return locations_in_use(
                [trace.arrays[f"{head.name}.weighting"] for head in trace.layout.heads],
                MOST_LOCATIONS,
                trace.set_locations,
            )
        first, shown = _range_of(self.rows, count) or (0, count)
        return [(first + row) % count for row in range(shown)]

    @property
    def origins_of(self) -> str | None:
        """The read head of whose reads the writers are shown; None where another panel is."""
        head, _, name = (self.panel or "").rpartition(".")
        return head if head and name == ORIGINS else None

    def _check_rows(self, locations: int) -> None:
        if self.rows == USED:
            return
        found = (0, locations) if self.rows == ALL else _range_of(self.rows, locations)
        if found is None:
            raise InvalidRequest(
                f"rows is {quoted(self.rows)}; it must be used, all, or the first and the last location such as "
                f"0-{min(locations - 1, 19)}, of {locations:,} counted from 0.",
                field="rows",
            )
        if found[1] > MOST_LOCATIONS:
            raise InvalidRequest(
                f"A picture shows at most {MOST_LOCATIONS:,} locations, and rows asks for {found[1]:,}; ask for a "
                f"range such as 0-{MOST_LOCATIONS - 1}.",
                field="rows",
            )


WHOLE = View()
"""The whole figure, without a step."""


def panels_of(layout: Layout) -> list[str]:
    """The names of all that a run's picture can show alone."""
    return [
        *(field.name for field in layout.fields),
        *(f"{head}.{ORIGINS}" for head in layout.read_heads),
        MEMORY,
    ]


def _told(panels: Sequence[str]) -> str:
    """What panels there are, in a sentence of any number of heads."""
    heads = [name.removesuffix(WEIGHTING) for name in panels if name.endswith(WEIGHTING)]
    others = [name for name in panels if name.rpartition(".")[0] not in heads]
    return f"{', '.join(others)}, and of {enumerated(heads)} fields such as {heads[0]}{WEIGHTING}"


def _range_of(rows: str, locations: int) -> tuple[int, int] | None:
    """The first location and how many; None where that is not a range of this memory."""
    if not (found := _RANGE.fullmatch(rows)):
        return None
    first, last = map(int, found.groups())
    return (first, (last - first) % locations + 1) if max(first, last) < locations else None
