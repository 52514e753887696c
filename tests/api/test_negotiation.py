"""The Accept header."""

from __future__ import annotations

import pytest

from tapedeck.api.negotiation import preferred

JSON, NPZ = "application/json", "application/x-npz"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (NPZ, NPZ),
        (NPZ.upper(), NPZ),
        (f"{NPZ}, */*", NPZ),
        (f"{NPZ}, {JSON}", JSON),
        (f"{NPZ};q=0.9, {JSON};q=0.8", NPZ),
        (f"{JSON}; q=0.5, {NPZ}", NPZ),
        (f"{JSON};q=0, */*", NPZ),
        (f"{NPZ};q=0.1;version=1", NPZ),
        (f"{NPZ};q=high", NPZ),
        ("text/html, application/xhtml+xml, */*;q=0.8", JSON),
        ("text/csv", None),
        ("*/*;q=0", None),
        (f"{JSON};q=0", None),
    ],
)
def test_takes_what_is_liked_best(accept: str, expected: str | None) -> None:
    assert preferred(accept, [JSON, NPZ]) == expected
