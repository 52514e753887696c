"""`tapedeck evaluate`: the table, the files, and what it refuses."""

from __future__ import annotations

import csv
import json
import re
import shlex
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

from tapedeck import __version__
from tapedeck.api.settings import ApiSettings
from tapedeck.checkpoints import CheckpointLibrary, read_info
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.cli.commands import app
from tapedeck.cli.evaluate import parse_lengths
from tapedeck.errors import FileUnwritable, InvalidConfiguration
from tapedeck.ntm import NTMConfig
from tapedeck.training.intervals import clustered_interval
from tapedeck.training.starting import initial_machine
from tests.checkpoints.conftest import random_machine, write
from tests.cli.conftest import Tapedeck
from tests.training.tiny import TINY_RECALL, TINY_REPEAT


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the command is started."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal(*arguments: str) -> BaseException | None:
    """What the command refuses these with, before it has said anything."""
    result = CliRunner().invoke(app, ["evaluate", *arguments])
    assert result.output == ""
    return result.exception


@pytest.mark.parametrize(
    ("typed", "lengths"), [("10", (10,)), ("1-3", (1, 2, 3)), ("1-2,20, 60", (1, 2, 20, 60)), ("5,5", (5,))]
)
def test_lengths_are_numbers_and_ranges(typed: str, lengths: tuple[int, ...]) -> None:
    assert parse_lengths(typed) == lengths


@pytest.mark.parametrize("typed", ["", "x", "1-2-3", "-4", "1.5", "٣"])
def test_other_lengths_are_refused(typed: str) -> None:
    with pytest.raises(InvalidConfiguration, match="--lengths must be numbers such as"):
        parse_lengths(typed)


def test_every_form_holds_the_same_numbers(tapedeck: Tapedeck, tmp_path: Path) -> None:
    files = {form: tmp_path / f"out.{form}" for form in ("json", "csv", "html")}
    options = [word for form, path in files.items() for word in (f"--{form}", str(path))]
    result = tapedeck(
        "evaluate", "copy-1", "--lengths", "3,4", "--patterns", "random,ones", "--sequences", "5", *options
    )

    assert result.returncode == 0, result.stderr
    documents = json.loads(files["json"].read_text())["results"]
    assert [(each["length"], each["pattern"]) for each in documents] == [
        (3, "random"),
        (3, "ones"),
        (4, "random"),
        (4, "ones"),
    ]
    rows = list(csv.DictReader(files["csv"].read_text().splitlines()))
    assert [int(row["wrong_bits"]) for row in rows] == [each["wrong_bits"] for each in documents] == [0, 0, 0, 0]
    page = files["html"].read_text()
    held = re.findall(r'<script type="application/json" id="evaluation">(.*?)</script>', page)
    assert [json.loads(each) for each in held] == [json.loads(files["json"].read_text())]
    assert "copy-1, ones" in page
    assert 'src="http' not in page


