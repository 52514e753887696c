"""What the answer of a run hangs on: each part of the machine is taken out at one step, and the run goes on without it.

Exact, because every number is that of a run with one intervention; nothing is estimated from gradients. The two
measures of a change are

    above    wrong bits (or what predictions cost, in bits), those of the run itself taken off: what the answer lost
    change   the mean |y′ − y| over all outputs that are scored, before their activation: what it did where no bit tips

Parts: each head as a whole, its content and its location, its shift, its sharpening, its move away from where it was,
what it erases and adds, the hidden vector of the controller, what is heard; and each row of the memory, set to 0 before
the first step that is scored, or another.

Dimensions: K parts, T steps, N locations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from tapedeck.errors import NonFinite
from tapedeck.lab.batch import Variant, Variants
from tapedeck.ntm import HeadSpec, MachineSpec
from tapedeck.parts import Parts, whole
from tapedeck.tracing import Run
from tapedeck.tracing.interventions import Resolved, read_interventions, resolve
from tapedeck.tracing.provenance import check_step

Doubles = npt.NDArray[np.float64]

BATCH_NUMBERS = 500_000
"""Numbers of the memories of a batch, 2 MB in float32: what it goes over stays near the core."""


class Part(NamedTuple):
    """What is taken out.

    Attributes:
        name: of the row in the map, such as `read.content`.
        intervention: that takes it out, at whatever step.
    """

    name: str
    intervention: dict[str, Any]


@dataclass(frozen=True)
class Importance:
    """What the answer hangs on.

    Attributes:
        parts: the rows of the map.
        above: [K, T], see above; NaN where the numbers of that run overflow.
        change: [K, T], likewise.
        row_step: before whose first head the rows are set to 0.
        rows_above: [N], likewise of each row of the memory.
        rows_change: [N], likewise.
        amount: wrong bits of the run itself, or what its predictions cost.
    """

    parts: tuple[Part, ...]
    above: Doubles
    change: Doubles
    row_step: int
    rows_above: Doubles
    rows_change: Doubles
    amount: float

    def intervention(self, part: int | str, step: int) -> dict[str, Any]:
        """That of one cell of the map, as a request has it."""
        place = [each.name for each in self.parts].index(part) if isinstance(part, str) else part
        return {**self.parts[place].intervention, "step": step}

    @property
    def sentence(self) -> str:
        """Where the answer hangs the most."""
        place, step = np.unravel_index(np.nanargmax(self.above + _tie(self.change)), self.above.shape)
        row = int(np.nanargmax(self.rows_above + _tie(self.rows_change)))
        most, of_row = float(self.above[place, step]), float(self.rows_above[row])
        if most <= 0 and of_row <= 0:
            return "Nothing that is taken out at a single step makes the answer worse."
        return (
            f"The answer hangs most on {self.parts[place].name} at step {step}: without it {_amount(most)}. Of the "
            f"rows, {row} matters most at step {self.row_step}: set to 0, {_amount(of_row)}."
        )

    def document(self) -> dict[str, Any]:
        """As a JSON object, with arrays in float32."""
        return {
            "parts": [{"name": part.name, "intervention": part.intervention} for part in self.parts],
            "above": self.above.astype(np.float32),
            "change": self.change.astype(np.float32),
            "rows": {
                "step": self.row_step,
                "above": self.rows_above.astype(np.float32),
                "change": self.rows_change.astype(np.float32),
            },
            "amount": self.amount,
            "sentence": self.sentence,
        }


def importance(run: Run, row_step: int | None = None) -> Importance:
    """What the answer of a run hangs on; its own interventions stay.

    Args:
        run: of a task of which something is scored.
        row_step: before which the rows are set to 0; the first that is scored, of a prediction the middle one.

    Raises:
        InvalidStep: the run has no such step.
        NonFinite: the numbers of the run itself overflow.
    """
    return whole(importance_in_parts(run, row_step))


def importance_in_parts(run: Run, row_step: int | None = None) -> Parts[Importance]:
    """The same, in parts."""
    at = _row_step(run) if row_step is None else row_step
    check_step(at, run.episode.steps)
    parts = parts_of(run.machine.spec)
    steps, rows = run.episode.steps, run.locations
    changes = [_changes(run, part.intervention) for part in parts]
    places = [(k, step) for step in range(steps) for k in range(len(parts))]
    variants = [Variant(step, changes[k]) for k, step in places]
    cleared = [
        _changes(run, {"kind": "set", "target": "memory", "rows": [row], "value": 0, "step": at}) for row in range(rows)
    ]
    found = yield from _counted(run, variants)
    of_rows = yield from _counted(run, [Variant(at, each) for each in cleared])
    above, change = (np.empty((len(parts), steps)) for _ in range(2))
    for (k, step), one, other in zip(places, found.above, found.change, strict=True):
        above[k, step], change[k, step] = one, other
    return Importance(parts, above, change, at, of_rows.above, of_rows.change, found.amount)


def parts_of(spec: MachineSpec) -> tuple[Part, ...]:
    """All that can be taken out of a machine's step, in the order in which a step comes by."""
    return (
        Part("inputs", {"kind": "set", "target": "inputs", "value": 0}),
        Part("controller.hidden", {"kind": "set", "target": "controller.hidden", "value": 0}),
        *(part for head in spec.heads for part in _of_head(head)),
    )


