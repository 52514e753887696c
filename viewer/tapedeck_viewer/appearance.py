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
    """The colours of both themes as CSS custom properties, `--ink`, `--write` …, and the ramps, `--ramp-write` …,
    as lists of colours at equal distances.

    Args:
        dark: selects the root of a page whose theme is dark; or a media query.
    """
    light, night = (_properties(name) for name in THEMES)
    inner = f":root {{ {night} color-scheme: dark; }}" if dark.startswith("@") else f"{night} color-scheme: dark;"
    return f":root {{ {light} color-scheme: light; }}\n{dark} {{ {inner} }}\n"


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


def ramps_of(theme: str) -> dict[str, tuple[str, ...]]:
    """From 0, which is paper everywhere, to the greatest value: `ink`, `write`, `read`; `signed` from the least one.

    Args:
        theme: `light` or `dark`.
    """
    colours, ramps = THEMES[theme], APPEARANCE["ramps"][theme]
    paper = colours["cell-paper"]
    return {
        "ink": (paper, colours["cell-ink"]),
        **{kind: (paper, *ramps[kind], colours[kind]) for kind in ("write", "read")},
        "signed": (*reversed(ramps["below"]), paper, *ramps["above"]),
    }


def heads_of(theme: str) -> dict[str, tuple[str, ...]]:
    """Of several heads of a kind each its own colour within the kind's hue; of one alone the first, the kind's.

    Args:
        theme: `light` or `dark`.
    """
    return {kind: (THEMES[theme][kind], *others) for kind, others in APPEARANCE["heads"][theme].items()}


def _properties(name: str) -> str:
    theme = THEMES[name]
    colours = [f"--{name}: {colour};" for name, colour in theme.items()]
    for kind, shades in heads_of(name).items():
        colours += [f"--{kind}-{number}: {colour};" for number, colour in enumerate(shades, 1)]
    colours += [f"--ramp-{ramp}: {', '.join(shades)};" for ramp, shades in ramps_of(name).items()]
    red, green, blue = (int(theme["page"][at : at + 2], 16) for at in (1, 3, 5))
    return " ".join([*colours, f"--curtain: rgb({red} {green} {blue} / {APPEARANCE['curtain']:.0%});"])
