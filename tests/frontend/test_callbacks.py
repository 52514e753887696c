"""What the callbacks make of what they are given."""

from __future__ import annotations

import base64

import pytest

from tapedeck_page.components.chooser import choices
from tapedeck_page.components.composer import HandedFile, found_in
from tapedeck_page.settings import PageSettings
from tests.frontend.conftest import Page, machine, page_app, run


def test_the_best_machine_is_the_first_of_the_first_task() -> None:
    listed = [machine("recall-1", task="recall"), machine("copy-1"), machine("copy-2")]
    assert choices(listed, ["copy", "recall"]).first == "copy-1"
    assert choices(listed).first == "recall-1"


def test_machines_stand_in_groups_by_task_and_the_checkpoints_of_each_training_below() -> None:
    trained = {"origin": {"run": "copy-1"}}
    listed = [
        machine("repeat-1", task="repeat_copy"),
        machine("copy-1-000400", **trained),
        machine("copy-1", **trained),
        machine("mine", task="something_new"),
        machine("copy-3-000400", origin={"run": "copy-3"}),
    ]
    groups = [
        (group["group"], [option["value"] for option in group["items"]])
        for group in choices(listed, ["copy", "repeat_copy"]).options
    ]
    assert groups == [
        ("Copy", ["copy-1", "copy-3-000400"]),
        ("Repeat copy", ["repeat-1"]),
        ("Something new", ["mine"]),
        ("Checkpoints of copy-1", ["copy-1-000400"]),
    ]


def test_options_say_how_much_was_learned() -> None:
    options, _, _ = choices([machine("copy-1"), machine("imported", sequences_seen=None)])
    assert [option["label"] for option in options] == ["copy-1 · 16,000 sequences", "imported"]


def test_machines_that_cannot_be_read_are_named_and_left_out() -> None:
    broken = {"id": "broken", "error": "it is not a safetensors file"}
    options, first, word = choices([broken, machine("copy-1")])
    assert [option["value"] for option in options] == ["copy-1"]
    assert first == "copy-1"
    assert "broken" in word


def test_no_machine_at_all_says_how_to_get_one() -> None:
    options, first, word = choices([])
    assert (options, first) == ([], None)
    assert "tapedeck train copy" in word


def test_a_deployment_can_set_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAPEDECK_PAGE_MAX_VECTORS", "10")
    assert PageSettings().max_vectors == 10
    assert PageSettings(max_vectors=5).max_vectors == 5


# Over HTTP, as a browser calls them.


def test_the_machines_are_asked_for_anew_each_time() -> None:
    listed = [machine("copy-1")]
    page = Page(page_app(listed))
    for name in ("copy-2", "copy-3"):
        listed.append(machine(name))
        told = run(page.call("machine.data", "service-state.data", {}))
        assert [option["value"] for option in told["machine"]["data"]] == [entry["id"] for entry in listed]
        assert "value" not in told["machine"], "which is chosen is the browser's to say"


def file(name: str, data: bytes, bits: int) -> HandedFile:
    contents = "data:text/plain;base64," + base64.b64encode(data).decode()
    return HandedFile(name=name, size=len(data), contents=contents, turn=4, bits=bits)


def test_a_file_is_read_for_the_machines_width_and_how_is_said(page: Page) -> None:
    told = run(
        page.call(
            "composer-found.data",
            "composer-file.data",
            {"composer-file.data": file("mine.csv", b"1,0,1\n0,1,1\n", 3)},
        )
    )
    said = "Read 2 vectors from mine.csv: a table separated by commas."
    assert told["composer-found"]["data"] == {"rows": ["101", "011"], "said": said, "turn": 4}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"10110011\n", "8 bits"),
        (b"", "a.txt: the file is empty."),
        (b"0" * 1_000_001, "a.txt has 1,000,001 bytes"),
    ],
    ids=["another width", "empty", "too large"],
)
def test_a_file_that_holds_nothing_to_run_is_refused_in_a_sentence(data: bytes, said: str) -> None:
    found = found_in(file("a.txt", data, 5))
    assert found["rows"] is None
    assert said in found["said"]
