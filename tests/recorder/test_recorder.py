"""`td.Recorder`: any loop's arrays become a trace file, and each wrong call one sentence."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import tapedeck as td
from tapedeck.errors import FileUnwritable, InvalidRecording
from tapedeck.tracing.files import read_trace_file
from tapedeck.tracing.files.memory import rebuilt

STEPS, BATCH, LOCATIONS, WIDTH = 70, 3, 6, 4
"""More steps than a recorder has room for at first."""

HEADS: dict[str, Any] = {"write": "write", "read1": "read", "read2": "read"}


class Jax:
    """What a JAX array is to others: read by __array__, and of no class that anybody knows."""

    def __init__(self, values: Any) -> None:
        self._values = np.asarray(values)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return self._values


class Dlpack:
    """An array that can only be handed over."""

    def __init__(self, values: Any) -> None:
        self._values = torch.tensor(values)

    def __dlpack__(self, **options: Any) -> Any:
        return self._values.__dlpack__(**options)

    def __dlpack_device__(self) -> Any:
        return self._values.__dlpack_device__()


FORMS: dict[str, Callable[[Any], Any]] = {
    "NumPy": np.asarray,
    "lists": lambda values: np.asarray(values).tolist(),
    "float32 tensors": lambda values: torch.tensor(values, dtype=torch.float32),
    "tensors with a graph": lambda values: 1 * torch.tensor(values, dtype=torch.float64, requires_grad=True),
    "bfloat16 tensors": lambda values: torch.tensor(values, dtype=torch.bfloat16),
    "sparse tensors": lambda values: torch.tensor(values).to_sparse(),
    "flags": lambda values: torch.tensor(values) > 0.5,
    "JAX": Jax,
    "DLPack": Dlpack,
}


def machine(random: np.random.Generator, memory: Any) -> tuple[dict[str, Any], Any]:
    """A step of a batch of machines: what a loop has in its hands, and the memory after it, changed in place."""
    write, read1, read2 = random.dirichlet(np.full(LOCATIONS, 0.3), (3, BATCH))
    erase, add = random.random((BATCH, WIDTH)), random.normal(size=(BATCH, WIDTH))
    memory *= 1 - write[:, :, None] * erase[:, None]
    memory += write[:, :, None] * add[:, None]
    return {
        "inputs": random.random((BATCH, 5)),
        "outputs": random.random((BATCH, 2)),
        "write": {"weighting": write, "erase_vector": erase, "add_vector": add},
        "read1": {"weighting": read1, "key_strength": random.random((BATCH, 1))},
        "read2": {"weighting": read2},
    }, memory


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_arrays_of_any_library_are_recorded_as_float32_of_the_chosen_example(form: Callable[[Any], Any]) -> None:
    given = machine(np.random.default_rng(1), np.zeros((BATCH, LOCATIONS, WIDTH)))[0]
    heads: Any = {head: {stage: form(values) for stage, values in given[head].items()} for head in HEADS}
    with td.Recorder(HEADS, batch=1) as rec:
        rec.step(inputs=form(given["inputs"]), outputs=form(given["outputs"]), **heads)
    arrays = rec.trace_file().arrays
    for name in ("inputs", "write.weighting", "read1.weighting", "read1.key_strength"):
        head, _, stage = name.rpartition(".")
        expected = (given[head][stage] if head else given[stage])[1]
        if form is FORMS["flags"]:
            expected = expected > 0.5
        tolerance = 0.01 if form is FORMS["bfloat16 tensors"] else 1e-6
        np.testing.assert_allclose(arrays[name][0], np.squeeze(expected), atol=tolerance, err_msg=name)
        assert arrays[name].dtype == np.float32
    assert arrays["read1.key_strength"].shape == (1,)


def recorded(path: Path, **options: Any) -> tuple[td.Recorder, list[Any]]:
    """A run of several steps, saved, and its memories; a loop that changes its memory in place."""
    random, memory, memories = np.random.default_rng(2), np.full((BATCH, LOCATIONS, WIDTH), 0.1), []
    with td.Recorder(HEADS, batch=2, **options) as rec:
        for step in range(STEPS):
            given, memory = machine(random, memory)
            memories.append(memory[2].astype(np.float32))
            rec.step(
                **given,
                memory=memory,
                targets=np.zeros((BATCH, 2)),
                phase="hear" if step < 9 else "recall",
                scored=[[False, False], [False, True], [step >= 9, False]],
            )
    assert rec.save(path) == path
    return rec, memories


def test_a_recording_is_a_trace_file_with_phases_what_counts_and_what_it_was_told(tmp_path: Path) -> None:
    rec, _ = recorded(tmp_path / "mine.npz", title="Mine", meta={"task": "copy"})
    file = read_trace_file(tmp_path / "mine.npz")
    assert (rec.steps, file.steps, file.locations, file.width) == (STEPS, STEPS, LOCATIONS, WIDTH)
    assert [(head.name, head.kind) for head in file.heads] == list(HEADS.items())
    described = file.description
    assert (described["title"], described["task"]) == ("Mine", "copy")
    assert described["phases"] == [
        {"name": "hear", "role": "input", "start": 0, "stop": 9},
        {"name": "recall", "role": "recall", "start": 9, "stop": STEPS},
    ]
    assert described["scored"] == [[9, STEPS, 0, 1]]


def test_a_memory_that_follows_from_the_writes_is_left_out_and_found_again(tmp_path: Path) -> None:
    """Its start, too, whether it was said or has to be found from the first step."""
    ways: dict[str, Any] = {
        "found": {},
        "said": {"memory": 0.1},
        "given": {"memory": np.full((BATCH, LOCATIONS, WIDTH), 0.1)},
    }
    for name, options in ways.items():
        _, memories = recorded(tmp_path / f"{name}.npz", **options)
        file = read_trace_file(tmp_path / f"{name}.npz")
        assert file.memory.follows, name
        assert file.memory.recorded is None, name
        made = np.stack(list(rebuilt(file.memory, ["write"], file.arrays)))
        np.testing.assert_allclose(made, np.stack(memories), atol=1e-5, err_msg=name)
        assert file.memory.start is not None
        np.testing.assert_allclose(file.memory.start, 0.1, atol=1e-5, err_msg=name)


def test_a_memory_that_changes_otherwise_is_recorded_as_it_was() -> None:
    rec = td.Recorder({"write": "write"})
    for step in range(4):
        vectors = {"erase_vector": np.ones(WIDTH), "add_vector": np.ones(WIDTH)}
        rec.step(
            outputs=[0], write={"weighting": np.eye(LOCATIONS)[0], **vectors}, memory=np.full((LOCATIONS, WIDTH), step)
        )
    memory = rec.trace_file().memory
    assert (memory.rule, memory.follows, memory.start) == ("recorded", False, None)
    assert memory.recorded is not None
    np.testing.assert_array_equal(memory.recorded[:, 3, 1], [0, 1, 2, 3])


def test_fields_of_a_dnc_and_further_ones_are_recorded_with_their_axes() -> None:
    rec = td.Recorder({"write": "write"}, fields={"surprise": [], "write.novelty": ["location"]})
    for _ in range(2):
        eye = np.eye(LOCATIONS)
        rec.step(
            outputs=[1],
            write={"weighting": eye[0], "allocation_weighting": eye[1], "novelty": eye[2]},
            controller={"hidden": np.ones(7)},
            usage=eye[3],
            link=eye,
            surprise=3,
        )
    fields = {field["name"]: field["axes"] for field in rec.trace_file().description["fields"]}
    assert fields == {
        "outputs": ["channel"],
        "write.weighting": ["location"],
        "write.allocation_weighting": ["location"],
        "write.novelty": ["location"],
        "controller.hidden": ["unit"],
        "memory.usage": ["location"],
        "memory.link": ["location", "location"],
        "surprise": [],
    }


def test_nothing_is_kept_of_a_step_but_its_numbers() -> None:
    """No graph, no tensor, and nothing that is changed in place afterwards."""
    rec = td.Recorder({"read": "read"})
    weighting = 1 * torch.eye(LOCATIONS, requires_grad=True)[0]
    rec.step(outputs=weighting, read={"weighting": weighting})
    gone = weakref.ref(weighting)
    with torch.no_grad():
        weighting.fill_(9)
    del weighting
    assert gone() is None
    assert rec.trace_file().arrays["read.weighting"][0].tolist() == [1, 0, 0, 0, 0, 0]


W = np.eye(LOCATIONS)[0]
GOOD: dict[str, Any] = {"inputs": [1.0, 0.0], "read": {"weighting": W}}
NO_NUMBERS = "must be an array of numbers (torch, NumPy, JAX or lists); it is"
LATER: dict[str, tuple[dict[str, Any], str]] = {
    "a head is missing": ({"read": None}, "read.weighting is missing; step 0 had it"),
    "a field too many": ({"outputs": [1]}, "outputs was not given at step 0; every step gives the same fields."),
    "shape": ({"read": {"weighting": W[:4]}}, "read.weighting must have the shape (6,), as at step 0; it has (4,)."),
    "text": ({"inputs": ["a", "b"]}, f"inputs {NO_NUMBERS} list."),
    "nothing": ({"read": {"weighting": None}}, f"read.weighting {NO_NUMBERS} NoneType."),
    "complex numbers": ({"inputs": torch.ones(2) * 1j}, f"inputs {NO_NUMBERS} Tensor of torch.complex64."),
    "no numbers at all": ({"inputs": torch.ones(2, device="meta")}, f"inputs {NO_NUMBERS} Tensor of torch.float32."),
    "another field": ({"read": {"weighting": W, "key": W}}, "read.key was not given at step 0"),
}
FIRST: dict[str, tuple[dict[str, Any], str]] = {
    "no weighting": ({"read": {"key": [1]}}, "read has no weighting; every step gives that of each head"),
    "no name": ({"read": W}, 'read is a head: give its fields by name, read={"weighting": …}.'),
    "misspelt": ({"read": {"weigthing": W}}, "read has no field “weigthing”; it may have weighting, content_weighting"),
    "another head": ({"write": {"weighting": W}}, "“write” is neither a head of this recorder (read) nor a field that"),
    "neither": ({"inputs": None}, "There are neither inputs nor outputs; every step gives one of them, or both."),
    "a batch": (
        {"read": {"weighting": np.eye(LOCATIONS)}},
        "read.weighting must have the shape [N]; it has (6, 6). If its first axis counts a batch, choose one example",
    ),
    "locations": (
        {"memory": np.ones((5, 2))},
        "read.weighting must have the shape (5,), 5 locations as in memory; it has (6,).",
    ),
    "phase": ({"phase": ""}, "phase must be the name of one; it is “”."),
    "flags": ({"outputs": [1, 0], "scored": [True] * 3}, "scored must be one flag, or one for each of 2 outputs"),
}


@pytest.mark.parametrize("step", [0, 1])
def test_each_wrong_call_names_the_field_the_shape_and_the_step(step: int) -> None:
    """And records nothing, so that the loop may go on."""
    for wrong, sentence in (LATER if step else FIRST).values():
        rec = td.Recorder({"read": "read"})
        for _ in range(step):
            rec.step(**GOOD)
        with pytest.raises(InvalidRecording) as error:
            rec.step(**{**GOOD, **wrong})
        assert error.value.detail.startswith(f"Step {step}: {sentence}")
        assert rec.steps == step
        rec.step(**GOOD)
        assert rec.trace_file().steps == step + 1


def test_a_recorder_of_a_batch_takes_batches_of_one_size_that_have_its_example() -> None:
    cases: list[tuple[Any, Any, str]] = [
        (
            {"batch": 3},
            {"inputs": np.ones((3, 2))},
            "Step 0: inputs has 3 examples, (3, 2)",
        ),
        (
            {"batch": 0},
            {"inputs": np.ones(2)},
            "Step 0: inputs must have the shape [B, C]; it has (2,). If nothing has a batch",
        ),
        (
            {"batch": 0},
            {"inputs": np.ones((3, 2)), "read": {"weighting": np.ones((4, 6))}},
            "Step 0: read.weighting has 4 examples, (4, 6), where inputs has 3.",
        ),
    ]
    for options, given, sentence in cases:
        with pytest.raises(InvalidRecording) as error:
            td.Recorder({"read": "read"}, **options).step(**given)
        assert error.value.detail.startswith(sentence)


@pytest.mark.parametrize(
    ("scored", "areas"),
    [
        ([False, True], [[0, 1, 0, 2]]),
        ([True, False], []),
        (True, [[0, 1, 0, 2]]),
        ([[True, True], [True, False]], [[0, 1, 0, 1]]),
        ([[False], [True]], [[0, 1, 0, 2]]),
    ],
)
def test_flags_of_what_counts_have_the_batch_first_as_all_else(scored: Any, areas: list[list[int]]) -> None:
    """A flag for each example was read as one for each output, where both are as many."""
    rec = td.Recorder({"read": "read"}, batch=1)
    rec.step(outputs=np.ones((2, 2)), read={"weighting": np.ones((2, 6))}, scored=scored)
    assert rec.trace_file().description["scored"] == areas


@pytest.mark.parametrize(
    ("scored", "shape"), [([True, False], "(2,)"), ([[True] * 2], "(1, 2)"), ([[True] * 3] * 3, "(3, 3)")]
)
def test_flags_of_outputs_alone_are_refused_of_a_batch_of_another_size(scored: Any, shape: str) -> None:
    rec = td.Recorder({"read": "read"}, batch=1)
    with pytest.raises(InvalidRecording) as error:
        rec.step(outputs=np.ones((3, 2)), read={"weighting": np.ones((3, 6))}, scored=scored)
    assert error.value.detail == (
        "Step 0: scored must be one flag, or one for each of 3 examples [B], or [B, O] of 2 outputs; it has "
        + shape
        + "."
    )


def test_what_no_recorder_can_be_made_with_says_so() -> None:
    cases: list[tuple[Any, Any, str]] = [
        ({}, {}, "at least one head"),
        ({"a.b": "read"}, {}, "“a.b” is no name of a head"),
        ({"phase": "read"}, {}, "phase is an argument of `step`"),
        ({"read": "reads"}, {}, "read must be of the kind “write” or “read”; it is “reads”."),
        ({"read": "read"}, {"batch": -1}, "batch must be the number of an example"),
        ({"read": "read"}, {"fields": {"x": ["a", "b", "c"]}}, "x has 3 axes"),
        ({"read": "read"}, {"batch": 1.0}, "batch must be the number of an example, from 0; it is 1.0."),
        ({"read": "read"}, {"batch": True}, "batch must be the number of an example, from 0; it is True."),
        ({"self": "read"}, {}, "self is an argument of `step`"),
        ({3: "read"}, {}, "3 is no name of a head"),
        (["read"], {}, "heads must be a mapping; it is a list."),
        ({"read": "read"}, {"fields": {"self": []}}, "self is an argument of `step`; call the field something else."),
        ({"read": "read"}, {"fields": {"x": None}}, "fields must have a list of words for each name, .* “x” has null."),
        ({"read": "read"}, {"meta": {"heads": [{"shifts": [1]}]}}, r"meta.heads\[0\].name is missing."),
        ({"read": "read"}, {"meta": {"x": object()}}, "meta cannot be written as JSON: Type is not JSON serializable"),
        ({"read": "read"}, {"title": "\ud800"}, "meta cannot be written as JSON: str is not valid UTF-8"),
        (
            {"read": "read"},
            {"batch": 1, "memory": np.zeros((1, 6, 3))},
            r"memory has 1 examples, \(1, 6, 3\); the recorder takes example 1, counted from 0.",
        ),
        ({"read": "read"}, {"memory": np.zeros(6)}, r"memory must be one number, or have the shape \[N, W\]; it has"),
    ]
    for heads, options, sentence in cases:
        with pytest.raises(InvalidRecording, match=sentence):
            td.Recorder(heads, **options)


def test_a_start_memory_that_is_not_finite_is_refused_when_it_is_given() -> None:
    """One number was saved as null, which says that nothing is known of it."""
    cases: list[tuple[Any, dict[str, Any], str]] = [
        (float("nan"), {}, "memory is NaN"),
        (float("inf"), {"batch": 0}, "memory is inf"),
        (1e300, {}, r"memory is 1e\+300"),
        ([[0, 1], [2, -np.inf]], {}, "memory is -inf at location 1, column 1"),
        (torch.tensor([[[0.0, 1.0]], [[torch.nan, 0.0]]]), {"batch": 1}, "memory is NaN at location 0, column 0"),
    ]
    for memory, options, sentence in cases:
        with pytest.raises(InvalidRecording, match=f"{sentence}.*; every number must be finite, and fit float32"):
            td.Recorder({"read": "read"}, memory=memory, **options)


def test_a_start_memory_is_kept_as_it_was_given_though_the_loop_changes_it_in_place() -> None:
    memory = torch.zeros(LOCATIONS, WIDTH)
    rec = td.Recorder({"read": "read"}, memory=memory)
    memory += 1
    rec.step(**GOOD)
    start = rec.trace_file().memory.start
    assert start is not None
    assert not start.any()


def test_null_in_what_a_recorder_is_told_counts_as_missing() -> None:
    rec = td.Recorder({"read": "read"}, meta={"heads": None, "fields": None}, fields={"surprise": []})
    rec.step(**GOOD, surprise=1)
    assert rec.trace_file().arrays["surprise"].tolist() == [1]


def test_a_phase_that_no_text_can_hold_is_refused_in_one_sentence(tmp_path: Path) -> None:
    rec = td.Recorder({"read": "read"})
    rec.step(**GOOD, phase="\ud800")
    with pytest.raises(InvalidRecording, match="meta cannot be written as JSON"):
        rec.save(tmp_path / "mine.npz")


def test_what_cannot_be_saved_says_so_and_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    rec = td.Recorder({"read": "read"}, phases=[{"name": "a", "start": 0, "stop": 9}])
    path = tmp_path / "mine.npz"
    path.write_text("before")
    with pytest.raises(InvalidRecording, match="Nothing was recorded"):
        rec.save(path)
    rec.step(**GOOD)
    with pytest.raises(InvalidRecording, match="“a” goes from 0 to 9"):
        rec.save(path)
    nan = td.Recorder({"read": "read"})
    for step in range(3):
        nan.step(inputs=[step, np.nan if step == 2 else 0], read={"weighting": W})
    with pytest.raises(InvalidRecording, match="inputs is NaN at step 2, channel 1"):
        nan.save(path)
    with pytest.raises(FileUnwritable, match=r"ends in \.npz"):
        nan.save(tmp_path / "mine.npy")
    assert [each.name for each in tmp_path.iterdir()] == ["mine.npz"]
    assert path.read_text() == "before"


def test_a_recorder_is_closed_at_the_end_of_its_block() -> None:
    with td.Recorder({"read": "read"}) as rec:
        rec.step(**GOOD)
    with pytest.raises(InvalidRecording, match="closed"):
        rec.step(**GOOD)
    assert repr(rec) == "<Recorder: 1 steps, heads read>"


def test_a_notebook_is_told_what_is_wrong_with_a_recording_instead_of_a_traceback() -> None:
    rec = td.Recorder({"read": "read"})
    assert (
        rec._repr_html_() == "&lt;Recorder: 0 steps, heads read&gt;: Nothing was recorded; call `step` once for each "
        "step of the run."
    )
    rec.step(inputs=[np.inf], read={"weighting": W})
    assert rec._repr_html_().endswith(
        "inputs is inf at step 0, channel 0; every number must be finite, and fit float32."
    )
