"""The guide: chapters on live tapes with players of their own, which say what is true of these machines; the words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, expect

from tapedeck_page.glossary import GLOSSARY
from tapedeck_page.pages.guide import CHAPTERS, Stop
from tests.browser.conftest import Open
from tests.browser.deck import Deck
from tests.browser.server import Server

SCALARS = {"gate": "interpolation_gate", "sharpening": "sharpening"}
FORETOLD = {"said": "outputs", "best": "optimum"}
SHARES = {"forward": 0, "keep": 1, "back": 2}
FILLED = "() => [...document.querySelectorAll('.stop')].every((stop) => !stop.textContent.includes('…'))"
SHOWN = "index => tapedeck.then(({ guide }) => guide.chapters[index].shown)"
TERMS = "all => all.map((it) => [it.dataset.define, it.dataset.meaning])"
RECALL, REPEAT, PREDICT, SORT = (
    next(index for index, chapter in enumerate(CHAPTERS) if chapter.task == task)
    for task in ("associative_recall", "repeat_copy", "dynamic_ngrams", "priority_sort")
)
APART = next(index for index, chapter in enumerate(CHAPTERS) if chapter.changes)


@pytest.fixture(scope="module")
def guide(open_shared: Open) -> Deck:
    """The guide, with the numbers of its runs."""
    deck = open_shared("/guide", ready=False)
    deck.page.locator(".stop").last.wait_for()
    deck.page.wait_for_function(FILLED)
    return deck


class Run:
    """A chapter's run, as the service itself tells it."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.answer = answer
        self.steps: int = answer["steps"]

    def at(self, name: str) -> NDArray[np.float64]:
        """A field of every step."""
        return np.array(self.answer[name], dtype=np.float64)

    def peaks(self, name: str) -> list[int]:
        """Where a weighting is the greatest, at every step."""
        return [int(at) for at in self.at(name).argmax(axis=1)]

    def origin(self, step: int) -> int:
        """The step whose write has most part in what is read, by what is left of each, column for column."""
        reading, writing = self.at("read.weighting")[step], self.at("write.weighting")
        erase, add = self.at("write.erase_vector"), self.at("write.add_vector")
        left = np.ones((writing.shape[1], add.shape[1]))
        shares = []
        for tau in range(step, -1, -1):
            shares.append(np.abs(((reading * writing[tau])[:, None] * add[tau] * left).sum(axis=0)).sum())
            left *= 1 - np.outer(writing[tau], erase[tau])
        return step - int(np.argmax(shares))

    def parts(self, step: int) -> dict[str, NDArray[np.float64]]:
        """What each term of the output layer gives to each channel."""
        terms = self.answer["output"]["terms"]
        seen = {term["name"]: np.concatenate([self.at(field)[step] for field in term["fields"]]) for term in terms}
        return {term["name"]: np.array(term["weights"]) @ seen[term["name"]] for term in terms}


@pytest.fixture(scope="module")
def run_of(guide: Deck, server: Server) -> Callable[..., Run]:
    """The run of a chapter, with interventions or without."""

    def ask(index: int, *interventions: dict[str, Any]) -> Run:
        request = json.loads(guide.page.evaluate(SHOWN, index))
        request["interventions"] += interventions
        answer = httpx.post(f"{server.url}/api/trace", json=request, timeout=30)
        return Run(answer.raise_for_status().json())

    return ask


def number(run: Run, step: int, name: str) -> str:
    """A number by its name in the guide's sentences."""
    if name == "origin":
        return str(run.origin(step))
    if name in FORETOLD:
        return f"{run.at(FORETOLD[name])[step, 0]:.2f}"
    head, what = name.split(".")
    weighting, content = (run.at(f"{head}.{kind}weighting")[step] for kind in ("", "content_"))
    if what in SCALARS:
        value = run.at(f"{head}.{SCALARS[what]}").reshape(run.steps)[step]
        return f"{value:.2f}" if what == "sharpening" else f"{value:.3f}"
    if what in SHARES:
        return f"{run.at(f'{head}.shift_weighting')[step, SHARES[what]]:.3f}"
    values = content if what in ("content", "found") else weighting
    return f"{values.max():.3f}" if what in ("weight", "found") else str(int(np.argmax(values)))


