"""Every tensor in a file, by its dotted name, whatever the file: pickled by torch, or safetensors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path

import safetensors
import torch
from torch import Tensor

from tapedeck.checkpoints.files import MOST_BYTES, read_file
from tapedeck.checkpoints.format import has_mark
from tapedeck.checkpoints.shims import Module, TensorView
from tapedeck.checkpoints.torch_files import MAGIC, ZIP, read_torch, tensor_of
from tapedeck.errors import CheckpointUnreadable, quoted

MOST_TENSORS = 4096
MOST_DEPTH = 32
MOST_VISITS = 100_000
NUMBER_BYTES = 4

DTYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I64": torch.int64,
    "I32": torch.int32,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}

Tensors = Mapping[str, Tensor]


def read_tensors(path: Path) -> tuple[dict[str, Tensor], bytes]:
    """All tensors of numbers, as float32, in the order in which they stand there; and the file itself.

    Raises:
        UnsafePickle: the file asks for more than a checkpoint needs; nothing in it was run.
        CheckpointUnreadable: it is missing, cut short, something else, or holds no tensor.
    """
    data = read_file(path)
    found = _safetensors(data) if _is_safetensors(data) else dict(_of_torch(data))
    if not found:
        raise CheckpointUnreadable("there is no tensor in it.")
    return found, data


def _is_safetensors(data: bytes) -> bool:
    return not data.startswith((MAGIC, ZIP)) and data[8:9] == b"{"


def _safetensors(data: bytes) -> dict[str, Tensor]:
    try:
        entries = safetensors.deserialize(data)  # type: ignore[no-untyped-call]
    except safetensors.SafetensorError as error:
        raise CheckpointUnreadable(f"it is not a whole safetensors file: {error}.") from error
    if has_mark(data):
        raise CheckpointUnreadable("it is a checkpoint of Tapedeck already; it needs no importing.")
    tensors = {}
    for name, entry in entries:
        if entry["dtype"] not in DTYPES:
            raise CheckpointUnreadable(f"tensor {quoted(name[:80])} is of type {entry['dtype']}, which none needs.")
        numbers = torch.frombuffer(entry["data"], dtype=DTYPES[entry["dtype"]]) if entry["data"] else torch.empty(0)
        tensors[name] = numbers.float().reshape(entry["shape"])
    return tensors


def _of_torch(data: bytes) -> Iterator[tuple[str, Tensor]]:
    saved, storages = read_torch(data)
    total = 0
    for number, (name, view) in enumerate(_views(saved, "", 0, count()), 1):
        # Bounded before each is made: many views of one storage could ask for any amount.
        tensor = tensor_of(view, storages, quoted(name[:80]))
        total += NUMBER_BYTES * tensor.numel()
        if number > MOST_TENSORS or total > MOST_BYTES:
            raise CheckpointUnreadable(
                f"it holds more than {MOST_TENSORS:,} tensors, or than {MOST_BYTES >> 20} MB of numbers."
            )
        yield name, tensor.float()


def _views(saved: object, prefix: str, depth: int, visited: Iterator[int]) -> Iterator[tuple[str, TensorView]]:
    """Of dicts of tensors, of modules, and of what holds these; a cycle ends at some depth or after some visits."""
    if isinstance(saved, TensorView):
        yield prefix.rstrip("."), saved
    if depth > MOST_DEPTH or next(visited) > MOST_VISITS:
        raise CheckpointUnreadable(f"its tensors are nested more than {MOST_DEPTH} deep, or within themselves.")
    for name, held in _members(saved):
        yield from _views(held, f"{prefix}{name}." if name else prefix, depth + 1, visited)


def _members(saved: object) -> Iterator[tuple[str, object]]:
    """What a module or a dict holds, by name; a module's dicts have none of their own."""
    if isinstance(saved, Module):
        parts = (saved.state.get(part) for part in ("_parameters", "_buffers", "_modules"))
        yield from (("", part) for part in parts if isinstance(part, dict))
        yield from ((f"{name}", value) for name, value in saved.state.items() if isinstance(value, TensorView))
    elif isinstance(saved, dict):
        found: dict[object, object] = saved
        for name, value in found.items():
            if isinstance(name, str) and isinstance(value, TensorView | Module | dict):
                yield name, value
