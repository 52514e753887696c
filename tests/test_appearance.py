"""Colours, ramps and titles have one home, `viewer/tapedeck_viewer/appearance.json`, and everything is made from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import tapedeck_viewer
from tapedeck.figures import palette
from tapedeck_viewer.appearance import APPEARANCE, THEMES, heads_of, ramps_of, style_sheet, title_of

ROOT = Path(__file__).parents[1]
SOURCES = [
    path
    for folder in ("backend", "frontend", "viewer")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".css", ".js", ".mjs", ".html", ".svg"} and path.name != "colours.css"
]


def colours(part: Any) -> Iterator[str]:
    """Every hexadecimal colour of the table."""
    if isinstance(part, str) and re.fullmatch("#[0-9a-f]{6}", part):
        yield part
    elif isinstance(part, dict | list):
        for each in part.values() if isinstance(part, dict) else part:
            yield from colours(each)


def test_no_other_file_holds_a_colour_of_the_table() -> None:
    known = set(colours(dict(APPEARANCE)))
    spelled = {" ".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) for colour in known}
    assert len(known) > 40
    found = {}
    for path in SOURCES:
        text = path.read_text(encoding="utf-8").lower()
        held = {colour for colour in known if re.search(rf"(?<![0-9a-f]){colour[1:]}(?![0-9a-f])", text)}
        held |= {f"rgb({rgb}" for rgb in spelled if rgb not in ("0 0 0",) and f"rgb({rgb}" in text.replace(",", "")}
        if held:
            found[path.relative_to(ROOT).as_posix()] = sorted(held)
    assert found == {}


@pytest.mark.parametrize("dark", [':root[data-mantine-color-scheme="dark"]', "@media (prefers-color-scheme: dark)"])
def test_the_style_sheet_has_every_colour_of_both_themes(dark: str) -> None:
    light, night = style_sheet(dark).split(dark)
    assert list(THEMES["light"]) == list(THEMES["dark"])
    for name in THEMES["light"]:
        assert f"--{name}: {THEMES['light'][name]};" in light
        assert f"--{name}: {THEMES['dark'][name]};" in night
    assert light.count("{") + night.count("{") == light.count("}") + night.count("}")


def test_paper_has_the_light_themes_colours_on_white() -> None:
    assert palette.PAPER == "#ffffff"
    assert {kind: THEMES["light"][kind] for kind in ("write", "read")} == palette.KINDS
    assert set(palette.PHASES) == {"delimiter", "input", "query", "recall", "prediction"}


def test_titles_name_a_head_only_among_several() -> None:
    assert title_of("inputs") == "Input"
    assert title_of("write.weighting", "write") == "Write weighting"
    assert title_of("read2.weighting", "read", 2, form="plural") == "Read weightings, head 2"
    assert title_of("write1.add_vector", "write", 1) == "Add vectors, head 1"
    assert title_of("controller.cell") == "Cell states"
    assert title_of("something.new") == "something.new"


def test_the_sheet_of_colours_is_current() -> None:
    sheet = (tapedeck_viewer.FOLDER / "style" / "colours.css").read_text(encoding="utf-8")
    assert sheet.partition("\n\n")[2] == style_sheet()


Lab = npt.NDArray[np.float64]

EYES = {
    "none": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
"""What each kind of colour blindness makes of linear red, green and blue (Machado, Oliveira and Fernandes 2009)."""


def linear(colour: str) -> Lab:
    """Red, green and blue as light, 0 to 1 (sRGB, IEC 61966-2-1)."""
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance."""
    light, dark = sorted(((linear(each) @ [0.2126, 0.7152, 0.0722] + 0.05) for each in (one, other)), reverse=True)
    return float(light / dark)


def seen(colour: str, eyes: str = "none") -> Lab:
    """CIELAB under D65: equal distances look about equally different."""
    matrix = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
    x, y, z = matrix @ np.clip(np.array(EYES[eyes]) @ linear(colour), 0, 1) / [0.95047, 1, 1.08883]
    fx, fy, fz = (np.cbrt(each) if each > 216 / 24389 else (24389 / 27 * each + 16) / 116 for each in (x, y, z))
    return np.array([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)])


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("theme", THEMES)
def test_zero_is_paper_and_more_is_farther_from_it_for_all_eyes(theme: str, eyes: str) -> None:
    for name, ramp in ramps_of(theme).items():
        paper = len(ramp) // 2 if name == "signed" else 0
        assert ramp[paper] == THEMES[theme]["cell-paper"]
        for way in (ramp[paper:], ramp[paper::-1]):
            lightness = np.array([seen(colour, eyes)[0] for colour in way])
            steps = np.diff(lightness) * (-1 if theme == "light" else 1)
            assert (steps > 6).all(), (name, lightness)


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("theme", THEMES)
def test_what_is_written_what_is_read_and_both_signs_are_told_apart_by_all_eyes(theme: str, eyes: str) -> None:
    ramps = ramps_of(theme)
    pairs = [*zip(ramps["write"][2:], ramps["read"][2:], strict=True), (ramps["signed"][0], ramps["signed"][-1])]
    pairs += [(ramps["write"][-1], sign) for sign in (ramps["signed"][1], ramps["signed"][-2])]
    for one, other in pairs:
        assert np.linalg.norm(seen(one, eyes) - seen(other, eyes)) > 15, (one, other)


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("theme", THEMES)
def test_the_heads_of_a_kind_are_told_apart_by_all_eyes_and_from_those_of_the_other(theme: str, eyes: str) -> None:
    heads = [(kind, colour) for kind, shades in heads_of(theme).items() for colour in shades]
    assert [kind for kind, _ in heads] == ["write"] * 5 + ["read"] * 5
    for (kind, one), (another, other) in combinations(heads, 2):
        apart = np.linalg.norm(seen(one, eyes) - seen(other, eyes))
        assert apart > (14 if kind == another else 18), (one, other)


@pytest.mark.parametrize("theme", THEMES)
def test_the_colour_of_a_head_is_seen_on_everything_it_stands_on(theme: str) -> None:
    assert {kind: shades[0] for kind, shades in heads_of(theme).items()} == {
        kind: THEMES[theme][kind] for kind in ("write", "read")
    }, "one alone has its kind's"
    for colour in (each for shades in heads_of(theme).values() for each in shades):
        for ground in ("page", "surface", "cell-paper"):
            assert contrast(colour, THEMES[theme][ground]) >= 3, (colour, ground)


@pytest.mark.parametrize("theme", THEMES)
def test_words_have_contrast_on_everything_they_stand_on(theme: str) -> None:
    colours = THEMES[theme]
    for words in ("ink", "ink-soft", "write", "read", "error", "ok"):
        for ground in ("page", "surface"):
            assert contrast(colours[words], colours[ground]) >= 4.5, (words, ground)
    assert contrast(colours["cell-ink"], colours["cell-paper"]) >= 4.5