def said(stop: Stop, run: Run) -> str:
    return re.sub(r"\{([\w.]+)\}", lambda found: number(run, stop.step, found[1]), stop.says)


def chapter_of(guide: Deck, index: int) -> Locator:
    return guide.page.locator(".chapter").nth(index)


def expect_at(chapter: Locator, step: int) -> None:
    """The chapter's cursor is there: its time bar, its playheads and its link say so."""
    expect(chapter.get_by_role("slider", name="Time")).to_have_attribute("aria-valuenow", str(step))
    expect(chapter.locator(".chapter-link")).to_have_attribute("href", re.compile(rf"[#&]step={step}(&|$)"))
    expect(chapter.locator(".narration")).to_have_text(re.compile(rf"^Step {step} "))


@pytest.mark.parametrize("index", range(len(CHAPTERS)), ids=[chapter.title for chapter in CHAPTERS])
def test_a_chapter_says_the_numbers_of_its_tape(guide: Deck, run_of: Callable[..., Run], index: int) -> None:
    chapter, shown = CHAPTERS[index], chapter_of(guide, index)
    run = run_of(index)
    buttons = shown.locator(".stop")
    expect(buttons).to_have_text([said(stop, run) for stop in chapter.stops])
    for button, stop in zip(buttons.all(), chapter.stops, strict=True):
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        expect_at(shown, stop.step)
        for panel in shown.locator("figure").all():
            plot, head = guide.box(panel.locator(".plot")), guide.box(panel.locator(".playhead"))
            assert int((head["x"] + head["width"] / 2 - plot["x"]) / plot["width"] * run.steps) == stop.step


def test_what_the_chapter_on_recall_says_is_true(run_of: Callable[..., Run]) -> None:
    run = run_of(RECALL)
    assert run.answer["checkpoint"]["id"] == "associative_recall-2"
    assert run.answer["wrong"] == 0
    phases = {phase["name"]: range(phase["start"], phase["stop"]) for phase in run.answer["phases"]}
    query, recall = phases["query"], phases["recall"]
    writes, reads, finds = (run.peaks(f"{name}weighting") for name in ("write.", "read.", "read.content_"))
    assert np.diff(writes).tolist() == [-1] * (run.steps - 1), "one location down with every step"
    weight = run.at("read.weighting").max(axis=1)
    assert weight[phases["item 2"].start : query.start].max() < 0.06, "spread out while it listens"
    looks = [*query, query.stop]
    assert np.diff([finds[step] for step in looks]).tolist() == [-1] * 3, "one location further with every vector"
    assert all(finds[step] == reads[step] + 1 for step in looks), "the two agree"
    assert finds[query.start] in [writes[step] for step in phases["item 2"]], "written when that item came"
    assert np.all(np.diff([weight[step] for step in (query.start - 1, *looks)]) > 0)
    assert weight[query.stop] > 0.9
    assert np.diff([reads[step] for step in (query.stop, *recall)]).tolist() == [-1] * 3
    origins = [run.origin(step) for step in (query.stop, *recall)]
    assert origins == [*phases["item 3"][1:], phases["item 3"].stop, phases["item 3"].stop + 1], "and just after"
    for step in recall:
        parts = {name: np.abs(values).mean() for name, values in run.parts(step).items()}
        assert parts["hidden"] > 4 * parts["reads"], "made almost wholly from its hidden vector"


