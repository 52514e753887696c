"""The Chromium that pages are opened in: Debian's, as it is installed."""

from __future__ import annotations

import shutil

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
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
    return playwright.chromium.launch(executable_path=executable(), args=[*QUIET, *arguments])


def executable() -> str:
    """Where it is.

    Raises:
        FileNotFoundError: there is none; the message says how to get it.
    """
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise FileNotFoundError("The browser tests need Chromium: apt-get install chromium")
    return found
