"""The composer: every way to write a sequence down, as views of one sequence, with a clear word on what is wrong."""

from __future__ import annotations

from typing import Any, NamedTuple, TypedDict

import dash_mantine_components as dmc
from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, dcc, html, no_update

from frontend import ids
from frontend.components.attributes import attributes
from frontend.components.link import just_opened, rows_of
from frontend.sequence import EXAMPLES, random_rows
from frontend.settings import PageSettings
from tapedeck_sequences import (
    ENDINGS,
    MAX_BYTES,
    Problem,
    as_bits,
    as_hex,
    as_text,
    check_length,
    parse_bits,
    parse_hex,
    parse_text,
    rows_of_upload,
)

PARSERS = {"bits": parse_bits, "text": parse_text, "hex": parse_hex}
FIELDS = {"bits": ids.BITS, "text": ids.TEXT, "hex": ids.HEX}
WAYS = [
    {"value": "bits", "label": "Bits"},
    {"value": "text", "label": "Text"},
    {"value": "hex", "label": "Hex"},
    {"value": "draw", "label": "Draw"},
    {"value": "random", "label": "Random"},
    {"value": "examples", "label": "Examples"},
    {"value": "file", "label": "File"},
]
PLACEHOLDERS = {
    "bits": "10110011 00101100 … vectors of 8 bits, parted by spaces, commas or line breaks",
    "text": "Any text: each of its UTF-8 bytes is one vector",
    "hex": "b3 2c … two hexadecimal digits a vector",
}
NOT_TEXT = "These vectors are no UTF-8 text; run them as bits, or type a text in their place."


class Written(NamedTuple):
    """What stands in the composer: the fields' contents and which of them counts."""

    way: str
    typed: dict[str, str]
    drawn: list[str]

    def rows(self, most: int) -> list[str]:
        """The sequence, one string of eight bits a vector.

        Raises:
            Problem: what stands there is no sequence, or too long.
        """
        parser = PARSERS.get(self.way)
        if self.way == "text" and not self.typed["text"] and self.drawn and as_text(self.drawn) is None:
            raise Problem(NOT_TEXT)
        if parser is not None:
            return check_length(parser(self.typed[self.way] or ""), most)
        if not self.drawn:
            raise Problem("Nothing to run yet: add a vector.")
        return check_length(self.drawn, most)


class Composed(TypedDict):
    """What the browser runs, and what it tells by whether that is still what stands in the composer.

    Attributes:
        way: the way in that is shown.
        typed: what stands in its field; None where it has none.
        rows: the sequence; None where what stands there is none.
    """

    way: str
    typed: str | None
    rows: list[str] | None


def layout(settings: PageSettings) -> html.Section:
    """The composer, holding the settings' default text."""
    rows = parse_text(settings.default_text)
    return html.Section(
        className="composer",
        **attributes(aria_label="Your sequence"),
        children=[
            dcc.Store(id=ids.DRAWN, data=rows),
            dcc.Store(id=ids.COMPOSED),
            dmc.SegmentedControl(id=ids.WAY_IN, data=WAYS, value="text", size="xs", className="ways"),
            *(_field(way, value) for way, value in zip(FIELDS, _written_as(rows), strict=True)),
            _drawing(),
            _random(),
            _examples(),
            _file(),
            html.P(id=ids.COMPOSER_MESSAGE, className="field-message", role="alert"),
            html.P([html.Span(id=ids.COMPOSER_SUMMARY), html.Span(id=ids.COMPOSER_FLAG)], className="field-summary"),
        ],
    )


def register(app: Dash, settings: PageSettings) -> None:
    """The callbacks of the composer."""
    most = settings.max_vectors

    @app.callback(
        *(Output(field, "value") for field in FIELDS.values()),
        Output(ids.DRAWN, "data"),
        Output(ids.COMPOSER_MESSAGE, "children"),
        Output(ids.COMPOSER_SUMMARY, "children"),
        Output(ids.COMPOSED, "data"),
        *(Input(field, "value") for field in FIELDS.values()),
        Input(ids.DRAWN, "data"),
        Input(ids.RANDOM, "n_clicks"),
        Input({"type": ids.EXAMPLE, "name": ALL}, "n_clicks"),
        Input(ids.WAY_IN, "value"),
        Input(ids.LINK, "data"),
        Input(ids.FILE, "data"),
        State(ids.RANDOM_LENGTH, "value"),
        State(ids.RANDOM_DENSITY, "value"),
        State(ids.RANDOM_SEED, "value"),
    )
    async def compose(*values: Any) -> tuple[Any, ...]:  # one circular callback: the views change only together
        bits, text, hexadecimal, drawn, _clicks, _examples, way, link, file, *random = values
        opened = just_opened(link)
        source = ids.LINK if opened else ctx.triggered_id
        typed = {"bits": bits, "text": text, "hex": hexadecimal}
        try:
            if opened:
                rows = check_length(rows_of(opened, settings), most)
            elif source == ids.RANDOM:
                rows = _random_rows(*random, most=most)
            elif source == ids.FILE:
                rows = check_length(rows_of_upload(file), most)
            elif isinstance(source, dict):
                rows = EXAMPLES[source["name"]].rows
            else:
                edited = next((name for name, field in FIELDS.items() if field == source), way)
                rows = Written("draw" if source == ids.DRAWN else edited, typed, drawn).rows(most)
        except Problem as problem:
            # A button or a file that gave nothing leaves standing what stood there.
            kept = drawn if source in (ids.RANDOM, ids.FILE) else None
            return (*[no_update] * 4, str(problem), "", Composed(way=way, typed=typed.get(way), rows=kept))
        if source == ids.WAY_IN:  # nothing was edited: what stands there is judged anew, and stays
            return (*[no_update] * 4, "", summary(rows), Composed(way=way, typed=typed.get(way), rows=rows))
        views = dict(zip(FIELDS, _written_as(rows), strict=True))
        shown = [no_update if field == source else views[name] for name, field in FIELDS.items()]
        stands = typed[way] if FIELDS.get(way) == source else views.get(way)
        composed = Composed(way=way, typed=stands, rows=rows)
        return (*shown, no_update if source == ids.DRAWN else rows, "", summary(rows), composed)

    app.clientside_callback(ClientsideFunction("tapedeck", "draw"), Input(ids.DRAWN, "data"))

    @app.callback(
        *(Output(f"{ids.WAY_IN}-{way['value']}", "hidden") for way in WAYS),
        Input(ids.WAY_IN, "value"),
    )
    async def choose_way(chosen: str) -> tuple[bool, ...]:
        return tuple(way["value"] != chosen for way in WAYS)


