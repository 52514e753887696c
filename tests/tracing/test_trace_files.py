"""Trace files, docs/trace-format.md: what is read of good ones, and the sentence for each way to be wrong."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pytest

from tapedeck.errors import TraceFileUnreadable
from tapedeck.ntm import NeuralTM
from tapedeck.tracing import export, prepare
from tapedeck.tracing.files import TraceFile, read_trace, read_trace_file
from tapedeck.tracing.files import archive as archive_module
from tapedeck.tracing.files.memory import rebuilt
from tests.traces_by_hand import write_by_hand

T, N, W = 5, 4, 3


def saved(arrays: Mapping[str, Any], meta: Any = None, *, compressed: bool = False) -> io.BytesIO:
    """A file of these arrays; `meta` as JSON, or as whatever stands for it."""
    file = io.BytesIO()
    text = json.dumps({"version": 2, **(meta or {})}) if isinstance(meta, dict | None) else meta
    (np.savez_compressed if compressed else np.savez)(file, meta=text, **arrays)
    file.seek(0)
    return file


def plain() -> dict[str, Any]:
    """The arrays of a small run with a head of each kind."""
    rng = np.random.default_rng(1)
    return {
        "inputs": rng.integers(0, 2, (T, 2)),
        "outputs": rng.random((T, 2), dtype=np.float32),
        "write.weighting": np.eye(T, N),
        "write.add_vector": rng.normal(size=(T, W)),
        "read.weighting": np.eye(T, N),
        "initial.memory": np.zeros((N, W)),
    }


def read(arrays: Mapping[str, Any], meta: Any = None) -> TraceFile:
    return read_trace(saved(arrays, meta), "my.npz")


def fault(file: io.BytesIO) -> str:
    with pytest.raises(TraceFileUnreadable) as error:
        read_trace(file, "my.npz")
    assert error.value.detail.startswith("my.npz: ")
    return error.value.detail.removeprefix("my.npz: ")


def test_a_file_written_by_hand_for_an_lstm_with_two_read_heads_is_read(tmp_path: Path) -> None:
    file = read_trace_file(write_by_hand("ntm", tmp_path / "ntm.npz"))
    assert [(head.name, head.kind) for head in file.heads] == [("write", "write"), ("read1", "read"), ("read2", "read")]
    assert (file.steps, file.locations, file.width, file.ignored) == (14, 10, 6, ())
    assert file.memory.follows
    *_, last = rebuilt(file.memory, ["write"], file.arrays)
    read_vector = file.arrays["read2.weighting"][-1] @ last
    np.testing.assert_allclose(read_vector, file.arrays["read2.read_vector"][-1], atol=1e-6)
    described = file.description
    assert described["phases"][0] == {"name": "hear", "role": "input", "start": 0, "stop": 7}
    assert described["output_channels"][2] == {"name": "3", "kind": "value"}
    assert {field["role"] for field in described["fields"] if field["name"].startswith("controller")} == {
        "hidden",
        "cell",
    }


def test_a_file_written_by_hand_for_a_dnc_has_usage_allocation_and_links(tmp_path: Path) -> None:
    file = read_trace_file(write_by_hand("dnc", tmp_path / "dnc.npz"))
    fields = {field["name"]: field for field in file.description["fields"]}
    assert (fields["memory.usage"]["axes"], fields["memory.usage"]["range"]) == (["location"], [0, 1])
    assert (fields["memory.link"]["axes"], fields["memory.link"]["shape"]) == (["location", "location"], [8, 8])
    assert fields["write.allocation_weighting"]["role"] == "weighting"
    assert fields["surprise"] == {
        "name": "surprise",
        "shape": [3],
        "axes": ["kind"],
        "role": "other",
        "range": [None, None],
        "equation": "−log p",
    }
    assert (file.memory.rule, file.memory.follows) == ("recorded", False)
    assert file.memory.recorded is not None
    assert file.memory.recorded.shape == (12, 8, 4)


def test_a_trace_file_of_a_run_comes_back_with_its_description(machine: NeuralTM, sequence: list[list[int]]) -> None:
    trace = prepare(machine, "copy", sequence).trace()
    checkpoint = {"id": "a", "sha256": "0123abcd"}
    diagnosis = {"kind": "untrained", "sentence": "It is untrained.", "marks": []}
    pieces = b"".join(export.npz_pieces(trace, checkpoint, {"diagnosis": diagnosis}))
    file = read_trace(io.BytesIO(pieces), "a.npz")
    assert file.arrays.keys() == trace.arrays.keys()
    for name, expected in trace.arrays.items():
        np.testing.assert_array_equal(file.arrays[name], expected, err_msg=name, strict=True)
    written = json.loads(str(np.load(io.BytesIO(pieces))["meta"]))
    got = orjson.loads(orjson.dumps(file.description, option=orjson.OPT_SERIALIZE_NUMPY))
    assert got == written
    made = np.stack(list(rebuilt(file.memory, trace.layout.write_heads, file.arrays)))
    np.testing.assert_array_equal(made, trace.memories())


def test_a_run_whose_read_vectors_were_changed_comes_back_with_what_became_of_them(
    machine: NeuralTM, sequence: list[list[int]]
) -> None:
    change = {"kind": "scale", "target": "read.read_vector", "value": 0.5, "step": 3}
    trace = prepare(machine, "copy", {"sequence": sequence}, interventions=[change]).trace()
    data = b"".join(export.npz_pieces(trace, {"id": "a", "sha256": "0123abcd"}, {}))
    file = read_trace(io.BytesIO(data), "run.npz")
    width = machine.spec.memory.width
    assert file.applied_reads is not None
    assert file.applied_reads.at(2, 0, width) is None
    found = file.applied_reads.at(3, 0, width)
    assert found is not None
    assert [each.tolist() for each in found] == [[0.5] * width, [0.0] * width]
    assert not [name for name in file.ignored if name.startswith("reads.")]


def test_the_smallest_file_of_the_documentation_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    program = (Path(__file__).parents[2] / "docs/trace-format.md").read_text().partition("```python\n")[2]
    exec(program.partition("```")[0])  # noqa: S102 - as its reader would
    file = read_trace_file(Path("run.npz"))
    assert (file.steps, file.locations, file.width) == (12, 16, None)
    assert (file.memory.start, file.memory.recorded, file.memory.follows) == (None, None, False)


@pytest.mark.parametrize("kind", ["<f8", ">f8", "<f2", ">f4", "<i8", ">i2", "u1", "?"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_any_type_of_numbers_in_any_order_becomes_float32(kind: str, order: str) -> None:
    values = np.array(np.arange(T * N).reshape(T, N) % 2, kind, order=order)  # type: ignore[call-overload]
    file = read_trace(saved({"inputs": np.ones((T, 1)), "read.weighting": values}, compressed=True), "my.npz")
    expected = np.arange(T * N, dtype=np.float32).reshape(T, N) % 2
    np.testing.assert_array_equal(file.arrays["read.weighting"], expected, strict=True)


def test_heads_that_meta_does_not_list_write_before_they_read_in_the_order_of_the_file() -> None:
    eye = np.eye(T, N)
    arrays = {f"{name}.weighting": eye for name in ("look", "erase", "write_b", "first")}
    arrays |= {"inputs": np.ones((T, 1)), "erase.erase_vector": np.ones((T, W)), "initial.weighting": eye[0]}
    file = read(arrays, {"heads": [{"name": "gone"}, {"name": "first", "kind": "read"}]})
    assert [(head.name, head.kind) for head in file.heads] == [
        ("first", "read"),
        ("erase", "write"),
        ("write_b", "write"),
        ("look", "read"),
    ]


def test_what_was_applied_to_the_memory_is_set_before_the_writes() -> None:
    applied = {"steps": [1], "rows": [2], "columns": [0], "values": [7.0]}
    arrays = plain() | {f"memory.applied.{name}": np.array(values) for name, values in applied.items()}
    file = read(arrays)
    before, after = list(rebuilt(file.memory, ["write"], file.arrays))[:2]
    assert (before[2, 0], after[2, 0]) == (0, 7)


def test_what_the_format_does_not_know_is_never_opened() -> None:
    file = saved(plain() | {"mine": np.zeros(2), "read.entropy": np.zeros(T)})
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("evil.npy", b"\x80\x04not an array")
    assert read_trace(file, "my.npz").ignored == ("mine", "read.entropy", "evil")


def at(values: Any, index: tuple[int, ...], value: float) -> Any:
    changed = np.array(values, np.float64)
    changed[index] = value
    return changed


def made(spec: Mapping[str, Any]) -> npt.NDArray[Any]:
    """An array as the fixture has it."""
    values = np.zeros(spec["shape"], spec.get("dtype", "<f8"))
    if "all" in spec:
        values[...] = spec["all"]
    if "at" in spec:
        index, value = spec["at"]
        values[tuple(index)] = float(value)
    return values


CASES = json.loads((Path(__file__).parents[1] / "fixtures/trace-files.json").read_text())


def test_the_good_file_of_the_fixture_is_read() -> None:
    assert read({name: made(spec) for name, spec in CASES["good"].items()}).memory.follows


@pytest.mark.parametrize("case", CASES["right"], ids=lambda case: case["case"])
def test_each_other_way_to_be_right_is_read(case: dict[str, Any]) -> None:
    assert read_trace(of_case(case), "my.npz").steps == CASES["good"]["inputs"]["shape"][0]


def of_case(case: dict[str, Any]) -> io.BytesIO:
    """The file of a case of the fixture."""
    specs = {name: spec for name, spec in (CASES["good"] | case.get("arrays", {})).items() if spec is not None}
    return saved({name: made(spec) for name, spec in specs.items()}, case.get("meta"))


@pytest.mark.parametrize("case", CASES["wrong"], ids=lambda case: case["case"])
def test_each_way_to_be_wrong_is_one_sentence_with_what_was_expected_and_what_came(case: dict[str, Any]) -> None:
    """The same cases hold the page's reader, tests/viewer/test_reading_trace_files.py."""
    assert fault(of_case(case)) == case["sentence"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{'version': 2}", "meta is not valid JSON: "),
        ('{"version": 2, "score": {"cost": NaN}}', "meta is not valid JSON: "),
        ("[2]", "meta must be a JSON object with `version`; it is a list."),
        ("[" * 100_000, "meta is not valid JSON: "),
        (
            np.zeros(3),
            "meta must be one JSON text, numpy.array(json.dumps(…)); it is an array of the shape (3,) that holds",
        ),
        (np.array({"version": 2}, object), "meta holds Python objects, which need pickle and are never opened"),
    ],
)
def test_a_meta_that_is_not_json_says_so(text: Any, sentence: str) -> None:
    assert fault(saved(plain(), text)).startswith(sentence)


