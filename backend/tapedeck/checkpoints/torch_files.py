"""Files that torch.save wrote, in both of its layouts, read without torch and without running anything.

Until version 1.6 a file is a row of parts: four pickles (a magic number, the protocol's version, facts about the
writing system, the object), the pickled list of its storages' keys, and the storages, each a count as int64 and its
numbers. Since then it is a zip archive: NAME/data.pkl, and each storage as NAME/data/KEY, none of them compressed. All
little-endian.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

import torch
from torch import Tensor

from tapedeck.checkpoints.files import MOST_BYTES
from tapedeck.checkpoints.restricted_pickle import check_names, load, read_instructions
from tapedeck.checkpoints.shims import Storage, TensorView
from tapedeck.errors import CheckpointUnreadable, quoted

MAGIC = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
"""The pickled number with which torch.save began every file until version 1.6."""

ZIP = b"PK"
PROTOCOL_VERSION = 1001
COUNT_BYTES = 8
MOST_ENTRIES = 4096

Storages = Mapping[str, Tensor]


def read_torch(data: bytes) -> tuple[object, Storages]:
    """What was saved, with shims for its classes and tensors, and the numbers of its storages by key.

    Raises:
        UnsafePickle: it asks for more than a checkpoint needs; nothing in it was run.
        CheckpointUnreadable: it is cut short, or no file of torch's.
    """
    if data.startswith(ZIP):
        return _read_zip(data)
    if data.startswith(MAGIC):
        return _read_parts(data)
    what = "it is not a file that torch saved."
    try:
        instructions, _ = read_instructions(data, 0)
    except CheckpointUnreadable as error:
        raise CheckpointUnreadable(what) from error
    check_names(instructions)  # some other pickle: if it is hostile, that is the thing to say
    raise CheckpointUnreadable(what)


def tensor_of(view: object, storages: Storages, name: str) -> Tensor:
    """The numbers of a tensor in memory of their own, in the type in which they were saved.

    Raises:
        CheckpointUnreadable: it is no tensor, or does not lie within its storage.
    """
    if not isinstance(view, TensorView):
        raise CheckpointUnreadable(f"{name} in it is not a tensor.")
    numbers, count = storages[view.storage.key], math.prod(view.size)
    last = view.offset + sum((size - 1) * stride for size, stride in zip(view.size, view.stride, strict=False))
    inside = count == 0 or last < len(numbers)
    # No more numbers than there are: a stride of 0 would make any number of one.
    if not inside or count > len(numbers) or len(view.size) != len(view.stride):
        raise CheckpointUnreadable(f"{name} in it does not lie in its storage.")
    return numbers.as_strided(view.size, view.stride, view.offset).clone(memory_format=torch.contiguous_format)


def _read_parts(data: bytes) -> tuple[object, Storages]:
    version, _, stop = load(data, len(MAGIC))
    if version != PROTOCOL_VERSION:
        raise CheckpointUnreadable("it is not of the format that torch saved before version 1.6.")
    system, _, stop = load(data, stop)
    if not isinstance(system, dict) or system.get("little_endian") is not True:
        raise CheckpointUnreadable("it was not saved on a little-endian system.")
    found, expected, stop = load(data, stop)
    keys, _, stop = load(data, stop)
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys) or sorted(keys) != sorted(expected):
        raise CheckpointUnreadable("the storages in it are not those that its tensors need.")
    return found, _read_storages(data, stop, [expected[key] for key in keys])


def _read_storages(data: bytes, start: int, expected: Iterable[Storage]) -> Storages:
    storages = {}
    for storage in expected:
        count = int.from_bytes(data[start : start + COUNT_BYTES], "little", signed=True)
        start += COUNT_BYTES
        stop = start + storage.size
        if stop > len(data):
            raise CheckpointUnreadable("it is cut short: not all of its numbers are there.")
        if count != storage.numel:
            raise CheckpointUnreadable(f"a storage in it has {count} numbers where {storage.numel} are expected.")
        storages[storage.key] = _numbers(storage, data[start:stop])
        start = stop
    if start != len(data):
        raise CheckpointUnreadable(f"{len(data) - start} bytes are left over after its last number.")
    return storages


def _read_zip(data: bytes) -> tuple[object, Storages]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = _entries(archive)
            pickled = archive.read(entries["data.pkl"])
            found, expected, stop = load(pickled, 0)
            if stop != len(pickled):
                raise CheckpointUnreadable("something is left over after its pickle.")
            storages = {}
            for key, storage in expected.items():
                entry = entries.get(f"data/{key}")
                if entry is None or entry.file_size != storage.size:
                    raise CheckpointUnreadable(f"storage {quoted(key[:40])} in it is not there, or of another size.")
                storages[key] = _numbers(storage, archive.read(entry))
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise CheckpointUnreadable("it is a damaged zip archive.") from error
    return found, storages


def _entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Every file of the archive by its name below the one folder, none of which can be larger than it says."""
    infos = archive.infolist()
    if len(infos) > MOST_ENTRIES:
        raise CheckpointUnreadable(f"it is a zip archive of {len(infos):,} files, far more than a checkpoint has.")
    entries = {}
    for info in infos:
        if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
            raise CheckpointUnreadable("it is a zip archive with compressed files, which torch never writes.")
        entries["/".join(PurePosixPath(info.filename).parts[1:])] = info
    if sum(info.file_size for info in infos) > MOST_BYTES:
        raise CheckpointUnreadable("it is a zip archive that says it holds more than it does.")
    if "data.pkl" not in entries:
        raise CheckpointUnreadable("it is a zip archive, but not one that torch saved.")
    if "constants.pkl" in entries:
        raise CheckpointUnreadable("it is a TorchScript program; save its state_dict() instead.")
    order = entries.get("byteorder")
    if order is not None and archive.read(order) != b"little":
        raise CheckpointUnreadable("it was not saved on a little-endian system.")
    return entries


def _numbers(storage: Storage, data: bytes) -> Tensor:
    if not storage.numel:
        return torch.empty(0, dtype=storage.kind.dtype)
    return torch.frombuffer(bytearray(data), dtype=storage.kind.dtype, count=storage.numel)
