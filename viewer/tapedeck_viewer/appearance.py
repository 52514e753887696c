"""What everything that shows a run looks like and is called: `appearance.json`, for Python and for CSS.

The browser modules read the same file. A colour, a title or a word of a field, a role or a phase stands in it alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

APPEARANCE: Mapping[str, Any] = json.loads((Path(__file__).parent / "appearance.json").read_text(encoding="utf-8"))

THEMES: Mapping[str, Mapping[str, str]] = APPEARANCE["themes"]

DARK = ':root[data-mantine-color-scheme="dark"]'
"""Where the page's theme is dark."""


def style_sheet(dark: str = DARK) -> str:
    """The colours of both themes as CSS custom properties, `--ink`, `--write` …, and the ramps, `--ramp-map` …

    Args:
        dark: selects the root of a page whose theme is dark; or a media query.
    """
    light, night = (_properties(theme) for theme in THEMES.values())
    ramps = " ".join(
        f"--ramp-{name}: linear-gradient(to right, {', '.join(colours)});"
        for name, colours in APPEARANCE["ramps"].items()
    )
    inner = f":root {{ {night} color-scheme: dark; }}" if dark.startswith("@") else f"{night} color-scheme: dark;"
    return f":root {{ {ramps} {light} color-scheme: light; }}\n{dark} {{ {inner} }}\n"


def title_of(field: str, kind: str = "", number: int | None = None, *, form: str = "title") -> str:
    """What a panel of a field is called.

    Args:
        field: its name in a trace, such as `inputs`, `write2.key`, `controller.hidden`.
        kind: of its head; empty for none.
        number: of its head among those of its kind; None where there is one alone.
        form: `title`, or `plural` of all steps together.
    """
    known = APPEARANCE["fields"].get(field.rpartition(".")[2])
    title: str = known[form].replace("{Kind}", kind.capitalize()) if known else field
    if number is None:
        return title
    several: str = APPEARANCE["head"]["of_several"]
    return several.replace("{title}", title).replace("{number}", str(number))


def _properties(theme: Mapping[str, str]) -> str:
    colours = [f"--{name}: {colour};" for name, colour in theme.items()]
    red, green, blue = (int(theme["page"][at : at + 2], 16) for at in (1, 3, 5))
    return " ".join([*colours, f"--curtain: rgb({red} {green} {blue} / {APPEARANCE['curtain']:.0%});"])
