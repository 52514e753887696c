"""Parts of a machine's start that its file does not hold, from an .npz that the user has."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from tapedeck.checkpoints.files import MOST_BYTES, naming, read_file
from tapedeck.errors import CheckpointUnreadable, quoted

READS = "initial_reads"
"""All first read vectors below one another, [heads, W]."""

MOST_ARRAYS = 256


def read_start(path: Path) -> dict[str, Tensor]:
    """The arrays by the names of parts, as float32; `initial_reads` as one read vector a head.

    Arrays of other names are left out: a trace of the machine's own program may be given as it is.

    Raises:
        CheckpointUnreadable: no .npz, damaged, or an array in it is no array of numbers.
    """
    with naming(path):
        read_file(path)  # bounded, and a sentence for each fault of the file
        try:
            with zipfile.ZipFile(path) as archive:
                infos = archive.infolist()
                if len(infos) > MOST_ARRAYS or sum(info.file_size for info in infos) > MOST_BYTES:
                    raise CheckpointUnreadable("it holds far more than a start has.")
            with np.load(path, allow_pickle=False) as arrays:
                found = {name: arrays[name] for name in arrays.files if _is_part(name)}
            tensors = {name: torch.from_numpy(array.astype(np.float32)) for name, array in found.items()}
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
    ends = ("_vector", "_weighting")
    return name == READS or name.endswith(ends) or name.startswith(("hidden", "cell"))
