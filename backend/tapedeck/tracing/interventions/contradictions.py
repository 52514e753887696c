"""Interventions that cannot both be carried out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

from tapedeck.tracing.interventions.plan import FREEZE, SET, Edit
from tapedeck.tracing.interventions.refusal import At
from tapedeck.tracing.interventions.sites import Sites


def check_contradictions(declared: Sequence[Any], edits: Sequence[Edit], sites: Sites) -> None:
    """No element is set twice at one step, and nothing else is done to a weighting that is frozen.

    Raises:
        InvalidInterventions: two contradict each other; names both, and a step.
    """
    by_site: dict[int, list[Edit]] = {}
    for edit in edits:
        by_site.setdefault(edit.site, []).append(edit)
    for site, together in by_site.items():
        for one, other in combinations(together, 2):
            if one.origin != other.origin and _contradict(one, other):
                _refuse(declared, one, other, sites.name_of(site))


def _contradict(one: Edit, other: Edit) -> bool:
    if FREEZE in (one.operation, other.operation):
        return _meet(one.steps, other.steps)
    both_set = one.operation == other.operation == SET
    return both_set and _meet(one.steps, other.steps) and _meet(one.places, other.places)


def _meet(one: Any, other: Any) -> bool:
    return bool(np.isin(one, other).any())


def _refuse(declared: Sequence[Any], one: Edit, other: Edit, field: str) -> None:
    step = int(np.intersect1d(one.steps, other.steps)[0])
    kinds = declared[one.origin].kind, declared[other.origin].kind
    At(other.origin).refuse(
        f" ({kinds[1]}) contradicts intervention {one.origin} ({kinds[0]}): both decide {field} at step {step}. Leave "
        "one of them out."
    )
