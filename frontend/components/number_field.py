"""A field for a number. What is typed beyond its bounds stays, so that a sentence can say what is wrong with it."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc


def whole_number(field: str, label: str, least: int, most: int, **more: Any) -> dmc.NumberInput:
    """A field for a whole number from the least to the most."""
    return dmc.NumberInput(
        id=field, label=label, min=least, max=most, allowDecimal=False, clampBehavior="none", size="sm", **more
    )
