"""What computing something takes, said before anything of it is computed: the one measure for all that is asked for.

Work is counted as `tapedeck.ntm.work` counts it: a unit takes 3 to 5 ns on one core. Sizes are bytes in use at once.
Dimensions: T steps, N locations, W width, O outputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from tapedeck.lab.importance import BATCH_NUMBERS, parts_of
from tapedeck.ntm import MachineSpec
from tapedeck.ntm.work import step_work
from tapedeck.tracing import Layout
from tapedeck.tracing.interventions import Intervention
from tapedeck.tracing.interventions.resolving import MOST_CELLS
from tapedeck.tracing.picture import BLOCK
from tapedeck.training.batches import TEMPORARY, Batching

SINGLE, DOUBLE = 4, 8
"""Bytes of a number: of the machine's own, and of those that provenance sums up."""

SHORT = 1_000_000
"""The most work of a short run: 126 vectors on the shipped machine's 128 locations have less, and take a tenth of a
second with everything around them."""

QUICK = 400_000
"""The most work of a run that may hold up the event loop: 57 vectors on the shipped machine, 2 ms by the compiled
engine. To hand it to another thread would hold it up nearly as long, for both wait for the interpreter.
"""

DRAWN_FRAMES = 500
FRAME_WORK = 2_000_000
"""Of a frame of an animation, which is drawn and packed: some 8 ms."""

FIGURE_WORK, CELL_WORK = 400_000_000, 20
FIGURE_SIZE, CELL_SIZE = 4 * 32_000_000, 24
FIGURE_LOCATIONS = 1024
"""Of a figure for print, with as many pixels as it may have, and of each cell of its weightings."""

CHANGE_WORK, CHANGE_SIZE = 40, 64
"""Of a cell of the memory that an intervention changes at a step, as it is computed and written down."""

BITS_DRAWN = 12
"""Bytes a bit of the sequences of an evaluation while they are drawn."""


Drawn = Literal["frames", "figure"]
"""What pictures a form is made of."""


class Cost(NamedTuple):
    """What something takes."""

    work: int
    size: int

    @property
    def short(self) -> bool:
        """Whether it is over so soon that it should not wait behind long ones."""
        return self.work <= SHORT

    @property
    def quick(self) -> bool:
        """Whether it is over so soon that it may hold up the event loop."""
        return self.work <= QUICK

    def and_then(self, other: Cost) -> Cost:
        """One after the other, while what was made stays."""
        return Cost(self.work + other.work, self.size + other.size)


def of_stream(spec: MachineSpec, steps: int, locations: int) -> Cost:
    """A run whose frames are sent as they come: only what its diagnosis needs is kept."""
    witness = steps * (SINGLE * (locations + 2 * spec.memory.width) + 2 * len(spec.outputs) + 3 * DOUBLE)
    return Cost(steps * step_work(spec, locations), witness + _state(spec, locations))


def of_interventions(spec: MachineSpec, steps: int, locations: int, interventions: Sequence[Intervention]) -> Cost:
    """What they take beside the run: cells of the memory that change are kept, and told before the first step, so that
    the rows wait for them, too.
    """
    changing = sum(getattr(each, "target", None) == "memory" for each in interventions)
    cells = min(changing * steps * locations * spec.memory.width, MOST_CELLS)
    rows = _rows(spec, steps, locations) if changing else 0
    return Cost(cells * CHANGE_WORK, cells * CHANGE_SIZE + rows)


def of_trace(spec: MachineSpec, steps: int, locations: int, *, drawn: Drawn | None = None) -> Cost:
    """A run that is recorded whole, and written in some form; `drawn` as an animation or as a figure."""
    run = of_stream(spec, steps, locations)
    size = run.size + _rows(spec, steps, locations)
    if drawn == "figure":
        cells = steps * min(locations, FIGURE_LOCATIONS) * len(spec.heads)
        return Cost(run.work + FIGURE_WORK + cells * CELL_WORK, size + FIGURE_SIZE + CELL_SIZE * cells)
    frames = min(steps, DRAWN_FRAMES) * FRAME_WORK if drawn else 0
    return Cost(run.work + frames, size)


def of_step(spec: MachineSpec, steps: int, locations: int) -> Cost:
    """The provenance of the last of so many steps."""
    heads, cells = _heads(spec), locations * spec.memory.width
    doubles = steps * heads * (locations + 4 * spec.memory.width) + 3 * cells
    work = steps * (step_work(spec, locations) + heads * len(spec.read_heads) * cells)
    return Cost(work, _rows(spec, steps, locations) + _state(spec, locations) + DOUBLE * doubles)


def of_picture(spec: MachineSpec, steps: int, locations: int) -> Cost:
    """The provenance of all steps: T² N W products, in blocks."""
    heads, cells = _heads(spec), locations * spec.memory.width
    doubles = 2 * steps * heads * (locations + spec.memory.width) + 3 * BLOCK * heads * cells + 5 * steps * steps
    work = steps * step_work(spec, locations) + heads * len(spec.read_heads) * steps * steps * cells // BLOCK
    return Cost(work, _rows(spec, steps, locations) + _state(spec, locations) + DOUBLE * doubles)


def of_importance(spec: MachineSpec, steps: int, locations: int) -> Cost:
    """Every part taken out at every step, each in a run from there on, and every row at one step."""
    parts = len(parts_of(spec))
    runs = parts * steps * (steps + 1) // 2 + locations * steps
    batch = max(1, BATCH_NUMBERS // (locations * spec.memory.width))
    size = DOUBLE * 4 * (parts * steps + locations) + min(batch, parts * steps + locations) * _state(spec, locations)
    return Cost(runs * step_work(spec, locations), size)


def of_sweep(spec: MachineSpec, points: Sequence[tuple[int, int | None]], sequences: int) -> Cost:
    """So many examples at each point, of which T and N are given (None for the machine's own)."""
    own = spec.memory.locations
    each = [(steps, own if locations is None else locations) for steps, locations in points]
    work = sum(steps * step_work(spec, locations) for steps, locations in each) * sequences
    size = max(Batching.of(spec, locations, steps).size for steps, locations in each)
    return Cost(work, size + BITS_DRAWN * sequences * max(steps for steps, _ in each) * spec.bits)


def of_evaluation(spec: MachineSpec, steps: Sequence[int], sequences: int, locations: int) -> Cost:
    """So many examples of each of these numbers of steps."""
    longest = max(steps)
    drawn = BITS_DRAWN * sequences * longest * spec.bits
    work = sum(steps) * sequences * step_work(spec, locations)
    return Cost(work, drawn + Batching.of(spec, locations, longest).size)


def _heads(spec: MachineSpec) -> int:
    """How many heads write."""
    return len(spec.heads) - len(spec.read_heads)


def _rows(spec: MachineSpec, steps: int, locations: int) -> int:
    return SINGLE * steps * Layout.of(spec, locations).row_length


def _state(spec: MachineSpec, locations: int) -> int:
    return SINGLE * TEMPORARY * locations * (spec.memory.width + len(spec.heads))
