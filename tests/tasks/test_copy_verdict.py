"""The verdict on a run, on machines that were made to fail in each way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tapedeck.checkpoints import read_checkpoint, read_legacy
from tapedeck.ntm import NeuralTM, NTMConfig
from tapedeck.parts import next_part, whole
from tapedeck.tasks import Diagnosis, Phase
from tapedeck.tasks.verdicts import Array, Flags
from tapedeck.tasks.verdicts.copy import CopyWitness, Evidence, Kind, Origin, symptoms
from tapedeck.tracing import Run, Trace, prepare, verdicts, witness_of
from tests.ntm.strategies import machines
from tests.reference_checkpoints import FOLDER, needs_them
from tests.tracing.copy_machine import copy_machine, distinct_vectors

ROOT = Path(__file__).parents[2]

Break = Callable[[NeuralTM], object]


def said(run: Run, trace: Trace) -> Diagnosis:
    found = verdicts.verdict(run, trace)
    assert found is not None
    return found


def verdict(machine: NeuralTM, sequence: list[list[int]] | torch.Tensor, locations: int | None = None) -> Diagnosis:
    """The diagnosis of a run, which must agree with the run's bit errors whatever it says."""
    run = prepare(machine, "copy", sequence, locations)
    trace = run.trace()
    found = said(run, trace)
    bits = machine.spec.bits
    wrong = ((trace.arrays["outputs"] > 0.5) != (trace.arrays["targets"] > 0.5))[:, :bits].any(axis=1)
    wrong[: run.episode.scored.start] = False
    wrong_steps = wrong.nonzero()[0].tolist()
    assert [mark.step for mark in found.marks] == wrong_steps
    assert found.first_wrong_step == (wrong_steps[0] if wrong_steps else None)
    assert (found.kind is Kind.EXACT) == (trace.bit_errors == 0)
    assert found.sentence.endswith(".")
    assert orjson.loads(orjson.dumps(found.document()))["kind"] == found.kind
    return found


def broken(change: Break, length: int = 10, leaning: float = 3.0) -> Diagnosis:
    """The verdict on the copy machine with one thing about it changed."""
    machine = copy_machine(leaning=leaning)
    assert verdict(machine, distinct_vectors(length)).kind is Kind.EXACT
    change(machine)
    return verdict(machine, distinct_vectors(length))


@pytest.mark.parametrize(("bits", "locations", "length"), [(4, 16, 1), (4, 16, 14), (1, 5, 3), (12, 64, 60)])
def test_an_exact_copy_of_any_width_is_exact(bits: int, locations: int, length: int) -> None:
    found = verdict(copy_machine(bits, locations), distinct_vectors(length, bits))
    assert found == Diagnosis(Kind.EXACT, None, None, found.sentence)
    assert found.sentence == (
        f"All {bits * length:,} bits came back right: every vector was read from the location where it was written."
    )


def test_the_right_bits_from_another_place_are_exact_and_said_to_be_from_there() -> None:
    machine = copy_machine()
    machine.readhead.produce_s_t.weight.zero_()
    found = verdict(machine, [[1, 0, 1, 0]] * 3 + [[0, 0, 0, 0]])
    assert found.kind is Kind.SLIP
    found = verdict(machine, [[0, 0, 0, 0]] * 3)
    assert found.kind is Kind.EXACT
    assert found.sentence.endswith("though not every vector was read from the location where it was written.")


@pytest.mark.parametrize("length", [15, 16, 40])
def test_one_vector_too_many_for_the_locations_wraps_around(length: int) -> None:
    found = verdict(copy_machine(), distinct_vectors(length))
    assert found.kind is Kind.WRAP_AROUND
    assert found.first_wrong_step == length + 2
    assert found.sentence.startswith(
        f"The memory has 16 locations, but {length} vectors between two delimiters take {length + 2}: the write head "
        "came all the way round, and "
    )


