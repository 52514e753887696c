"""The document: all of the page that is HTML, what begins it, and Dash's own scripts, which wait for the first tape."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from dash import Dash
from dash.development.base_component import Component

from tapedeck_page import root_path, whole
from tapedeck_page.components import navigation
from tapedeck_page.components.island import markup


class Page(Dash):
    """Dash, in a document that is there without it: all that is HTML is sent with the first answer.

    Attributes:
        tree: everything that the page is made of, for a sub-path.
    """

    tree: Callable[[str], Component]

    def interpolate_index(self, *parts: str, **named: str) -> str:
        """The document: of the page and under the sub-path that this request came for."""
        page = navigation.page_of(root_path.path())
        waiting = {name: _waiting(named[name]) for name in ("scripts", "renderer")}
        own = {"app_entry": ENTRY, "css": _preloads(named["scripts"])}
        document: str = super().interpolate_index(*parts, **(named | waiting | own))  # type: ignore[no-untyped-call]
        body = self._body(root_path.current(), page.name)
        return root_path.filled_in(document).replace("{%page%}", page.name).replace("{%body%}", body)

    @lru_cache(maxsize=64)  # noqa: B019 - a process has one page
    def _body(self, root: str, page: str) -> str:
        return markup(navigation.only(page, self.tree(root)))

    def serve_layout(self) -> Any:
        """The layout: the same for all who come by the same sub-path."""
        return self.backend.make_response(self._layout_of(root_path.current()), mimetype="application/json")

    @lru_cache(maxsize=8)  # noqa: B019 - a process has one page
    def _layout_of(self, _root_path: str) -> bytes:
        return bytes(super().serve_layout().body)  # type: ignore[no-untyped-call]


WAITS = "tapedeck/dash"
"""The type of Dash's scripts in the document: the browser leaves them alone until the page's own modules run them."""

ENTRY = '<div id="react-entry-point"></div>'

INDEX = """<!DOCTYPE html>
<html lang="en">
<head>
{%metas%}
<title>{%title%}</title>
{%favicon%}
{%whole%}
{%css%}
</head>
<body data-page="{%page%}">
{%body%}
{%modules%}
<noscript>Tapedeck draws in the browser and needs JavaScript.</noscript>
{%app_entry%}
<footer>{%config%}{%scripts%}{%renderer%}</footer>
</body>
</html>"""


def index_of(app: Dash) -> str:
    """The document, with what it needs beside Dash's own named, so that nothing waits for anything."""
    prefix, served = app.config.requests_pathname_prefix, whole.whole()
    modules = f"{prefix}{served.address(whole.MODULES)}"
    links = (
        f"<script>{SCHEME}</script>",
        f'<link rel="stylesheet" href="{prefix}{served.address(whole.STYLES)}">',
        f'<link rel="modulepreload" href="{modules}">',
        # What there is to run, which the modules ask for as soon as they begin.
        *(f'<link rel="preload" as="fetch" crossorigin href="{prefix}{name}">' for name in ASKED_FOR),
    )
    # Not async: it measures what the style sheet has laid out. Nothing in the document keeps it waiting longer.
    begin = f'<script type="module" src="{modules}" onerror="{FAILED}"></script>'
    return INDEX.replace("{%whole%}", "\n".join(links)).replace("{%modules%}", begin)


def _waiting(scripts: str) -> str:
    """Scripts, of a type that browsers do not run."""
    return re.sub(r"<script\b", f'<script type="{WAITS}"', re.sub(r' type="[^"]*"', "", scripts))


def _preloads(scripts: str) -> str:
    """Dash's scripts, to be fetched after all that is needed sooner."""
    found = re.findall(r'src="([^"]+)"', scripts)
    return "".join(f'\n<link rel="preload" as="script" fetchpriority="low" href="{each}">' for each in found)


ASKED_FOR = ("api/checkpoints", "api/tasks")

SCHEME = """{
  let chosen = null;
  try { chosen = localStorage.getItem("mantine-color-scheme-value"); } catch { /* refused: as the system has it */ }
  const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.mantineColorScheme = dark ? "dark" : "light";
}"""
"""Mantine says so again when Dash is there; till then the page would be light, and the tape drawn in light colours."""

FAILED = "const it = document.querySelector('#notice'); it.hidden = false; it.textContent = it.dataset.failed"
"""A page that does nothing must say so, such as one of another version than the server's."""
