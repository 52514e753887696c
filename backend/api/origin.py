"""Which browsers may open a WebSocket: CORS does not hold for them, so the server looks at the origin itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import SplitResult, urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


def is_allowed(headers: Mapping[str, str], allowed_origins: Collection[str]) -> bool:
    """Whether a handshake comes from the service's own page, from an allowed page, or from no page at all.

    A browser always names the origin of the page; programs mostly name none. A page is the service's own when it came
    from the very host and port that the handshake asks for (a proxy must hand on Host as it came).
    """
    origin = headers.get("origin")
    if origin is None or "*" in allowed_origins or origin in allowed_origins:
        return True
    page, own = _split(origin), _split(f"//{headers.get('host', '')}")
    if page is None or own is None or page.scheme not in DEFAULT_PORTS or not page.hostname:
        return False
    default = DEFAULT_PORTS[page.scheme]
    return page.hostname == own.hostname and (page.port or default) == (own.port or default)


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises for a port that is no number
    except ValueError:
        return None
    return parts
