"""Which pages may open a WebSocket or train: CORS holds neither back, so the server looks at the origin itself.

A page is the service's own when it came from the very host and port that it asks. That alone would let in a page whose
owner has its name lead to this machine once the browser has loaded it (DNS rebinding), so the name must be known, too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


def objection(
    headers: Mapping[str, str], allowed_origins: Collection[str], allowed_hosts: Collection[str]
) -> str | None:
    """What is said to a page that is neither the service's own nor allowed; None to all others, and to no page at all.

    A browser always names the origin of the page; programs mostly name none. A proxy must hand on Host as it came.
    """
    origin = headers.get("origin")
    if origin is None or "*" in allowed_origins or origin in allowed_origins:
        return None
    page, own = _split(origin), _split(f"//{headers.get('host', '')}")
    if page is None or own is None or not _is_same(page, own):
        asked = headers.get("host") or "none"
        return (
            f"Pages of {origin} may not use this service, which was asked for by the name {asked}. "
            "If there is a proxy in between, it must pass on the Host header unchanged, port included; "
            "if not, add the page to TAPEDECK_ALLOWED_ORIGINS (allowed_origins)."
        )
    return unknown_host(headers, allowed_hosts)


def unknown_host(headers: Mapping[str, str], allowed_hosts: Collection[str]) -> str | None:
    """What is said to a request by a name that this service does not know; None where it knows it."""
    own = _split(f"//{headers.get('host', '')}")
    host = own.hostname if own is not None else None
    if "*" in allowed_hosts or host in allowed_hosts or _is_nobodys(host or ""):
        return None
    return (
        f"This service does not know {host} as a name of its own: add it to TAPEDECK_ALLOWED_HOSTS "
        "(allowed_hosts), or open the page by its address."
    )


def _is_same(page: SplitResult, own: SplitResult) -> bool:
    if page.scheme not in DEFAULT_PORTS or not page.hostname:
        return False
    default = DEFAULT_PORTS[page.scheme]
    return page.hostname == own.hostname and (page.port or default) == (own.port or default)


def _is_nobodys(host: str) -> bool:
    """Whether nobody can have it lead elsewhere: an address, or a name of the machine that the browser runs on."""
    try:
        ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return True


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises for a port that is not a number
    except ValueError:
        return None
    return parts
