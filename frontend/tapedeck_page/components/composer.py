"""The composer: the browser makes its fields, for the task of the chosen machine, and reads what is typed.

Files are read here.
"""

from __future__ import annotations

import asyncio
from typing import Any, TypedDict

from dash import ClientsideFunction, Dash, Input, Output, dcc, html

from tapedeck_page import ids
from tapedeck_page.components.attributes import attributes
from tapedeck_page.components.island import Island
from tapedeck_page.settings import PageSettings
from tapedeck_sequences import ENDINGS, MAX_BYTES, Problem, Upload, read_upload


class HandedFile(Upload):
    """A file that the browser hands over.

    Attributes:
        bits: of a vector of the chosen machine.
    """

    bits: int


class Found(TypedDict):
    """What a file holds.

    Attributes:
        rows: its vectors; None where it holds no sequence.
        said: how it was read, or what is wrong with it.
        turn: the file's, so that the same file twice is told twice.
    """

    rows: list[str] | None
    said: str
    turn: int


def layout(settings: PageSettings) -> html.Section:
    """The composer's place, with what the browser has to know of this deployment."""
    return html.Section(
        className="composer",
        **attributes(
            aria_label="Your input",
            data_text=settings.default_text,
            data_most_bytes=str(MAX_BYTES),
            data_endings=",".join(ENDINGS),
        ),
    )


def stores() -> Island:
    """What browser and server hand each other."""
    return Island("file", [dcc.Store(id=ids.FILE), dcc.Store(id=ids.FOUND)])


def register(app: Dash) -> None:
    """The callbacks of the composer."""

    @app.callback(Output(ids.FOUND, "data"), Input(ids.FILE, "data"), prevent_initial_call=True)
    async def read(file: HandedFile) -> Any:
        return await asyncio.to_thread(found_in, file)  # a large one takes seconds

    app.clientside_callback(
        ClientsideFunction("tapedeck", "found"), Input(ids.FOUND, "data"), prevent_initial_call=True
    )


def found_in(file: HandedFile) -> Found:
    """The sequence in a file, or one sentence."""
    bits = file["bits"]
    try:
        found = read_upload(file, bits)
    except Problem as problem:
        return Found(rows=None, said=str(problem), turn=file["turn"])
    if len(found.rows[0]) != bits:
        said = f"These vectors have {len(found.rows[0])} bits, and the machine reads {bits}."
        return Found(rows=None, said=said, turn=file["turn"])
    return Found(rows=found.rows, said=found.sentence, turn=file["turn"])
