"""The composer: every way to write a sequence down, as views of one sequence, with a clear word on what is wrong."""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple, TypedDict

import dash_mantine_components as dmc
from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, dcc, html, no_update

from tapedeck_page import ids
from tapedeck_page.components.attributes import attributes
from tapedeck_page.components.link import just_opened
from tapedeck_page.components.number_field import whole_number
from tapedeck_page.sequence import BYTE, EXAMPLES, first_rows, random_rows
from tapedeck_page.settings import PageSettings
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
    read_upload,
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
    "bits": "Vectors of 0s and 1s, such as 10110011 00101100, separated by spaces, commas or line breaks",
    "text": "Any text: each of its UTF-8 bytes is one vector",
    "hex": "Hexadecimal digits, such as b3 2c for two vectors of 8 bits",
}
NOT_TEXT = "These vectors are not UTF-8 text: run them as bits, or type some text instead."
RANDOM_FIELDS = (ids.RANDOM_LENGTH, ids.RANDOM_DENSITY, ids.RANDOM_SEED)


class Written(NamedTuple):
    """What stands in the composer: the fields' contents, which of them counts, and how many bits a vector has."""

    way: str
    typed: dict[str, str]
    drawn: list[str]
    bits: int = BYTE

    def rows(self, most: int) -> list[str]:
        """The sequence, one string of bits a vector.

        Raises:
            Problem: what stands there is not a sequence, or is too long.
        """
        parser = PARSERS.get(self.way)
        silent = self.way == "text" and self.bits == BYTE and not self.typed["text"]
        if silent and self.drawn and as_text(self.drawn) is None:
            raise Problem(NOT_TEXT)
        if parser is not None:
            return check_length(parser(self.typed[self.way] or "", self.bits), most)
        if not self.drawn:
            raise Problem("Nothing to run yet: add a vector.")
        return check_length(self.drawn, most)


class Composed(TypedDict):
    """What the browser runs, and what it tells by whether that is still what stands in the composer.

    Attributes:
        way: the way in that is shown.
        typed: what stands in its field; None where it has none.
        rows: the sequence; None where what stands there is not one.
        bits: of each vector.
        refused: what was asked for last is not a sequence, whatever `rows` there are from before.
    """

    way: str
    typed: str | None
    rows: list[str] | None
    bits: int
    refused: bool


