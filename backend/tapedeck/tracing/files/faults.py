"""What pydantic finds wrong with the text of a trace file, as one sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tapedeck.errors import shown

WORDS = {
    "int_type": "a whole number",
    "float_type": "a number",
    "string_type": "text",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
}
"""What must stand there, by what pydantic calls the fault."""
BOUNDS = {"greater_than_equal": ("ge", "more"), "less_than_equal": ("le", "less")}
"""Where its bound is, and on which side."""
CHARACTERS, ENTRIES = ("character", "characters"), ("entry", "entries")


def sentence(fault: Mapping[str, Any]) -> str:
    """Where it is, what stands there, and what must.

    Args:
        fault: one of the errors of a ValidationError.
    """
    where = _where(fault["loc"])
    if fault["type"] == "missing":
        return f"{where} is missing."
    if fault["type"] == "string_pattern_mismatch":
        return (
            f"{where} is {shown(fault['input'])}; the name of a head is 1 to 40 letters, digits, _ and -, and not "
            "initial, memory or controller."
        )
    if fault["type"].endswith(("too_long", "too_short")):
        side, bound = next(
            (end, fault["ctx"][f"{end}_length"]) for end in ("max", "min") if f"{end}_length" in fault["ctx"]
        )
        count, (one, many) = len(fault["input"]), CHARACTERS if isinstance(fault["input"], str) else ENTRIES
        least_or_most = "most" if side == "max" else "least"
        return f"{where} has {count:,} {one if count == 1 else many}; it must have at {least_or_most} {bound:,}."
    if fault["type"] in BOUNDS:
        key, words = BOUNDS[fault["type"]]
        return f"{where} is {shown(fault['input'])}; it must be {fault['ctx'][key]:,} or {words}."
    words = WORDS.get(fault["type"]) or fault["msg"].removeprefix("Input should be ")
    return f"{where} is {shown(fault['input'])}; it must be {_quoted(words)}."


def _where(path: tuple[int | str, ...]) -> str:
    where = "meta"
    for step in path:
        if isinstance(step, int):
            where += f"[{step}]"
        elif step.isidentifier() and step != "float":  # not the name of one of two forms that pydantic tried
            where += f".{step}"
    return where


def _quoted(words: str) -> str:
    """Words in straight quotation marks, in those of a sentence."""
    return re.sub(r"'([^']*)'", r"“\1”", words)
