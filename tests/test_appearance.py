"""Colours, ramps and titles have one home, `viewer/tapedeck_viewer/appearance.json`, and everything is made from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import tapedeck_viewer
from tapedeck.figures import palette
from tapedeck_viewer.appearance import APPEARANCE, THEMES, style_sheet, title_of

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
