"""Parts of a machine's start that its file does not hold, from an .npz that the user has."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from tapedeck.checkpoints.files import MOST_BYTES, naming, read_file
from tapedeck.errors import CheckpointUnreadable, quoted

READS = "initial_reads"
"""All first read vectors below one another, [heads, W]."""

PART = re.compile(r"(read|write)([1-9][0-9]*)?_weighting|read([1-9][0-9]*)?_vector|(hidden|cell)[1-9][0-9]*")
"""The names of `tapedeck.ntm.state.parts_of`, but for the memory."""

MOST_ARRAYS = 256


def read_start(path: Path) -> dict[str, Tensor]:
    """The arrays by the names of parts, as float32; `initial_reads` as one read vector a head.

    Arrays of other names are left out, and a `memory` that is not [N, W], such as that of all steps: a trace of the
    machine's own program may be given as it is.

    Raises:
        CheckpointUnreadable: no .npz, damaged, or an array in it is no array of numbers.
    """
    with naming(path):
        data = read_file(path)  # bounded, and a sentence for each fault of the file
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                infos = archive.infolist()
                if len(infos) > MOST_ARRAYS or sum(info.file_size for info in infos) > MOST_BYTES:
                    raise CheckpointUnreadable("it holds far more than a start has.")
            with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
                found = {name: arrays[name] for name in arrays.files if _is_part(name)}
            tensors = {
                name: torch.from_numpy(array.astype(np.float32))
                for name, array in found.items()
                if name != "memory" or array.ndim == 2
            }
        except (zipfile.BadZipFile, ValueError, TypeError, OSError, EOFError, KeyError) as error:
            raise CheckpointUnreadable("it is no .npz of arrays of numbers.") from error
        if not tensors:
            raise CheckpointUnreadable(f"it has no array {quoted(READS)}, and none named as a part of the start.")
        reads = tensors.pop(READS, None)
        if reads is not None:
            if reads.dim() != 2:
                raise CheckpointUnreadable(f"{READS} must have shape (heads, W), got {tuple(reads.shape)}.")
            names = (
                ["read_vector"] if len(reads) == 1 else [f"read{number}_vector" for number in range(1, len(reads) + 1)]
            )
            tensors |= dict(zip(names, reads, strict=True))
        return tensors


def _is_part(name: str) -> bool:
    return name in (READS, "memory") or PART.fullmatch(name) is not None


def shaped(value: Tensor, shape: tuple[int, ...], name: str) -> Tensor:
    """The numbers of a part of the start, in its shape; axes of length 1 and flat memories are no matter.

    Raises:
        CheckpointUnreadable: there are more or fewer, or it is a matrix of another shape, such as one that is turned.
    """
    if value.numel() != torch.Size(shape).numel():
        raise CheckpointUnreadable(
            f"the start of {name} must have {torch.Size(shape).numel():,} numbers, got {value.numel():,}."
        )
    axes = tuple(size for size in value.shape if size != 1)
    if len(axes) == len(shape) > 1 and axes != shape:
        raise CheckpointUnreadable(f"the start of {name} must have shape {shape}, got {tuple(value.shape)}.")
    return value.reshape(shape)
