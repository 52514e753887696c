"""`tapedeck trace`: what POST /api/trace gives, without a server."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch

from tapedeck.api.settings import ApiSettings
from tapedeck.checkpoints import CheckpointInfo, read_info
from tapedeck.errors import TapedeckError
from tests.api.conftest import serving
from tests.checkpoints.conftest import random_machine, write
from tests.cli.conftest import Tapedeck, Trace


def test_says_what_came_out(trace: Trace) -> None:
    steps, errors, diagnosis = trace("--sequence", "10110011 00101100").splitlines()
    assert steps == "bytes: 6 steps on 6 × 4 memory"
    assert errors.endswith(" bit errors of 16")
    assert diagnosis.startswith("Untrained. This machine has not learned to copy: ")


def test_writes_what_the_service_gives(trace: Trace, folder: Path, tmp_path: Path) -> None:
    request = {"checkpoint": "bytes", "sequence": [[0, 1, 0, 0, 1, 0, 0, 0], [0, 1, 1, 0, 1, 0, 0, 1]], "locations": 9}
    for name in ("a.json", "a.npz"):
        said = trace("--text", "Hi", "--locations", 9, "--out", tmp_path / name)
        assert said.splitlines()[-1] == f"Wrote {tmp_path / name} ({(tmp_path / name).stat().st_size:,} bytes)."
    with serving(ApiSettings(checkpoints=folder)) as service:
        assert service.http.post("/api/trace", json=request).content == (tmp_path / "a.json").read_bytes()
        npz = service.http.post("/api/trace", json=request, headers={"Accept": "application/x-npz"})
        assert npz.content == (tmp_path / "a.npz").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "a.npz", "machines"]


def test_text_is_its_bytes_and_comes_back_as_text(trace: Trace, tmp_path: Path) -> None:
    recalled = trace("--text", "é", "--out", tmp_path / "out.json").splitlines()[3]
    assert recalled.startswith("Recalled: “")
    inputs = np.array(json.loads((tmp_path / "out.json").read_text())["inputs"])
    assert inputs[1:3, :8].astype(int).tolist() == [[1, 1, 0, 0, 0, 0, 1, 1], [1, 0, 1, 0, 1, 0, 0, 1]]


def test_takes_a_file_as_well_as_an_id(trace: Trace, folder: Path, tmp_path: Path) -> None:
    info: CheckpointInfo = read_info(folder / "bytes.safetensors")
    elsewhere = (folder / "bytes.safetensors").rename(tmp_path / "elsewhere.safetensors")
    trace("--sequence", "10110011", "--out", tmp_path / "out.npz", checkpoint=elsewhere)
    with np.load(tmp_path / "out.npz") as arrays:
        assert arrays["checkpoint_sha256"] == info.sha256


@pytest.mark.parametrize(
    "parted", ["10110011 00101100", "10110011,00101100", "10110011\n\n00101100 ", "1011001100101100"]
)
def test_ways_to_part_vectors(trace: Trace, parted: str, tmp_path: Path) -> None:
    trace("--sequence", parted, "--out", tmp_path / "out.json")
    inputs = np.array(json.loads((tmp_path / "out.json").read_text())["inputs"])
    assert inputs[1:3, :8].astype(int).tolist() == [[1, 0, 1, 1, 0, 0, 1, 1], [0, 0, 1, 0, 1, 1, 0, 0]]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Give one of --sequence, --text, --file and --input."),
        (["--text", "a", "--sequence", "1"], "Give one of --sequence, --text, --file and --input."),
        (["--text", "a", "--file", "-"], "Give one of --sequence, --text, --file and --input."),
        (["--sequence", ""], "Nothing to run yet: type vectors of 8 bits, such as 10110011 00101100."),
        (["--sequence", " , "], "Nothing to run yet: type vectors of 8 bits, such as 10110011 00101100."),
        (["--file", "no/where.csv"], "no/where.csv cannot be read: No such file or directory."),
        (["--file", "."], ". cannot be read: Is a directory."),
        (
            ["--sequence", "10110011 0010x100"],
            "Vector 2, character 5 is “x”; a bit is 0 or 1.",
        ),
        (
            ["--sequence", "10110011 001011001"],
            "Vector 2, “001011001”, has 9 bits; each one has 8.",
        ),
        (["--sequence", "1" * 41], f"Vector 1, “{'1' * 23}…”, has 41 bits; each one has 8."),
        (["--text", ""], "Nothing to run yet: type some text; each of its UTF-8 bytes becomes one vector of 8 bits."),
        (["--text", "a\udcff"], "Character 2 is half a character; type it again as a whole."),
        (["--text", "a", "--locations", "2"], "locations must be at least 3, got 2"),
        (
            ["--text", "a", "--out", "out.txt"],
            "--out is out.txt; it must end in .json, .npz, .csv, .html, .gif, .svg or .png.",
        ),
        (
            ["--text", "a", "--html", "no/where/run.html"],
            "no/where/run.html cannot be written: there is no folder no/where.",
        ),
        (
            ["--text", "a", "--csv", "run", "--gif", "./run"],
            "run would be written twice, in two forms; give each a file of its own.",
        ),
        (["--text", "a", "--out", "a.gif", "--gif", "a.gif"], "a.gif would be written twice"),
        (
            ["--text", "a", "--out", "no/where/out.npz"],
            "no/where/out.npz cannot be written: there is no folder no/where.",
        ),
    ],
)
def test_errors_say_what_and_where(trace: Trace, arguments: list[str], sentence: str) -> None:
    with pytest.raises(TapedeckError) as error:
        trace(*arguments)
    assert error.value.detail.startswith(sentence)


def test_machines_that_are_not_there(trace: Trace, tmp_path: Path) -> None:
    for checkpoint, sentence in {
        "nobody": "There is no checkpoint “nobody”; there are bytes, small.",
        tmp_path / "gone.safetensors": "gone.safetensors: ",
    }.items():
        with pytest.raises(TapedeckError) as error:
            trace("--text", "a", checkpoint=checkpoint)
        assert error.value.detail.startswith(sentence)


def test_text_needs_a_machine_of_bytes(trace: Trace) -> None:
    with pytest.raises(TapedeckError, match="reads 8 bits a vector; this one reads 3"):
        trace("--text", "a", checkpoint="small")
    assert "of 6" in trace("--sequence", "101 011", checkpoint="small")


def test_a_file_that_cannot_be_replaced_stays(trace: Trace, tmp_path: Path) -> None:
    out = tmp_path / "out.npz"
    out.mkdir()
    (out / "kept").touch()
    with pytest.raises(TapedeckError, match="cannot be written"):
        trace("--text", "a", "--out", out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["machines", "out.npz"]


def test_from_a_shell(tapedeck: Tapedeck, folder: Path) -> None:
    """An error is one line and exit code 2."""
    done = tapedeck("trace", "--checkpoint", folder / "bytes.safetensors", "--sequence", "2")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Error: Vector 1, character 1 is “2”; a bit is 0 or 1.\n"


@pytest.mark.parametrize(("wanted", "said"), [("5", "In detail, step 5 (recall 2) reads"), ("all", "Who wrote what ")])
def test_says_and_writes_where_what_is_read_comes_from(
    trace: Trace, folder: Path, tmp_path: Path, wanted: str, said: str
) -> None:
    lines = trace("--text", "Hi", "--provenance", wanted, "--out", tmp_path / "a.json").splitlines()
    first = next(index for index, line in enumerate(lines) if line.startswith(said))
    assert sum(" % " in line for line in lines[first:]) >= 2
    written = json.loads((tmp_path / "a.json").read_text())["provenance"]
    request = {"checkpoint": "bytes", "sequence": [[0, 1, 0, 0, 1, 0, 0, 0], [0, 1, 1, 0, 1, 0, 0, 1]]}
    with serving(ApiSettings(checkpoints=folder)) as service:
        step = None if wanted == "all" else int(wanted)
        served = service.http.post("/api/provenance", json=request | {"step": step}).json()
    assert written == {name: served[name] for name in written}
    assert written["step"] == step


def test_the_bits_of_a_step_are_shown_as_sums_that_are_right(trace: Trace) -> None:
    lines = trace("--text", "Hi", "--provenance", "4").splitlines()
    bits = [line for line in lines if line.startswith("Output bit ")]
    assert len(bits) == 8
    for bit, line in enumerate(bits):
        number = r"[+−]?\d+\.\d\d"
        total, *terms = [float(found.replace("−", "-")) for found in re.findall(number, line)]
        assert line.startswith(f"Output bit {bit + 1} of step 4 is {int(total > 0.5)} (")
        assert total == pytest.approx(sum(terms), abs=0.005 * (len(terms) + 2))


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ("6", "step is 6; this run has the steps 0 to 5."),
        ("-1", "--provenance is -1; give a step from 0 to 5, or all."),
        ("last", "--provenance is last; give a step from 0 to 5, or all."),
    ],
)
def test_a_step_that_is_none(trace: Trace, wanted: str, sentence: str) -> None:
    with pytest.raises(TapedeckError) as error:
        trace("--text", "Hi", f"--provenance={wanted}")
    assert error.value.detail == sentence


@pytest.mark.parametrize(
    "case",
    [
        ("mine.csv", b"a;b;c;d;e;f;g;h\r\n1;0;1;1;0;0;1;1\r\n", "a table separated by semicolons, without its heading"),
        ("list.json", b'{"sequence": [[1,0,1,1,0,0,1,1]]}', "the list under “sequence”"),
        ("note.txt", b"?", "text, 1 byte, each a vector"),
    ],
)
def test_a_file_is_read_as_on_the_page_and_how_is_said(
    trace: Trace, tapedeck: Tapedeck, folder: Path, tmp_path: Path, case: tuple[str, bytes, str]
) -> None:
    name, data, form = case
    (tmp_path / name).write_bytes(data)
    said = trace("--file", tmp_path / name, "--out", tmp_path / "out.json").splitlines()
    assert said[0] == f"Read 1 vector from {name}: {form}."
    assert any(line.startswith("Recalled: ") for line in said) == (name == "note.txt")
    typed = trace(*(["--text", "?"] if name == "note.txt" else ["--sequence", "10110011"])).splitlines()
    assert typed == said[1:-1]
    done = tapedeck("trace", "--checkpoint", folder / "bytes.safetensors", "--file", "-", given=data.decode())
    assert done.stdout.splitlines() == [f"Read 1 vector from standard input: {form}.", *typed]


def test_a_file_that_holds_no_sequence_is_named_with_its_line(trace: Trace, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("1,0,1,1,0,0,1,1\n\n1,0,1,1,0,0,1,2\n")
    with pytest.raises(TapedeckError) as error:
        trace("--file", tmp_path / "bad.csv")
    assert error.value.detail == "bad.csv: line 3, cell 8 is “2”; a bit is 0 or 1."


def test_a_file_has_vectors_of_the_machines_width(trace: Trace, tmp_path: Path) -> None:
    (tmp_path / "three.csv").write_text("1,0,1\n0,1,1\n")
    assert "of 6" in trace("--file", tmp_path / "three.csv", checkpoint="small")


@pytest.mark.parametrize("command", ["trace", "evaluate"])
def test_an_overflow_is_one_line_and_nothing_is_written(tapedeck: Tapedeck, tmp_path: Path, command: str) -> None:
    machine = random_machine(1)
    with torch.no_grad():
        machine.r_to_s.weight.fill_(3e38)
        machine.r_to_s.bias.fill_(3e38)
    file = write(tmp_path / "huge.safetensors", machine)
    asked = ("--checkpoint", file, "--sequence", "101 010", "--out", "run.npz", "--html", "run.html")
    done = tapedeck(command, *(asked if command == "trace" else (file, "--lengths", "2", "--json", "out.json")))
    assert done.returncode == 2
    said = "The machine's numbers overflow at step 0, so there is no result."
    assert done.stderr.startswith(f"Error: {said}"), done.stdout + done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["huge.safetensors"]


def test_narrate_tells_each_step_in_a_line_and_in_the_file(trace: Trace, tmp_path: Path) -> None:
    lines = trace("--text", "Hi", "--narrate", "--out", tmp_path / "a.json").splitlines()
    told = json.loads((tmp_path / "a.json").read_text())["narration"]
    assert [line for line in lines if line.startswith("Step ")] == told
    assert [line.partition(":")[0] for line in lines if " head: " in line] == ["Write head", "Read head"]
    places = [
        "the start delimiter",
        "input 1 of 2",
        "input 2 of 2",
        "the end delimiter",
        "recall 1 of 2",
        "recall 2 of 2",
    ]
    assert [line.partition(":")[0] for line in told] == [f"Step {step} · {place}" for step, place in enumerate(places)]
    with np.load(_written(trace, tmp_path / "a.npz")) as arrays:
        assert json.loads(str(arrays["narration"])) == told


def _written(trace: Trace, path: Path) -> Path:
    trace("--text", "Hi", "--narrate", "--out", path)
    return path


def test_interventions_are_typed_or_in_a_file_and_are_what_the_service_carries_out(
    trace: Trace, tmp_path: Path
) -> None:
    changes = [{"kind": "move", "head": "read", "by": 1, "phase": "recall"}]
    (tmp_path / "changes.json").write_text(json.dumps(changes))
    for given in (json.dumps(changes), tmp_path / "changes.json"):
        trace("--text", "Hi", "--interventions", given, "--out", tmp_path / "a.json")
        found = json.loads((tmp_path / "a.json").read_text())
        assert found["interventions"] == changes
    trace("--text", "Hi", "--out", tmp_path / "plain.json")
    plain = json.loads((tmp_path / "plain.json").read_text())["heads"]["read"]["weighting"]
    np.testing.assert_array_equal(found["read.weighting"][4], np.roll(plain[4], 1))
