"""The file of a run's numbers."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from tapedeck.errors import CheckpointUnwritable, TrainingError
from tapedeck.training.metrics import MetricsFile
from tapedeck.training.trainer import Progress


def line(sequences: int) -> Progress:
    return Progress(sequences, 100, 0.5, None, 3, None, None, skipped=1, seconds=2.5)


@pytest.fixture
def file(tmp_path: Path) -> MetricsFile:
    file = MetricsFile(tmp_path / "a.metrics.jsonl")
    file.begin(0)
    for sequences in (0, 10, 20):
        file.record(line(sequences))
    return file


def sequences(file: MetricsFile) -> list[int]:
    return [progress.sequences for progress in file.read().lines]


def test_a_line_holds_the_numbers(file: MetricsFile) -> None:
    assert file.read().lines == [line(sequences) for sequences in (0, 10, 20)]
    assert file.read().problem is None


@pytest.mark.parametrize(("sequences_", "kept"), [(0, []), (10, [0, 10]), (15, [0, 10]), (99, [0, 10, 20])])
def test_what_comes_again_goes_away(file: MetricsFile, sequences_: int, kept: list[int]) -> None:
    file.begin(sequences_)
    assert sequences(file) == kept


def test_a_line_that_was_cut_off_is_none(file: MetricsFile) -> None:
    with file.path.open("ab") as opened:
        opened.write(b'{"sequences": 3')
    assert sequences(file) == [0, 10, 20]
    file.begin(20)
    file.record(line(30))
    assert sequences(file) == [0, 10, 20, 30]


def test_an_unknown_field_in_a_metrics_file_is_passed_over_and_kept(file: MetricsFile) -> None:
    newer = orjson.dumps(orjson.loads(file.path.read_bytes().splitlines()[2]) | {"sequences": 25, "colour": "blue"})
    with file.path.open("ab") as opened:
        opened.write(newer + b"\n")
    assert file.read().lines[-1] == line(25)
    assert file.read().problem is None
    file.begin(25)
    assert file.path.read_bytes().splitlines()[-1] == newer


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (b"not JSON", "Invalid JSON"),
        (b"[1, 2]", "Input should be"),
        (b'{"sequences": 15}', "total: Field required"),
        (b'{"sequences": "many", "total": 100}', "sequences: Input should be a valid integer"),
        (orjson.dumps(dict.fromkeys(Progress.__slots__, 1)).replace(b'"loss":1', b'"loss":NaN'), "is not finite"),
    ],
)
def test_a_metrics_line_that_cannot_be_read_hides_no_other(file: MetricsFile, wrong: bytes, why: str) -> None:
    lines = file.path.read_bytes().splitlines(keepends=True)
    file.path.write_bytes(b"".join([*lines[:2], wrong + b"\n", wrong + b"\n", lines[2]]))
    metrics = file.read()
    assert sequences(file) == [0, 10, 20]
    assert metrics.problem is not None
    assert metrics.problem.startswith("a.metrics.jsonl: line 3 is not a line of metrics (")
    assert why in metrics.problem
    assert metrics.problem.endswith(", and 1 more cannot be read either. The other lines are shown.")
    file.begin(10)
    assert sequences(file) == [0, 10]


def test_no_file_has_no_lines(tmp_path: Path) -> None:
    assert MetricsFile(tmp_path / "none").read().lines == []


def test_what_cannot_be_read_or_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(TrainingError, match=r"folder cannot be read: Is a directory\."):
        MetricsFile(tmp_path / "folder").read()
    for act in (MetricsFile(tmp_path / "none" / "a").begin, lambda _: MetricsFile(tmp_path).record(line(0))):
        with pytest.raises(CheckpointUnwritable, match="cannot be written"):
            act(0)
