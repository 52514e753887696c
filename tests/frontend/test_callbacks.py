"""What the callbacks make of what they are given."""

from __future__ import annotations

import base64

import pytest

from tapedeck_page.components.chooser import choices
from tapedeck_page.components.composer import Written, summary
from tapedeck_page.settings import PageSettings
from tapedeck_sequences import Problem
from tests.frontend.conftest import Json, Page, machine, page_app, run

TYPED = {"bits": "10110011", "text": "Hi", "hex": "ff 00"}


def test_the_best_machine_is_chosen_until_she_chooses() -> None:
    listed = [machine("copy-1"), machine("copy-1-000400", sequences_seen=400)]
    options, chosen, word = choices(listed, None)
    assert [option["value"] for option in options] == ["copy-1", "copy-1-000400"]
    assert (chosen, word) == ("copy-1", "")
    assert choices(listed, "copy-1-000400")[1] == "copy-1-000400"


def test_a_machine_that_is_gone_is_chosen_no_more() -> None:
    assert choices([machine("copy-1")], "copy-2")[1] == "copy-1"


def test_options_say_how_much_was_learned() -> None:
    options, _, _ = choices([machine("copy-1"), machine("imported", sequences_seen=None)], None)
    assert [option["label"] for option in options] == ["copy-1 · 16,000 sequences", "imported"]


def test_machines_that_cannot_be_read_are_named_and_left_out() -> None:
    broken = {"id": "broken", "error": "it is not a safetensors file"}
    options, chosen, word = choices([broken, machine("copy-1")], "broken")
    assert [option["value"] for option in options] == ["copy-1"]
    assert chosen == "copy-1"
    assert "broken" in word


def test_no_machine_at_all_says_how_to_get_one() -> None:
    options, chosen, word = choices([], None)
    assert (options, chosen) == ([], None)
    assert "tapedeck train copy" in word


@pytest.mark.parametrize(
    ("way", "rows"),
    [
        ("bits", ["10110011"]),
        ("text", ["01001000", "01101001"]),
        ("hex", ["11111111", "00000000"]),
        ("draw", ["11110000"]),
        ("random", ["11110000"]),
        ("examples", ["11110000"]),
    ],
)
def test_what_counts_is_the_way_in_that_is_shown(way: str, rows: list[str]) -> None:
    assert Written(way, TYPED, ["11110000"]).rows(1000) == rows


@pytest.mark.parametrize("way", ["bits", "text", "hex", "draw"])
def test_nothing_written_is_a_problem(way: str) -> None:
    with pytest.raises(Problem, match="Nothing to run yet"):
        Written(way, {"bits": "", "text": "", "hex": ""}, []).rows(1000)


def test_an_empty_text_field_says_when_the_vectors_are_no_text() -> None:
    with pytest.raises(Problem, match="not UTF-8 text"):
        Written("text", {"text": ""}, ["11111111"]).rows(1000)


@pytest.mark.parametrize("way", ["bits", "text", "hex", "draw"])
def test_too_much_is_a_problem_in_every_way_in(way: str) -> None:
    typed = {"bits": "10110011 10110011", "text": "Hi", "hex": "ff ff"}
    with pytest.raises(Problem, match="at most 1 fit"):
        Written(way, typed, ["00000000"] * 2).rows(1)


def test_the_summary_counts() -> None:
    assert summary(["00000000"]) == "1 vector, 4 steps"
    assert summary(["00000000"] * 1000) == "1,000 vectors, 2,002 steps"


def test_a_deployment_can_set_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAPEDECK_PAGE_MAX_VECTORS", "10")
    assert PageSettings().max_vectors == 10
    assert PageSettings(max_vectors=5).max_vectors == 5


# Over HTTP, as a browser calls them.

FIELD = "composer-bits.value"
MESSAGE = "composer-message.children"
READ = {"bits": 8, "refused": False}
WAY = {"way-in.value": "bits", "composer-drawn.data": ["00000001"]}


def compose(page: Page, bits: str) -> Json:
    return run(page.call("composer-text.value", FIELD, WAY | {FIELD: bits}))


def test_bits_are_shown_in_every_other_way(page: Page) -> None:
    told = compose(page, "01001000 01101001")
    assert told["composer-text"] == {"value": "Hi"}
    assert told["composer-hex"] == {"value": "48 69"}
    assert told["composer-drawn"] == {"data": ["01001000", "01101001"]}
    assert told["composer-message"] == {"children": ""}
    assert told["composer-summary"] == {"children": "2 vectors, 6 steps"}
    assert "composer-bits" not in told, "the field that is typed in is left to her"


def test_what_is_composed_says_of_what_it_was_read(page: Page) -> None:
    typed = " 01001000,01101001 "
    rows = ["01001000", "01101001"]
    assert compose(page, typed)["composed"]["data"] == READ | {"way": "bits", "typed": typed, "rows": rows}


def test_wrong_bits_change_nothing_but_the_message(page: Page) -> None:
    told = compose(page, "0100x000")
    assert set(told) == {"composer-message", "composer-summary", "composed", "composer-file-read"}
    assert "“x”" in told["composer-message"]["children"]
    assert told["composed"]["data"]["rows"] is None, "there is nothing to run"


@pytest.mark.parametrize(("way", "stands"), [("bits", "00000001"), ("text", "\x01"), ("hex", "01"), ("draw", None)])
def test_a_drawing_stands_in_the_fields_too(page: Page, way: str, stands: str | None) -> None:
    told = run(page.call("composer-text.value", "composer-drawn.data", WAY | {"way-in.value": way}))
    assert told["composed"]["data"] == READ | {"way": way, "typed": stands, "rows": ["00000001"]}