def test_a_memory_that_the_writes_do_not_make_is_refused_where_the_rule_says_that_they_do() -> None:
    arrays = plain()
    memory = np.stack(list(rebuilt(read(arrays).memory, ["write"], read(arrays).arrays)))
    rule = {"memory": {"rule": "erase_then_add"}}
    assert read(arrays | {"memory": memory}, rule).memory.follows
    assert fault(saved(arrays | {"memory": at(memory, (3, 1, 2), 9)}, rule)).startswith(
        "memory is 9 at step 3, location 1, column 2, where the writes make it "
    )


def promising(shape: str) -> io.BytesIO:
    """A file whose weighting has a header of its own."""
    file = saved({"inputs": np.zeros((T, 1))})
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}}}".ljust(117) + "\n"
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(
            "read.weighting.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + bytes(80)
        )
    file.seek(0)
    return file


@pytest.mark.parametrize("shape", ["(10**9, 10**9)", "(100000000000, 4)", "(-5, -4)"])
def test_a_header_that_promises_more_than_the_file_holds_is_refused_before_room_is_made(shape: str) -> None:
    sentence = fault(promising(shape))
    assert sentence.startswith(
        ("read.weighting promises more numbers than", "read.weighting is not an array that NumPy")
    )


def test_a_zip_bomb_is_refused_by_what_it_says_and_by_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "MAX_BYTES", 10**6)
    bomb = saved(plain() | {"zeros": np.zeros(10**6)}, compressed=True)
    assert fault(bomb).endswith("the most is 1,000,000. The largest is “zeros”: leave it out, or record fewer steps.")
    # The same with a smaller size in the index: what is over that is never unpacked.
    data = bomb.getvalue()
    size = struct.pack("<I", 8 * 10**6 + 128)
    lying = io.BytesIO(data.replace(size, struct.pack("<I", 4096)))
    assert read_trace(lying, "my.npz").ignored == ("zeros",)
    weighting = saved({"inputs": np.zeros((T, 1)), "read.weighting": np.zeros((T, 10**5))}, compressed=True).getvalue()
    size = struct.pack("<I", 8 * T * 10**5 + 128)
    lying = io.BytesIO(weighting.replace(size, struct.pack("<I", 4096)))
    assert fault(lying) == "read.weighting is damaged: the file is not whole. Save it again."


