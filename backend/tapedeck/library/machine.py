"""A machine as a user of the library holds it: where it comes from, what it is, and what runs it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, SupportsIndex

from torch import Tensor, nn

from tapedeck.checkpoints import (
    SUFFIX,
    Checkpoint,
    CheckpointInfo,
    CheckpointLibrary,
    is_own,
    read_checkpoint,
    snapshot,
)
from tapedeck.checkpoints.assembly import from_parameters
from tapedeck.checkpoints.files import StrPath
from tapedeck.checkpoints.importers import import_file
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.errors import InvalidLocations, InvalidRequest
from tapedeck.library.inputs import Given, task_input, whole_number
from tapedeck.library.recorded import RecordedRun
from tapedeck.ntm import MachineSpec, NeuralTM
from tapedeck.tasks import check_task, task_as_heard, task_of
from tapedeck.tracing import prepare
from tapedeck.tracing.interventions import Parameter, parameters_of
from tapedeck.tracing.interventions.declarations import Given as AnIntervention

UNNAMED = "machine"
"""What a machine is called that comes from no file."""


@dataclass(frozen=True, repr=False)
class Machine:
    """A trained machine, ready to run. `load` makes one.

    Attributes:
        module: the machine itself: a torch module, in eval mode and without gradients, whose `step` takes one step.
        info: what is known about it: id, name, task, sequences seen, seed, specification, hash, metrics, origin.
    """

    module: NeuralTM
    info: CheckpointInfo

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> Machine:
        """The machine of a checkpoint."""
        return cls(checkpoint.machine, checkpoint.info)

    @property
    def id(self) -> str:
        """Its name in lists, labels and links."""
        return self.info.id

    @property
    def task(self) -> str:
        """The task that it was trained on, such as `copy`."""
        return self.info.task

    @property
    def spec(self) -> MachineSpec:
        """What the machine is, without its numbers (memory [N, W], controller, heads in acting order, channels)."""
        return self.info.spec

    @property
    def parameters(self) -> dict[str, Parameter]:
        """What `td.noise("parameters.NAME", …)` takes, by name, with shapes and what noise is a share of."""
        return {each.name: each for each in parameters_of(self.module)}

    def run(
        self,
        given: Given,
        *,
        locations: SupportsIndex | None = None,
        interventions: Sequence[AnIntervention] | None = None,
    ) -> RecordedRun:
        """Runs the machine on one input to the end, recording every step; some 0.1 ms a step on one core.

        Args:
            given: the input of its task. Of a copy: text, of which each UTF-8 byte is a vector of 8 bits; a string of
                whole vectors, “10110011 00101100” (as `bytes` it is text all the same); a list, array or tensor
                [L, bits] of 0s and 1s. Of any task: its input by name, as `tapedeck tasks` lists it, such as
                {"sequence": …, "repeats": 3}.
            locations: N, the rows of the memory; the machine's own where it is None.
            interventions: what is changed inside the run, by `td.set`, `td.scale`, `td.freeze` … or as a request has
                it; recorded is what counts then.

        Returns:
            All T steps of the run.

        Raises:
            InvalidSequence: the input is not this task's, or not one that this machine reads.
            InvalidLocations: too few locations for the heads' shifts, too many for a memory of 64 MB, or others than a
                learned memory has.
            InvalidInterventions: one names what the machine or the run lacks, or contradicts another; says which.
            NonFinite: its numbers overflow.
        """
        count = None if locations is None else whole_number(locations, "locations", InvalidLocations)
        task = task_as_heard(self.spec, self.task)
        run = prepare(self.module, task.name, task_input(given, task, self.spec), count, interventions)
        return RecordedRun(self.info, run, run.trace())

    def __repr__(self) -> str:
        memory = self.spec.memory
        heads = ", ".join(head.name for head in self.spec.heads)
        return f"<Machine {self.id}: {self.task}, {memory.locations} × {memory.width} memory, heads {heads}>"


def load(
    source: StrPath | Mapping[str, Tensor] | nn.Module | Machine,
    *,
    folder: StrPath | None = None,
    spec: MachineSpec | None = None,
    task: str | None = None,
) -> Machine:
    """A machine, from wherever it is.

    Args:
        source: the id of a machine in a folder, such as `copy-1`; a file of this project, which its metadata tells;
            any other file of a machine, .safetensors among them, which is imported as `tapedeck import` does it, and
            of which `info.origin` says what it was taken for and how it played; the parameters by name, a state_dict
            of `NeuralTM` (or of the reference's machine, which has the same names); or such a module itself, whose
            numbers are taken as they are now.
        folder: where ids are looked up; left out, among the machines that ship, and then in the folder of those trained
            here (`runs`, or what TAPEDECK_RUNS says).
        spec: of a state_dict: what the machine is. Left out, it is the reference's with the sizes that the parameters
            have, and 128 locations.
        task: of a state_dict, a module or a file of others: what it was trained on; left out, the task that has its
            channels, or of a file the one that it plays best.

    Raises:
        CheckpointNotFound: no machine of that id; names those that there are.
        CheckpointUnreadable: the file, the folder or the parameters are not those of a machine, or of none that is
            known; says which.
        InvalidRequest: a module of another kind, or a task that cannot be told from the channels.
    """
    if isinstance(source, Machine):
        return source
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        if _is_there(path) and not is_own(path):
            imported = import_file(path, task=task)
            named, origin = imported.played.hears.task, imported.origin
            return Machine.of(snapshot(imported.machine, name=path.stem, task=named, origin=origin))
        return Machine.of(find(os.fspath(source), *_folders(folder)))
    if spec is not None and not isinstance(spec, MachineSpec):
        raise InvalidRequest(f"spec must be a tapedeck.ntm.MachineSpec, got {type(spec).__qualname__}.", field="spec")
    module = from_parameters(source, spec) if isinstance(source, Mapping) else _own(source)
    known = check_task(task).name if task is not None else task_of(module.spec).name
    given: dict[str, Any] = {"kind": "given", "module": type(source).__qualname__}
    return Machine.of(snapshot(module, name=UNNAMED, task=known, origin=given))


def find(checkpoint: str, folder: Path, *others: Path) -> Checkpoint:
    """A file where the name is one, otherwise a machine of the folders, by the id that the service lists it under.

    Args:
        checkpoint: a path or an id.
        folder: must be there.
        others: are looked in after it, where they are there: the runs trained here, for instance.

    Raises:
        CheckpointNotFound: no folder has one of that id; names those that there are.
        CheckpointUnreadable: the file, or a folder, cannot be read.
    """
    if is_file(checkpoint):
        return read_checkpoint(checkpoint)
    named = folder / f"{checkpoint}{SUFFIX}"
    if _is_there(named):  # the first folder's ids are its files' names: none of the others need be read
        return read_checkpoint(named)
    return CheckpointLibrary(folder, others).get(checkpoint)


def path_of(checkpoint: str, folder: Path, *others: Path) -> Path:
    """Where the file of a machine is that `find` finds.

    Raises:
        CheckpointNotFound: as `find`.
    """
    if is_file(checkpoint):
        return Path(checkpoint)
    named = folder / f"{checkpoint}{SUFFIX}"
    return named if _is_there(named) else CheckpointLibrary(folder, others).path(checkpoint)


def is_file(checkpoint: str) -> bool:
    """Whether a name is that of a file, and not an id."""
    path = Path(checkpoint)
    return path.suffix == SUFFIX or path.name != checkpoint or _is_there(path)


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long for any file, or a folder that may not be looked into
        return False


def _folders(folder: StrPath | None) -> tuple[Path, ...]:
    if folder is not None:
        return (Path(folder),)
    return SHIPPED_CHECKPOINTS, runs_folder()


def runs_folder() -> Path:
    """Where machines are that were trained here."""
    return Path(os.environ.get("TAPEDECK_RUNS", "runs"))


def _own(module: object) -> NeuralTM:
    if not isinstance(module, NeuralTM):
        raise InvalidRequest(
            f"Expected an id, a file, a state_dict or a tapedeck.ntm.NeuralTM, got {type(module).__qualname__}; record "
            "a machine of your own with td.Recorder, or import its checkpoint with: tapedeck import FILE."
        )
    return module
