"""The page's browser modules and style sheets, each as one file: a page that asks for two hundred opens late.

They are put together from the files in `assets/` and in the viewer when the server starts. Their address has a hash of
what they are, so that a browser keeps them for good and never has those of another version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from fastapi import FastAPI, Response

import tapedeck_viewer
from tapedeck_viewer import FOLDER as VIEWER
from tapedeck_viewer.bundle import bundled_module

PAGE = Path(__file__).parent
MODULES, WORKER, STYLES = "page.mjs", "worker.mjs", "page.css"
ENTRIES = {MODULES: PAGE / "assets/tape/main.mjs", WORKER: VIEWER / "model/worker.mjs"}
"""The modules that a document and a worker begin with."""

TYPES = {".mjs": "text/javascript", ".css": "text/css"}


@dataclass(frozen=True)
class Whole:
    """What is served.

    Attributes:
        folder: its address, from where the page is served.
        files: each by its name.
    """

    folder: str
    files: Mapping[str, bytes]

    def address(self, name: str) -> str:
        """Of a file, from where the page is served."""
        return f"{self.folder}/{name}"


@cache
def whole() -> Whole:
    """All of them, as the files are now.

    Raises:
        ValueError: a module says something that cannot stand in one script.
    """
    files = {name: bundled_module(entry, _address).encode() for name, entry in ENTRIES.items()}
    files[STYLES] = b"".join(path.read_bytes() for path in _sheets())
    told = sha256()
    for data in files.values():
        told.update(sha256(data).digest())
    return Whole(f"whole/{told.hexdigest()[:16]}", files)


def serve(server: FastAPI) -> None:
    """Adds them to a server; another version's are not there."""

    @server.get("/whole/{version}/{name}", include_in_schema=False, response_model=None)
    async def file(version: str, name: str) -> Response:
        found = whole()
        if f"whole/{version}" != found.folder or name not in found.files:
            return Response(status_code=HTTPStatus.NOT_FOUND)
        return Response(found.files[name], media_type=TYPES[Path(name).suffix])


def _sheets() -> list[Path]:
    """In the order in which they count: the tape's own before the page's."""
    viewer = (VIEWER / path for path in (*tapedeck_viewer.styles(), "style/embedded.css"))
    return [*viewer, *sorted((PAGE / "assets").glob("*.css"))]


def _address(path: Path) -> str:
    """Of what a module names by its own address, from the folder of the bundles."""
    for name, entry in ENTRIES.items():
        if path == entry.resolve():
            return name
    if path == PAGE.resolve():
        return "../../"
    raise ValueError(f"{path.name} is asked for by its address, and is not served; add it to ENTRIES.")
