"""Which variant and which task a file is taken for: the one that it plays with the fewest wrong bits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import safetensors.torch
import torch

from tapedeck.checkpoints import read_checkpoint
from tapedeck.checkpoints.importers import Chosen, import_file
from tapedeck.checkpoints.importers.family_a import FAMILY
from tapedeck.checkpoints.importers.playing import Played, choose
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.errors import InvalidRequest
from tapedeck.ntm import NeuralTM
from tests.checkpoints.importers.files import Sizes, family_a

NEWEST, BEFORE, FIRST = FAMILY.variants
COPY, _, SORT = FAMILY.hears


def played(variant: int, wrong: int, distance: float, size: int = 20) -> Played:
    sizes = {"length": size}
    return Played(NeuralTM(), FAMILY, FAMILY.variants[variant], COPY, sizes, wrong, 160, distance, foretold=False)


def test_the_variant_with_the_fewest_wrong_bits_counts() -> None:
    best, alike = choose([played(0, 70, 0.4), played(1, 0, 1e-4), played(2, 80, 0.5)])
    assert (best.variant.name, alike) == ("2", [])


def test_of_variants_that_are_all_right_the_nearer_one_counts() -> None:
    best, alike = choose([played(0, 0, 0.2), played(1, 0, 1e-5)])
    assert (best.variant.name, alike) == ("2", [])


def test_variants_that_play_alike_are_said_and_the_first_counts() -> None:
    first, second = played(0, 0, 1.1e-8), played(1, 0, 1e-8)
    best, alike = choose([first, second, played(2, 90, 0.5)])
    assert best is first
    assert alike == [second]


def test_a_size_that_is_nearly_as_well_played_counts_before_a_smaller_one() -> None:
    best, _ = choose([played(0, 40, 0.3), played(0, 2, 0.01, 10), played(0, 1, 0.01, 5)])
    assert best.size == {"length": 10}


def test_a_machine_that_plays_nothing_is_taken_for_its_own_program_s_first_task() -> None:
    noise = [played(0, 78, 0.48), played(1, 75, 0.47), played(0, 70, 0.48, 10)]
    other = replace(noise[0], hears=SORT, wrong=60.0)
    best, alike = choose([*noise, other])
    assert (best, alike) == (noise[0], [])
    assert best.is_noise


@pytest.mark.parametrize(
    ("machine", "family", "bits"), [("copy-1", "reference", 160), ("associative_recall-2", "Tapedeck", 180)]
)
def test_our_own_parameters_alone_play_their_task(machine: str, family: str, bits: int, tmp_path: Path) -> None:
    checkpoint = read_checkpoint(SHIPPED_CHECKPOINTS / f"{machine}.safetensors")
    state = checkpoint.machine.state_dict()
    pickled, safe = tmp_path / "mine.pt", tmp_path / "mine.safetensors"
    torch.save(state, pickled)
    safetensors.torch.save_file({name: value.clone() for name, value in state.items()}, safe)
    for path in (pickled, safe) if machine == "copy-1" else (safe,):
        imported = import_file(path, Chosen(locations=128))
        best = imported.played
        assert (best.family.name, best.hears.task, best.wrong, best.bits) == (family, checkpoint.info.task, 0, bits)
        assert imported.invented == ["the number of locations, taken as 128 (--locations)"]
        assert not imported.unknown
        episode = torch.rand(7, len(imported.machine.spec.inputs))
        with torch.inference_mode():
            assert torch.equal(imported.machine(episode)[0], checkpoint.machine(episode)[0])


def test_a_task_that_is_named_is_the_only_one_that_is_tried(tmp_path: Path) -> None:
    path = tmp_path / "machine.pt"
    torch.save(family_a(Sizes(n=24, c=4, o=3)), path)
    assert import_file(path, task="repeat_copy").played.hears.task == "repeat_copy"
    with pytest.raises(InvalidRequest, match="This version runs copy, "):
        import_file(path, task="chess")
