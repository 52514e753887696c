"""Machines that others trained, from files of unknown origin: nothing in them is run."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue
from torch import Tensor

from tapedeck.checkpoints.files import StrPath, naming
from tapedeck.checkpoints.importers import family_a, family_b, family_c, family_d, family_own
from tapedeck.checkpoints.importers.building import Chosen, fits
from tapedeck.checkpoints.importers.config import read_config
from tapedeck.checkpoints.importers.declaration import Family, Given, Hears
from tapedeck.checkpoints.importers.finding import Found, find, prefixes_that_fit
from tapedeck.checkpoints.importers.playing import Played, choose, play_all, play_configured, settle
from tapedeck.checkpoints.importers.reading import read_tensors
from tapedeck.checkpoints.importers.refusing import unknown_layout, unknown_sizes
from tapedeck.errors import CheckpointUnreadable
from tapedeck.ntm import NeuralTM
from tapedeck.tasks import check_task

__all__ = ["FAMILIES", "Chosen", "Imported", "import_configured", "import_file"]

FAMILIES: tuple[Family, ...] = (
    family_own.REFERENCE,
    family_own.OWN,
    family_a.FAMILY,
    family_b.B,
    family_b.B2,
    family_c.FAMILY,
    family_d.FAMILY,
)
"""Every family whose files can be imported, in the order in which they are looked for."""


@dataclass(frozen=True)
class Imported:
    """A machine from a file.

    Attributes:
        played: the machine, what it was taken for, and how it played.
        alike: other variants that played alike.
        program: whose it is.
        invented: what is not in the file, for people.
        unknown: tensors of the file that nothing is known of, but for those of the others.
        others: what stands before the names of further machines in the file, which were left out.
        prefix: what stands before the names of this one, such as `module.`.
        sequences_seen: where the file's name says so.
        sha256: of the file.
    """

    played: Played
    alike: Sequence[Played]
    program: str
    invented: Sequence[str]
    unknown: Sequence[str]
    sequences_seen: int | None
    sha256: str
    file: str
    seed: int | None
    prefix: str = ""
    others: Sequence[str] = ()

    @property
    def machine(self) -> NeuralTM:
        """It."""
        return self.played.machine

    @property
    def origin(self) -> dict[str, JsonValue]:
        """For a checkpoint: where it comes from, and what it was taken for."""
        played = self.played
        return {
            "kind": "imported",
            "file": self.file,
            "sha256": self.sha256,
            "family": played.family.name,
            "variant": played.variant.name,
            "program": self.program,
            "played": {**played.size, **played.result},
            "licence": None,
            **({"task_as_taught": played.hears.said} if played.hears.said else {}),
            **({} if self.seed is None else {"seed": self.seed}),
        }


def import_configured(path: StrPath, config: StrPath, chosen: Chosen = Chosen()) -> Imported:  # noqa: B008 - frozen
    """The machine in a file of no known family, of which a JSON file says what it is.

    Args:
        path: as of `import_file`.
        config: see `tapedeck.checkpoints.importers.config`.
        chosen: what is known of its start beside.

    Raises:
        UnsafePickle, CheckpointUnreadable: as of `import_file`; or the configuration does not fit the file.
        InvalidRequest: this version does not know the task, or the machine has not its channels.
    """
    path, config = Path(path), Path(config)
    said = read_config(config)
    with naming(path):
        tensors, data = read_tensors(path)
        machine = said.build(tensors, chosen.start or {})
        played = play_configured(machine, said.task, config.name)
    return Imported(played, (), config.name, (), (), None, hashlib.sha256(data).hexdigest(), path.name, None)


def import_file(path: StrPath, chosen: Chosen = Chosen(), task: str | None = None) -> Imported:  # noqa: B008 - frozen
    """The machine in a file: of the family whose names its tensors have, and the variant that plays best.

    Args:
        path: a state_dict or a whole module that torch.save wrote, or safetensors.
        chosen: what the file may lack.
        task: its name, where it is known; otherwise each of the family's is tried.

    Raises:
        UnsafePickle: the file asks for more than a checkpoint needs; nothing in it was run.
        CheckpointUnreadable: it is missing, cut short or something else; its tensors are of no known family, or do not
            fit one another.
        InvalidRequest: this version does not know the task.
    """
    path = Path(path)
    if task is not None:
        check_task(task)
    with naming(path):
        tensors, data = read_tensors(path)
        family, found = _find(tensors)
        played, alike = settle(*choose(_play(family, found, chosen, task)))
        invented, others = _invented(found, chosen), _others(tensors, found)
    count = re.search(r"-(\d{1,15})$", path.stem, re.ASCII) if family is family_own.REFERENCE else None
    return Imported(
        played,
        alike,
        found.keys.about,
        invented,
        [name for name in found.unknown if not name.startswith(tuple(filter(None, others)))],
        int(count[1]) if count else None,
        hashlib.sha256(data).hexdigest(),
        path.name,
        chosen.seed if _is_drawn(found, chosen) else None,
        found.prefix,
        others,
    )


def _find(tensors: Mapping[str, Tensor]) -> tuple[Family, Found]:
    for family in FAMILIES:
        for keys in family.keys:
            found = find(tensors, keys)
            if found is not None:
                return family, found
    raise CheckpointUnreadable(unknown_layout(tensors))


def _others(tensors: Mapping[str, Tensor], found: Found) -> list[str]:
    """What stands before the names of further machines, of whatever family."""
    fitting = (prefixes_that_fit(tensors, keys) for family in FAMILIES for keys in family.keys)
    prefixes = dict.fromkeys(prefix for each in fitting for prefix in each)
    return [prefix for prefix in prefixes if prefix != found.prefix]


def _play(family: Family, found: Found, chosen: Chosen, task: str | None) -> list[Played]:
    """On the family's own tasks; on those of all others too, where none of them is played."""
    if not any(fits(found, variant) for variant in family.variants):
        raise CheckpointUnreadable(unknown_sizes(family, found, "its layers fit no variant of it"))
    own = _heard(family.hears, task)
    played = play_all(family, found, own, chosen)
    if all(each.is_noise for each in played):
        others = {id(hears): hears for other in FAMILIES for hears in _heard(other.hears, task)}
        tried = play_all(family, found, [hears for hears in others.values() if hears not in own], chosen)
        # Of tasks of which it plays none, its own program's are as good as any.
        played += [each for each in tried if not played or not each.is_noise]
    if not played:
        what = "no task" if task is None else f"no way of {task}"
        raise CheckpointUnreadable(unknown_sizes(family, found, f"{what} has these channels"))
    return played


def _heard(hears: Sequence[Hears], task: str | None) -> list[Hears]:
    return [each for each in hears if task in (None, each.task)]


def _is_drawn(found: Found, chosen: Chosen) -> bool:
    reads = {f"{head.name}_vector" for head in found.heads if head.kind == "read"}
    keys = found.keys.reads
    return isinstance(keys, Given) and keys.start is None and not reads <= set(chosen.start or {})


def _invented(found: Found, chosen: Chosen) -> list[str]:
    said = []
    if found.locations is None:
        said.append(f"the number of locations, taken as {chosen.locations} (--locations)")
    if _is_drawn(found, chosen):
        said.append(
            f"the first read vectors, which its program draws for every sequence: drawn once with seed {chosen.seed} "
            "(--seed, or --start)"
        )
    return said
