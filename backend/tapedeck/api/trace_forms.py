"""The forms that POST /api/trace answers in: how each is made, sent and described."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from tapedeck.api.costs import Drawn
from tapedeck.api.recording import batches
from tapedeck.api.schemas import PictureQuery
from tapedeck.errors import InvalidRequest
from tapedeck.figures.animation import gif_pieces
from tapedeck.figures.card import card_pieces
from tapedeck.figures.pictures import png_pieces, svg_pieces
from tapedeck.tracing.export import Export, csv_pieces, json_pieces, npz_pieces, short_json_pieces

JSON = "application/json"


class Form(NamedTuple):
    """What a trace can be answered as.

    Attributes:
        export: makes it.
        name: of the file to save it as; None where it is not saved but read.
        batched: whether its pieces are made faster than one is worth sending.
        drawn: whether it is made of pictures, which take far longer than numbers: `frames`, or one `figure`, which
            shows what it is asked to.
    """

    export: Export
    name: str | None
    batched: bool = True
    drawn: Drawn | None = None

    def parts(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """What is sent at once. Making one is a job of a worker; between two of them other runs have their turn."""
        return batches(pieces) if self.batched else pieces


FORMS: dict[str, Form] = {
    JSON: Form(json_pieces, None),
    "application/x-npz": Form(npz_pieces, "trace.npz"),
    "text/csv": Form(csv_pieces, "trace.csv"),
    "text/html": Form(card_pieces, "trace.html"),
    "image/gif": Form(gif_pieces, "trace.gif", batched=False, drawn="frames"),
    "image/svg+xml": Form(svg_pieces, "trace.svg", drawn="figure"),
    "image/png": Form(png_pieces, "trace.png", drawn="figure"),
}
"""By media type; where a client likes several the same, the first."""

SHORT = Form(short_json_pieces, None)
"""Version 1, of a run that was asked for by its sequence alone."""


def check_no_picture(query: PictureQuery) -> None:
    """Only a picture is asked for a step, rows or a panel.

    Raises:
        InvalidRequest: something else is.
    """
    for name in query.model_fields_set:
        raise InvalidRequest(
            f"{name} belongs to a picture: accept image/svg+xml or image/png, or leave it out.", field=name
        )


SENTENCE = f"A trace comes as {', '.join(list(FORMS)[:-1])} or {list(FORMS)[-1]}; accept one of them."

DESCRIPTION = """Every number of every step. The Accept header chooses the form; without one it is JSON.

* `application/json`: with `input` the description, the results and every field under its name (version 2); with
  `sequence` the form of version 1.
* `application/x-npz`: a trace file, a NumPy .npz without pickles: `meta`, the description and the results as JSON text,
  and every field under its name, such as `inputs`, `write.weighting`, `read.read_vector`, `controller.hidden`, all
  float32, time first; beside them `initial.memory`, `initial.weighting`, `bit_errors`, `checkpoint_sha256`; how focused
  a head is at each step, `write.sum`, `write.entropy` (bits), `write.peak`, `write.location` …; for each vector of a
  copy `recall.written_at`, `recall.read_at` (steps), `recall.written`, `recall.read` (locations) and `recall.offset`
  between them; and `diagnosis` as JSON text.
* `text/csv`: one row per step: the machine's id and hash, the step, its phase, and one column per number, named
  `write.weighting.17`, `read.sharpening` …
* `text/html`: a run card, one page that plays the run in any browser and makes no requests.
* `image/gif`: the run as an animation, one frame per step, or 500 of them for a longer run.
* `image/svg+xml`, `image/png`: the figure of the run, for print: inputs, outputs and targets, and of each head its
  vectors and its weightings. `step` draws a line there and the memory as it is after it, `rows` chooses the locations,
  `panel` one field alone, such as `read.weighting`, or `memory`."""

CONTENT: dict[str, Any] = {
    form: {
        "schema": {"type": "string"}
        if form.startswith(("text/", "image/svg"))
        else {"type": "string", "format": "binary"}
    }
    for form in FORMS
    if form != JSON
}