def layout(settings: PageSettings) -> html.Section:
    """The composer, holding the settings' default text."""
    rows = parse_text(settings.default_text)
    return html.Section(
        className="composer",
        **attributes(aria_label="Your sequence"),
        children=[
            dcc.Store(id=ids.DRAWN, data=rows),
            dcc.Store(id=ids.COMPOSED),
            dcc.Store(id=ids.WIDTH, data=BYTE),
            dcc.Store(id=ids.KEPT, data={}),
            dmc.SegmentedControl(id=ids.WAY_IN, data=WAYS, value="text", size="xs", className="ways"),
            *(_field(way, value) for way, value in zip(FIELDS, _written_as(rows), strict=True)),
            _drawing(),
            _random(settings.max_vectors),
            _examples(),
            _file(),
            html.P(id=ids.COMPOSER_MESSAGE, className="field-message", role="alert"),
            html.P(id=ids.FILE_READ, className="file-read", role="status"),
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
        Output(ids.FILE_READ, "children"),
        Output(ids.COMPOSED, "data"),
        Output(ids.KEPT, "data"),
        *(Input(field, "value") for field in FIELDS.values()),
        Input(ids.DRAWN, "data"),
        Input(ids.RANDOM, "n_clicks"),
        Input({"type": ids.EXAMPLE, "name": ALL}, "n_clicks"),
        Input(ids.WAY_IN, "value"),
        Input(ids.LINK, "data"),
        Input(ids.FILE, "data"),
        Input(ids.WIDTH, "data"),
        State(ids.KEPT, "data"),
        *(State(field, "value") for field in RANDOM_FIELDS),
        State(ids.MACHINE, "value"),  # not read: it has Dash wait for the machine, and so for its width
    )
    async def compose(*values: Any) -> tuple[Any, ...]:  # one circular callback: the views change only together
        bits, text, hexadecimal, drawn, _clicks, _examples, way, link, file, width, kept, *random, _machine = values
        width, kept = width or BYTE, kept or {}
        opened = just_opened(link)
        changed = ctx.triggered_prop_ids.values()
        source = ids.LINK if opened else ids.WIDTH if ids.WIDTH in changed else ctx.triggered_id
        typed = {"bits": bits, "text": text, "hex": hexadecimal}
        # What was written for vectors of another width comes back with a machine that reads them.
        kept = kept | {str(len(drawn[0])): drawn} if drawn and len(drawn[0]) != width else kept
        said = ""
        try:
            if opened:
                rows = opened["rows"] or first_rows(settings.default_text, width)
            elif source == ids.RANDOM:
                rows = _random_rows(*random, most=most, bits=width)
            elif source == ids.FILE:
                found = await asyncio.to_thread(read_upload, file, width)  # a large one takes seconds
                rows, said = found.rows, found.sentence
            else:
                rows = _rows_at(source, Written(way, typed, drawn, width), kept, settings)
            check_length(rows, most)
            if not opened:  # what a link says is the service's to refuse
                check_width(rows, width)
        except Problem as problem:
            # A button or a file that gave nothing leaves standing what stood there.
            left = drawn if source in (ids.RANDOM, ids.FILE) or isinstance(source, dict) else None
            composed = Composed(way=way, typed=typed.get(way), rows=left, bits=width, refused=True)
            return (*[no_update] * 4, str(problem), "", "", composed, no_update)
        composed = Composed(way=way, typed=typed.get(way), rows=rows, bits=len(rows[0]), refused=False)
        if source == ids.WAY_IN:  # nothing was edited: what stands there is judged anew, and stays
            return (*[no_update] * 4, "", summary(rows), "", composed, no_update)
        views = dict(zip(FIELDS, _written_as(rows), strict=True))
        shown = [no_update if field == source else views[name] for name, field in FIELDS.items()]
        if FIELDS.get(way) != source:
            composed["typed"] = views.get(way)
        return (*shown, no_update if source == ids.DRAWN else rows, "", summary(rows), said, composed, kept)

    app.clientside_callback(ClientsideFunction("tapedeck", "draw"), Input(ids.DRAWN, "data"), Input(ids.WIDTH, "data"))
    app.clientside_callback(
        ClientsideFunction("tapedeck", "widthOf"),
        Output(ids.WIDTH, "data"),
        Input(ids.MACHINE, "value"),
        Input(ids.MACHINES, "data"),
        State(ids.WIDTH, "data"),
    )

    @app.callback(
        *(Output(f"{ids.WAY_IN}-{way['value']}", "hidden") for way in WAYS),
        Input(ids.WAY_IN, "value"),
    )
    async def choose_way(chosen: str) -> tuple[bool, ...]:
        return tuple(way["value"] != chosen for way in WAYS)


def _rows_at(source: Any, written: Written, kept: dict[str, list[str]], settings: PageSettings) -> list[str]:
    """The sequence once a field, the drawing, an example, the way in or the width has changed.

    Raises:
        Problem: what stands there is not a sequence.
    """
    if isinstance(source, dict):
        return EXAMPLES[source["name"]].rows_of(written.bits)
    if source == ids.WIDTH and not (written.drawn and len(written.drawn[0]) == written.bits):
        return kept.get(str(written.bits)) or first_rows(settings.default_text, written.bits)
    if source in (ids.DRAWN, ids.WIDTH):
        return written._replace(way="draw").rows(settings.max_vectors)
    edited = next((name for name, field in FIELDS.items() if field == source), written.way)
    return written._replace(way=edited).rows(settings.max_vectors)


def check_width(rows: list[str], bits: int) -> None:
    """Whether the machine reads the rows.

    Raises:
        Problem: they have another number of bits.
    """
    if len(rows[0]) != bits:
        raise Problem(f"These vectors have {len(rows[0])} bits, and the machine reads {bits}.")


def summary(rows: list[str]) -> str:
    """How long the sequence is and what that means, in words."""
    count = f"{len(rows):,} vector" + ("s" if len(rows) != 1 else "")
    if len(rows[0]) != BYTE:
        count += f" of {len(rows[0])} bit" + ("s" if len(rows[0]) != 1 else "")
    return f"{count}, {2 * len(rows) + 2:,} steps"


def _written_as(rows: list[str]) -> tuple[str, str, str]:
    text = as_text(rows)
    return as_bits(rows), "" if text is None else text, as_hex(rows)


def _random_rows(length: Any, density: Any, seed: Any, *, most: int, bits: int) -> list[str]:
    if not isinstance(length, int) or not 1 <= length <= most:
        raise Problem(f"The length must be a whole number from 1 to {most:,}; got {_said(length)}.")
    if not isinstance(density, int | float) or not 0 <= density <= 1:
        raise Problem(f"The share of ones must be a number from 0 to 1; got {_said(density)}.")
    if not isinstance(seed, int):
        raise Problem(f"The seed must be a whole number; got {_said(seed)}.")
    return random_rows(length, density, seed, bits)


def _said(value: Any) -> str:
    """What stands in a field, in a sentence."""
    return "nothing" if value in (None, "") else f"“{value}”"


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
        attributes={
            "input": {
                "aria-label": f"Sequence as {label.lower()}",
                "aria-describedby": ids.COMPOSER_MESSAGE,
                "dir": "auto",
            }
        },
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


def _random(most: int) -> html.Div:
    return _way(
        "random",
        whole_number(ids.RANDOM_LENGTH, "Length", 1, most, value=20, size="xs", w=104),
        dmc.NumberInput(
            id=ids.RANDOM_DENSITY,
            label="Share of ones",
            value=0.5,
            min=0,
            max=1,
            step=0.1,
            allowedDecimalSeparators=[",", "."],
            clampBehavior="none",
            size="xs",
            w=104,
        ),
        whole_number(ids.RANDOM_SEED, "Seed", None, None, value=1, size="xs", w=104),
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
    forms = (
        f"{', '.join(ENDINGS[:6])}, and others: one vector per line, row or list, as most programs write them; or text"
    )
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