def test_what_the_chapter_on_repeat_copy_says_is_true(run_of: Callable[..., Run]) -> None:
    run = run_of(REPEAT)
    assert run.answer["checkpoint"]["id"] == "repeat_copy-1"
    assert run.answer["wrong"] == 0
    assert [run.answer["input"]["repeats"], len(run.answer["input"]["sequence"])] == [3, 4]
    writes, reads, finds = (run.peaks(f"{name}weighting") for name in ("write.", "read.", "read.content_"))
    gate = run.at("read.interpolation_gate").reshape(run.steps)
    assert writes[:5] == [1, 2, 3, 4, 5], "the start marker, then the vectors one behind another"
    assert reads[6:] == [2, 3, 4, 5, 6, 3, 4, 5, 6, 3, 4, 5, 6], "behind the last, and back to the second"
    assert [finds[6], finds[11], finds[15]] == [1, 2, 2]
    jumps = [6, 11, 15]
    assert gate[jumps].min() > 0.8
    assert np.delete(gate[6:], [step - 6 for step in jumps]).max() < 0.35
    assert [run.origin(step) for step in (6, 7, 8, 9, 11, 12, 13)] == [1, 2, 3, 4, 2, 3, 4]
    behind = run.at("write.weighting")[:, 6]
    assert all(behind[step] > 0.5 for step in (6, 7)), "filled while the first copy is read"
    assert behind[15] > 0.9, "and overwritten at the beginning of the last"
    assert run.origin(18) == 15
    targets = run.at("targets") > 0.5
    reads_of = {step: run.parts(step)["reads"] for step in (10, 14, 18)}
    for step, parts in reads_of.items():  # its bits come from what is read there alone
        assert (parts[:-1] > 0).tolist() == targets[step, :-1].tolist()
    assert reads_of[18][-1] > 5 * max(reads_of[10][-1], reads_of[14][-1]), "where it stood, the end marker is read"
    assert (targets[10] == targets[6]).all()


def test_what_the_chapter_on_predictions_says_is_true(run_of: Callable[..., Run]) -> None:
    run = run_of(PREDICT)
    assert run.answer["checkpoint"]["id"] == "dynamic_ngrams-1"
    contexts = np.array(run.answer["estimator"]["contexts"])
    known = np.flatnonzero(contexts >= 0)
    assert run.at("read.interpolation_gate")[known].min() > 0.8, "by content at every step"
    reads = run.at("read.weighting")
    directions = reads / np.linalg.norm(reads, axis=1, keepdims=True)
    alike = (directions @ directions.T)[np.ix_(known, known)]
    same = contexts[known][:, None] == contexts[known]
    assert alike[same & ~np.eye(len(known), dtype=bool)].mean() > 0.85, "nearly the same after the same bits"
    assert alike[~same].mean() < 0.3, "another after others"
    [visits] = np.nonzero(contexts == 0b01011)
    assert [visits[0], visits[1], visits[4], visits[13]] == [11, 21, 49, 177]
    assert run.at("targets")[visits, 0].tolist() == [0] * len(visits), "always a 0 came"
    assert run.origin(21) == visits[0] + 1, "written when that 0 had been heard"
    assert len({run.peaks("read.weighting")[step] for step in visits[1:]}) == 1, "again"
    assert contexts[104] == 0b10010
    assert run.peaks("read.weighting")[104] != run.peaks("read.weighting")[49]
    said, best = (run.at(name)[:, 0] for name in ("outputs", "optimum"))
    assert said[104] > 0.75
    assert np.all(np.diff(said[[11, 21, 49, 177]]) < 0)
    assert np.abs(said - best)[visits].max() < 0.05
    assert run.answer["score"]["cost"] < 1.03 * run.answer["score"]["optimum"]


def test_what_the_chapter_on_sorting_says_is_true(run_of: Callable[..., Run]) -> None:
    run = run_of(SORT)
    assert run.answer["checkpoint"]["id"] == "priority_sort-1"
    assert run.answer["wrong"] == 0
    priorities = np.array(run.answer["input"]["priorities"])
    count, order = len(priorities), np.argsort(priorities)
    assert [order[0], order[-1], order[-5]] == [5, 6, 7], "the lowest, the highest, and rank 5"
    places = run.peaks("write5.weighting")[:count]
    assert len({*places}) == count, "a location of its own for each"
    steps = np.diff([places[at] for at in order])
    assert (steps > 0).any(), "in no order"
    assert (steps < 0).any(), "in no order"
    weights = {head: run.at(f"write{head}.weighting")[:count].max(axis=1).mean() for head in range(1, 6)}
    assert max(weights, key=lambda head: weights[head]) == 5, "the fifth is the sharpest"
    recall = next(range(phase["start"], phase["stop"]) for phase in run.answer["phases"] if phase["role"] == "recall")
    reads = np.array([run.peaks(f"read{head}.weighting") for head in (1, 2)])[:, recall]
    assert reads[0].tolist() == [places[at] for at in order[::-1][: len(recall)]], "by rank, where each was written"
    assert reads[1].tolist() == reads[0].tolist(), "the second at the same place"
    assert run.at("read1.interpolation_gate")[recall].min() > 0.98, "by content"
    assert run.peaks("write4.weighting")[recall[1] : recall[-1] + 1] == reads[0].tolist()[:-1], "one step later"
    silent = {"kind": "ablate", "head": "write4", "start": recall[0], "stop": recall[-1] + 1}
    places = run_of(SORT, silent).peaks("read1.weighting")
    assert places[recall[0]] == places[recall[1]] == places[recall[2]], "the same vector comes again and again"


