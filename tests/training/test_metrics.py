"""The file of a run's numbers."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from backend.errors import CheckpointUnwritable, TrainingError
from backend.training.metrics import MetricsFile
from backend.training.trainer import Progress


def line(sequences: int) -> Progress:
    return Progress(sequences, 100, 0.5, None, 3, None, None, skipped=1, seconds=2.5)


@pytest.fixture
def file(tmp_path: Path) -> MetricsFile:
    file = MetricsFile(tmp_path / "a.metrics.jsonl")
    file.begin(0)
    for sequences in (0, 10, 20):
        file.record(line(sequences))
    return file


def test_a_line_holds_the_numbers(file: MetricsFile) -> None:
    assert file.lines() == [asdict(line(sequences)) for sequences in (0, 10, 20)]
    assert [Progress(**each) for each in file.lines()][1] == line(10)


@pytest.mark.parametrize(("sequences", "kept"), [(0, []), (10, [0, 10]), (15, [0, 10]), (99, [0, 10, 20])])
def test_what_comes_again_goes_away(file: MetricsFile, sequences: int, kept: list[int]) -> None:
    file.begin(sequences)
    assert [each["sequences"] for each in file.lines()] == kept


def test_a_line_that_was_cut_off_is_none(file: MetricsFile) -> None:
    with file.path.open("ab") as opened:
        opened.write(b'{"sequences": 3')
    assert [each["sequences"] for each in file.lines()] == [0, 10, 20]
    file.begin(20)
    file.record(line(30))
    assert [each["sequences"] for each in file.lines()] == [0, 10, 20, 30]


def test_no_file_has_no_lines(tmp_path: Path) -> None:
    assert MetricsFile(tmp_path / "none").lines() == []


def test_what_cannot_be_read_or_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("not JSON\n")
    for name in ("other", "."):
        with pytest.raises(TrainingError, match="is no file of metrics that can be read"):
            MetricsFile(tmp_path / name).lines()
    for act in (MetricsFile(tmp_path / "none" / "a").begin, lambda _: MetricsFile(tmp_path).record(line(0))):
        with pytest.raises(CheckpointUnwritable, match="cannot be written"):
            act(0)
