"""What a user gives a machine to run, as its task's input: text, bits, arrays and tensors, or that input itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from operator import index
from typing import Any, SupportsIndex

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from tapedeck.errors import InvalidSequence, TapedeckError, shown
from tapedeck.ntm import MachineSpec
from tapedeck.tasks import Task, bits_of
from tapedeck_sequences import Problem, parse_bits, parse_text

Given = str | bytes | Sequence[Any] | npt.NDArray[Any] | Tensor | Mapping[str, Any]
"""What a machine can be given: text or bits, vectors [L, bits] of any numbers that are 0 and 1, or a task's input."""

_BITS = re.compile(r"[01\s,;]+", re.ASCII)


def task_input(given: Given, task: Task[Any], spec: MachineSpec) -> Any:
    """The task's input as a request has it, or vectors alone, which only some tasks can be asked with.

    Text becomes its UTF-8 bytes, each a vector. A string of nothing but whole vectors of 0s and 1s is these vectors:
    give bytes where it is the text that is meant.

    Raises:
        InvalidSequence: the text or the bits are not vectors that this machine reads.
        InvalidRequest: the machine has not the task's channels.
    """
    if isinstance(given, Mapping):
        names: Iterable[object] = given
        if unnamed := [name for name in names if not isinstance(name, str)]:
            raise InvalidSequence(
                f"The input of a task is given by name, got {shown(unnamed[0])} as one.", field="input"
            )
        return {name: _plain(value) for name, value in given.items()}
    bits, (name, *others) = bits_of(spec, task), task.schema["properties"]
    flat = task.schema["properties"][name].get("items", {}).get("type") == "integer"
    vectors = _vectors(given, 1 if flat else bits)
    if others:
        return vectors  # of which running it says what it needs
    return {name: [bit for vector in vectors for bit in vector] if flat and isinstance(given, str) else vectors}


def whole_number(value: object, name: str, error: type[TapedeckError]) -> int:
    """A whole number of any kind, NumPy's among them.

    Args:
        value: that should be one.
        name: of what it is given for.
        error: raised where it is none.
    """
    if isinstance(value, SupportsIndex) and not isinstance(value, bool):
        with suppress(TypeError):  # arrays and tensors have the method, whatever they hold
            return index(value)
    raise error(f"{name} must be a whole number, got {shown(value)}.", field=name)


def _vectors(given: Any, bits: int) -> Any:
    try:
        if isinstance(given, bytes):
            return _rows(f"{byte:08b}" for byte in given)
        if isinstance(given, str):
            return _rows(parse_bits(given, bits) if _is_bits(given, bits) else parse_text(given, bits))
        if isinstance(given, Sequence) and given and all(isinstance(each, str) for each in given):
            return _rows(parse_bits(" ".join(given), bits))
    except Problem as problem:
        raise InvalidSequence(str(problem), field="sequence") from problem
    return _plain(given)


def _is_bits(given: str, bits: int) -> bool:
    """Whether a string is made of whole vectors and nothing else."""
    return bool(_BITS.fullmatch(given)) and all(len(word) % bits == 0 for word in re.split(r"[\s,;]+", given.strip()))


def _rows(rows: Any) -> list[list[int]]:
    return [[int(bit) for bit in row] for row in rows]


_COMPLEX = "The input has complex numbers; give real ones."


def _plain(value: Any) -> Any:
    """Arrays and tensors as lists, whole numbers among floats as such; all else as it is."""
    if isinstance(value, Tensor):
        if value.layout != torch.strided or value.is_quantized or value.is_meta:
            raise InvalidSequence(
                "The input is a sparse, quantized or empty tensor; give a dense one with its numbers."
            )
        value = value.detach().resolve_conj().cpu()
        value = (value.double() if value.is_floating_point() else value).numpy()  # NumPy has no bfloat16
    if hasattr(value, "__array__"):
        array = np.asarray(value)
        if array.dtype.kind == "c":
            raise InvalidSequence(_COMPLEX)
        return (array.astype(np.int64) if _is_whole(array) else array).tolist()
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_plain(each) for each in value]
    if isinstance(value, complex):
        raise InvalidSequence(_COMPLEX)
    return value


def _is_whole(array: npt.NDArray[Any]) -> bool:
    """Whether flags or floats, all of which are whole numbers."""
    if array.dtype.kind == "f":
        return bool((np.isfinite(array) & (array == np.rint(array))).all())
    return array.dtype.kind == "b"
