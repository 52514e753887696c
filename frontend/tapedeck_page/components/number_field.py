"""A field for a number. What is typed beyond its bounds stays, so that a sentence can say what is wrong with it."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc


def whole_number(field: str, label: str, minimum: int | None, maximum: int | None, **more: Any) -> dmc.NumberInput:
    """A field for a whole number from `minimum` to `maximum`; a decimal point stays, to be refused in words."""
    return dmc.NumberInput(
        id=field,
        label=label,
        min=minimum,
        max=maximum,
        # What is typed is never made another number: without decimals the field would read 645 in “64,5”.
        allowedDecimalSeparators=[",", "."],
        clampBehavior="none",
        **({"size": "sm"} | more),
    )