def test_what_the_chapter_on_the_lab_says_is_true(run_of: Callable[..., Run]) -> None:
    frozen, plain = run_of(APART), run_of(0)
    assert frozen.answer["checkpoint"]["id"] == plain.answer["checkpoint"]["id"] == "copy-1"
    first, last = frozen.steps // 2 + 1, frozen.steps - 1
    assert set(frozen.peaks("read.weighting")[first:]) == {plain.peaks("read.weighting")[first]}
    assert plain.peaks("read.weighting")[first + 1] == plain.peaks("read.weighting")[first] + 1
    said, heard = frozen.at("outputs")[first:] > 0.5, plain.at("outputs")[first:] > 0.5
    assert (said == heard[0]).all(), "the same vector comes out to the end"
    assert frozen.peaks("write.weighting") == plain.peaks("write.weighting"), "all the others still stand there"
    assert plain.answer["wrong"] == 0 < frozen.answer["wrong"]
    assert [stop.step for stop in CHAPTERS[APART].stops] == [first, first + 1, last]


def test_a_chapter_is_scrubbed_with_the_player(guide: Deck) -> None:
    """By its bar, its buttons, keys while the focus is in it, and its panels; no other chapter moves."""
    chapter, other = chapter_of(guide, 0), chapter_of(guide, 1)
    other.locator(".stop").first.click()
    stands = CHAPTERS[1].stops[0].step
    bar = chapter.get_by_role("slider", name="Time")
    bar.scroll_into_view_if_needed()
    box = guide.box(bar)
    steps = int(str(bar.get_attribute("aria-valuemax"))) + 1
    middle = [box["x"] + (step + 0.5) / steps * box["width"] for step in range(steps)]
    guide.page.mouse.move(middle[30], box["y"] + box["height"] - 10)
    guide.page.mouse.down()
    expect_at(chapter, 30)
    guide.page.mouse.move(middle[12], box["y"] + box["height"] - 10)
    expect_at(chapter, 12)
    guide.page.mouse.up()
    chapter.get_by_role("button", name="One step forward").click()
    expect_at(chapter, 13)
    chapter.get_by_role("button", name="To the start").click()
    expect_at(chapter, 0)
    expect(chapter.get_by_role("button", name="To the start")).to_be_focused()
    for key, step in (("End", steps - 1), ("ArrowLeft", steps - 2), ("Home", 0), ("ArrowRight", 1)):
        guide.press(key)
        expect_at(chapter, step)
    expect(chapter.locator(".stop").first).to_have_attribute("aria-pressed", "true")
    plot = chapter.locator("figure .plot").last
    place = guide.box(plot)
    plot.click(position={"x": (20.5 / steps) * place["width"], "y": 10})
    expect_at(chapter, 20)
    expect_at(other, stands)


def test_one_chapter_plays_at_a_time_and_none_on_another_page(guide: Deck) -> None:
    chapters = [chapter_of(guide, index) for index in (0, 1)]
    playing = "indices => tapedeck.then(({ guide }) => indices.map((index) => guide.chapters[index].cursor.playing))"
    for chapter in chapters:
        chapter.get_by_role("button", name="To the start").click()
        chapter.locator("[data-action=play]").click()
        expect(chapter.get_by_role("slider", name="Time")).not_to_have_attribute("aria-valuenow", "0")
    assert guide.page.evaluate(playing, [0]) == [False]
    guide.go("Generalize")
    expect(guide.page.locator("body")).to_have_attribute("data-page", "generalize")
    guide.wait_deck("({ guide }) => guide.chapters.every(({ cursor }) => !cursor.playing)")
    guide.go("Guide")
    expect(guide.page.locator("body")).to_have_attribute("data-page", "guide")


