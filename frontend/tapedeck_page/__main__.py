"""The page alone, on a server of its own: `python -m tapedeck_page`. The environment says where the service is."""

from __future__ import annotations

import argparse
import sys


def main() -> None:
    """Serves the page until stopped."""
    parser = argparse.ArgumentParser(
        prog="python -m tapedeck_page", description="Serve the page; the service runs elsewhere."
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on; 0.0.0.0 for every network")
    parser.add_argument("--port", type=int, default=8051)
    options = parser.parse_args()
    try:
        # Without the extra Dash is missing, and the user has to be told.
        import uvicorn  # noqa: PLC0415

        from tapedeck_page.app import create_app  # noqa: PLC0415
        from tapedeck_page.settings import PageSettings  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("tapedeck"):
            raise
        sys.exit(f"Error: The page needs {error.name}, which is not installed; run: pip install 'tapedeck[page]'")
    page = create_app(PageSettings(), server=None)
    uvicorn.run(page.server, host=options.host, port=options.port, access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
