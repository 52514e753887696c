"""The service: HTTP and WebSocket around tapedeck.tracing. Nothing outside this package knows FastAPI."""

import tapedeck.installed  # noqa: F401 - before what needs it
