"""The service: HTTP and WebSocket around backend.tracing. Nothing outside this package knows FastAPI."""

import backend.installed  # noqa: F401 - before what needs it