def test_an_archive_of_too_many_members_is_refused_before_they_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "MAX_ARRAYS", 3)
    monkeypatch.setattr(zipfile, "ZipFile", lambda _: pytest.fail("it was listed"))
    assert fault(io.BytesIO(BYTES)) == "It lists more than 3 arrays, which no trace file has."


BYTES = saved(plain()).getvalue()


def two_of_a_name() -> bytes:
    file = io.BytesIO(BYTES)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(file, "a") as archive:
        archive.writestr("inputs.npy", b"")
    return file.getvalue()


DAMAGED = BYTES.replace(np.eye(T, N).tobytes(), bytes(8 * T * N))
OTHER_FILES: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "It is no .npz file; save the arrays with numpy.savez, and `meta` among them."),
    "text": (b"a,b\n1,2\n" * 9, "It is no .npz file; save the arrays with numpy.savez, and `meta` among them."),
    "half": (BYTES[: len(BYTES) // 2], "It is no .npz file; save the arrays with numpy.savez, and `meta` among them."),
    "no beginning": (BYTES[200:], "meta is damaged: the file is not whole. Save it again."),
    "damaged": (DAMAGED, "write.weighting is damaged: the file is not whole. Save it again."),
    "twice": (two_of_a_name(), "It holds “inputs” twice; which is meant, nobody can say."),
}  # fmt: skip


@pytest.mark.parametrize(("data", "sentence"), OTHER_FILES.values(), ids=OTHER_FILES.keys())
def test_a_file_that_is_not_a_whole_archive_says_so(data: bytes, sentence: str) -> None:
    assert fault(io.BytesIO(data)) == sentence


def test_a_single_array_and_an_archive_without_meta_say_what_is_missing() -> None:
    file = io.BytesIO()
    np.save(file, np.eye(100))
    assert fault(file) == "It is a single array (.npy); save the arrays with numpy.savez, and `meta` among them."
    file = io.BytesIO()
    np.savez(file, a=np.eye(2), b=np.eye(2))
    assert fault(file) == "It has no `meta`, a JSON text with the version of the format; it has a, b."


def test_a_path_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    for path, sentence in (
        (tmp_path, "is a folder; name a trace file in it."),
        (tmp_path / "no.npz", "cannot be read: No such file"),
    ):
        with pytest.raises(TraceFileUnreadable, match=sentence):
            read_trace_file(path)