def test_another_way_in_is_read_as_it_stands(page: Page) -> None:
    values = WAY | {"way-in.value": "hex", "composer-hex.value": "0x7f"}
    told = run(page.call("composer-text.value", "way-in.value", values))
    assert told["composed"]["data"] == READ | {"way": "hex", "typed": "0x7f", "rows": ["01111111"]}


def test_what_could_not_be_drawn_at_random_leaves_what_there_was(page: Page) -> None:
    values = WAY | {
        "way-in.value": "random",
        "random-length.value": 0,
        "random-density.value": 0.5,
        "random-seed.value": 1,
    }
    told = run(page.call("composer-text.value", "composer-random.n_clicks", values))
    assert "whole number from 1" in told["composer-message"]["children"]
    assert told["composed"]["data"]["rows"] == ["00000001"]
    assert told["composed"]["data"]["refused"], "and a press that waits for it runs nothing"


def test_each_width_keeps_its_own_sequence(page: Page) -> None:
    """A machine of another width has a sequence that it reads; what was written before comes back with its own."""
    values = WAY | {"composer-width.data": 5, "composer-kept.data": {}}
    told = run(page.call("composer-text.value", "composer-width.data", values))
    rows = told["composer-drawn"]["data"]
    assert {len(row) for row in rows} == {5}
    assert told["composed"]["data"] == {
        "way": "bits",
        "typed": " ".join(rows),
        "rows": rows,
        "bits": 5,
        "refused": False,
    }
    kept = told["composer-kept"]["data"]
    back = values | {"composer-width.data": 8, "composer-drawn.data": rows, "composer-kept.data": kept}
    told = run(page.call("composer-text.value", "composer-width.data", back))
    assert told["composer-drawn"]["data"] == ["00000001"]
    assert told["composer-kept"]["data"]["5"] == rows


@pytest.mark.parametrize("bits", [1, 5, 12, 20])
def test_every_way_in_takes_the_width_of_the_machine(page: Page, bits: int) -> None:
    values = WAY | {"composer-width.data": bits, "composer-kept.data": {}, "composer-drawn.data": ["1" * bits]}
    digits = -(-bits // 4)
    for field, typed in {"bits": "0" * bits, "hex": "0" * digits}.items():
        given = values | {f"composer-{field}.value": typed, "way-in.value": field}
        told = run(page.call("composer-text.value", f"composer-{field}.value", given))
        assert told["composed"]["data"]["rows"] == ["0" * bits]
    given = values | {"random-length.value": 7, "random-density.value": 1, "random-seed.value": 1}
    told = run(page.call("composer-text.value", "composer-random.n_clicks", given))
    assert told["composed"]["data"]["rows"] == ["1" * bits] * 7
    told = run(page.call("composer-text.value", "composer-text.value", values | {"composer-text.value": "Hi"}))
    assert f"reads {bits}" in told["composer-message"]["children"]


def test_the_machines_are_asked_for_anew_each_time() -> None:
    listed = [machine("copy-1")]
    page = Page(page_app(listed))
    for chosen, name in (("copy-1", "copy-2"), ("copy-2", "copy-3")):
        listed.append(machine(name))
        told = run(page.call("machine.data", "service-state.data", {"machine.value": chosen}))
        assert [option["value"] for option in told["machine"]["data"]] == [entry["id"] for entry in listed]
        assert told["machine"].get("value", chosen) == chosen, "what she chose stays"


def test_a_file_of_another_width_than_the_machine_reads_is_refused(page: Page) -> None:
    file = {"name": "a.txt", "size": 9, "contents": "data:text/plain;base64,MTAxMTAwMTEK", "turn": 1}
    values = WAY | {"composer-width.data": 5, "composer-file.data": file, "composer-drawn.data": ["10110"]}
    told = run(page.call("composer-text.value", "composer-file.data", values))
    assert "8 bits" in told["composer-message"]["children"]
    assert told["composed"]["data"]["refused"]
    assert told["composed"]["data"]["rows"] == ["10110"]


@pytest.mark.parametrize(("field", "name"), [("random-length", "length"), ("random-density", "share of ones")])
def test_an_empty_field_is_named_without_quotes_of_python(page: Page, field: str, name: str) -> None:
    values = {"random-length.value": 5, "random-density.value": 0.5, "random-seed.value": 1} | {f"{field}.value": ""}
    told = run(page.call("composer-text.value", "composer-random.n_clicks", WAY | values))
    assert told["composer-message"]["children"].startswith(f"The {name} must be")
    assert told["composer-message"]["children"].endswith("; got nothing.")


def test_a_file_is_read_for_the_machines_width_and_how_is_said(page: Page) -> None:
    contents = "data:text/csv;base64," + base64.b64encode(b"1,0,1\n0,1,1\n").decode()
    file = {"name": "mine.csv", "size": 12, "contents": contents, "turn": 1}
    told = run(
        page.call(
            "composer-text.value", "composer-file.data", WAY | {"composer-file.data": file, "composer-width.data": 3}
        )
    )
    assert told["composer-drawn"] == {"data": ["101", "011"]}
    assert told["composer-file-read"] == {"children": "Read 2 vectors from mine.csv: a table separated by commas."}
    again = run(page.call("composer-text.value", FIELD, WAY | {FIELD: "01001000"}))
    assert again["composer-file-read"] == {"children": ""}
