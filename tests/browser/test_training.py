"""Training on the page: tiny machines, trained by a real service in a process of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Route, expect

from tapedeck.training.recipe import Recipe
from tests.browser.conftest import Open, opener
from tests.browser.deck import Deck
from tests.browser.profiles import Profiles
from tests.browser.server import Server
from tests.training.tiny import ENDLESS, TINY, WAIT, series_of

WANTED = ("sequences", "batch_size", "shortest", "longest")
FURTHER = ("locations", "width", "controller_size")
LONGER = """([id, count]) => {
    const { data, layout } = document.querySelector("#training-graph .js-plotly-plot") ?? {};
    return data && layout.meta.training === id && data[0].x.length > count;
}"""
FILM_BEYOND = (
    "({ film: { reel } }, [run, last]) => reel.checkpoints[0]?.id.startsWith(run) && reel.last > last && reel.shown"
)
SEEDS = count(101)
UNDER_WAY = re.compile("^(training|paused|waiting|failed|starting|stopping)")
REFUSED = "error: Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"


@pytest.fixture(scope="module")
def trains(machines: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that trains, without compiling."""
    runs = tmp_path_factory.mktemp("trainings") / "runs"
    server = Server(machines, TAPEDECK_RUNS=str(runs), TAPEDECK_TRAINING_COMPILATION="never")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def opened(profiles: Profiles, trains: Server) -> Iterator[Deck]:
    for open_page in opener(profiles, trains):
        yield open_page("/learn")


@pytest.fixture
def idle(trains: Server) -> Iterator[None]:
    """At the end nothing trains or waits any more."""
    yield
    for job in jobs(trains):
        if job["state"] in ("running", "queued", "paused", "failed"):
            httpx.post(f"{trains.url}/api/training/{job['id']}/stop", timeout=WAIT).raise_for_status()


@pytest.fixture
def open_learn(profiles: Profiles, trains: Server, idle: None) -> Iterator[Open]:
    """Opens pages of that server."""
    yield from opener(profiles, trains)


@pytest.fixture
def learn(opened: Deck, idle: None) -> Deck:
    """The learn page, with the fields for a training unfolded, and nothing that trains."""
    opened.tell("({ training }) => void training.look()")
    expect(opened.page.locator("[data-job=state]", has_text=UNDER_WAY)).to_have_count(0)
    unfold(opened)
    return opened


def jobs(server: Server) -> list[dict[str, Any]]:
    """What the service itself says."""
    listed: list[dict[str, Any]] = (
        httpx.get(f"{server.url}/api/training", timeout=WAIT).raise_for_status().json()["jobs"]
    )
    return listed


def unfold(deck: Deck) -> None:
    training = deck.page.locator("#training")
    expect(training).to_have_attribute("data-state", "ready")
    for fold in (training, training.locator(".recipe-further")):
        if fold.get_attribute("open") is None:
            fold.locator("> summary").click()


def field(deck: Deck, name: str) -> Locator:
    return deck.page.locator(f"[data-recipe={name}] input")


def start(deck: Deck, recipe: Recipe) -> str:
    """Types a recipe, presses Start; the id of the job that there is then."""
    for name in (*WANTED, *FURTHER):
        field(deck, name).fill(f"{getattr(recipe, name)}")
    seed = str(next(SEEDS))  # that no other page has used: a job of the same seed has another name
    field(deck, "seed").fill(seed)
    deck.button("train").click()
    expect(field(deck, "seed")).to_have_value(str(int(seed) + 1))  # the next one
    expect(job(deck, f"copy-{seed}")).to_be_visible()
    return f"copy-{seed}"


def job(deck: Deck, job_id: str) -> Locator:
    return deck.page.get_by_role("article", name=f"Training {job_id}", exact=True)


def state(deck: Deck, job_id: str) -> Locator:
    return job(deck, job_id).locator("[data-job=state]")


def press(deck: Deck, job_id: str, what: str) -> None:
    deck.page.get_by_role("button", name=f"{what}: {job_id}", exact=True).click()


def seen(deck: Deck, job_id: str) -> int:
    return int(job(deck, job_id).get_by_role("progressbar").get_attribute("aria-valuenow") or 0)


def expect_beyond(deck: Deck, job_id: str, sequences: int) -> None:
    """Until it has seen more than so many."""
    deck.page.wait_for_function(
        """([id, least]) => {
            const bar = document.querySelector(`[data-job="${id}"] [role=progressbar]`);
            return Number(bar?.getAttribute("aria-valuenow") ?? 0) > least;
        }""",
        arg=[job_id, sequences],
        timeout=1000 * WAIT,  # a process has to start first
    )


def test_curve_and_film_grow_while_it_trains_and_it_is_paused_resumed_and_stopped(learn: Deck) -> None:
    job_id = start(learn, ENDLESS)
    expect(state(learn, job_id)).to_have_text("training")
    learn.wait_deck(FILM_BEYOND, [job_id, 2])
    last = learn.tell("({ film }) => film.reel.last")
    learn.wait_deck(FILM_BEYOND, [job_id, last])
    learn.page.wait_for_function(LONGER, arg=[job_id, 2])
    expect(learn.page.locator("[data-readout=training]")).to_contain_text(f"{job_id} is at 0 %")

    press(learn, job_id, "Pause")
    expect(state(learn, job_id)).to_have_text("paused")
    paused = seen(learn, job_id)
    assert paused > 0
    expect(learn.page.locator("[data-readout=training]")).to_have_text("1 paused")
    press(learn, job_id, "Resume")
    expect(state(learn, job_id)).to_have_text("training")
    expect_beyond(learn, job_id, paused)
    press(learn, job_id, "Stop")
    expect(state(learn, job_id)).to_have_text("stopped")
    expect(job(learn, job_id).get_by_role("button")).to_have_text(["Watch its film"])


