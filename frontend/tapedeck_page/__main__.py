"""The page alone, on a server of its own: `python -m tapedeck_page`. The environment says where the service is."""

from __future__ import annotations

import argparse

import uvicorn

from tapedeck_page.app import create_app
from tapedeck_page.settings import PageSettings


def main() -> None:
    """Serves the page until stopped."""
    parser = argparse.ArgumentParser(
        prog="python -m tapedeck_page", description="Serve the page; the service runs elsewhere."
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on; 0.0.0.0 for every network")
    parser.add_argument("--port", type=int, default=8051)
    options = parser.parse_args()
    page = create_app(PageSettings(), server=None)
    uvicorn.run(page.server, host=options.host, port=options.port, access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
