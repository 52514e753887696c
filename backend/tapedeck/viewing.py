"""Trace files on the page, on this machine alone: what `tapedeck view` and `td.view` have in common, and the latter."""

from __future__ import annotations

import html
import os
import webbrowser
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Protocol

from fastapi import FastAPI

from tapedeck.api.settings import ApiSettings
from tapedeck.dependencies import needed
from tapedeck.errors import AddressUnavailable, InvalidRequest
from tapedeck.serving import LOOPBACK, Server, build, configured, listen, url_of
from tapedeck.tracing.files import read_trace_file

PAGE = "tapedeck_page.app"
LOOK = 0.05
"""Seconds from one look at whether the server has started to the next."""


class Saves(Protocol):
    """What can be saved as a trace file: a run, or a recorder."""

    def save(self, path: Path, /) -> object:
        """Writes the file."""


Viewable = str | os.PathLike[str] | Saves


class Viewer:
    """The page with some trace files, served from a thread of this process until it is closed, or the process ends.

    Attributes:
        urls: an address for each file.
    """

    def __init__(self, files: Sequence[Path], held: ExitStack) -> None:
        with held:  # which is closed here if the page does not start
            listening = held.enter_context(listen(LOOPBACK, 0))
            self.urls = tuple(address(url_of(LOOPBACK, listening), number) for number in range(len(files)))
            app, settings = build_viewer(files)
            ready = Event()
            self._server = Server(
                configured(app, settings, log_config=None), ready=ready.set, leaving=app.state.jobs.leave
            )
            self._thread = Thread(
                target=self._server.run, kwargs={"sockets": [listening]}, name="tapedeck view", daemon=True
            )
            self._thread.start()
            while not ready.wait(LOOK):
                if not self._thread.is_alive():
                    raise AddressUnavailable(f"The page did not start at {self.url}; `tapedeck view` says why.")
            self._held = held.pop_all()

    @property
    def url(self) -> str:
        """The address of the first file."""
        return self.urls[0]

    def close(self) -> None:
        """Stops serving; what was open in a browser stays as it is. Closing again does nothing."""
        self._server.should_exit = True
        self._thread.join()
        self._held.close()

    def __enter__(self) -> Viewer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Viewer {' '.join(self.urls)}>"

    def _repr_html_(self) -> str:
        links = (f'<a href="{html.escape(url)}" target="_blank">{html.escape(url)}</a>' for url in self.urls)
        return "<br>".join(links)


def view(*sources: Viewable, browser: bool = True) -> Viewer:
    """Shows runs on the page, served to this machine alone, as `tapedeck view` does, and returns at once.

    Args:
        sources: paths of trace files, recorders (`td.Recorder`) and runs (`Machine.run`), at least one.
        browser: open the first one in the browser, where there is one with windows.

    Returns:
        Its `url` is the address of the first; `close()` stops serving, as does the end of a `with` block.

    Raises:
        InvalidRequest: no source, or one of another kind.
        TraceFileUnreadable: a file that is not a trace file; says what is wrong.
        ModuleNotFoundError: what the page is made with is not installed (`pip install 'tapedeck[page]'`).
    """
    if not sources:
        raise InvalidRequest("Expected at least one trace file, recorder or run to view, got none.")
    needed(PAGE)
    with ExitStack() as held:
        files = [_file(source, number, held) for number, source in enumerate(sources)]
        viewer = Viewer(files, held.pop_all())
    if browser:
        show_in_browser(viewer.url)
    return viewer


def build_viewer(files: Sequence[Path]) -> tuple[FastAPI, ApiSettings]:
    """The app that has these files, and nothing that other pages or trainings could reach."""
    return build({"training": False, "allowed_origins": (), "root_path": ""}, files=files)


def address(url: str, number: int) -> str:
    """The page with one of the files."""
    return f"{url}/?file=/files/{number}"


def show_in_browser(url: str) -> None:
    """Opens a browser that has windows; one that would take over the terminal, or none at all, is left alone."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return
    if type(browser) is not webbrowser.GenericBrowser:
        browser.open(url)


def _file(source: Viewable, number: int, held: ExitStack) -> Path:
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        read_trace_file(path)
        return path
    if not callable(getattr(source, "save", None)):
        raise InvalidRequest(
            f"Expected a path, a recorder or a run to view, got {type(source).__qualname__}; save a trace file first."
        )
    path = Path(held.enter_context(TemporaryDirectory(prefix="tapedeck-"))) / f"run-{number + 1}.npz"
    source.save(path)
    return path