def test_nothing_hides_the_diagonal_that_the_first_chapter_speaks_of(guide: Deck) -> None:
    chapter = chapter_of(guide, 0)
    chapter.locator(".stop").first.click()
    figure = chapter.locator("figure[data-field='write.weighting']")
    expect(figure.locator(".curtain")).to_be_hidden()
    steps = int(str(chapter.get_by_role("slider", name="Time").get_attribute("aria-valuemax"))) + 1
    rows = guide.page.evaluate("tapedeck.then(({ guide }) => guide.chapters[0].panels[1].rows)")
    first = int(re.findall(r"location (\d+)", chapter.locator(".stop").first.inner_text())[0])
    cells = [((step + 0.5) / steps, (rows.index(first - 1 + step) + 0.5) / len(rows)) for step in range(1, 21)]
    assert len(set(guide.pixels(figure.locator("canvas").first, cells))) == 1, "each of its cells is drawn in full"


def test_the_link_of_a_chapter_opens_the_player_or_the_lab_where_its_cursor_stands(guide: Deck, shared: Deck) -> None:
    for index, step in ((0, 20), (RECALL, 21), (REPEAT, 10), (PREDICT, 49), (APART, 41)):
        chapter = chapter_of(guide, index)
        place = "lab" if index == APART else "player"
        expect(chapter.get_by_role("link", name=f"Open in the {place}")).to_have_count(1)
        chapter.locator(f".stop[data-step='{step}']").click()
        expect_at(chapter, step)
        shared.page.goto("about:blank")
        shared.page.goto(str(chapter.locator(".chapter-link").get_attribute("href")))
        shared.wait_done()
        shared.expect_step(step)
        expect(shared.notice).to_be_hidden()
    shared.expect_told("({ page, lab }) => [page, lab.changes.list]", ["lab", [*CHAPTERS[APART].changes]])


def test_every_word_is_explained_where_it_stands(guide: Deck) -> None:
    guide.wait_done()  # its tape has words, too
    found = dict(guide.page.locator("[data-define]").evaluate_all(TERMS))
    of_others = {"cell state", "cost in bits", "bits above the optimum"}  # machines, or pages
    of_others |= {word for word, entry in GLOSSARY.items() if "DNC" in entry.meaning}  # files
    of_others |= {"allocation gate", "write gate"}
    assert found == {word: entry.meaning for word, entry in GLOSSARY.items() if word not in of_others}
    word = guide.page.locator("#guide [data-define=delimiter]")
    note = guide.page.get_by_role("tooltip")
    ways: list[tuple[Callable[[], object], Callable[[], object]]] = [
        (word.hover, lambda: guide.page.mouse.move(2, 2)),
        (word.focus, word.blur),
        (word.click, lambda: guide.press("Escape")),
    ]
    for show, leave in ways:
        show()
        expect(note).to_have_text(GLOSSARY["delimiter"].meaning)
        leave()
        expect(note).to_be_hidden()


def test_a_word_is_explained_by_tap(open_deck: Open) -> None:
    deck = open_deck(width=375, height=812, has_touch=True)
    word = deck.page.get_by_role("button", name="Output", exact=True)
    word.tap()
    expect(deck.page.get_by_role("tooltip")).to_have_text(GLOSSARY["output"].meaning)


def test_the_first_chapter_stands_clear_of_the_top_bar(guide: Deck) -> None:
    for width in (1440, 768, 375):
        guide.resize(width)
        guide.page.evaluate("scrollTo(0, 0)")
        top = guide.box(guide.page.locator(".top"))
        heading = guide.box(guide.page.locator(".chapter h2").first)
        assert heading["y"] >= top["y"] + top["height"] + 16
