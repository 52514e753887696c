"""The service: HTTP and WebSocket around backend.tracing. Nothing outside this package knows FastAPI."""
