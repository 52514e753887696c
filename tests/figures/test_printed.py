"""Figures on paper: whole SVG and PNG files, with words and metadata inside, and nothing from elsewhere."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from tapedeck.checkpoints import Checkpoint
from tapedeck.figures import cells, printed
from tapedeck.figures.cells import painted_in_parts
from tapedeck.figures.drawing import Axis, Box, Drawing
from tapedeck.figures.palette import BIT, scale
from tapedeck.figures.printed import LEAST_DPI, png, svg
from tapedeck.figures.runs import random_run
from tapedeck.figures.verification import verification
from tapedeck.parts import next_part

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
DC = "{http://purl.org/dc/elements/1.1/}"


@pytest.fixture(scope="module")
def document(verified: Drawing) -> ET.Element:
    return ET.fromstring(svg(verified))  # noqa: S314 (our own)


@pytest.fixture(scope="module")
def picture(verified: Drawing) -> Image.Image:
    return Image.open(BytesIO(png(verified)))


def test_svg_has_the_figure_s_size(document: ET.Element, verified: Drawing) -> None:
    assert document.tag == f"{SVG}svg"
    width, height = (float(document.attrib[side].removesuffix("pt")) for side in ("width", "height"))
    assert (width, height) == pytest.approx((verified.width, verified.height), abs=0.01)


def test_svg_has_every_text_as_text(document: ET.Element, verified: Drawing) -> None:
    written = [element.text for element in document.iter(f"{SVG}text")]
    expected = [text.text for text in verified.texts]
    expected += [tick.text for panel in verified.panels for tick in (*panel.rows.ticks, *panel.columns.ticks)]
    expected += [span.name for panel in verified.panels for span in panel.spans]
    assert [text for text in expected if written.count(text) < expected.count(text)] == []


def test_svg_has_the_metadata(document: ET.Element, verified: Drawing, checkpoint: Checkpoint) -> None:
    assert next(document.iter(f"{DC}identifier")).text == f"sha256:{checkpoint.info.sha256}"
    assert next(document.iter(f"{DC}source")).text == "small (Never trained)"
    assert next(document.iter(f"{SVG}title")).text == verified.title
    assert next(document.iter(f"{DC}description")).text == verified.summary


def test_svg_holds_all_that_it_shows(document: ET.Element) -> None:
    links = [element.attrib[HREF] for element in document.iter() if HREF in element.attrib]
    assert [link for link in links if not link.startswith(("data:image/png;base64,", "#"))] == []


def test_svg_has_one_pixel_a_cell_in_the_scale_s_colours(document: ET.Element, verified: Drawing) -> None:
    """The images stand in the order of the panels; the inputs are 0 and 1, the ends of their scale."""
    images = [element.attrib[HREF] for element in document.iter(f"{SVG}image")]
    cells = [np.asarray(Image.open(BytesIO(base64.b64decode(image.partition(",")[2])))) for image in images]
    for shown, panel in zip(cells, verified.panels, strict=False):
        assert shown.shape[:2] == panel.values.shape
    paper, ink = (tuple(bytes.fromhex(colour[1:])) for colour in BIT.colours)
    for row, column in np.ndindex(verified.panels[0].values.shape):
        expected = ink if verified.panels[0].values[row, column] else paper
        assert tuple(cells[0][row, column, :3]) == expected


def test_svg_draws_the_lines_between_cells_of_a_panel_as_one_path(document: ET.Element, verified: Drawing) -> None:
    between = [sum(panel.values.shape) - 2 for panel in verified.panels if panel.has_gaps]
    colours = {panel.scale.gap for panel in verified.panels if panel.has_gaps}
    paths = [each for each in document.iter(f"{SVG}path") if any(c in each.get("style", "") for c in colours)]
    lines = [each.attrib["d"].count("M") for each in paths if "stroke-width: 0.35" in each.attrib["style"]]
    assert sorted(lines) == sorted(between)


def test_png_is_of_print_quality(picture: Image.Image, verified: Drawing) -> None:
    assert picture.format == "PNG"
    picture.load()
    expected = [side / 72 * LEAST_DPI for side in (verified.width, verified.height)]
    assert picture.size == pytest.approx(expected, abs=1)
    assert picture.info["dpi"] == pytest.approx((LEAST_DPI, LEAST_DPI), abs=0.1)


def test_png_has_the_metadata(picture: Image.Image, verified: Drawing) -> None:
    assert {name: picture.info[name] for name in verified.metadata} == verified.metadata
    assert "Software" not in picture.info


def test_png_shows_the_cells(picture: Image.Image, verified: Drawing) -> None:
    """The colour in the middle of every input cell."""
    panel, scale = verified.panels[0], LEAST_DPI / 72
    width, height = panel.cell
    colours = {1: tuple(bytes.fromhex(BIT.colours[1][1:])), 0: tuple(bytes.fromhex(BIT.colours[0][1:]))}
    for row, column in np.ndindex(panel.values.shape):
        x, y = panel.box.left + (column + 0.5) * width, panel.box.top + (row + 0.5) * height
        shown = picture.getpixel((int(x * scale), int(y * scale)))
        assert isinstance(shown, tuple)
        assert shown[:3] == colours[int(panel.values[row, column])]


def test_no_cell_of_a_long_run_is_lost(verified: Drawing) -> None:
    """Every second of 2,002 steps is 1, and each still has a pixel of its own."""
    values = np.tile(np.array([[0, 1]], dtype=np.float32), (2, 1001))
    labels = Axis(tuple(map(str, range(2002))))
    panel = replace(verified.panels[0], values=values, columns=labels, rows=Axis(("a", "b")), spans=())
    fine = Image.open(BytesIO(png(replace(verified, panels=(panel,), bars=(), texts=()))))
    scale = fine.width / verified.width
    row = np.asarray(fine.convert("L"))[int((panel.box.top + 1) * scale)]
    inside = row[int(panel.box.left * scale) + 1 : int(panel.box.right * scale) - 1]
    runs = 1 + np.count_nonzero(np.diff(inside.astype(int)))
    assert 2000 <= runs <= 2002


def test_the_same_drawing_gives_the_same_bytes(verified: Drawing) -> None:
    assert svg(verified) == svg(verified)


def test_any_name_can_be_drawn(checkpoint: Checkpoint) -> None:
    """Names come out of files: line breaks, control characters, markup, formulas, scripts that no font has."""
    info = replace(checkpoint.info, name="<b>&$x^2$\n\x00\x1b 名前 🎞" + "long" * 50)
    drawn = verification(random_run(checkpoint, 2, None, 1).trace(), info, 1)
    document = ET.fromstring(svg(drawn))  # noqa: S314
    written = "".join(element.text or "" for element in document.iter(f"{SVG}text"))
    assert "small (<b>&$x^2$��� 名前 🎞long" in written
    assert "…)" in written
    Image.open(BytesIO(png(drawn))).load()


def test_where_pixels_are_few_the_farthest_from_zero_is_shown(
    verified: Drawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file has room for so many pixels, and cells that share one may not hide a weight of one step."""
    monkeypatch.setattr(printed, "MOST_PIXELS", 200_000)
    values = np.zeros((1, 4000), dtype=np.float32)
    values[0, 1234], values[0, 2501] = 1, -1
    labels = Axis(tuple(map(str, range(4000))))
    signed = scale("content", -1, 1)
    panel = replace(
        verified.panels[0], values=values, scale=signed, columns=labels, rows=Axis(("a",)), spans=(), errors=()
    )
    image = Image.open(BytesIO(png(replace(verified, panels=(panel,), bars=(), texts=()))))
    assert image.width * image.height <= 200_000
    resolution = image.width / verified.width
    row = np.asarray(image.convert("RGB")).astype(int)[int((panel.box.top + panel.box.height / 2) * resolution)]
    inside = row[int(panel.box.left * resolution) + 1 : int(panel.box.right * resolution) - 1]
    greener = inside[:, 1] - inside[:, 0]
    assert len(inside) < 1000
    assert greener.max() > 20 > -20 > greener.min()


