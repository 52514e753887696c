"""The trainer: its loss, its updates, and those that it leaves out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from tapedeck.errors import InvalidConfiguration
from tapedeck.ntm import NeuralTM, State
from tapedeck.tasks import CopyTask
from tapedeck.training.fused import Parameters, Shares
from tapedeck.training.recipe import Recipe
from tapedeck.training.starting import initial_machine
from tapedeck.training.trainer import Trainer
from tests.training.tiny import TINY


def test_the_loss_is_that_of_the_formula() -> None:
    """Σ over all outputs of −y log σ(k(z − ½)) − (1 − y) log(1 − σ(k(z − ½))), its mean, times T / T of the longest."""
    recipe = Recipe(steepness=8.0, longest=20)
    episode = CopyTask.episode(torch.randint(2, (7, 3, 8), generator=torch.Generator().manual_seed(1)).float())
    outputs = torch.randn(episode.inputs.shape, generator=torch.Generator().manual_seed(2))
    y, z = episode.targets.double().numpy(), outputs.double().numpy()
    likely = 1 / (1 + np.exp(-8.0 * (z - 0.5)))
    expected = np.mean(-y * np.log(likely) - (1 - y) * np.log1p(-likely)) * (16 / 42)
    assert recipe.loss(outputs, episode).item() == pytest.approx(expected, rel=1e-5)


def test_outputs_beyond_0_and_1_have_a_gradient() -> None:
    episode = CopyTask.episode(torch.zeros(1, 1, 8))
    outputs = torch.full(episode.inputs.shape, 1.5, requires_grad=True)
    (gradient,) = torch.autograd.grad(Recipe().loss(outputs, episode), outputs)
    assert (gradient > 0).all()


def test_the_machine_begins_with_the_recipes_biases_and_disturbs_no_one() -> None:
    before = torch.get_rng_state()
    machine = initial_machine(Recipe(), seed=4)
    assert torch.equal(torch.get_rng_state(), before)
    with torch.random.fork_rng():
        torch.manual_seed(4)
        plain = NeuralTM()
    for name, value in plain.state_dict().items():
        added = torch.zeros_like(value)
        if name.endswith("produce_g_t.bias"):
            added += -2.0
        if name.endswith("produce_s_t.bias"):
            added[0] = 1.0
        assert torch.equal(machine.state_dict()[name], value + added), name


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_a_seed_that_cannot_be(seed: int) -> None:
    with pytest.raises(InvalidConfiguration, match=r"seed must be a whole number of 0 to 2⁶³ − 1"):
        Trainer(TINY, seed)


def test_it_learns() -> None:
    trainer = Trainer(replace(TINY, sequences=400, learning_rate=3e-3, patterns={"ones": 1.0}), seed=1)
    first = trainer.advance(10).loss
    trainer.advance(80)
    trainer.begin_stretch()
    last = trainer.advance(20).loss
    assert first is not None
    assert last is not None
    assert last < 0.7 * first


def test_parameters_do_not_depend_on_how_updates_are_cut() -> None:
    whole, cut = Trainer(TINY, seed=2), Trainer(TINY, seed=2)
    whole.advance(12)
    for updates in (1, 4, 7):
        cut.begin_stretch()
        cut.advance(updates)
        cut.validate()
    assert_same(whole.machine, cut.machine)
    assert whole.sequences_seen == cut.sequences_seen == 24


def test_it_stops_at_the_end_of_the_recipe() -> None:
    trainer = Trainer(replace(TINY, sequences=5), seed=1)
    progress = trainer.advance(100)
    assert (progress.sequences, progress.total, trainer.finished) == (6, 6, True)
    assert trainer.advance(1).sequences == 6


@pytest.mark.parametrize("most", [0.01, 1000.0], ids=["scaled down", "as it is"])
def test_an_update_is_rmsprops(most: float) -> None:
    """With its gradient scaled down to the recipe's norm where it is longer, written out in NumPy."""
    recipe = replace(TINY, gradient_norm=most, momentum=0.5)
    trainer, copy = Trainer(recipe, seed=3), Trainer(recipe, seed=3)
    before = [each.detach().double().numpy().copy() for each in trainer.machine.parameters()]
    trainer.advance(1)
    episode = copy.batches.next(0)
    unclamped = torch.stack([each.unclamped_output for each in copy.machine(episode.inputs)[2]])
    gradients = torch.autograd.grad(recipe.loss(unclamped, episode), list(copy.machine.parameters()))
    norm = sum(float(each.double().square().sum()) for each in gradients) ** 0.5
    assert 0.01 < norm < 1000
    for value, old, gradient in zip(trainer.machine.parameters(), before, gradients, strict=True):
        g = gradient.double().numpy() * min(1, most / norm)
        mean_square = (1 - recipe.smoothing) * g**2
        expected = old - recipe.learning_rate * g / (np.sqrt(mean_square) + recipe.epsilon)
        np.testing.assert_allclose(value.detach().numpy(), expected, rtol=0, atol=2e-7)


@pytest.mark.parametrize("what", ["loss", "gradient"])
def test_an_update_that_is_not_finite_is_left_out_and_counted(what: str) -> None:
    trainer = Trainer(TINY, seed=1)
    trainer.advance(2)
    before = {name: value.clone() for name, value in trainer.machine.state_dict().items()}
    healthy = trainer.steps

    def broken(shares: Shares, state: State, parameters: Parameters) -> tuple[State, tuple[Tensor, ...]]:
        state, (read_vectors,) = healthy(shares, state, parameters)
        if what == "loss":
            return state, (read_vectors * float("nan"),)
        return state, (InfiniteGradient.apply(read_vectors),)  # type: ignore[no-untyped-call]

    trainer.steps = broken
    trainer.begin_stretch()
    progress = trainer.advance(3)
    assert (progress.skipped, progress.sequences) == (3, 10)
    assert (progress.loss is None) == (what == "loss")
    for name, value in trainer.machine.state_dict().items():
        assert torch.equal(value, before[name]), name
    trainer.steps = healthy
    trainer.begin_stretch()
    assert trainer.advance(3).skipped == 3
    assert trainer.progress.loss is not None


def test_solved_is_the_first_validation_without_an_error() -> None:
    trainer = Trainer(TINY, seed=1)
    assert trainer.validate() > 0
    assert trainer.counters.solved_at is None
    trainer._validation.amount = lambda machine: 0  # type: ignore[method-assign]
    trainer.advance(1)
    trainer.validate()
    trainer.advance(1)
    trainer.validate()
    progress = trainer.progress
    assert (progress.solved_at, progress.validation_errors) == (2, 0)
    solved_after = progress.solved_after
    assert solved_after is not None
    assert solved_after <= progress.seconds


def assert_same(one: NeuralTM, other: NeuralTM) -> None:
    for (name, value), theirs in zip(one.state_dict().items(), other.state_dict().values(), strict=True):
        assert torch.equal(value, theirs), name


class InfiniteGradient(torch.autograd.Function):
    """Changes nothing on the way there."""

    @staticmethod
    def forward(ctx: object, value: Tensor) -> Tensor:
        return value.clone()

    @staticmethod
    def backward(ctx: object, *gradients: Tensor) -> Tensor:
        return gradients[0] * float("inf")