def test_a_task_is_evaluated_by_its_own_sizes_in_every_form(tmp_path: Path) -> None:
    machine = write(tmp_path / "tiny.safetensors", initial_machine(TINY_REPEAT, seed=1), task=TINY_REPEAT.task)
    files = {form: tmp_path / f"out.{form}" for form in ("json", "csv", "html")}
    options = [word for form, path in files.items() for word in (f"--{form}", str(path))]
    sizes = ("--size", "length=1,3", "--size", "repeats=2-3")
    result = CliRunner().invoke(app, ["evaluate", str(machine), *sizes, "--sequences", "4", *options])
    assert result.exit_code == 0, result.output

    written = json.loads(files["json"].read_text())
    combinations = [(1, 2), (1, 3), (3, 2), (3, 3)]
    assert [(each["length"], each["repeats"]) for each in written["results"]] == combinations
    assert written["plan"]["sizes"] == {"length": [1, 3], "repeats": [2, 3]}
    rows = list(csv.DictReader(files["csv"].read_text().splitlines()))
    assert [(int(row["length"]), int(row["repeats"])) for row in rows] == combinations
    for each in written["results"]:
        wrong = each["wrong_by_sequence"]
        assert tuple(each["interval"]) == clustered_interval(wrong, each["bits"] // 4)
    assert "tiny, random, repeats 3" in files["html"].read_text()
    again = CliRunner().invoke(app, [*shlex.split(written["command"])[1:], "--json", str(tmp_path / "again.json")])
    assert again.exit_code == 0, again.output
    assert json.loads((tmp_path / "again.json").read_text()) == written


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ("--size", "items"),
            "--size gives each number once, such as length=2-6,12; repeat_copy has length and repeats",
        ),
        (("--size", "length=2"), "An evaluation of repeat_copy takes the sizes length and repeats, got length."),
        (("--size", "length=x"), "--size length must be numbers such as 2-6,12; got “x”."),
        (("--lengths", "2"), "An evaluation of repeat_copy takes the sizes length and repeats, got length."),
    ],
)
def test_sizes_that_a_task_does_not_have_are_refused(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    machine = write(tmp_path / "tiny.safetensors", initial_machine(TINY_REPEAT, seed=1), task=TINY_REPEAT.task)
    assert str(refusal(str(machine), *arguments)).startswith(says)


def test_machines_of_different_tasks_are_not_evaluated_together(tmp_path: Path) -> None:
    files = [
        str(write(tmp_path / f"{recipe.task}.safetensors", initial_machine(recipe, seed=1), task=recipe.task))
        for recipe in (TINY_REPEAT, TINY_RECALL)
    ]
    assert str(refusal(*files)) == (
        "repeat_copy was trained on repeat_copy and associative_recall on associative_recall; evaluate machines of one "
        "task at a time."
    )


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
    documents = json.loads(out.read_text())["results"]
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


def test_the_files_hold_what_it_takes_to_count_again(tapedeck: Tapedeck, tmp_path: Path) -> None:
    """The counts of each sequence, the interval's ends as numbers, the seed, the versions, the recipe, the command."""
    out, table = tmp_path / "out.json", tmp_path / "out.csv"
    files = ("--json", out, "--csv", table)
    options = ("--lengths", "3,20", "--sequences", "6", "--seed", "7")
    assert tapedeck("evaluate", "copy-1-003200", *options, *files).returncode == 0
    written = json.loads(out.read_text())
    rows = list(csv.DictReader(table.read_text().splitlines()))

    info = read_info(SHIPPED_CHECKPOINTS / "copy-1-003200.safetensors")
    assert written["plan"]["seed"] == 7
    assert written["versions"]["torch"] == torch.__version__
    assert written["versions"]["tapedeck"] == __version__
    assert [each["recipe"] for each in written["machines"]] == [info.origin["recipe"]]
    for result, row in zip(written["results"], rows, strict=True):
        wrong = result["wrong_by_sequence"]
        assert (len(wrong), sum(wrong), wrong.count(0)) == (6, result["wrong_bits"], result["exact"])
        assert tuple(result["interval"]) == clustered_interval(wrong, result["bits"] // 6)
        assert [float(row["low"]), float(row["high"])] == result["interval"]
        assert [int(each) for each in row["wrong_by_sequence"].split()] == wrong
        assert (row["seed"], row["torch"]) == ("7", torch.__version__)
        assert json.loads(row["recipe"]) == info.origin["recipe"]
    assert written["results"][1]["wrong_bits"] > 0

    again = tmp_path / "again.json"
    assert tapedeck(*shlex.split(written["command"])[1:], "--json", again).returncode == 0
    assert json.loads(again.read_text()) == written


@pytest.mark.parametrize("columns", [40, 80, 400])
def test_every_digit_of_many_machines_is_printed(tmp_path: Path, columns: int) -> None:
    files = [str(write(tmp_path / f"m{at:02}.safetensors", random_machine(at))) for at in range(20)]
    out = tmp_path / "out.json"
    shown = CliRunner().invoke(
        app,
        ["evaluate", *files, "--lengths", "2,3", "--sequences", "4", "--json", str(out)],
        env={"COLUMNS": str(columns), "NO_COLOR": "1"},
    )

    assert shown.exit_code == 0, shown.output
    found = re.findall(r"([\d.]+) *│ *([\d.]+) … ([\d.]+) *│ *(\d+) of 4", shown.output)
    results = json.loads(out.read_text())["results"]
    assert sorted(float(rate) for rate, *_ in found) == sorted(
        float(f"{each['bit_error_rate']:.2g}") for each in results
    )
    for rate, low, high, _ in found:
        assert float(low) <= float(rate) <= float(high)


@pytest.mark.parametrize("option", ["--json", "--csv", "--html"])
@pytest.mark.parametrize(("path", "says"), [("missing/out", "there is no folder missing"), (".", "it is a folder")])
def test_an_output_that_cannot_be_written_is_refused_before_anything_is_computed(
    here: Path, option: str, path: str, says: str
) -> None:
    """The plan would take hours."""
    refused = refusal("copy-1", "--lengths", "1-1000", "--sequences", "100000", option, path)
    assert isinstance(refused, FileUnwritable)
    assert str(refused).startswith(f"{option} {path} cannot be written: {says}")


def test_two_outputs_of_one_name_are_refused(here: Path) -> None:
    refused = refusal("copy-1", "--json", "out", "--csv", "./out")
    assert str(refused) == "--json and --csv both name out. Give each a file of its own."


def test_a_negative_seed_is_refused() -> None:
    refused = refusal("copy-1", "--seed", "-1")
    assert str(refused) == "seed must be a whole number from 0 to 2,147,483,648, got -1."


def test_machines_of_the_runs_folder_are_found_as_the_service_finds_them(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In ./runs where nothing else is said, under the ids of the service's list."""
    monkeypatch.delenv("TAPEDECK_RUNS")
    (here / "runs").mkdir()
    write(here / "runs" / "mine.safetensors", random_machine(4))
    settings = ApiSettings()
    listed = {entry.id for entry in CheckpointLibrary(settings.checkpoints, (settings.runs,)).list()}
    (mine,) = (each for each in listed if each.startswith("mine"))
    result = CliRunner().invoke(app, ["evaluate", mine, "copy-1", "--lengths", "2", "--sequences", "2"])
    assert result.exit_code == 0, result.output
    assert mine in result.stdout


def test_an_unknown_machine_is_one_clear_line(tapedeck: Tapedeck) -> None:
    result = tapedeck("evaluate", "nobody", "--lengths", "3")
    assert result.returncode == 2
    assert "nobody" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_folder_is_all_its_machines_counted_by_several_processes(tapedeck: Tapedeck, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    for number in (1, 2):
        write(folder / f"copy-{number}.safetensors", random_machine(number), run=f"copy-{number}")
    write(folder / "copy-1-000400.safetensors", random_machine(3))
    recall = initial_machine(TINY_RECALL, seed=1)
    write(folder / "recall.safetensors", recall, run="recall", task="associative_recall")
    plan = ("--lengths", "2,3", "--sequences", "4")
    refused = tapedeck("evaluate", folder, *plan)
    assert refused.returncode == 2
    assert "evaluate machines of one task at a time" in refused.stderr
    files = {count: tmp_path / f"{count}.json" for count in ("1", "2")}
    for count, out in files.items():
        done = tapedeck("evaluate", folder, "--task", "copy", *plan, "--processes", count, "--json", out)
        assert (done.stderr, done.returncode) == ("", 0)
    one, two = (json.loads(path.read_text()) for path in files.values())
    assert [machine["checkpoint"] for machine in one["machines"]] == ["copy-1", "copy-2"]
    assert one == two


def test_a_folder_without_machines_or_with_a_broken_one_is_said(tapedeck: Tapedeck, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    assert "There is no machine in mine; name another folder" in tapedeck("evaluate", "mine").stderr
    (tmp_path / "mine" / "broken.safetensors").write_bytes(b"no")
    assert "broken.safetensors: it is not a whole safetensors file" in tapedeck("evaluate", "mine").stderr
