"""The learning curve of a run, from what training left beside its machine."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tapedeck.checkpoints import CheckpointInfo, read_info, write_checkpoint
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.errors import InvalidRequest
from tapedeck.training.curves import learning_curve, optimum_of
from tapedeck.training.metrics import MetricsFile
from tapedeck.training.recipes import DYNAMIC_NGRAMS, AnyRecipe
from tapedeck.training.run_files import metrics_path
from tapedeck.training.starting import initial_machine
from tapedeck.training.trainer import Counters
from tests.training.tiny import TINY, TINY_RECALL, TINY_REPEAT

TINY_NGRAMS = replace(
    DYNAMIC_NGRAMS, sizes={"length": (12, 12)}, locations=32, width=3, controller_size=4, sequences=48
)


def run_of(recipe: AnyRecipe, folder: Path, losses: list[float], seen: int | None = None) -> CheckpointInfo:
    """A machine, and beside it the metrics of a run: a loss each 10 sequences, after the first validation."""
    run = f"{recipe.task}-1"
    file = MetricsFile(metrics_path(folder, run))
    progress = Counters(validation_errors=9).progress(recipe)
    file.record(progress)
    for at, loss in enumerate(losses, 1):
        solved = 30 if at >= 3 else None
        file.record(
            replace(progress, sequences=10 * at, loss=loss, solved_at=solved, validation_excess=loss if loss else None)
        )
    path = folder / f"{run}.safetensors"
    write_checkpoint(
        path, initial_machine(recipe, seed=1), name=run, task=recipe.task, sequences_seen=seen, seed=1, metrics={},
        origin={"kind": "trained", "run": run, "recipe": recipe.as_dict()},
    )  # fmt: skip
    return read_info(path)


def test_a_sequence_costs_as_many_bits_as_count_in_it(tmp_path: Path) -> None:
    """An item that is answered has 3 vectors of 2 bits; a bit that is guessed costs log 2 nats, which is one bit."""
    curve = learning_curve(run_of(TINY_RECALL, tmp_path, [math.log(2), math.log(2) / 4, 0.0]), tmp_path)
    assert curve is not None
    assert (curve.sequences, curve.bits, curve.solved_at, curve.optimum) == ((10, 20, 30), 6, 30, 0)
    assert curve.costs(6) == pytest.approx([6, 1.5, 0])


def test_a_sequence_of_the_copy_costs_what_all_its_outputs_do() -> None:
    generator, total, loss = torch.Generator().manual_seed(1), 0.0, 0.0
    for update in range(6):
        episode = TINY.draw(generator, update)
        outputs = torch.rand(episode.targets.shape, generator=generator)
        likely = torch.sigmoid(TINY.steepness * (outputs - 0.5)).double()
        total -= float(torch.where(episode.targets > 0, likely, 1 - likely).log2().sum()) / TINY.batch_size
        loss += float(TINY.loss(outputs, episode))
    assert loss * TINY.bits_of_loss / math.log(2) == pytest.approx(total, rel=1e-4)


def test_where_sequences_differ_in_bits_the_curve_is_of_a_bit(tmp_path: Path) -> None:
    curve = learning_curve(run_of(TINY_REPEAT, tmp_path, [math.log(2)]), tmp_path)
    assert curve is not None
    assert curve.bits is None
    assert curve.costs(1) == pytest.approx([1])


def test_what_is_foretold_is_compared_with_the_best_on_the_same_sequences(tmp_path: Path) -> None:
    curve = learning_curve(run_of(TINY_NGRAMS, tmp_path, [0.5, 0.1]), tmp_path)
    assert curve is not None
    assert 0 < curve.optimum == optimum_of(TINY_NGRAMS) < 1
    assert curve.costs(1) == pytest.approx([1.5 * curve.optimum, 1.1 * curve.optimum])


def test_a_machine_on_the_way_has_the_curve_up_to_itself(tmp_path: Path) -> None:
    curve = learning_curve(run_of(TINY_RECALL, tmp_path, [0.5, 0.4, 0.3], seen=20), tmp_path)
    assert curve is not None
    assert (curve.sequences, curve.solved_at) == ((10, 20), None)


def test_lines_that_cannot_be_read_are_said_and_left_out(tmp_path: Path) -> None:
    info = run_of(TINY_RECALL, tmp_path, [0.5])
    with metrics_path(tmp_path, "associative_recall-1").open("a") as file:
        file.write("not JSON\n")
    curve = learning_curve(info, tmp_path)
    assert curve is not None
    assert curve.sequences == (10,)
    assert curve.problem is not None
    assert curve.problem.startswith("associative_recall-1.metrics.jsonl: line 3 ")


def test_no_curve_without_metrics_and_none_without_a_recipe(tmp_path: Path) -> None:
    info = run_of(TINY_RECALL, tmp_path, [])
    assert learning_curve(info, tmp_path) is None
    assert learning_curve(info, tmp_path / "elsewhere") is None
    with pytest.raises(InvalidRequest, match="associative_recall-1 has no recipe, which says what its losses are of"):
        learning_curve(replace(info, origin={"run": "associative_recall-1"}), tmp_path)


@pytest.mark.parametrize(
    "machine", sorted(path.name.removesuffix(".metrics.jsonl") for path in SHIPPED_CHECKPOINTS.glob("*.metrics.jsonl"))
)
def test_every_machine_that_ships_has_a_curve_that_falls(machine: str) -> None:
    curve = learning_curve(read_info(SHIPPED_CHECKPOINTS / f"{machine}.safetensors"), SHIPPED_CHECKPOINTS)
    assert curve is not None
    assert curve.problem is None
    assert curve.bit_costs[-1] < curve.bit_costs[0]
