"""`tapedeck evaluate`: the table, the files, and what it refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from backend.cli.evaluate import parse_lengths
from backend.errors import InvalidConfiguration
from tests.cli.conftest import Tapedeck


@pytest.mark.parametrize(
    ("typed", "lengths"), [("10", (10,)), ("1-3", (1, 2, 3)), ("1-2,20, 60", (1, 2, 20, 60)), ("5,5", (5,))]
)
def test_lengths_are_numbers_and_stretches(typed: str, lengths: tuple[int, ...]) -> None:
    assert parse_lengths(typed) == lengths


@pytest.mark.parametrize("typed", ["", "x", "1-2-3", "-4", "1.5", "٣"])
def test_other_lengths_are_refused(typed: str) -> None:
    with pytest.raises(InvalidConfiguration, match="--lengths must be such as"):
        parse_lengths(typed)


def test_every_form_holds_the_same_numbers(tapedeck: Tapedeck, tmp_path: Path) -> None:
    files = {form: tmp_path / f"out.{form}" for form in ("json", "csv", "html")}
    options = [word for form, path in files.items() for word in (f"--{form}", str(path))]
    result = tapedeck(
        "evaluate", "copy-1", "--lengths", "3,4", "--patterns", "random,ones", "--sequences", "5", *options
    )

    assert result.returncode == 0, result.stderr
    documents = json.loads(files["json"].read_text())
    assert [(each["length"], each["pattern"]) for each in documents] == [
        (3, "random"),
        (3, "ones"),
        (4, "random"),
        (4, "ones"),
    ]
    rows = list(csv.DictReader(files["csv"].read_text().splitlines()))
    assert [int(row["wrong_bits"]) for row in rows] == [each["wrong_bits"] for each in documents] == [0, 0, 0, 0]
    page = files["html"].read_text()
    assert "copy-1, ones" in page
    assert 'src="http' not in page


def test_an_unknown_machine_is_one_clear_line(tapedeck: Tapedeck) -> None:
    result = tapedeck("evaluate", "nobody", "--lengths", "3")
    assert result.returncode == 2
    assert "nobody" in result.stderr
    assert "Traceback" not in result.stderr
