"""Kinds of sequences: each is what its name says, from its generator alone."""

from __future__ import annotations

import pytest
import torch
from torch import Generator, Tensor

from tapedeck.training.data import Batches
from tapedeck.training.patterns import LONGEST_MOTIF, PATTERNS, SPARSE_DENSITY
from tapedeck.training.recipe import Recipe

LENGTH, COUNT, BITS = 12, 200, 8


def drawn(name: str, seed: int = 1, length: int = LENGTH) -> Tensor:
    return PATTERNS[name](Generator().manual_seed(seed), length, COUNT, BITS)


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.parametrize("length", [1, 2, LENGTH])
def test_every_kind_gives_bits_that_its_generator_decides(name: str, length: int) -> None:
    before = torch.get_rng_state()
    sequences = drawn(name, length=length)
    assert sequences.shape == (length, COUNT, BITS)
    assert sequences.dtype == torch.float32
    assert ((sequences == 0) | (sequences == 1)).all()
    assert torch.equal(sequences, drawn(name, length=length))
    assert torch.equal(torch.get_rng_state(), before)
    if name not in ("zeros", "ones"):
        assert not torch.equal(sequences, drawn(name, seed=2, length=length))


def test_the_share_of_ones() -> None:
    """Within five standard deviations of what it is on average."""
    expected = {"random": 0.5, "any-density": 0.5, "sparse": SPARSE_DENSITY / 2, "dense": 1 - SPARSE_DENSITY / 2}
    for name, share in {**expected, "zeros": 0.0, "ones": 1.0, "one-hot": 1 / BITS}.items():
        deviation = 0.29 / COUNT**0.5 + 0.5 / (LENGTH * COUNT * BITS) ** 0.5 if name in expected else 1e-7
        assert drawn(name).mean().item() == pytest.approx(share, abs=5 * deviation), name
    assert drawn("any-density").mean(dim=(0, 2)).std() > 3 * drawn("random").mean(dim=(0, 2)).std()


def test_one_hot_has_a_single_bit_in_every_vector() -> None:
    assert (drawn("one-hot").sum(dim=-1) == 1).all()
    assert (drawn("one-hot").sum(dim=(0, 1)) > 0).all()


def test_repeated_goes_round_in_its_motif() -> None:
    periods = set()
    for sequence in drawn("repeated").unbind(dim=1):
        fits = [p for p in range(1, LONGEST_MOTIF + 1) if torch.equal(sequence[p:], sequence[:-p])]
        assert fits
        periods.add(fits[0])
    assert periods == set(range(1, LONGEST_MOTIF + 1))


def test_edge_rows_stand_out_by_bits_or_by_none() -> None:
    held = drawn("edge-rows").any(dim=-1)
    inside_alone, edges_alone = ~held[[0, -1]].any(dim=0), ~held[1:-1].any(dim=0)
    assert (inside_alone ^ edges_alone).all()
    assert 0 < edges_alone.sum() < COUNT


def test_batches_have_the_lengths_and_kinds_of_the_recipe() -> None:
    recipe = Recipe(batch_size=4, shortest=2, longest=5, patterns={"zeros": 1.0, "ones": 3.0})
    batches = Batches(recipe, seed=7)
    episodes = [batches.next(0) for _ in range(200)]
    assert {len(each.targets) for each in episodes} == {2 * length + 2 for length in range(2, 6)}
    means = torch.cat([each.targets[each.scored.start :, :, :8].mean(dim=(0, 2)) for each in episodes])
    assert ((means == 0) | (means == 1)).all()
    assert means.mean().item() == pytest.approx(0.75, abs=5 * (0.75 * 0.25 / 800) ** 0.5)


def test_batches_are_of_the_updates_patterns() -> None:
    recipe = Recipe(sequences=80, patterns={"zeros": 1.0}, late_patterns={"ones": 1.0}, late_from=0.5)
    batches = Batches(recipe, seed=7)
    means = [batches.next(update).targets[-1, :, :8].mean().item() for update in range(10)]
    assert means == [0.0] * 5 + [1.0] * 5


def test_batches_go_on_from_their_state() -> None:
    batches, others = Batches(Recipe(), seed=3), Batches(Recipe(), seed=4)
    batches.next(0)
    others.state = batches.state
    assert torch.equal(batches.next(0).inputs, others.next(0).inputs)
