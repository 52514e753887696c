"""`tapedeck evaluate`: the table, the files, and what it refuses."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backend.checkpoints import read_info
from backend.cli.commands import app
from backend.cli.evaluate import parse_lengths
from backend.errors import InvalidConfiguration
from backend.ntm import NTMConfig
from tests.checkpoints.conftest import random_machine, write
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


def test_two_machines_of_one_id_are_told_apart_by_what_was_typed(tmp_path: Path) -> None:
    sizes = {"a": NTMConfig(locations=6, width=4, bits=3, controller_size=5), "b": NTMConfig(9, 4, 3, 5)}
    files = []
    for seed, (folder, config) in enumerate(sizes.items()):
        (tmp_path / folder).mkdir()
        files.append(str(write(tmp_path / folder / "copy-1.safetensors", random_machine(seed, config))))
    other = str(write(tmp_path / "copy-2.safetensors", random_machine(3)))
    out, table, page = (tmp_path / f"out.{form}" for form in ("json", "csv", "html"))
    options = ("--json", out, "--csv", table, "--html", page, "--lengths", "2", "--sequences", "3")
    result = CliRunner().invoke(
        app, ["evaluate", *files, other, other, *map(str, options)], env={"COLUMNS": "400", "NO_COLOR": "1"}
    )

    assert result.exit_code == 0, result.output
    documents = json.loads(out.read_text())
    assert [each["label"] for each in documents] == [*files, "copy-2"], "typed twice, a machine is still one"
    assert [each["checkpoint"] for each in documents] == ["copy-1", "copy-1", "copy-2"]
    assert [each["sha256"] for each in documents] == [read_info(Path(file)).sha256 for file in (*files, other)]
    assert [each["locations"] for each in documents] == [6, 9, 6]
    assert [row["label"] for row in csv.DictReader(table.read_text().splitlines())] == [*files, "copy-2"]
    assert "each on its own locations" in result.output
    assert "copy-2, N = 6" in result.output
    shown = page.read_text()
    for holds in (4, 7):
        assert len(re.findall(rf"N (?:−|\\u2212) 2 = {holds}\b", shown)) == 1


def test_an_unknown_machine_is_one_clear_line(tapedeck: Tapedeck) -> None:
    result = tapedeck("evaluate", "nobody", "--lengths", "3")
    assert result.returncode == 2
    assert "nobody" in result.stderr
    assert "Traceback" not in result.stderr
