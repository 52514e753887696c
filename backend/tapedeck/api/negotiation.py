"""Which of the forms that a route can answer in a client wants: the Accept header (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence


def preferred(accept: str, offered: Sequence[str]) -> str | None:
    """The offered media type that the client likes best, the more exactly named or else the first of equals.

    None where it takes none of them.
    """
    ranges = [_parse(entry) for entry in accept.split(",") if entry.strip()] or [("*/*", 1.0)]
    liked = [(*_liking(media_type, ranges), -place, media_type) for place, media_type in enumerate(offered)]
    quality, *_, best = max(liked)
    return best if quality > 0 else None


def _liking(media_type: str, ranges: Sequence[tuple[str, float]]) -> tuple[float, int]:
    """The quality of the most exact range that the media type is in, and how exact that is."""
    matching = {"*/*": 0, media_type.partition("/")[0] + "/*": 1, media_type: 2}
    exactness, quality = max(((matching[name], q) for name, q in ranges if name in matching), default=(0, 0.0))
    return quality, exactness


def _parse(entry: str) -> tuple[str, float]:
    media_range, *parameters = (part.strip().lower() for part in entry.split(";"))
    quality = next((value for name, _, value in (p.partition("=") for p in parameters) if name.strip() == "q"), "1")
    try:
        return media_range, min(1.0, max(0.0, float(quality)))
    except ValueError:
        return media_range, 1.0
