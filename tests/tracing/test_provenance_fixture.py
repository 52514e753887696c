"""What the browser's own provenance is held to is what the service says today."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.provenance_fixture import FILE, fixture


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from leaves(each, f"{path}.{name}")
    elif isinstance(value, list):
        for at, each in enumerate(value):
            yield from leaves(each, f"{path}.{at}")
    else:
        yield path, value


def test_the_provenance_that_the_browser_is_held_to_is_the_services() -> None:
    kept, found = (dict(leaves(each)) for each in (json.loads(FILE.read_text(encoding="utf-8")), fixture()))
    assert kept.keys() == found.keys(), "python -m tests.provenance_fixture"
    for path, value in found.items():
        if ".engine." not in path:
            assert kept[path] == (pytest.approx(value, abs=2e-6) if isinstance(value, float) else value), path
