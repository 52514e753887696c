"""The learning film: the user's own sequence on every checkpoint of a training, a slider over them, and the curve."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, expect

from tests.api.client import WAIT
from tests.browser.conftest import Open
from tests.browser.deck import Deck
from tests.browser.server import Server
from tests.browser.trace import ServiceTrace

WRITTEN = "Learn me"
ROWS = [f"{byte:08b}" for byte in WRITTEN.encode()]
STEPS = 2 * len(ROWS) + 2
PANELS = ("inputs", "outputs", "write.add_vector", "read.read_vector", "write.weighting", "read.weighting")
WHOLE = """({ film: { reel } }, count) => reel.checkpoints.length === count && reel.queue.length === 0
    && reel.traces.length === count && [...reel.traces].every((trace) => trace && trace.bitErrors !== null)"""
SHOWN = """name => tapedeck.then(({ trace }) =>
    Array.from({ length: trace.steps }, (_, step) => [...trace.at(name, step)]))"""
PICTURES = """() => tapedeck.then(async ({ tape }) => {
    const pictures = [];
    for (const { canvas } of tape.panels) {
        const bytes = new TextEncoder().encode(canvas.toDataURL());
        pictures.push([...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].join());
    }
    return pictures;
})"""
LISTEN = """() => {
    window.sent = [];
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (message) {
        sent.push(message);
        send.call(this, message);
    };
}"""
NAMED = "({ composer: { chosen } }) => chosen.named === null"
DOUBLE = """() => {
    const graph = document.querySelector("#film-graph .js-plotly-plot");
    graph._mouseDownTime = 0;
    graph._context.doubleClickDelay = 1e6;
}"""
"""Two presses are one double click to Plotly however busy the machine is."""
EXACTNESS = 5e-6
PLACE, PLAY = "#film [role=slider]", "#transport [data-action=play]"


@pytest.fixture(scope="module")
def series(server: Server) -> list[dict[str, Any]]:
    """The checkpoints of the shipped run, in the order of training; the last is the machine itself."""
    listed = httpx.get(f"{server.url}/api/checkpoints", timeout=WAIT).json()
    run = [entry for entry in listed if entry["origin"].get("run") == "copy-1"]
    return sorted(run, key=lambda entry: int(entry["sequences_seen"]))


@pytest.fixture(scope="module")
def film(open_shared: Open, series: list[dict[str, Any]]) -> Deck:
    """The whole film of what was typed."""
    deck = open_shared("/learn")
    deck.write("Text", WRITTEN)
    deck.run()
    deck.wait_deck(WHOLE, len(series))
    return deck


@pytest.fixture(scope="module")
def another(open_shared: Open) -> Deck:
    """A page of which each test makes a film of its own, or none."""
    return open_shared("/learn")


def curve(deck: Deck) -> Locator:
    """The slider over it."""
    return deck.page.locator("#film [role=slider]")


def graph(deck: Deck) -> Locator:
    return deck.page.locator("#film-graph .js-plotly-plot")


def wait_graph(deck: Deck, condition: str, arg: object = None) -> None:
    """Until the graph is as a condition on its data and layout (JavaScript) has it."""
    deck.page.wait_for_function(
        """([condition, arg]) => {
            const { data, layout } = document.querySelector("#film-graph .js-plotly-plot") ?? {};
            return data && new Function("data", "layout", "arg", `return ${condition}`)(data, layout, arg);
        }""",
        arg=[condition, arg],
    )


def at_checkpoint(deck: Deck, index: int, count: int) -> tuple[float, float]:
    """Where a checkpoint is on the graph, whole as it is."""
    box = deck.box(graph(deck).locator(".nsewdrag").first)
    return box["x"] + box["width"] * index / (count - 1), box["y"] + box["height"] / 2


def wait_curve(deck: Deck, series: list[dict[str, Any]]) -> None:
    """Until it is drawn as it is to stay: to draw it takes away what Plotly says of the point under the mouse."""
    deck.wait_deck("({ film }) => film.drawing === 0")
    index = deck.tell("({ film }) => film.reel.index")
    whole = "data[2].y.every((share) => share !== null)"
    wait_graph(deck, f"{whole} && layout.shapes.at(-1).x0 === arg", f"{series[index]['sequences_seen']:,}")


def stand_at(deck: Deck, index: int) -> None:
    """By keys."""
    curve(deck).focus()
    deck.press("Home", *["PageUp"] * (index // 5), *["ArrowRight"] * (index % 5))
    expect(curve(deck)).to_have_attribute("aria-valuenow", str(index))
    deck.wait_painted()


def place(deck: Deck, share: float) -> tuple[float, float]:
    """A point of the curve, at a share of its width."""
    box = deck.box(curve(deck))
    return box["x"] + share * box["width"], box["y"] + box["height"] / 2


def test_the_film_has_every_checkpoint_of_the_run(film: Deck, series: list[dict[str, Any]]) -> None:
    expect(curve(film)).to_have_attribute("aria-valuemax", str(len(series) - 1))
    wait_graph(film, "data[2].y.length === arg && data[2].y.every((share) => share !== null)", len(series))
    ends = graph(film).locator(".xtick text")
    expect(ends.first).to_have_text("0")
    expect(ends.last).to_have_text(f"{series[-1]['sequences_seen']:,}")


def test_the_learning_curve_has_titled_axes_and_hover(film: Deck, series: list[dict[str, Any]]) -> None:
    titles = graph(film).locator(".xtitle, .ytitle, .y2title")
    expect(titles).to_have_text(["sequences seen (checkpoints evenly spaced)", "loss (log scale)", "bit error rate"])
    wait_graph(film, "layout.yaxis.type === 'log'")
    metrics = series[12]["metrics"]
    wait_curve(film, series)
    film.page.mouse.move(*at_checkpoint(film, 12, len(series)))
    told = graph(film).locator(".hoverlayer .legend")
    expect(told).to_contain_text(f"{series[12]['sequences_seen']:,} sequences")
    expect(told).to_contain_text("loss : {:g}".format(float(f"{metrics['loss']:.1e}")))
    expect(told).to_contain_text(f"bit error rate : {metrics['validation_errors'] / metrics['validation_bits']:.3f}")
    expect(told).to_contain_text("your wrong bits : ")


def test_a_checkpoint_that_is_pressed_on_the_curve_comes_to_the_tape_and_again(
    film: Deck, series: list[dict[str, Any]]
) -> None:
    for _ in range(2):
        stand_at(film, 20)
        wait_curve(film, series)
        film.page.mouse.move(*at_checkpoint(film, 7, len(series)))
        told = graph(film).locator(".hoverlayer .legend")  # Plotly takes a press for what it points at by then
        expect(told).to_contain_text(f"{series[7]['sequences_seen']:,} sequences")
        film.page.mouse.down()
        film.page.mouse.up()
        expect(curve(film)).to_have_attribute("aria-valuenow", "7")
        expect(film.readout("film-seen")).to_have_text(f"{series[7]['sequences_seen']:,}")
        wait_graph(film, "layout.shapes.at(-1).x0 === arg", f"{series[7]['sequences_seen']:,}")


def test_the_curve_can_be_zoomed_and_stays_so_while_the_film_moves(film: Deck, series: list[dict[str, Any]]) -> None:
    mouse = film.page.mouse
    wait_curve(film, series)
    mouse.move(*at_checkpoint(film, 5, len(series)))
    mouse.down()
    mouse.move(*at_checkpoint(film, 15, len(series)), steps=4)
    mouse.up()
    zoomed = "Math.abs(layout.xaxis.range[0] - 5) < 0.5 && Math.abs(layout.xaxis.range[1] - 15) < 0.5"
    wait_graph(film, zoomed)
    stand_at(film, 9)
    wait_graph(film, f"layout.shapes.at(-1).x0 === arg && {zoomed}", f"{series[9]['sequences_seen']:,}")
    wait_curve(film, series)
    film.page.evaluate(DOUBLE)
    mouse.dblclick(*at_checkpoint(film, 3, len(series)))
    wait_graph(film, "layout.xaxis.range[1] === arg", len(series) - 1)


@pytest.mark.parametrize("index", [0, 8, 25])
def test_what_is_shown_is_the_services_trace_of_that_checkpoint(
    film: Deck, series: list[dict[str, Any]], trace_of: Callable[..., ServiceTrace], index: int
) -> None:
    stand_at(film, index)
    trace = trace_of(ROWS, series[index]["id"])
    for name in (*PANELS, "targets"):
        shown = film.page.evaluate(SHOWN, name)
        assert abs(trace.field(name) - shown).max() < EXACTNESS, name
    wrong, bits = trace.bit_errors, 8 * len(ROWS)
    expect(film.readout("film-own")).to_have_text(f"{wrong} of {bits}")
    verdict = "Exact copy" if wrong == 0 else f"{wrong} wrong bits"
    expect(film.readout("verdict")).to_contain_text(verdict)


def test_the_loss_and_the_bit_error_rate_of_where_she_is_stand_beside_it(
    film: Deck, series: list[dict[str, Any]]
) -> None:
    for index in (4, 20):
        stand_at(film, index)
        metrics = series[index]["metrics"]
        expect(film.readout("film-seen")).to_have_text(f"{series[index]['sequences_seen']:,}")
        assert float(film.readout("film-loss").inner_text()) == pytest.approx(metrics["loss"], rel=0.05)
        rate = metrics["validation_errors"] / metrics["validation_bits"]
        expect(film.readout("film-errors")).to_have_text(f"{rate:.3f}")
        handle, box = film.box(film.page.locator(".film-handle")), film.box(curve(film))
        share = (handle["x"] + handle["width"] / 2 - box["x"]) / box["width"]
        assert share == pytest.approx(index / (len(series) - 1), abs=0.005)
        wait_graph(film, "layout.shapes.at(-1).x0 === arg", f"{series[index]['sequences_seen']:,}")


def test_all_panels_change_as_training_goes_on_and_the_input_does_not(film: Deck) -> None:
    stand_at(film, 0)
    before = film.page.evaluate(PICTURES)
    stand_at(film, 25)
    changed = [was != now for was, now in zip(before, film.page.evaluate(PICTURES), strict=True)]
    names = film.page.evaluate("tapedeck.then(({ tape }) => tape.panels.map(({ spec }) => spec.name))")
    folded = {"controller.hidden"}  # which nobody sees
    assert {name for name, different in zip(names, changed, strict=True) if not different} - folded == {
        "inputs",
        "targets",
    }


def test_dragging_the_slider_over_the_curve_moves_through_the_training(
    film: Deck, series: list[dict[str, Any]]
) -> None:
    mouse, last = film.page.mouse, len(series) - 1
    mouse.move(*place(film, 0.48))
    mouse.down()
    expect(curve(film)).to_have_attribute("aria-valuenow", str(round(0.48 * last)))
    mouse.move(*place(film, 0.2), steps=4)
    expect(curve(film)).to_have_attribute("aria-valuenow", str(round(0.2 * last)))
    mouse.move(*place(film, 1.4))
    expect(curve(film)).to_have_attribute("aria-valuenow", str(last))
    mouse.up()
    mouse.move(*place(film, 0.1))
    expect(curve(film)).to_have_attribute("aria-valuenow", str(last))


def test_the_keys_move_through_the_training_and_leave_the_step_alone(film: Deck, series: list[dict[str, Any]]) -> None:
    film.go_to(6)
    stand_at(film, 12)
    for key, index in (("ArrowLeft", 11), ("ArrowUp", 12), ("PageDown", 7), ("Home", 0), ("ArrowLeft", 0)):
        film.press(key)
        expect(curve(film)).to_have_attribute("aria-valuenow", str(index))
    film.press("End")
    seen = f"{series[-1]['sequences_seen']:,}"
    expect(curve(film)).to_have_attribute("aria-valuetext", f"after {seen} sequences")
    film.expect_step(6)


def test_the_chooser_names_the_machine_of_the_tape_however_fast_the_film_moves(
    film: Deck, series: list[dict[str, Any]]
) -> None:
    """And none of the machines that it names late is run."""
    runs = len(film.sent)
    for _ in range(3):
        stand_at(film, 12)
        film.press("ArrowLeft", "ArrowUp", "PageDown", "Home", "ArrowLeft", "End")
        last = f"{series[-1]['name']} · {series[-1]['sequences_seen']:,} sequences"
        expect(film.page.locator("#machine")).to_have_value(last)
        film.wait_deck(NAMED)
    assert len(film.sent) == runs


def test_scrubbing_the_film_asks_for_nothing(film: Deck, series: list[dict[str, Any]]) -> None:
    stand_at(film, 0)
    film.wait_deck(NAMED)
    before = (len(film.requests), len(film.sent), len(film.sockets))
    film.page.mouse.move(*place(film, 0))
    film.page.mouse.down()
    film.page.mouse.move(*place(film, 1), steps=30)
    film.page.mouse.up()
    film.press("Home", "PageUp", "ArrowRight")
    wait_curve(film, series)
    film.wait_deck(NAMED)
    film.follow(checkpoint=series[6]["id"])
    assert (len(film.requests), len(film.sent), len(film.sockets)) == before


def test_learn_has_one_play_button(film: Deck, series: list[dict[str, Any]]) -> None:
    """It plays the training at the step of the cursor, pauses, and starts over at the end; so does its key."""
    last = len(series) - 1
    film.go_to(6)
    stand_at(film, last - 2)
    play, plays = film.page.locator(PLAY), film.page.get_by_role("group", name="What Play plays")
    expect(film.page.get_by_role("button", name="Play")).to_have_count(1)
    expect(play).to_have_accessible_name("Play the training")
    play.click()
    expect(curve(film)).to_have_attribute("aria-valuenow", str(last))
    expect(play).to_have_accessible_name("Play the training")  # at the end it stands still
    film.expect_step(6)
    film.note(PLACE, "aria-valuenow")
    film.note(PLAY, "aria-label")
    plays.get_by_role("button", name="training").click()
    film.press("Space")  # is the player's still
    assert film.wait_noted(PLACE, "values.length > 1")[:2] == ["0", "1"]
    assert film.wait_noted(PLAY, "values.includes('Pause the training')")
    curve(film).focus()
    film.press("k")
    expect(play).to_have_accessible_name("Play the training")
    standing = curve(film).get_attribute("aria-valuenow")
    film.frames(30)
    expect(curve(film)).to_have_attribute("aria-valuenow", str(standing))
    film.expect_step(6)


def test_the_one_play_button_plays_the_steps_when_told_so(film: Deck, series: list[dict[str, Any]]) -> None:
    plays = film.page.get_by_role("group", name="What Play plays")
    film.go_to(STEPS - 4)
    stand_at(film, 12)
    plays.get_by_role("button", name="steps").click()
    play = film.page.locator(PLAY)
    expect(play).to_have_accessible_name("Play the steps")
    for by_key in (False, True):
        film.go_to(STEPS - 4)
        stand_at(film, 12)
        film.press("Space") if by_key else play.click()
        film.expect_step(STEPS - 1)
        expect(play).to_have_accessible_name("Play the steps")
        expect(curve(film)).to_have_attribute("aria-valuenow", "12")
    plays.get_by_role("button", name="training").click()


def test_the_speed_and_the_loop_of_the_player_are_the_films(film: Deck, series: list[dict[str, Any]]) -> None:
    stand_at(film, len(series) - 2)
    expect(film.speed).to_have_attribute("title", "Speed; 1× is four checkpoints a second")
    film.speed.select_option("8")
    film.leave_fields()
    film.press("l")
    film.note(PLACE, "aria-valuenow")
    film.press("Space")
    values = film.wait_noted(PLACE, "values.length > 3")
    assert values[:3] == [str(len(series) - 1), "0", "1"]
    film.press("Space", "l")
    film.speed.select_option("1")
    film.leave_fields()


def test_the_first_exact_checkpoint_is_marked(film: Deck, series: list[dict[str, Any]]) -> None:
    """On the curve and on the slider, with words: of what was typed, and of the validation."""
    wrong = film.tell("({ film }) => film.reel.traces.map(({ results }) => results.wrong)")
    own, solved = wrong.index(0), series[-1]["metrics"]["solved_at"]
    counts = [f"{series[own]['sequences_seen']:,}", f"{solved:,}"]
    expect(graph(film).locator(".annotation")).to_have_text(
        [f"first exact, yours: {counts[0]}", f"first exact, validation: {counts[1]}"]
    )
    marks = film.page.locator(".film-mark")
    expect(marks).to_have_count(2)
    for mark, words in zip(marks.all(), ("Your sequence is exact for", "The validation is exact for"), strict=True):
        expect(mark).to_have_attribute("title", re.compile(rf"^{words} the first time after [0-9,]+ sequences$"))
    at, box = film.box(marks.first), film.box(curve(film))
    share = (at["x"] + at["width"] / 2 - box["x"]) / box["width"]
    assert share == pytest.approx(own / (len(series) - 1), abs=0.005)
    stand_at(film, own)
    told = re.compile(f"^after {counts[0]} sequences, first exact: yours")
    expect(curve(film)).to_have_attribute("aria-valuetext", told)


def test_two_checkpoints_stand_side_by_side(film: Deck, series: list[dict[str, Any]]) -> None:
    """What came out with what is wrong in it, and both weightings, of both, under one cursor, until one press."""
    page = film.page
    compared = page.locator(".compared")
    expect(compared.first).to_be_hidden()
    stand_at(film, 25)
    film.go_to(STEPS - 3)
    before = (len(film.requests), len(film.sent))
    page.get_by_label("compare with").select_option(label=f"{series[4]['sequences_seen']:,} sequences")
    names = [f"After {series[index]['sequences_seen']:,} sequences" for index in (25, 4)]
    expect(compared.locator("header h2")).to_have_text(names)
    wrong = page.evaluate("tapedeck.then(({ film }) => film.reel.traces[4].results.wrong)")
    assert wrong > 0
    expect(compared.locator("header span")).to_have_text(["exact", f"{wrong} of {8 * len(ROWS)} bits wrong"])
    for index, side in enumerate((25, 4)):
        fields = compared.nth(index).locator("figure")
        expect(fields).to_have_count(3)
        for field, name in enumerate(("outputs", "write.weighting", "read.weighting")):
            expect(fields.nth(field)).to_have_attribute("data-field", name)
        film.wait_deck(
            """({ comparison, film, cursor }, [place, index]) => comparison.sides[place].panels.every((panel) =>
                panel.trace === film.reel.traces[index] && panel.drawn === panel.trace.steps && cursor.step > 0
                && (panel.spec.role !== "output" || panel.marked === panel.trace.results.wrong))""",
            [index, side],
        )
    lines = compared.locator(".playhead")
    places = "(lines) => lines.map(({ style }) => style.transform)"
    expect(lines).to_have_count(6)
    at = lines.evaluate_all(places)
    assert len(set(at)) == 1
    film.press("ArrowRight")
    page.wait_for_function(
        """was => {
            const places = [...document.querySelectorAll(".compared .playhead")].map(({ style }) => style.transform);
            return new Set(places).size === 1 && places[0] !== was;
        }""",
        arg=at[0],
    )
    stand_at(film, 8)  # the film moves on, the other stays
    expect(compared.locator("header h2").first).to_have_text(f"After {series[8]['sequences_seen']:,} sequences")
    expect(compared.locator("header h2").last).to_have_text(names[1])
    assert (len(film.requests), len(film.sent)) == before
    page.get_by_role("button", name="Close the comparison").click()
    expect(compared.first).to_be_hidden()
    expect(page.locator(".film-other")).to_be_hidden()


def test_what_is_compared_stands_in_the_tapes_columns_above_the_player(film: Deck) -> None:
    film.page.evaluate("scrollTo(0, 0)")
    film.page.get_by_label("compare with").select_option(index=3)
    for index, name in enumerate(("write.weighting", "read.weighting")):
        column = film.box(film.panel(name).locator(".plot"))
        plots = film.page.locator(".compared").nth(index).locator(".plot")
        expect(plots).to_have_count(3)
        film.wait_fitted(1440, 900)
        for plot in plots.all():
            box = film.box(plot)
            assert (box["x"], box["width"]) == pytest.approx((column["x"], column["width"]), abs=1)
            assert box["y"] + box["height"] <= film.box(film.page.locator("#transport"))["y"]
    film.page.get_by_role("button", name="Close the comparison").click()


def test_the_letters_of_the_output_are_the_checkpoints_own(film: Deck) -> None:
    letters = film.panel("outputs").locator(".letter")
    film.go_to(STEPS - 1)
    stand_at(film, 25)
    expect(letters).to_have_text([*WRITTEN.replace(" ", "␣")])
    stand_at(film, 0)
    expect(letters).not_to_have_text([*WRITTEN.replace(" ", "␣")])


def test_another_sequence_is_another_film_in_one_stream_what_she_looks_at_first(
    another: Deck, series: list[dict[str, Any]]
) -> None:
    deck = another
    deck.go("Learn")
    deck.choose_by_id("copy-1")
    deck.wait_deck(WHOLE, len(series))
    deck.page.evaluate(LISTEN)
    deck.run_bits(["11110000", "00001111"])
    deck.wait_deck(WHOLE, len(series))
    sent = [json.loads(message) for message in deck.page.evaluate("sent")]
    # What is typed begins to run by itself, and is cancelled by Run: the last film is the whole one.
    run = [message for message in sent if "checkpoint" in message][-1]
    # The final machine stands for the last of its series, and comes first: it is what was chosen.
    assert [run["checkpoint"], *run["then"]] == ["copy-1", *(entry["id"] for entry in series[:-1])]
    assert run["input"]["sequence"] == [[1, 1, 1, 1, 0, 0, 0, 0], [0, 0, 0, 0, 1, 1, 1, 1]]
    assert len(deck.sockets) == 1
    stand_at(deck, 25)
    expect(deck.readout("film-own")).to_have_text("0 of 16")
    stand_at(deck, 0)
    assert deck.page.evaluate("tapedeck.then(({ trace }) => trace.steps)") == 6


def test_a_film_begun_elsewhere_is_there_when_she_comes(another: Deck, series: list[dict[str, Any]]) -> None:
    deck = another
    deck.go("Play")
    deck.choose_by_id("copy-1")
    deck.begin_with("elsewhere")
    deck.go("Learn")
    deck.wait_deck(WHOLE, len(series))
    stand_at(deck, 0)
    deck.go("Play")
    expect(curve(deck)).to_be_hidden()
    assert deck.tell("({ trace }) => trace.header.checkpoint.sequences_seen") == 0


def test_a_machine_without_a_series_is_run_and_the_film_says_why_it_is_none(another: Deck) -> None:
    """And Play is left to the steps."""
    deck = another
    deck.go("Learn")
    expect(deck.page.locator(".plays")).to_be_visible()
    deck.choose_machine("untrained")
    expect(deck.page.locator(".plays")).to_be_hidden()
    expect(deck.page.locator(PLAY)).to_have_accessible_name("Play")
    expect(deck.readout("film-note")).to_contain_text("There are no checkpoints from this machine")
    expect(curve(deck)).to_be_hidden()
    expect(graph(deck)).to_be_hidden()
    expect(deck.readout("verdict")).to_contain_text("wrong bits")
    expect(deck.readout("film-seen")).to_have_text("–")


def test_nothing_of_the_page_jumps_while_the_film_goes_on(film: Deck) -> None:
    tops = set()
    for index in (0, 8, 25):
        stand_at(film, index)
        tops.add(film.box(film.panel("write.weighting").locator(".plot"))["y"])
    assert len(tops) == 1


def test_the_whole_tape_and_its_film_are_in_one_window(film: Deck) -> None:
    film.page.evaluate("scrollTo(0, 0)")
    front = (name for name in PANELS if "vector" not in name)  # which stand below, with what explains
    for each in (curve(film), graph(film), *(film.panel(name).locator(".plot") for name in front)):
        expect(each).to_be_in_viewport(ratio=1)
    weightings = film.box(film.panel("read.weighting"))
    assert weightings["y"] + weightings["height"] <= film.box(film.page.locator("#transport"))["y"]


def test_the_memory_is_the_checkpoints_own(film: Deck, trace_of: Callable[..., ServiceTrace]) -> None:
    stand_at(film, 25)
    film.leave_fields()
    film.go_to(len(ROWS))
    stand_at(film, 0)
    memory = trace_of(ROWS, "copy-1-000000").memory(len(ROWS))
    shown = film.page.evaluate("step => tapedeck.then(({ trace }) => [...trace.memoryAt(step)])", len(ROWS))
    assert abs(memory.ravel() - shown).max() < EXACTNESS
