"""`Tape` in a small Dash app of its own, which plays runs of the real service."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.deck import AT_REST
from tests.browser.profiles import Profiles
from tests.browser.server import Server

ROWS = [[1, 0, 1, 1, 0, 0, 1, 1], [0, 0, 1, 0, 1, 1, 0, 0]]
ITEMS = [
    [[1, 0, 1, 1, 0, 0], [0, 0, 1, 0, 1, 1], [1, 1, 0, 0, 1, 0]],
    [[0, 1, 0, 0, 1, 1], [1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 0, 1]],
]
RECALL = {"checkpoint": "associative_recall-2", "input": {"items": ITEMS, "query": 0}}

APP = """
import json, socket, sys
from dash import Dash, Input, Output, html
from tapedeck_dash import Tape
from werkzeug.serving import make_server

listening = socket.create_server(("127.0.0.1", 0))
_, port = listening.getsockname()
print(port, flush=True)
service, request, another = input(), *map(json.loads, sys.argv[1:])
app = Dash(__name__)
tape = Tape(id="tape", service=service, request=request)
buttons = html.Button("Third step", id="third"), html.Button("Another run", id="other")
app.layout = html.Div([*buttons, html.Pre(id="told"), tape])

@app.callback(Output("told", "children"), *(Input("tape", name) for name in ("step", "pin", "status")))
def tell(*told):
    return json.dumps(told)

app.clientside_callback("(pressed) => 3", Output("tape", "step"), Input("third", "n_clicks"), prevent_initial_call=True)

@app.callback(Output("tape", "request"), Input("other", "n_clicks"), prevent_initial_call=True)
def run(pressed):
    return another

make_server("127.0.0.1", port, app.server, threaded=True, fd=listening.fileno()).serve_forever()
"""
"""It says its port, which is its own from then on, and hears where the service is."""


class Host(NamedTuple):
    """A page of that app."""

    page: Page
    faults: list[str]

    @property
    def position(self) -> Locator:
        return self.page.locator("[data-readout=position]")

    def told(self) -> list[Any]:
        """The step, the pin and the status that the app heard of."""
        found: list[Any] = json.loads(self.page.locator("#told").inner_text())
        return found

    def wait_told(self, condition: str) -> None:
        self.page.wait_for_function(
            f"() => {{ const [step, pin, status] = JSON.parse(document.querySelector('#told')?.textContent || '[]');"
            f"return {condition}; }}"
        )


@pytest.fixture(scope="module")
def embedding(machines: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of that app."""
    folder = tmp_path_factory.mktemp("app")
    (folder / "app.py").write_text(APP, encoding="utf-8")
    first = {"checkpoint": "copy-1", "input": {"sequence": ROWS}}
    command = [sys.executable, str(folder / "app.py"), json.dumps(first), json.dumps(RECALL)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, **pipes, stderr=log, text=True) as app,  # type: ignore[call-overload]
    ):
        said = app.stdout.readline()
        assert said, (folder / "log").read_text()
        url = f"http://127.0.0.1:{said.strip()}"
        service = Server(machines, TAPEDECK_ALLOWED_ORIGINS=url)
        service.start()
        app.stdin.write(f"{service.url}\n")
        app.stdin.flush()
        yield url
        app.terminate()
        service.stop()


@pytest.fixture
def host(embedding: str, profiles: Profiles) -> Iterator[Host]:
    """A page of it, whose first run is over."""
    page = profiles.open(embedding, (1280, 900), {})
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("requestfailed", lambda request: faults.append(request.url))
    page.goto(embedding)
    host = Host(page, faults)
    host.wait_told("status?.state === 'done' && step === 5")
    yield host
    found = [*faults]  # what is asked for while the page is closed fails
    profiles.close(page)
    assert found == []


def test_the_tape_plays_in_another_dash_app_and_tells_what_became_of_the_run(host: Host) -> None:
    assert host.told()[2] == {"state": "done", "sentence": host.told()[2]["sentence"], "steps": 6, "wrong": 0}
    expect(host.page.locator("[data-readout=verdict]")).to_have_text("Exact copy")
    expect(host.position).to_have_text("step 5 of 5 · recall 2 of 2")


def test_a_step_that_the_app_sets_is_shown_and_one_that_the_user_goes_to_is_told(host: Host) -> None:
    host.page.get_by_role("button", name="Third step").click()
    expect(host.position).to_contain_text("step 3 of 5")
    host.page.get_by_role("button", name="One step forward").click()
    expect(host.position).to_contain_text("step 4 of 5")
    host.wait_told("step === 4")
    host.page.get_by_role("slider", name="Time").press("Home")
    host.wait_told("step === 0")


def test_a_cell_that_is_pinned_is_told(host: Host) -> None:
    plot = host.page.locator("figure[data-field=outputs] .plot")
    host.page.wait_for_function(AT_REST, arg=[1280, 900])
    box = plot.bounding_box()
    assert box is not None
    host.page.mouse.click(box["x"] + box["width"] * 5.5 / 6, box["y"] + box["height"] * 0.5 / 10)
    host.wait_told("pin?.panel === 'outputs' && pin.step === 5 && pin.row === 0")


def test_another_request_is_another_run_of_any_task(host: Host) -> None:
    host.page.get_by_role("button", name="Another run").click()
    host.wait_told("status?.state === 'done' && status.steps === 16")
    assert host.told()[2]["wrong"] == 0
    expect(host.position).to_contain_text("of 15")


def test_a_request_that_is_refused_says_why_and_the_last_tape_stays(host: Host) -> None:
    wrong = {"checkpoint": "copy-1", "input": {"items": []}}
    host.page.evaluate("request => dash_clientside.set_props('tape', { request })", wrong)
    host.wait_told("status?.state === 'refused'")
    expect(host.page.get_by_role("alert")).to_contain_text("An input for copy")
    expect(host.position).to_contain_text("of 5")
