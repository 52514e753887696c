"""The Chromium that pages are opened in: Debian's, as it is installed.

Tests open them in its headless shell, which is the same engine without windows, toolbars and what belongs to them: a
test takes three quarters of the processor's time there. Where there is none they take the browser itself.
"""

from __future__ import annotations

import shutil

from playwright.sync_api import Browser, Playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SHELL = "chromium-headless-shell"
UNKNOWN_NAME = "tape.example"
"""Leads to this machine, as a name of an operator's would."""
QUIET = [
    f"--host-resolver-rules=MAP {UNKNOWN_NAME} 127.0.0.1",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--process-per-site",  # the next page of a site begins with what the scripts of the last were compiled to
]


def launch(playwright: Playwright, *arguments: str) -> Browser:
    """A headless Chromium that asks nothing of anyone but the pages it opens.

    Args:
        playwright: its driver.
        arguments: further ones of its command line.

    Raises:
        FileNotFoundError: there is none; the message says how to get it.
    """
    return playwright.chromium.launch(executable_path=_first(SHELL, *BROWSERS), args=[*QUIET, *arguments])


def installed_browser() -> str:
    """Where the one is that people have, for measurements; the shell where that is all there is.

    Raises:
        FileNotFoundError: there is none; the message says how to get it.
    """
    return _first(*BROWSERS, SHELL)


def _first(*names: str) -> str:
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        raise FileNotFoundError("Pages are opened in Chromium: apt-get install chromium")
    return found
