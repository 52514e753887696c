"""The browser's reader of trace files, on files that NumPy writes: `viewer/tapedeck_viewer/tracefile`."""

from __future__ import annotations

import json
import struct
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from numpy.lib import format as npy

from tapedeck.errors import TraceFileUnreadable
from tapedeck.tracing.files import read_trace_file
from tests.checks import NODE, ROOT
from tests.tracing.test_trace_files import CASES, of_case

Arrays = dict[str, npt.NDArray[Any]]

STEPS, LOCATIONS, WIDTH = 5, 6, 3
TYPES = ["f2", "f4", "f8", ">f2", ">f4", ">f8", *("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", ">i4", ">u8"), "?"]


def read(*paths: Path) -> list[dict[str, Any]]:
    """What the page finds in files."""
    command = [NODE, "tests/viewer/read_trace_files.mjs", *map(str, paths)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def save(path: Path, arrays: Mapping[str, npt.NDArray[Any]], how: Callable[..., None] = np.savez) -> None:
    how(path, **arrays)


def meta(**more: object) -> npt.NDArray[Any]:
    return np.array(json.dumps({"version": 2, **more}))


def ntm() -> Arrays:
    """A machine of one write head and two that read, whose memory follows from its writes."""
    random = np.random.default_rng(1)
    weightings = random.dirichlet(np.full(LOCATIONS, 0.3), (3, STEPS)).astype("f4")
    return {
        "meta": meta(memory={"start": 0.5}),
        "outputs": random.random((STEPS, 2), dtype="f4"),
        "write.weighting": weightings[0],
        "write.erase_vector": random.random((STEPS, WIDTH), dtype="f4"),
        "write.add_vector": random.normal(size=(STEPS, WIDTH)).astype("f4"),
        "read1.weighting": weightings[1],
        "read2.weighting": weightings[2],
    }


def test_numbers_of_every_type_order_and_version_are_read_as_numpy_wrote_them(tmp_path: Path) -> None:
    random = np.random.default_rng(2)
    numbers = random.integers(0, 100, (STEPS, LOCATIONS))
    declared = [{"name": name, "axes": ["location"]} for name in TYPES]
    arrays: Arrays = {
        "meta": meta(fields=[*declared, {"name": "fortran", "axes": ["a", "b"]}]),
        "inputs": random.random((STEPS, 1)),
        "read.weighting": np.asfortranarray(random.random((STEPS, LOCATIONS))),
        "read.key_strength": random.random((STEPS, 1)),  # a number a step, as some programs have it
        "fortran": np.asfortranarray(random.random((STEPS, 2, 4))),
        **{name: numbers.astype(name) for name in TYPES},
    }
    save(tmp_path / "stored.npz", arrays)
    save(tmp_path / "deflated.npz", arrays, np.savez_compressed)
    arrays["meta"] = np.array(str(arrays["meta"]).encode())  # bytes of UTF-8 instead of text
    for version in ((2, 0), (3, 0)):
        with zipfile.ZipFile(tmp_path / f"version{version[0]}.npz", "w") as archive:
            for name, values in arrays.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                    npy.write_array(member, values, version=version)
    for found in read(*(tmp_path / f"{name}.npz" for name in ("stored", "deflated", "version2", "version3"))):
        for name in (*TYPES, "inputs", "read.weighting", "read.key_strength"):
            expected = arrays[name].astype("f4").reshape(STEPS, -1)
            np.testing.assert_array_equal(np.array(found["fields"][name], "f4"), expected, name)
        assert found["matrices"]["fortran"]["shape"] == [2, 4]
        np.testing.assert_array_equal(
            np.array(found["matrices"]["fortran"]["values"], "f4"), arrays["fortran"].astype("f4").ravel()
        )


def test_the_memory_is_rebuilt_from_the_writes_or_taken_as_it_was_recorded(tmp_path: Path) -> None:
    arrays = ntm()
    memory = np.full((LOCATIONS, WIDTH), 0.5)
    after = []
    for weighting, erase, add in zip(
        *(arrays[f"write.{name}"] for name in ("weighting", "erase_vector", "add_vector")), strict=True
    ):
        memory = memory * (1 - np.outer(weighting, erase)) + np.outer(weighting, add)
        after.append(memory)
    save(tmp_path / "rebuilt.npz", arrays)
    both = {"meta": meta(memory={"start": 0.5, "rule": "erase_then_add"}), "memory": np.array(after)}
    save(tmp_path / "both.npz", {**arrays, **both})
    other = np.random.default_rng(3).normal(size=(STEPS, LOCATIONS, WIDTH))
    save(tmp_path / "recorded.npz", {**arrays, "meta": meta(), "memory": other})
    without = {name: values for name, values in arrays.items() if "erase" not in name and "add" not in name}
    save(tmp_path / "unknown.npz", without)
    rebuilt, agreed, recorded, unknown = read(
        *(tmp_path / f"{name}.npz" for name in ("rebuilt", "both", "recorded", "unknown"))
    )
    for found in (rebuilt, agreed):
        np.testing.assert_allclose(found["memory"], np.array(after).reshape(STEPS, -1), atol=1e-6)
        assert found["explains"], "each read is the sum of what was written"
    np.testing.assert_allclose(recorded["memory"], other.reshape(STEPS, -1), rtol=1e-6)
    assert not recorded["explains"]
    assert unknown["memory"] is None


def test_what_a_file_does_not_say_is_found_in_its_arrays_or_left_empty(tmp_path: Path) -> None:
    """docs/trace-format.md: the shortest file, and heads that the text does not list."""
    save(tmp_path / "shortest.npz", {"meta": meta(), "outputs": np.ones((3, 2)), "read.weighting": np.eye(3, 4)})
    heads = {f"{name}.weighting": np.eye(3, 4) for name in ("lookup", "read1", "writer", "store", "first")}
    listed = meta(heads=[{"name": "first"}, {"name": "gone"}, {"name": "read1", "kind": "write"}])
    more = {"meta": listed, "inputs": np.ones((3, 2)), "store.add_vector": np.ones((3, 5))}
    save(tmp_path / "heads.npz", {**heads, **more})
    shortest, several = read(tmp_path / "shortest.npz", tmp_path / "heads.npz")
    assert (shortest["steps"], shortest["locations"], shortest["width"]) == (3, 4, 0)
    header = shortest["header"]
    assert (header["phases"], header["scored"], header["output"]["terms"]) == ([], [], [])
    assert header["output_channels"] == [{"name": "1", "kind": "value"}, {"name": "2", "kind": "value"}]
    found = [(head["name"], head["kind"]) for head in several["header"]["heads"]]
    assert found == [
        *(("first", "read"), ("read1", "write")),
        *(("writer", "write"), ("store", "write"), ("lookup", "read")),
    ]


def test_wrong_bits_are_counted_where_they_can_be_whatever_a_file_says_of_them(tmp_path: Path) -> None:
    arrays = {**ntm(), "targets": np.ones((STEPS, 2))}
    said = {"wrong": 0, "diagnosis": {"kind": "exact", "sentence": "All is well."}}
    save(tmp_path / "counted.npz", {**arrays, "meta": meta(scored=[[0, STEPS, 0, 2]], **said)})
    save(tmp_path / "said.npz", {**arrays, "meta": meta(**said)})
    counted, told = read(tmp_path / "counted.npz", tmp_path / "said.npz")
    assert (counted["results"]["wrong"], told["results"]["wrong"]) == (None, 0)
    assert told["results"]["diagnosis"]["sentence"] == "All is well."


def _without(name: str) -> Callable[[Arrays], Arrays]:
    return lambda arrays: {each: values for each, values in arrays.items() if each != name}


def _with(**changed: npt.ArrayLike) -> Callable[[Arrays], Arrays]:
    return lambda arrays: {
        **arrays,
        **{name.replace("__", "."): np.asarray(values) for name, values in changed.items()},
    }


def _nan(arrays: Arrays) -> Arrays:
    values = arrays["read1.weighting"].copy()
    values[3, 1] = np.nan
    return {**arrays, "read1.weighting": values}


def _apart(arrays: Arrays) -> Arrays:
    said = meta(memory={"start": 0.5, "rule": "erase_then_add"})
    return {**arrays, "meta": said, "memory": np.zeros((STEPS, LOCATIONS, WIDTH))}


FLOATS = "it must hold floats, integers or booleans."
WRONG: Mapping[str, tuple[Callable[[Arrays], Arrays], str]] = {
    "no text": (
        _without("meta"),
        "It has no `meta`, a JSON text with the version of the format; it has outputs, write",
    ),
    "no json": (_with(meta="{version: 2}"), "meta is not valid JSON"),
    "a list": (_with(meta="[2]"), "meta must be a JSON object with `version`; it is a list."),
    "no version": (_with(meta="{}"), "meta has no `version`; write 2, that of the format."),
    "another version": (_with(meta='{"version": 3}'), "meta.version is 3; this Tapedeck reads 2."),
    "a text of numbers": (_with(meta=[1, 2]), "meta must be one JSON text, numpy.array(json.dumps(…)); it is an array"),
    "no outputs": (_without("outputs"), "It has neither `inputs` [T, I] nor `outputs` [T, O]; add one of them."),
    "no head": (
        lambda arrays: {name: values for name, values in arrays.items() if not name.endswith("weighting")},
        "It has no weighting; add that of at least one head, such as `read.weighting`, [T, N].",
    ),
    "steps apart": (
        _with(read1__weighting=np.ones((STEPS + 1, LOCATIONS))),
        "read1.weighting must have the shape (5, 6), 5 steps as in outputs; it has (6, 6).",
    ),
    "width apart": (
        _with(write__add_vector=np.ones((STEPS, WIDTH + 1))),
        "write.add_vector must have the shape (5, 3), 3 columns as in write.erase_vector; it has (5, 4).",
    ),
    "a batch": (
        _with(read1__weighting=np.ones((STEPS, 2, LOCATIONS))),
        "read1.weighting must have the shape [T, N]; it has (5, 2, 6). If one of its three axes counts a batch",
    ),
    "empty": (_with(outputs=np.ones((0, 2))), "outputs is empty: its shape is (0, 2). [T, C] are at least 1 each."),
    "not finite": (_nan, "read1.weighting is NaN at step 3, location 1; every number must be finite, and fit float32."),
    "complex": (_with(outputs=np.ones((STEPS, 2), complex)), f"outputs holds complex numbers; {FLOATS}"),
    "text": (_with(outputs=np.full((STEPS, 2), "a")), f"outputs holds text; {FLOATS}"),
    "objects": (
        _with(outputs=np.array([[1, None]] * STEPS, object)),
        f"outputs holds Python objects, which need pickle and are never opened; {FLOATS}",
    ),
    "memories apart": (
        _apart,
        "memory is 0 at step 0, location 1, column 2, where the writes make it 2.028; leave out one of",
    ),
    "text against arrays": (
        _with(meta=meta(locations=7)),
        "write.weighting must have the shape (5, 7), 7 locations as in meta.locations; it has (5, 6).",
    ),
    "phases": (
        _with(meta=meta(phases=[{"name": "tell", "start": 2, "stop": 9}])),
        "meta.phases: “tell” goes from 2 to 9; phases follow one another from 0 to 5, each of at least one step",
    ),
    "scored": (
        _with(meta=meta(scored=[[0, 5, 0, 3]])),
        "meta.scored has [0, 5, 0, 3]; it must be [start_step, stop_step, first_channel, stop_channel] within 5 steps",
    ),
    "channels": (
        _with(meta=meta(output_channels=[{"name": "a"}])),
        "outputs must have the shape (T, 1), 1 channel as in meta.output_channels; it has (5, 2).",
    ),
    "three axes": (
        _with(meta=meta(fields=[{"name": "more", "axes": ["a", "b", "c"]}]), more=np.ones((STEPS, 1, 1, 1))),
        "meta.fields[0].axes has 3 entries; it must have at most 2.",
    ),
    "recorded nowhere": (
        _with(meta=meta(memory={"rule": "recorded"})),
        "meta.memory.rule is recorded, and there is no array `memory` [T, N, W]; add it, or leave out the rule.",
    ),
    "half a change": (
        _with(memory__applied__steps=[0]),
        "It has memory.applied.steps and no memory.applied.rows; a change of the memory needs all four.",
    ),
}


def test_a_sentence_says_what_is_wrong_with_a_trace_file_the_same_in_browser_and_service(tmp_path: Path) -> None:
    paths = []
    for name, (make, _) in WRONG.items():
        paths.append(tmp_path / f"{name}.npz")
        save(paths[-1], make(ntm()))
    for name, path, found in zip(WRONG, paths, read(*paths), strict=True):
        sentence = found.get("wrong", "it was opened")
        assert sentence.startswith(WRONG[name][1]), name
        with pytest.raises(TraceFileUnreadable) as fault:
            read_trace_file(path)
        said = fault.value.detail.removeprefix(f"{path.name}: ")
        assert said == sentence or name == "no json", "what is wrong with JSON each parser says in its own words"


OWN_WORDS = {
    "too large a number",
    "another kind",
    "text for a whole number",
    "text for a number",
    "less than 0",
    "no steps",
    "too many steps",
    "a ragged memory",
    "half a range",
    "a shape without axes",
}
"""Cases of which the page says the same otherwise."""
OVERLOOKED = {"a name of a head", "a list for an object", "a number for text"}
"""Those that the page does not mind, for it leaves out what they say."""


def test_the_page_reads_and_refuses_the_files_of_the_fixture_as_the_service_does(tmp_path: Path) -> None:
    cases = [*CASES["right"], *CASES["wrong"]]
    paths = [tmp_path / f"{number}.npz" for number in range(len(cases))]
    for path, case in zip(paths, cases, strict=True):
        path.write_bytes(of_case(case).getvalue())
    for case, found in zip(cases, read(*paths), strict=True):
        name, sentence = case["case"], found.get("wrong")
        if name in OWN_WORDS:
            assert sentence, name
        else:
            assert sentence == (None if name in OVERLOOKED else case.get("sentence")), name


def test_a_damaged_or_dishonest_archive_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    save(tmp_path / "whole.npz", ntm())
    whole = (tmp_path / "whole.npz").read_bytes()
    at = whole.index(b"outputs.npy") + 165  # among its numbers
    written = {
        "cut off": (whole[: len(whole) // 2], "It is not a whole .npz file; save the arrays with numpy.savez."),
        "one byte": (
            whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :],
            "outputs is damaged: the file is not whole.",
        ),
        "an array": (
            _npy(np.ones(3)),
            "It is a single array (.npy); save the arrays with numpy.savez, and `meta` among",
        ),
        "text": (b"a text, and no archive of arrays", "It is no .npz file; save the arrays with numpy.savez"),
        "nothing": (b"", "It is no .npz file"),
        "promises": (
            _archive({"meta": meta(), "outputs": _npy(np.ones((5, 2)))[:-8]}),
            "outputs promises more numbers than",
        ),
        "more": (
            _archive({"meta": meta(), "outputs": _npy(np.ones((5, 2))) + b"12"}),
            "outputs holds more than the 10 numbers",
        ),
        "a bomb": (
            _bomb(),
            "Its arrays take 2,147,483,648 bytes unpacked; the most is 1,073,741,824. The largest is “outputs”",
        ),
        "many": (_archive({str(number): b"" for number in range(1000)}), "It holds 1,001 arrays; the most is 1,000."),
        "twice": (
            _archive({"meta": meta(), "metA": meta()}).replace(b"metA", b"meta"),
            "It holds “meta” twice; which is meant, nobody can say.",
        ),
    }
    paths = []
    for name, (data, _) in written.items():
        paths.append(tmp_path / f"{name}.npz")
        paths[-1].write_bytes(data)
    for (name, (_, sentence)), found in zip(written.items(), read(*paths), strict=True):
        assert found.get("wrong", "it was opened").startswith(sentence), name


def _npy(values: npt.NDArray[Any]) -> bytes:
    written = BytesIO()
    np.save(written, values)
    return written.getvalue()


def _archive(members: Mapping[str, npt.NDArray[Any] | bytes]) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, values in {**members, "read.weighting": np.eye(5, 6)}.items():
            archive.writestr(f"{name}.npy", values if isinstance(values, bytes) else _npy(values))
    return written.getvalue()


def _bomb() -> bytes:
    """An archive that says of one member that it is 2 GiB."""
    data = bytearray(_archive({"meta": meta(), "outputs": _npy(np.ones((5, 2)))}))
    entry = data.rindex(b"outputs.npy") - 46
    data[entry + 24 : entry + 28] = struct.pack("<I", 2**31 - sum(_sizes(bytes(data), but="outputs.npy")))
    return bytes(data)


def _sizes(data: bytes, but: str) -> list[int]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return [entry.file_size for entry in archive.infolist() if entry.filename != but]
