"""The page as a person handles it: what is pressed, and what is read."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, FloatRect, Locator, Page, Request, WebSocket, expect
from playwright.sync_api import TimeoutError as WaitedInVain

ASKED = "performance.getEntriesByName('tapedeck:run').length"
REPAINTED = """asked => performance.getEntriesByName("tapedeck:last-paint").some(({ detail }) => detail > asked)
    && document.querySelector("#tape").dataset.state === "done\""""
"""Whether a run is painted to its end that was asked for after so many others."""
NOTE = """([selector, attribute]) => {
    const values = ((window.noted ??= {})[selector] = []);
    new MutationObserver((changes) => {
        for (const { target } of changes) {
            const value = target.getAttribute(attribute);
            if (target.matches(selector) && values.at(-1) !== value) values.push(value);
        }
    }).observe(document, { attributeFilter: [attribute], subtree: true });
}"""
FITTED = """([width, height]) => innerWidth === width && innerHeight === height
    && [...document.querySelectorAll("canvas.cells")].filter((canvas) => canvas.checkVisibility()).every((canvas) => {
        const box = canvas.getBoundingClientRect();
        return canvas.width === Math.max(1, Math.round(box.width * devicePixelRatio))
            && canvas.height === Math.max(1, Math.round(box.height * devicePixelRatio));
    })"""
AT_REST = f"""(size) => {{
    const fits = ({FITTED})(size) && !window.lookedAt?.tape.requested;
    window.fitFor = fits ? (window.fitFor ?? 0) + 1 : 0;
    return window.fitFor > 2;
}}"""
"""Whether all pictures fit in successive frames: what is measured in the one is painted in the next."""
FIELDS = {"Bits": "#composer-bits", "Text": "#composer-text", "Hex": "#composer-hex"}
LEAP = 5


class Colour(NamedTuple):
    """A colour of a canvas, each part 0–255."""

    red: int
    green: int
    blue: int
    alpha: int = 255


