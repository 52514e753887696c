"""The learning curve of a run: what its sequences cost, in bits, against how many it had seen.

The loss that a run is trained with is a mean over bits, in nats. Where each of its sequences has as many bits that
count, whatever its size, that many of them are what a sequence costs; where not, the curve is of a single bit.

What predictions cost differs more between two sequences than between a good machine and the best possible one: their
curve is that of the validation, whose sequences are the same each time, so that the best on these can stand beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from tapedeck.checkpoints import CheckpointInfo
from tapedeck.errors import InvalidRequest
from tapedeck.tasks import TASKS
from tapedeck.training.metrics import MetricsFile
from tapedeck.training.recipes import AnyRecipe, recipe_from_dict
from tapedeck.training.run_files import metrics_path
from tapedeck.training.trainer import Progress
from tapedeck.training.validation import SEED

NATS = math.log(2)
"""Of a bit."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A run as it learned.

    Attributes:
        name: of the run.
        seed: of the run; None where it is not known.
        sequences: seen, at the end of each stretch.
        bit_costs: what a bit cost, in bits: on average over the stretch, or where bits are foretold in the validation.
        bits: that count in each sequence; None where that depends on its size.
        optimum: the least that a bit of the validation can cost, in bits; 0 where nothing is foretold.
        solved_at: sequences seen at the first validation without a wrong bit; None where there was none.
        problem: what is wrong with lines of its file, which are left out; None where nothing is.
        band: of several runs, the least and the greatest that a bit cost at each point; empty of a single one.
    """

    name: str
    seed: int | None
    sequences: tuple[int, ...]
    bit_costs: tuple[float, ...]
    bits: int | None
    optimum: float
    solved_at: int | None
    problem: str | None = None
    band: tuple[tuple[float, ...], ...] = ()

    def costs(self, bits: int) -> list[float]:
        """Of so many bits, in bits."""
        return [bits * each for each in self.bit_costs]


def spread(curves: Sequence[Curve], name: str) -> Curve:
    """Runs that differ by their seed alone, as one: the median at each point, and the band that all of them are in.

    A run that ended before the others has no part in what comes after.

    Args:
        curves: at least one; they are read at the points of the longest.
        name: of all together.
    """
    longest = max(curves, key=lambda curve: curve.sequences[-1])
    at = np.array(longest.sequences, float)
    costs = np.stack([np.interp(at, curve.sequences, curve.bit_costs, right=np.nan) for curve in curves])
    lowest, middle, highest = (tuple(found(costs, axis=0).tolist()) for found in (np.nanmin, np.nanmedian, np.nanmax))
    problems = [curve.problem for curve in curves if curve.problem is not None]
    return replace(
        longest,
        name=name,
        seed=None,
        bit_costs=middle,
        solved_at=None,
        problem=" ".join(problems) or None,
        band=(lowest, highest),
    )


def learning_curve(info: CheckpointInfo, folder: Path) -> Curve | None:
    """The curve of the run that a machine is of, up to that machine; None where the folder has none.

    Raises:
        InvalidRequest: its metrics are there, but its recipe is not.
        InvalidConfiguration: its recipe is not one of this version.
        TrainingError: its metrics cannot be read.
    """
    run = info.origin.get("run", info.id)
    path = metrics_path(folder, str(run))
    if not path.is_file():
        return None
    metrics = MetricsFile(path).read()
    lines = [line for line in metrics.lines if _is_of(line, info.sequences_seen)]
    recipe = info.origin.get("recipe")
    if not isinstance(recipe, dict):
        raise InvalidRequest(f"{path} cannot be drawn: {info.id} has no recipe, which says what its losses are of.")
    made_with = recipe_from_dict(recipe)
    optimum = optimum_of(made_with)
    if optimum:
        excesses = ((line.sequences, line.validation_excess) for line in lines)
        costs = [(seen, (1 + excess) * optimum) for seen, excess in excesses if excess is not None]
    else:
        costs = [(line.sequences, line.loss / NATS) for line in lines if line.loss is not None]
    if not costs:
        return None
    sequences, bit_costs = zip(*costs, strict=True)
    solved = next((line.solved_at for line in lines if line.solved_at is not None), None)
    return Curve(str(run), info.seed, sequences, bit_costs, made_with.bits_of_loss, optimum, solved, metrics.problem)


def optimum_of(recipe: AnyRecipe) -> float:
    """The least that a bit of the validation can cost, in bits; 0 where nothing is foretold."""
    if not TASKS[recipe.task].measure.foretold:
        return 0.0
    episodes = recipe.validation_episodes(torch.Generator().manual_seed(SEED))
    return sum(float(each.best.sum()) for each in episodes) / sum(each.scored_bits for each in episodes)


def _is_of(line: Progress, seen: int | None) -> bool:
    return seen is None or line.sequences <= seen
