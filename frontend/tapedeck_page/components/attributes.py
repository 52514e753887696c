"""HTML attributes whose names Python cannot spell."""

from __future__ import annotations

from typing import Any


def attributes(**named: str) -> dict[str, Any]:
    """`data_field="inputs"` as `{"data-field": "inputs"}`, for the browser modules and screen readers."""
    return {name.replace("_", "-"): value for name, value in named.items()}
