"""The project's own checkpoint: one safetensors file with everything inside that a run needs.

    tensors      all float32: the parameters under the state_dict's names; what of the start is not learned as
                 `initial.memory`, `initial.write_weighting`, `initial.read_weighting`, `initial.read_vector` …
    metadata     one key, "tapedeck": the JSON document of `tapedeck.checkpoints.metadata`

A file is read whole and once: what is hashed, checked and run are the same bytes, and no file is mapped into memory
that somebody might cut short.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import safetensors
import safetensors.torch
import torch
from pydantic import JsonValue
from torch import Tensor

from tapedeck.checkpoints import metadata
from tapedeck.checkpoints.assembly import assemble, check_names, check_sizes
from tapedeck.checkpoints.files import StrPath, naming, read_file, write_atomically
from tapedeck.checkpoints.metadata import FORMAT_VERSION, Metadata
from tapedeck.checkpoints.torch_files import MAGIC, ZIP
from tapedeck.errors import CheckpointUnreadable, CheckpointUnwritable, InvalidRequest, quoted
from tapedeck.ntm import MachineSpec, NeuralTM, State
from tapedeck.ntm.state import parts_of
from tapedeck.tasks import TASKS, task_as_heard
from tapedeck.tasks.terms import terms_of

SUFFIX = ".safetensors"
METADATA_KEY = "tapedeck"
INITIAL = "initial."


@dataclass(frozen=True)
class CheckpointInfo:
    """What is known about a machine beside its numbers.

    Attributes:
        id: the file's name without its suffix, or what a library lists it as.
        name: for people.
        task: what it was trained on, a name in `tapedeck.tasks.TASKS`.
        sequences_seen: in training; None where nobody knows.
        seed: of the training.
        spec: what the machine is.
        sha256: of the file, in hexadecimal.
        metrics: measured on it.
        origin: where it comes from: {"kind": "trained", "run": …, "recipe": …} or {"kind": "imported", "file": …}.
    """

    id: str
    name: str
    task: str
    sequences_seen: int | None
    seed: int | None
    spec: MachineSpec
    sha256: str
    metrics: dict[str, JsonValue]
    origin: dict[str, JsonValue]

    @cached_property
    def described(self) -> Mapping[str, Any]:
        """The document, made once: half a millisecond, of every run. Not to be changed."""
        return self.document()

    def document(self) -> dict[str, Any]:
        """As plain JSON: `machine` is the specification, `config` the sizes that a reference machine's four say.

        Where it hears its task in a way of its own, `steps` says how many a run has, as products of sizes.
        """
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        spec = plain.pop("spec")
        sizes = {
            "locations": spec.memory.locations,
            "width": spec.memory.width,
            "bits": spec.bits,
            "controller_size": spec.controller.sizes[-1],
        }
        about = ("id", "name", "task", "sequences_seen", "seed")
        first = {name: plain.pop(name) for name in about}
        return {**first, "machine": spec.as_document(), "config": sizes, **self._steps(), **plain}

    def _steps(self) -> dict[str, Any]:
        if self.spec.encoding is None or self.task not in TASKS:
            return {}
        try:
            task = task_as_heard(self.spec, self.task)
        except InvalidRequest:  # its run says why
            return {}
        return {"steps": [term._asdict() for term in terms_of(task.steps, [size.name for size in task.sizes])]}


@dataclass(frozen=True)
class Checkpoint:
    """A machine, in eval mode and without gradients, and what is known about it."""

    info: CheckpointInfo
    machine: NeuralTM


def read_checkpoint(path: StrPath) -> Checkpoint:
    """The machine in a file.

    Raises:
        CheckpointUnreadable: the file is missing, truncated, foreign or wrong in a part; names the file and the fault.
    """
    path = Path(path)
    with naming(path):
        return _decode(read_file(path), path.stem)


def is_own(path: StrPath) -> bool:
    """Whether the header of a file says that it is this project's checkpoint, whatever it is called.

    Raises:
        CheckpointUnreadable: the file cannot be read.
    """
    path = Path(path)
    with naming(path):
        return has_mark(read_file(path))


def has_mark(data: bytes) -> bool:
    """Whether bytes begin with the header of this project's checkpoints."""
    try:
        header = orjson.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    except orjson.JSONDecodeError:
        return False
    described = header.get("__metadata__") if isinstance(header, dict) else None
    return isinstance(described, dict) and METADATA_KEY in described


def read_info(path: StrPath) -> CheckpointInfo:
    """What is known about the machine in a file, which is checked as thoroughly as by `read_checkpoint`."""
    return read_checkpoint(path).info