class Deck:
    """A page of Tapedeck in a browser.

    Attributes:
        faults: what must never happen: errors in the console, exceptions, requests to another host.
        requests: the address of every request over HTTP.
        sockets: the address of every WebSocket that was opened.
        sent: every message that went over one.
    """

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.faults: list[str] = []
        self.requests: list[str] = []
        self.sockets: list[str] = []
        self.sent: list[str] = []
        page.on("console", self._note_message)
        page.on("pageerror", lambda error: self.faults.append(f"exception: {error.stack or error}"))
        page.on("request", self._note_request)
        page.on("websocket", self._note_socket)

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"{message.type}: {message.text}")

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith(f"{self.url}/_favicon.ico"):  # browsers ask for it whenever they like
            self.requests.append(request.url)
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and f"{parts.scheme}://{parts.netloc}" != self.url:
            self.faults.append(f"a request to another host: {request.url}")

    def _note_socket(self, socket: WebSocket) -> None:
        self.sockets.append(socket.url)
        socket.on("framesent", lambda sent: self.sent.append(str(sent)))

    # What there is.

    @property
    def tape(self) -> Locator:
        return self.page.locator("#tape")

    @property
    def bar(self) -> Locator:
        return self.page.locator("#transport [role=slider]")

    @property
    def marks(self) -> Locator:
        """Of what went wrong, on the time bar."""
        return self.page.locator(".time-strip").first.locator(".bar-mark")

    @property
    def speed(self) -> Locator:
        return self.page.locator("select[data-action=speed]")

    @property
    def message(self) -> Locator:
        """What is wrong with what was typed, beside the field."""
        return self.page.locator("#composer-message")

    @property
    def summary(self) -> Locator:
        return self.page.locator("#composer-summary")

    @property
    def notice(self) -> Locator:
        return self.page.locator("#notice")

    def button(self, action: str) -> Locator:
        """Of the page itself; the chapters of the guide have players of their own."""
        return self.page.locator(f"[data-action={action}]:not(.chapter *)")

    def readout(self, name: str) -> Locator:
        return self.page.locator(f"[data-readout={name}]")

    @property
    def position(self) -> Locator:
        """Where the tape's player is; the guide's chapters have players of their own."""
        return self.page.locator("#transport [data-readout=position]")

    def value(self, head: str, name: str) -> Locator:
        """A number of a head at the cursor."""
        return self.page.locator(f"[data-head={head}] [data-value={name}]")

    def panel(self, field: str) -> Locator:
        return self.page.locator(f"#tape figure[data-field='{field}']")

    def cells(self, field: str) -> Locator:
        """The picture of a panel."""
        return self.panel(field).locator("canvas").first

    # What the user does.

    def open(self, path: str = "/") -> None:
        self.page.goto(self.url + path)

    def go(self, name: str) -> None:
        """To another page of the site; until it is shown, and has the keys."""
        self.page.get_by_role("link", name=name, exact=True).click()
        self.wait_deck("({ page }, name) => page === name && document.body.dataset.page === name", name.lower())

    def choose_way(self, label: str) -> None:
        self.page.locator("#way-in").get_by_text(label, exact=True).click()

    def write(self, way: str, typed: str) -> None:
        """Types over what stands in the composer."""
        self.choose_way(way)
        self.page.locator(FIELDS[way]).fill(typed)

    def run(self) -> None:
        """Presses Run, and waits until the new tape is painted: of that press, whatever ran while it was typed."""
        self.wait_typed()
        asked = self.page.evaluate(ASKED)
        self.press_run()
        self.page.wait_for_function(REPAINTED, arg=asked)

    def press_run(self) -> None:
        self.page.locator("#run").click()

    def run_bits(self, rows: list[str]) -> None:
        self.write("Bits", " ".join(rows))
        self.run()

    def begin_with(self, text: str) -> None:
        """A text is run, nothing is pinned, and keys are the player's."""
        self.leave_fields()
        self.press("Escape")
        self.write("Text", text)
        self.run()
        self.leave_fields()

    def choose_machine(self, name: str) -> None:
        """Chooses a machine, which runs the sequence at once; waits until that is done."""
        self.wait_whole()
        chooser = self.page.locator("#machine")
        if chooser.input_value().startswith(name):
            return
        self.wait_typed()
        asked = self.page.evaluate(ASKED)
        chooser.click()
        self.page.get_by_role("option", name=name).first.click()  # before the series of its training
        self.page.wait_for_function(REPAINTED, arg=asked)

    def choose_by_id(self, checkpoint: str) -> None:
        """Has the chooser name a machine, which is run unless it is the chosen one already."""
        self.wait_whole()
        self.tell("({ composer: { chosen } }, id) => void chosen.own.delete(id)", checkpoint)
        self.page.evaluate("value => dash_clientside.set_props('machine', { value })", checkpoint)
        self.wait_deck(
            "({ composer: { chosen } }, id) => chosen.machine === id && chosen.heard === id && chosen.named === null",
            checkpoint,
        )

    def set_locations(self, locations: int | None) -> None:
        self.page.locator("#locations").fill("" if locations is None else str(locations))

    def wait_done(self) -> None:
        """Until a tape is there, all of it."""
        self.page.wait_for_selector("#tape[data-state=done]", state="attached")

    def wait_whole(self) -> None:
        """Until Dash is there too, and its chooser names a machine: it waits for the first tape."""
        self.page.wait_for_function("document.querySelector('#machine')?.value")

    def wait_typed(self) -> None:
        """Until of what was typed nothing waits to be run."""
        self.wait_deck("({ typing }) => typing.waiting === null")

    def see(self, way: str, typed: str) -> None:
        """Types over what stands in the composer, and waits until the tape of that is painted, by itself."""
        self.wait_typed()
        asked = self.page.evaluate(ASKED)
        self.write(way, typed)
        self.page.wait_for_function(REPAINTED, arg=asked)

    def wait_painted(self) -> None:
        """Until what was done last can be seen."""
        self.wait_deck("({ tape }) => !tape.requested")

    def resize(self, width: int, height: int = 900) -> None:
        """Another window; until the page has it, and every picture in it its size and its cells."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.wait_fitted(width, height)

    def wait_fitted(self, width: int, height: int) -> None:
        """Until every picture that can be seen has its size in a window of that size."""
        self.page.evaluate("() => void (window.fitFor = 0)")
        self.page.wait_for_function(AT_REST, arg=[width, height])
        self.wait_painted()

    def wait_at_rest(self) -> None:
        """Until the run is painted, and a worker has said where everything comes from, in words that take lines."""
        self.wait_deck(
            """({ tape, trace }) => trace?.over && !tape.requested && tape.origins.awaited === null
                && tape.origins.done === trace.steps"""
        )
        self.wait_fitted(*self.page.evaluate("[innerWidth, innerHeight]"))

    def leave_fields(self) -> None:
        """Lets go of the field that has the focus, so that keys are the player's."""
        self.page.locator("h1").click()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def unfold(self) -> None:
        """Opens what is folded on a phone."""
        self.page.evaluate("document.querySelector('.more').open = true")
        self.wait_fitted(*self.page.evaluate("[innerWidth, innerHeight]"))

    def go_to(self, step: int) -> None:
        """To a step, by keys alone; until it is painted."""
        self.leave_fields()
        self.press("Home", *["Shift+ArrowRight"] * (step // LEAP), *["ArrowRight"] * (step % LEAP))
        self.expect_step(step)
        self.wait_painted()

    # What the user reads.

    @property
    def address(self) -> str:
        """As the page has it; what Playwright has comes after."""
        return str(self.page.evaluate("location.href"))

    @property
    def link(self) -> str:
        """The address without the server's."""
        return self.address.removeprefix(self.url)

    @property
    def step(self) -> int:
        found = re.match(r"step (\d+) of", self.position.inner_text())
        assert found is not None
        return int(found[1])

    def follow(self, **expected: str | None) -> None:
        """Until the address says so; None for what it must not say."""
        for name, value in expected.items():
            self.page.wait_for_function(
                "([name, value]) => new URLSearchParams(location.hash.slice(1)).get(name) === value", arg=[name, value]
            )

    def wait_entered(self) -> None:
        """Until every run so far has its place in the history of the browser."""
        self.tell("({ address }) => address.written")

    def expect_step(self, step: int) -> None:
        expect(self.position).to_have_text(re.compile(rf"^step {step} of "))

    def token(self, name: str) -> str:
        """A colour of the style sheet, hexadecimal."""
        return str(
            self.page.evaluate("name => getComputedStyle(document.documentElement).getPropertyValue(name)", name)
        ).strip()

    def shown_locations(self) -> list[int]:
        """The memory locations that are shown, from top to bottom."""
        return list(self.page.evaluate("tapedeck.then(({ tape }) => tape.memory.rows)"))

    def wait_step(self, condition: str) -> None:
        """Until the cursor is where a condition on `step` and `last` (JavaScript) has it."""
        self.page.wait_for_function(
            f"""() => {{
                const bar = document.querySelector("#transport [role=slider]");
                const [step, last] = [Number(bar.ariaValueNow), Number(bar.ariaValueMax)];
                return {condition};
            }}"""
        )

    def wait_deck(self, condition: str, arg: object = None) -> None:
        """Until a condition, a JavaScript function of the page's own deck, is true; a promise would be so at once."""
        self.page.evaluate("tapedeck.then((deck) => void (window.lookedAt = deck))")
        self.page.wait_for_function(f"arg => ({condition})(window.lookedAt, arg)", arg=arg)

    def tell(self, function: str, arg: object = None) -> Any:
        """What a JavaScript function of the page's own deck gives now."""
        return self.page.evaluate(f"arg => tapedeck.then((deck) => ({function})(deck, arg))", arg)

    def expect_told(self, function: str, expected: Any, arg: object = None) -> None:
        """Until a JavaScript function of the page's own deck gives that."""
        same = f"(deck, [expected, arg]) => JSON.stringify(({function})(deck, arg)) === JSON.stringify(expected)"
        try:
            self.wait_deck(same, [expected, arg])
        except WaitedInVain:
            assert self.tell(function, arg) == expected

    def note(self, selector: str, attribute: str, *, anew: bool = False) -> None:
        """Keeps every value that an attribute has from now on, however short; anew: on a page begun anew."""
        if anew:
            self.page.add_init_script(f"({NOTE})({json.dumps([selector, attribute])})")
            self.open()  # and not reloaded: by now the address may hold what a fresh page does not begin with
        else:
            self.page.evaluate(NOTE, [selector, attribute])

    def wait_noted(self, selector: str, condition: str) -> list[str]:
        """Until a condition on the `values` is true; all of them."""
        self.page.wait_for_function(f"(selector) => ((values) => {condition})(noted[selector])", arg=selector)
        return [str(value) for value in self.page.evaluate("(selector) => noted[selector]", selector)]

    def box(self, locator: Locator) -> FloatRect:
        expect(locator).to_be_visible()
        box = locator.bounding_box()
        assert box is not None
        return box

    def pixels(self, canvas: Locator, places: Sequence[tuple[float, float]]) -> list[Colour]:
        """The colours of a canvas at places given in shares of its width and height."""
        self.wait_painted()
        found = canvas.evaluate(
            """(canvas, places) => {
                const { width, height } = canvas;
                const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
                copy.drawImage(canvas, 0, 0);
                const at = (share, pixels) => Math.min(pixels - 1, Math.floor(share * pixels));
                return places.map(([x, y]) =>
                    [...copy.getImageData(at(x, width), at(y, height), 1, 1).data]);
            }""",
            [list(place) for place in places],
        )
        return [Colour(*colour) for colour in found]

    def frames(self, count: int) -> None:
        """Lets so many animation frames go by, in which nothing may happen. What is to happen is waited for instead."""
        self.page.evaluate(
            """count => new Promise((done) => {
                const next = () => (count-- > 0 ? requestAnimationFrame(next) : done());
                next();
            })""",
            count,
        )