def test_a_zeroed_output_channel_is_dead() -> None:
    def zero(machine: NeuralTM) -> None:
        machine.r_to_s.weight[1] = 0

    found = broken(zero)
    assert found.kind is Kind.DEAD_CHANNEL
    assert found.first_wrong_step == 13  # vector 2 is the first that has bit 2
    assert {mark.kind for mark in found.marks} == {Kind.DEAD_CHANNEL}
    assert found.sentence == "Output bit 2 is always 0, whatever is read, so every 1 in it is lost."


def test_a_channel_that_a_bias_holds_at_1_is_dead_and_so_are_two() -> None:
    def hold(machine: NeuralTM) -> None:
        machine.r_to_s.bias[0] = 5
        machine.r_to_s.bias[2] = -5

    found = broken(hold)
    assert found.kind is Kind.DEAD_CHANNEL
    assert found.sentence == "Output bits 1 and 3 never change, whatever is read."


def test_no_channel_that_lives_is_dead_too() -> None:
    def zero(machine: NeuralTM) -> None:
        machine.r_to_s.weight.zero_()

    assert broken(zero).kind is Kind.DEAD_CHANNEL


@pytest.mark.parametrize("head", ["readhead", "writehead"])
def test_a_weakened_sharpening_blurs(head: str) -> None:
    def weaken(machine: NeuralTM) -> None:
        getattr(machine, head).produce_gamma_t.bias.sub_(20)

    found = broken(weaken, leaning=1)
    assert found.kind is Kind.BLUR
    assert found.offset is None
    assert found.sentence.startswith(f"The {head.removesuffix('head')} head lost its focus: the peak of its weighting")


def test_a_shift_bias_in_the_recall_slips() -> None:
    def stay(machine: NeuralTM) -> None:
        machine.readhead.produce_s_t.bias[1] = 10

    found = broken(stay)
    assert (found.kind, found.first_wrong_step, found.offset) == (Kind.SLIP, 12, -1)
    assert found.sentence == (
        "At step 12 the read head is on location 9, but vector 1 was written at location 10: it looks 1 location short "
        "of it, so another vector comes out."
    )


def test_a_read_head_that_starts_too_far_slips_by_that_all_along() -> None:
    def go_on(machine: NeuralTM) -> None:
        machine.readhead.produce_s_t.weight.zero_()

    found = broken(go_on)
    assert (found.kind, found.first_wrong_step, found.offset) == (Kind.SLIP, 12, 1)
    assert {mark.kind for mark in found.marks} == {Kind.SLIP}
    assert "looks 1 location too far" in found.sentence


def test_a_read_head_that_stays_where_it_should_go_on_duplicates() -> None:
    def stay_at_vector_5(machine: NeuralTM) -> None:
        unit = machine.spec.bits + 2
        machine.get_parameter("controller.layer1.weight")[unit, unit : unit + 4] = 10 * torch.tensor([1.0, -1, 1, -1])
        machine.get_parameter("controller.layer1.bias")[unit] = -15
        machine.readhead.produce_s_t.weight[:, unit] = torch.tensor([-10.0, 10, 0])

    found = broken(stay_at_vector_5)
    assert (found.kind, found.first_wrong_step, found.offset) == (Kind.DUPLICATION, 17, -1)
    assert found.marks[0].kind is Kind.DUPLICATION
    assert found.sentence == (
        "Vector 5 was read twice: at step 17 the read head stayed on location 14 and did not go on to 15, "
        "so what follows comes late."
    )


def test_a_write_head_that_stays_overwrites_though_there_is_room() -> None:
    def stay_at_bit_4(machine: NeuralTM) -> None:
        machine.writehead.produce_s_t.weight[:, 3] = torch.tensor([-10.0, 10, 0])

    found = broken(stay_at_bit_4)
    assert (found.kind, found.first_wrong_step) == (Kind.OVERWRITTEN, 18)
    assert [mark.kind for mark in found.marks] == [Kind.OVERWRITTEN] * 3 + [Kind.SLIP]
    assert found.sentence == (
        "Vector 7 is lost: step 8 and 2 more wrote over it on location 0, so only 0 % of what stands there at step 18 "
        "is its own."
    )


