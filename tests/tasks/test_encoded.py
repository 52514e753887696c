"""Tasks as machines hear them that were trained on another laying out: each rule of an encoding by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from tapedeck.errors import InvalidConfiguration, InvalidRequest
from tapedeck.ntm import Channel, CountScale, Encoding, MachineSpec, NTMConfig, Stretch
from tapedeck.tasks import Episode, task_as_heard

BITS = tuple(Channel(f"bit {number}", "bit") for number in (1, 2))
START, END = Channel("start", "delimiter"), Channel("end", "delimiter")
COUNT, PRIORITY = Channel("count", "count"), Channel("priority", "priority")
VECTORS = [[1, 0], [1, 1], [0, 1], [0, 0], [1, 0]]


def spec(
    inputs: tuple[Channel, ...], outputs: tuple[Channel, ...], encoding: Encoding, bits: tuple[Channel, ...] = BITS
) -> MachineSpec:
    made = NTMConfig(locations=8, width=3, bits=2, controller_size=4).spec
    return replace(made, inputs=(*bits, *inputs), outputs=(*bits, *outputs), encoding=encoding)


def episode(made: MachineSpec, task: str, **given: object) -> Episode:
    heard = task_as_heard(made, task)
    example = heard.parse(given, 2)
    found = heard.episode(example)
    assert found.steps == heard.steps(heard.size_of(example)) == len(found.inputs) == len(found.mask)
    assert found.inputs.shape[1] == len(made.inputs)
    assert found.targets.shape[1] == len(made.outputs)
    return found


def test_a_delimiter_may_stand_after_the_sequence_alone() -> None:
    stretches = (Stretch("input", of="input"), Stretch("end", of="end"), Stretch("recall", of="recall"))
    found = episode(spec((END,), (), Encoding(stretches)), "copy", sequence=[[1, 0], [1, 1]])
    assert found.inputs.tolist() == [[1, 0, 0], [1, 1, 0], [0, 0, 1], [0, 0, 0], [0, 0, 0]]
    assert found.targets[3:].tolist() == [[1, 0], [1, 1]]
    assert [(phase.name, phase.start, phase.stop, phase.role) for phase in found.phases] == [
        ("input", 0, 2, "input"),
        ("end", 2, 3, "delimiter"),
        ("recall", 3, 5, "recall"),
    ]
    assert found.mask.any(dim=1).tolist() == [False] * 3 + [True] * 2


def test_outputs_that_the_task_does_not_have_do_not_count() -> None:
    found = episode(spec((START, END), (END,), Encoding()), "copy", sequence=[[1, 0]])
    assert found.inputs.tolist() == [[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]]
    assert (found.bits, found.scored_bits) == (2, 2)


def test_a_step_of_its_own_marks_a_channel_and_a_count_has_its_own_scale() -> None:
    stretches = (
        Stretch("input", of="input"),
        Stretch("end", marks="end"),
        Stretch("count", of="count"),
        Stretch("recall", of="recall"),
    )
    made = spec((END, COUNT), (END,), Encoding(stretches, CountScale(0.0, 10.0)))
    found = episode(made, "repeat_copy", sequence=[[1, 0]], repeats=3)
    torch.testing.assert_close(found.inputs[:3], torch.tensor([[1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0.3]]))
    assert found.targets[3:].tolist() == [[1, 0, 0]] * 3 + [[0, 0, 1]]
    assert found.scored_bits == 12


def test_last_steps_may_be_left_off() -> None:
    stretches = (
        Stretch("input", of="input"),
        Stretch("count", of="count"),
        Stretch("recall", of="recall", leaves_off=1),
    )
    found = episode(
        spec((COUNT,), (), Encoding(stretches, CountScale(0.0, 10.0))), "repeat_copy", sequence=[[1, 0]], repeats=2
    )
    assert found.steps == 4
    assert found.targets[2:].tolist() == [[1, 0], [1, 0]]


def test_the_input_may_be_heard_again_and_all_come_out_sorted() -> None:
    stretches = (Stretch("input", of="input"), Stretch("end", of="end"), Stretch("recall", of="recall", hears="input"))
    made = spec((PRIORITY, END), (PRIORITY, END), Encoding(stretches, sorted_share=1.0))
    found = episode(made, "priority_sort", vectors=VECTORS, priorities=[0.1, 0.2, 0.3, 0.4, 0.5])
    assert torch.equal(found.inputs[6:], found.inputs[:5])
    assert found.targets[6:, :2].int().tolist() == VECTORS[::-1]
    assert found.scored_bits == 10


def test_channels_may_be_sorted_by_themselves() -> None:
    stretches = (Stretch("input", of="input"), Stretch("recall", of="recall"))
    made = spec((PRIORITY,), (), Encoding(stretches, sorts="channels"))
    found = episode(made, "priority_sort", vectors=VECTORS, priorities=[0.1, 0.2, 0.3, 0.4, 0.5])
    assert found.targets[5:].int().tolist() == [[1, 1], [1, 1], [1, 0], [0, 0]]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        (Encoding((Stretch("a", of="nothing"),)), "the task has no phase “nothing”"),
        (Encoding((Stretch("recall", of="recall"),)), "only delimiters may be left out"),
        (Encoding((Stretch("a", marks="bell"),)), "it has no input “bell”"),
    ],
)
def test_an_encoding_of_another_task_is_refused(encoding: Encoding, said: str) -> None:
    with pytest.raises(InvalidRequest, match=said):
        task_as_heard(spec((END,), (), encoding), "copy")


def test_machines_without_the_channels_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="its vectors must be the first inputs"):
        task_as_heard(spec((), (), Encoding(), bits=(END, *BITS)), "copy")


@pytest.mark.parametrize(
    "made",
    [
        lambda: Stretch("", of="input"),
        lambda: Stretch("a"),
        lambda: Stretch("a", of="input", marks="end"),
        lambda: Encoding((Stretch("a", of="b"), Stretch("a", of="c"))),
        lambda: Encoding(sorted_share=1.5),
        lambda: CountScale(0.0, 0.0),
    ],
)
def test_impossible_encodings_are_refused(made: object) -> None:
    with pytest.raises(InvalidConfiguration):
        made()  # type: ignore[operator]


def test_an_encoding_is_the_same_after_a_round_trip() -> None:
    stretches = (
        Stretch("input", of="input"),
        Stretch("end", marks="end"),
        Stretch("recall", of="recall", hears="input"),
    )
    made = spec((END,), (), Encoding(stretches, CountScale(4.5, 2.0), "channels", 0.5))
    assert MachineSpec.from_document(made.as_document()) == made