UNPAINTED = 7


@pytest.mark.parametrize("shape", [(300, 200), (3, 2000), (900, 700)])
def test_no_part_of_a_picture_has_more_work_than_the_bound(
    monkeypatch: pytest.MonkeyPatch, shape: tuple[int, int]
) -> None:
    """Who wrote what is read in 2,002 steps, drawn in one piece, would keep others waiting for half a second."""
    monkeypatch.setattr(cells, "CELLS_AT_ONCE", 5000)
    values = np.random.default_rng(1).random(shape, dtype=np.float32)
    paper = np.full((450, 620, 4), UNPAINTED, np.uint8)
    parts = painted_in_parts(paper, Box(1.3, 2.4, 69.5, 49.7), 600, values, scale("share", 0, 1))
    painted, most = [0], 0
    while not next_part(parts):
        painted.append(int((paper[..., 3] != UNPAINTED).sum()))
        most = max(most, painted[-1] - painted[-2])
    assert 0 < most <= 5000
    assert painted[-1] == 414 * 579
    coloured = min(shape[0], 414) * min(shape[1], 579)
    assert painted.count(0) - 1 >= coloured // 5000


@pytest.mark.parametrize("drawn", [svg, png])
def test_a_picture_made_in_smaller_parts_is_the_same(
    verified: Drawing, monkeypatch: pytest.MonkeyPatch, drawn: Callable[[Drawing], bytes]
) -> None:
    whole = drawn(verified)
    monkeypatch.setattr(cells, "CELLS_AT_ONCE", 1000)
    assert drawn(verified) == whole