def test_an_output_layer_that_errs_at_the_right_place_is_just_wrong() -> None:
    def mix(machine: NeuralTM) -> None:
        machine.r_to_s.weight[1, 0] = -0.6

    found = broken(mix)
    assert (found.kind, found.first_wrong_step) == (Kind.WRONG, 14)  # vector 3, the first with both bits
    assert found.sentence == (
        "At step 14 the read head was on the right place, location 12, and 100 % of what stood there was vector 3, but "
        "1 bit of it came out on the wrong side of 0.5."
    )


@pytest.mark.parametrize("config", [NTMConfig(), NTMConfig(locations=30, width=7, bits=5, controller_size=20)])
@pytest.mark.parametrize("length", [1, 20])
def test_a_fresh_machine_is_untrained(config: NTMConfig, length: int) -> None:
    torch.manual_seed(5)
    found = verdict(NeuralTM(config), distinct_vectors(length, config.bits))
    assert found.kind is Kind.UNTRAINED
    assert found.sentence.startswith("This machine has not learned to copy")


def test_a_run_that_is_no_copy_is_exact_or_wrong() -> None:
    machine = copy_machine()
    run = prepare(machine, "copy", distinct_vectors(15))
    phases = (Phase("all", 0, 17, "input"), Phase("answer", 17, 32, "recall"))
    trace = run.trace()
    found = said(replace(run, episode=replace(run.episode, phases=phases)), trace)
    assert (found.kind, found.first_wrong_step) == (Kind.WRONG, 17)
    assert found.sentence == f"{trace.bit_errors} of 60 bits came out wrong."


@given(machine=machines(), data=st.data())
def test_any_run_of_any_machine_has_a_verdict(machine: NeuralTM, data: st.DataObject) -> None:
    vectors = st.lists(st.integers(0, 1), min_size=machine.spec.bits, max_size=machine.spec.bits)
    verdict(machine.float(), data.draw(st.lists(vectors, min_size=1, max_size=8)))


@pytest.mark.parametrize("length", [9, 15])
def test_a_run_is_judged_alike_in_frames_and_as_a_whole(length: int) -> None:
    machine = copy_machine()
    run = prepare(machine, "copy", distinct_vectors(length))
    witness = witness_of(run)
    assert witness is not None
    for frame in run.frames(5):
        witness.see(frame.first_step, run.layout.arrays(frame.rows), run.judged(frame.rows, frame.first_step)[0])
    assert whole(witness.verdict()) == said(run, run.trace())