def write_checkpoint(
    path: StrPath,
    machine: NeuralTM,
    *,
    name: str,
    task: str,
    sequences_seen: int | None,
    seed: int | None,
    metrics: dict[str, JsonValue],
    origin: dict[str, JsonValue],
) -> CheckpointInfo:
    """Writes a machine and its initial state, atomically; the same machine and metadata give the same bytes.

    In metrics and origin NaN and infinity become null, as JSON has neither.

    Raises:
        CheckpointUnwritable: what is given would not make a readable checkpoint, or the file cannot be written.
    """
    path = Path(path)
    if path.suffix != SUFFIX:
        raise CheckpointUnwritable(f"{path} must end in {SUFFIX}.")
    about = {"name": name, "task": task, "sequences_seen": sequences_seen, "seed": seed}
    data, checkpoint = _encode(machine, about, {"metrics": metrics, "origin": origin}, path.stem, f"{path}")
    write_atomically(path, data)
    return checkpoint.info


def snapshot(machine: NeuralTM, *, name: str, task: str, origin: dict[str, JsonValue]) -> Checkpoint:
    """A machine as it is now, as if it had been written to a file of that name and read again; later changes of it
    change nothing here.

    Raises:
        CheckpointUnwritable: it would not make a readable checkpoint: a number is not finite, for instance.
    """
    about = {"name": name, "task": task, "sequences_seen": None, "seed": None}
    return _encode(machine, about, {"metrics": {}, "origin": origin}, name, name)[1]


def _encode(
    machine: NeuralTM, about: Mapping[str, Any], measured: Mapping[str, Any], checkpoint_id: str, where: str
) -> tuple[bytes, Checkpoint]:
    """The bytes of a checkpoint, and what is read from them."""
    described = {"format_version": FORMAT_VERSION, **about, "machine": machine.spec.as_document(), **measured}
    try:
        document = orjson.dumps(described)
        data = safetensors.torch.save(_tensors_of(machine), {METADATA_KEY: document.decode()})
        return data, _decode(data, checkpoint_id)
    except orjson.JSONEncodeError as error:
        raise CheckpointUnwritable(f"{where} cannot be written: its metadata is not JSON: {error}.") from error
    except CheckpointUnreadable as error:
        raise CheckpointUnwritable(f"{where} would not be readable: {error.detail}") from error


def _tensors_of(machine: NeuralTM) -> dict[str, Tensor]:
    starts = {INITIAL + name: machine.get_buffer(f"initial_{name}") for name in _kept_beside(machine.spec)}
    tensors = machine.state_dict() | starts
    # Clones, because safetensors refuses tensors that share memory.
    return {name: value.detach().cpu().clone(memory_format=torch.contiguous_format) for name, value in tensors.items()}


def _kept_beside(spec: MachineSpec) -> list[str]:
    """The parts of the start that are not parameters."""
    return [name for name, part in parts_of(spec).items() if part.start.kind != "learned"]


def _decode(data: bytes, checkpoint_id: str) -> Checkpoint:
    tensors = _tensors_in(data)
    document = _metadata_in(data)
    spec = document.spec
    check_sizes(spec)
    beside = [INITIAL + name for name in _kept_beside(spec)]
    check_names([name for name in tensors if name.startswith(INITIAL)], beside)
    starts = {name.removeprefix(INITIAL): tensors.pop(name) for name in beside}
    learned = {name: f"initial_{name}" for name in parts_of(spec).keys() - starts.keys()}
    check_names(tensors.keys() & set(learned.values()), learned.values())
    initial = State.of(spec, starts | {name: tensors[parameter] for name, parameter in learned.items()})
    machine = assemble(spec, initial, tensors)
    info = CheckpointInfo(
        id=checkpoint_id,
        name=document.name,
        task=document.task,
        sequences_seen=document.sequences_seen,
        seed=document.seed,
        spec=machine.spec,
        sha256=hashlib.sha256(data).hexdigest(),
        metrics=document.metrics,
        origin=document.origin,
    )
    return Checkpoint(info, machine)


def _tensors_in(data: bytes) -> dict[str, Tensor]:
    if data.startswith((MAGIC, ZIP)):
        raise CheckpointUnreadable(
            "it is not a whole safetensors file but one of torch’s; tapedeck import makes a checkpoint of it."
        )
    try:
        entries = safetensors.deserialize(data)  # type: ignore[no-untyped-call]
    except safetensors.SafetensorError as error:
        raise CheckpointUnreadable(f"it is not a whole safetensors file: {error}.") from error
    for name, entry in entries:
        if entry["dtype"] != "F32":
            raise CheckpointUnreadable(f"tensor {quoted(name[:80])} must be F32, got {entry['dtype']}.")
    return {
        name: torch.from_numpy(np.frombuffer(entry["data"], dtype="<f4").reshape(entry["shape"]))
        for name, entry in entries
    }


def _metadata_in(data: bytes) -> Metadata:
    """From the header, which safetensors has checked but does not hand out when it is given bytes."""
    stop = 8 + int.from_bytes(data[:8], "little")
    header = orjson.loads(data[8:stop])
    document = (header.get("__metadata__") or {}).get(METADATA_KEY)
    if document is None:
        raise CheckpointUnreadable(f"it is not a Tapedeck checkpoint: its metadata has no {quoted(METADATA_KEY)}.")
    return metadata.parse(document)