def _of_head(head: HeadSpec) -> Iterator[Part]:
    name = head.name
    yield Part(f"{name}.content", {"kind": "addressing", "head": name, "without": "content"})
    if 0 in head.shifts:
        kept = [float(shift == 0) for shift in head.shifts]
        yield Part(f"{name}.location", {"kind": "addressing", "head": name, "without": "location"})
        yield Part(f"{name}.shift_weighting", {"kind": "set", "target": f"{name}.shift_weighting", "value": kept})
    yield Part(f"{name}.sharpening", {"kind": "set", "target": f"{name}.sharpening", "value": 1})
    yield Part(f"{name}.weighting", {"kind": "freeze", "head": name})
    if head.kind == "write":
        yield Part(f"{name}.erase_vector", {"kind": "set", "target": f"{name}.erase_vector", "value": 0})
        yield Part(f"{name}.add_vector", {"kind": "set", "target": f"{name}.add_vector", "value": 0})
    yield Part(name, {"kind": "ablate", "head": name})


class _Counted(NamedTuple):
    above: Doubles
    change: Doubles
    amount: float


def _counted(run: Run, variants: Sequence[Variant]) -> Parts[_Counted]:
    """What each variant changes, in batches that take so much memory and no more."""
    size = max(1, BATCH_NUMBERS // (run.locations * run.machine.spec.memory.width))
    above, change, amount = list[Doubles](), list[Doubles](), 0.0
    for first in range(0, len(variants), size):
        found = yield from _of_batch(run, variants[first : first + size])
        above.append(found.above)
        change.append(found.change)
        amount = found.amount
    return _Counted(np.concatenate(above), np.concatenate(change), amount)


def _of_batch(run: Run, variants: Sequence[Variant]) -> Parts[_Counted]:
    stepped, mask, count = Variants(run, variants), run.episode.mask, max(1, run.episode.scored_bits)
    episode = replace(run.episode, inputs=run.inputs.unsqueeze(1), targets=run.episode.targets.unsqueeze(1))
    amounts, change = torch.zeros(len(variants) + 1, dtype=torch.float64), torch.zeros(len(variants) + 1)
    for step in range(run.episode.steps):
        with torch.inference_mode():
            found = stepped.step()
            if not found.unclamped[0].isfinite().all():
                raise NonFinite(step)
            if mask[step].any():
                begun = len(found.outputs)
                scored = found.unclamped[:, mask[step]]
                change[:begun] += (scored - scored[:1]).abs().sum(dim=-1)
                amounts[:begun] += episode.amounts(found.outputs.unsqueeze(0), step)
                # One that has not begun is still the run itself.
                amounts[begun:] = amounts[0]
        yield
    above = torch.where(change.isfinite(), amounts - amounts[0], torch.nan)[1:]
    return _Counted(above.numpy(), (change[1:].double() / count).numpy(), float(amounts[0]))


def _changes(run: Run, intervention: dict[str, Any]) -> Resolved:
    changes = resolve(read_interventions([intervention]), run.machine, run.episode, run.locations)
    # Of a run whose inputs are changed already, all that is not set to 0 is heard as it is there.
    heard = run.inputs if intervention["target" if "target" in intervention else "kind"] != "inputs" else changes.inputs
    return changes._replace(inputs=heard)


def _row_step(run: Run) -> int:
    scored = run.episode.mask.any(dim=1).nonzero().flatten().tolist() or [run.episode.steps - 1]
    return int(scored[len(scored) // 2] if run.episode.optimum is not None else scored[0])


def _tie(change: Doubles) -> Doubles:
    """Decides between cells that make as many bits wrong."""
    return np.nan_to_num(change) * 1e-6


def _amount(above: float) -> str:
    return f"{above:+.0f} wrong bits" if above == round(above) else f"{above:+.2f} bits of cost"