def test_no_part_of_a_diagnosis_has_more_work_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long run on many locations, judged in one piece, would keep others waiting for seconds."""
    machine = copy_machine()
    machine.r_to_s.weight.data[1, 0] = -0.6
    run = prepare(machine, "copy", distinct_vectors(60), locations=64)
    trace = run.trace()
    seen, examined, parts = list[int](), list[int](), [(0, 0)]
    see, origin = CopyWitness.see, Evidence.origin

    def count_seen(witness: CopyWitness, first_step: int, fields: Mapping[str, Array], wrong: Flags) -> None:
        seen.append(len(wrong) * trace.layout.row_length)
        see(witness, first_step, fields, wrong)

    def count_examined(evidence: Evidence, *place: int) -> Origin:
        examined.append(evidence.add_vectors.size)
        return origin(evidence, *place)

    expected = said(run, trace)
    monkeypatch.setattr(CopyWitness, "see", count_seen)
    monkeypatch.setattr(Evidence, "origin", count_examined)
    monkeypatch.setattr(verdicts, "PART_NUMBERS", 7 * trace.layout.row_length)
    monkeypatch.setattr(symptoms, "PART_NUMBERS", 2 * trace.arrays["write.add_vector"].size)
    made = verdicts.verdict_in_parts(run, trace)
    while not (found := next_part(made)):
        parts.append((sum(seen), sum(examined)))
    assert found[0] == expected
    of_each = np.diff([*parts, (sum(seen), sum(examined))], axis=0)
    assert of_each[:, 0].max() == verdicts.PART_NUMBERS
    assert of_each[:, 1].max() == symptoms.PART_NUMBERS


class TestTrained:
    """On the machine that ships with the project."""

    @pytest.fixture
    def machine(self) -> NeuralTM:
        return read_checkpoint(ROOT / "checkpoints" / "copy-1.safetensors").machine

    @pytest.fixture
    def vectors(self) -> torch.Tensor:
        return torch.randint(2, (127, 8), generator=torch.Generator().manual_seed(3)).float()

    @pytest.mark.parametrize("length", [1, 20, 126])
    def test_exact(self, machine: NeuralTM, vectors: torch.Tensor, length: int) -> None:
        assert verdict(machine, vectors[:length]).kind is Kind.EXACT

    @pytest.mark.parametrize(("length", "locations"), [(127, 128), (20, 21), (20, 10)])
    def test_too_few_locations(self, machine: NeuralTM, vectors: torch.Tensor, length: int, locations: int) -> None:
        found = verdict(machine, vectors[:length], locations)
        assert found.kind is Kind.WRAP_AROUND
        assert f"has {locations} locations, but {length} vectors" in found.sentence

    @pytest.mark.parametrize(
        ("change", "kind"),
        [
            (lambda machine: machine.r_to_s.weight[3].zero_(), Kind.DEAD_CHANNEL),
            (lambda machine: machine.readhead.produce_gamma_t.bias.sub_(8), Kind.BLUR),
            (lambda machine: machine.writehead.produce_gamma_t.bias.sub_(12), Kind.BLUR),
            (lambda machine: machine.readhead.produce_s_t.bias[1].add_(10), Kind.SLIP),
        ],
    )
    def test_damaged(self, machine: NeuralTM, vectors: torch.Tensor, change: Break, kind: Kind) -> None:
        change(machine)
        assert verdict(machine, vectors[:20]).kind is kind

    @pytest.mark.parametrize("sequences_seen", ["000000", "000400"])
    def test_at_the_beginning_of_its_training(self, vectors: torch.Tensor, sequences_seen: str) -> None:
        machine = read_checkpoint(ROOT / "checkpoints" / f"copy-1-{sequences_seen}.safetensors").machine
        assert verdict(machine, vectors[:20]).kind is Kind.UNTRAINED


@needs_them
class TestReference:
    """On the reference's machines."""

    @pytest.mark.parametrize("name", ["i-0", "i-1000", "i-10000"])
    def test_early_ones_are_untrained(self, name: str) -> None:
        machine, _ = read_legacy(FOLDER / f"{name}.pt")
        assert verdict(machine, distinct_vectors(20, 8)).kind is Kind.UNTRAINED

    def test_27000_has_forgotten_the_way_back_to_the_start(self) -> None:
        machine, _ = read_legacy(FOLDER / "i-27000.pt")
        vectors = torch.randint(2, (20, 8), generator=torch.Generator().manual_seed(3)).float()
        found = verdict(machine, vectors)
        assert (found.kind, found.first_wrong_step, found.offset) == (Kind.SLIP, 22, 18)

    def test_99000_steps_back_as_it_writes_a_long_sequence_and_overwrites_two_vectors(self) -> None:
        machine, _ = read_legacy(FOLDER / "i-99000.pt")
        vectors = torch.randint(2, (115, 8), generator=torch.Generator().manual_seed(3)).float()
        assert verdict(machine, vectors[:60]).kind is Kind.EXACT
        found = verdict(machine, vectors)
        assert (found.kind, found.first_wrong_step, found.offset) == (Kind.SLIP, 195, 2)
        assert found.sentence.endswith("The write head had gone from location 14 to 13 at step 81, and not on to 15.")

    def test_99000_smears_a_long_sequence_with_what_it_writes_in_the_recall(self) -> None:
        machine, _ = read_legacy(FOLDER / "i-99000.pt")
        vectors = (torch.rand(120, 8, generator=torch.Generator().manual_seed(3)) < 0.5).float()
        found = verdict(machine, vectors)
        assert found.kind is Kind.BLUR
        assert found.sentence.startswith("Only 77 % of what was read at step 225 was vector 104")

    def test_99000_wraps_around_where_the_memory_ends(self) -> None:
        machine, _ = read_legacy(FOLDER / "i-99000.pt")
        assert verdict(machine, distinct_vectors(20, 8), 21).kind is Kind.WRAP_AROUND