def summary(rows: list[str]) -> str:
    """How long the sequence is and what that means, in words."""
    count = f"{len(rows):,} vector" + ("s" if len(rows) != 1 else "")
    return f"{count}, {2 * len(rows) + 2:,} steps"


def _written_as(rows: list[str]) -> tuple[str, str, str]:
    text = as_text(rows)
    return as_bits(rows), "" if text is None else text, as_hex(rows)


def _random_rows(length: Any, density: Any, seed: Any, *, most: int) -> list[str]:
    if not isinstance(length, int) or not 1 <= length <= most:
        raise Problem(f"The length must be a whole number from 1 to {most:,}; got {length!r}.")
    if not isinstance(density, int | float) or not 0 <= density <= 1:
        raise Problem(f"The density must be a number from 0 to 1; got {density!r}.")
    if not isinstance(seed, int):
        raise Problem(f"The seed must be a whole number; got {seed!r}.")
    return random_rows(length, density, seed)


def _way(name: str, *children: Any, chosen: bool = False) -> html.Div:
    return html.Div(list(children), id=f"{ids.WAY_IN}-{name}", className=f"way way-{name}", hidden=not chosen)


def _field(way: str, value: str) -> html.Div:
    label = next(entry["label"] for entry in WAYS if entry["value"] == way)
    field = dmc.Textarea(
        id=FIELDS[way],
        value=value,
        placeholder=PLACEHOLDERS[way],
        autosize=True,
        minRows=1,
        maxRows=5,
        spellCheck=False,
        attributes={"input": {"aria-label": f"Sequence as {label.lower()}", "aria-describedby": ids.COMPOSER_MESSAGE}},
    )
    return _way(way, field, chosen=way == "text")


def _drawing() -> html.Div:
    buttons = {"add": "Add vector", "remove": "Remove last", "invert": "Invert", "clear": "Clear"}
    return _way(
        "draw",
        html.Div(
            id=ids.DRAWING,
            className="drawing",
            children=[
                html.Div(className="drawing-cells"),
                html.Div(
                    className="drawing-buttons",
                    children=[
                        *(
                            html.Button(label, type="button", className="quiet", **attributes(data_draw=action))
                            for action, label in buttons.items()
                        ),
                        html.Span(className="hint", role="status", **attributes(data_readout="drawn")),
                    ],
                ),
            ],
        ),
    )


def _random() -> html.Div:
    return _way(
        "random",
        dmc.NumberInput(id=ids.RANDOM_LENGTH, label="Length", value=20, min=1, allowDecimal=False, size="xs", w=104),
        dmc.NumberInput(
            id=ids.RANDOM_DENSITY, label="Share of ones", value=0.5, min=0, max=1, step=0.1, size="xs", w=104
        ),
        dmc.NumberInput(id=ids.RANDOM_SEED, label="Seed", value=1, allowDecimal=False, size="xs", w=104),
        html.Button("Draw at random", id=ids.RANDOM, type="button", className="quiet"),
    )


def _examples() -> html.Div:
    return _way(
        "examples",
        html.Div(
            className="examples",
            children=[
                html.Button(example.label, id={"type": ids.EXAMPLE, "name": name}, type="button", className="quiet")
                for name, example in EXAMPLES.items()
            ],
        ),
    )


def _file() -> html.Div:
    """The browser modules hand the file over; it may be dropped anywhere on the composer."""
    forms = f"{', '.join(ENDINGS)}: a vector of 8 bits a line, a row or a list; or any text"
    return _way(
        "file",
        dcc.Store(id=ids.FILE),
        html.Div(
            className="file",
            **attributes(data_most_bytes=str(MAX_BYTES), data_endings=",".join(ENDINGS)),
            children=[
                html.Button("Choose a file", type="button", className="quiet"),
                html.Span(["or drop one here, or paste it. ", forms], className="hint"),
            ],
        ),
    )