def test_a_jobs_buttons_wait_for_the_answer_to_one_of_them(learn: Deck) -> None:
    job_id = start(learn, ENDLESS)
    expect(state(learn, job_id)).to_have_text("training")
    buttons = job(learn, job_id).get_by_role("button")
    meanwhile: list[list[bool]] = []

    def answer(route: Route) -> None:
        meanwhile.append([button.is_disabled() for button in buttons.all()])
        route.continue_()

    learn.page.route("**/api/training/*/pause", answer, times=1)
    press(learn, job_id, "Pause")
    expect(state(learn, job_id)).to_have_text("paused")
    assert meanwhile == [[True] * 3]
    for button in buttons.all():
        expect(button).to_be_enabled()


def test_a_second_one_waits_and_when_it_is_done_it_is_in_the_chooser_and_plays(learn: Deck) -> None:
    first, second, third = start(learn, ENDLESS), start(learn, TINY), start(learn, ENDLESS)
    expect(state(learn, second)).to_have_text("waiting, next in line")
    expect(state(learn, third)).to_have_text("waiting, number 2 in line")
    expect(learn.page.locator("[data-readout=training]")).to_contain_text("2 waiting")
    press(learn, third, "Stop")
    expect(state(learn, third)).to_have_text("stopped")

    press(learn, first, "Stop")
    expect(state(learn, second)).to_have_text("finished")
    expect(learn.readout("training-news")).to_contain_text(f"You can choose it as {second}.")
    press(learn, second, "Watch its film")
    series = series_of(TINY, second)
    learn.wait_deck(FILM_BEYOND, [second, len(series) - 2])
    expect(learn.page.locator("#machine")).to_have_value(f"copy, seed {second.rpartition('-')[2]} · 120 sequences")
    learn.leave_fields()
    learn.note("#film [role=slider]", "aria-valuenow")
    learn.press("Home", "Space")  # plays the training
    learn.wait_noted("#film [role=slider]", "values.includes('1')")
    learn.expect_step(0)


def test_it_goes_on_when_the_page_is_closed_and_is_there_when_she_comes_back(open_learn: Open, trains: Server) -> None:
    left = open_learn("/learn")
    unfold(left)
    job_id = start(left, ENDLESS)
    expect_beyond(left, job_id, 0)
    before = seen(left, job_id)
    left.page.close()

    back = open_learn("/learn")
    expect(state(back, job_id)).to_have_text("training")
    expect_beyond(back, job_id, before)
    assert [each["state"] for each in jobs(trains) if each["id"] == job_id] == ["running"]


def test_a_service_that_was_killed_comes_back_with_it_paused_and_it_goes_on(learn: Deck, trains: Server) -> None:
    job_id = start(learn, ENDLESS)
    expect_beyond(learn, job_id, 0)
    trains.kill()
    expect(learn.notice).to_contain_text("The service does not answer")
    trains.start()
    expect(state(learn, job_id)).to_have_text("paused")
    saved = seen(learn, job_id)
    press(learn, job_id, "Resume")
    expect(state(learn, job_id)).to_have_text("training")
    expect_beyond(learn, job_id, saved)
    learn.faults.clear()  # Chromium says of every connection that it could not make


WRONG = [
    ({"longest": "127"}, "locations", "A copy of 127 vectors needs at least 129 locations, got 128"),
    ({"sequences": "0"}, "sequences", "sequences must be a whole number of at least 1, got 0"),
    ({"batch_size": "many"}, "batch_size", "batch_size must be a whole number of at least 1, got “many”"),
    ({"learning_rate": "0,0001"}, "learning_rate", "learning_rate must be a number above 0 and at most 1, got "),
    ({"seed": "x"}, "seed", "seed is “x”; give a whole number from 0 to "),
    ({"width": "2.5"}, "width", "width must be a whole number of at least 1, got 2.5"),
]


def test_what_cannot_be_trained_is_said_at_its_field(learn: Deck, trains: Server) -> None:
    further = learn.page.locator(".recipe-further > summary")
    field(learn, "locations").fill("128")
    further.click()  # it folds
    before = len(jobs(trains))
    for wrong, named, said in WRONG:
        right = {name: field(learn, name).input_value() for name in wrong}
        for name, typed in wrong.items():
            if not field(learn, name).is_visible():
                further.click()
            field(learn, name).fill(typed)
        learn.button("train").click()
        expect(learn.page.locator("#training-message")).to_contain_text(said)
        expect(field(learn, named)).to_be_visible()  # unfolded, where it was folded away
        expect(field(learn, named)).to_be_focused()
        expect(field(learn, named)).to_have_attribute("aria-invalid", "true")
        expect(learn.page.locator("[data-recipe] input[aria-invalid=true]")).to_have_count(1)
        learn.press("End", "Backspace")
        expect(field(learn, named)).not_to_have_attribute("aria-invalid", "true")
        for name, typed in ({"locations": "128"} | right).items():
            field(learn, name).fill(typed)
    assert len(jobs(trains)) == before
    assert set(learn.faults) == {REFUSED}
    learn.faults.clear()


def test_where_training_is_switched_off_there_is_no_form(profiles: Profiles, machines: Path) -> None:
    server = Server(machines, TAPEDECK_TRAINING="false")
    server.start()
    try:
        for open_page in opener(profiles, server):
            deck = open_page("/learn")
            expect(deck.page.locator("#film [role=slider]")).to_have_attribute("aria-valuemax", "25")
            expect(deck.page.locator("#training")).to_have_attribute("data-state", "off")
            expect(deck.page.locator("#training")).to_be_hidden()
    finally:
        server.stop()
