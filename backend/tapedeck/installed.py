"""Imported first by every package that needs torch: says in a sentence what is not installed, and what to do."""

from __future__ import annotations

from importlib.util import find_spec

from tapedeck.dependencies import sentence

for _module in ("torch", "jaxtyping", "safetensors", "orjson", "pydantic"):
    if find_spec(_module) is None:
        raise ModuleNotFoundError(sentence(_module), name=_module)
