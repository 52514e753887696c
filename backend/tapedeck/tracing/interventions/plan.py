"""What interventions come to in a run: plain arrays, which every engine carries out in the same way.

The layout. A plan has K operations, sorted by step, within a step by site, and at one site in the order of the request
(a normalization last). Those of step t are `first[t]` to `first[t + 1]`. Operation k is

    sites[k]        where: a code of `tapedeck.tracing.interventions.sites`
    operations[k]   what: one of the codes below
    spans[k]        [begin, end): its stretch of `places` and `values`, which several operations may share
    origins[k]      the index of the intervention in the request, for errors

`places` are indices of elements of the value x at the site; in the memory [N, W] location · W + column. `values` are
float64, to be rounded to the machine's type before they are used, and so is every result. The codes:

    SET        x[places] ← values
    SCALE      x[places] ← x[places] · values
    ADD        x[places] ← x[places] + values
    SWAP       the first half of `places` and the second exchange what they hold
    ROLL       x(i) ← x(i − values[0]), indices modulo N: a whole weighting
    FREEZE     x ← the weighting of the same head that counted in the step before (the initial one at step 0)
    NORMALIZE  x ← max(x, 0) / Σ max(x, 0); an error where the sum is below `LEAST_SUM`

A site's operations are carried out when its value is made, before any stage uses it; those of `memory` before the step.
Inputs depend on no step: they are changed before the run, and a plan has no operation at site 0. Where an LSTM's last
layer emits its hidden as it is, a changed `controller.hidden` is also what that layer hands to its next step. What a
run records is the value after the operations. Steps without operations are computed as if there were no plan, bit for
bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

SET, SCALE, ADD, SWAP, ROLL, FREEZE, NORMALIZE = range(7)

LEAST_SUM = 1e-30
"""Below it nothing is left of a weighting that could be normalized."""

Ints = npt.NDArray[np.int64]
Doubles = npt.NDArray[np.float64]


class Edit(NamedTuple):
    """One operation at one site, at some steps.

    Attributes:
        origin: the index of the intervention that it is part of.
        site: where.
        operation: what.
        steps: [S], ascending, each once.
        places: [P]
        values: [P], or [S, P] where they differ from step to step.
    """

    origin: int
    site: int
    operation: int
    steps: Ints
    places: Ints
    values: Doubles


class Plan(NamedTuple):
    """The operations of a run of T steps, see above."""

    first: Ints
    """[T + 1]"""
    sites: Ints
    """[K]"""
    operations: Ints
    """[K]"""
    spans: Ints
    """[K, 2]"""
    origins: Ints
    """[K]"""
    places: Ints
    """[P]"""
    values: Doubles
    """[P]"""

    @classmethod
    def of(cls, edits: Sequence[Edit], steps: int) -> Plan:
        """The operations of edits, which stand in the order of the request."""
        columns: list[Ints] = []
        places, values, offset = list[Ints](), list[Doubles](), 0
        for order, edit in enumerate(edits):
            count, size = len(edit.steps), len(edit.places)
            by_step = edit.values.ndim == 2
            begin = offset + size * (np.arange(count) if by_step else np.zeros(count, np.int64))
            same = (np.full(count, each) for each in (edit.site, order, edit.operation, edit.origin))
            columns.append(np.stack([edit.steps, *same, begin, begin + size]))
            places.append(np.tile(edit.places, count if by_step else 1))
            values.append(edit.values.ravel())
            offset += len(values[-1])
        found = np.concatenate(columns, axis=1) if columns else np.zeros((7, 0), np.int64)
        step, site, order, operation, origin, begin, end = found[:, np.lexsort(found[2::-1])]
        return cls(
            np.searchsorted(step, np.arange(steps + 1)),
            np.ascontiguousarray(site),
            np.ascontiguousarray(operation),
            np.ascontiguousarray(np.stack([begin, end], axis=1)),
            np.ascontiguousarray(origin),
            np.concatenate(places) if places else np.zeros(0, np.int64),
            np.concatenate(values) if values else np.zeros(0),
        )

    @property
    def steps(self) -> int:
        """T."""
        return len(self.first) - 1

    def at(self, step: int) -> range:
        """The operations of a step."""
        return range(int(self.first[step]), int(self.first[step + 1]))
