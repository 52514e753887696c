"""Beginning with a machine that is trained already: a finished run is lengthened, or its machine taught something else.

What the optimizer had learned of its own is gone with the run that is over, so the first updates find it anew.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from torch import Tensor

from tapedeck.checkpoints import CheckpointInfo, read_checkpoint
from tapedeck.errors import InvalidConfiguration
from tapedeck.ntm import MachineSpec
from tapedeck.training.recipes import AnyRecipe


class Beginning(NamedTuple):
    """A machine to begin with."""

    info: CheckpointInfo
    parameters: dict[str, Tensor]

    @property
    def document(self) -> dict[str, Any]:
        """What a checkpoint says of it, as JSON."""
        return {"id": self.info.id, "sha256": self.info.sha256, "sequences_seen": self.info.sequences_seen}

    def recipe_fields(self, task: str) -> dict[str, Any]:
        """The recipe that it was trained with, where that was for the same task and is known."""
        recipe: Any = self.info.origin.get("recipe")
        return dict(recipe) if isinstance(recipe, dict) and self.info.task == task else {}

    def check(self, recipe: AnyRecipe) -> None:
        """That a recipe's machine can have its parameters.

        Raises:
            InvalidConfiguration: it is another machine.
        """
        ours, wanted = self.info.spec, recipe.spec
        if replace(ours, memory=wanted.memory) != wanted or (ours.memory != wanted.memory and not _free(ours, wanted)):
            raise InvalidConfiguration(
                f"{self.info.id} is another machine than this recipe trains: {_difference(ours, wanted)}; leave the "
                "fields of its machine as they are, or begin without it.",
                field="begin",
            )


def read_beginning(path: Path) -> Beginning:
    """The machine in a file.

    Raises:
        CheckpointUnreadable: the file is missing, or not a checkpoint.
    """
    found = read_checkpoint(path)
    return Beginning(found.info, found.machine.state_dict())


def _free(ours: MachineSpec, wanted: MachineSpec) -> bool:
    return ours.memory.width == wanted.memory.width and ours.locations_free


def _difference(ours: MachineSpec, wanted: MachineSpec) -> str:
    mine, other = ours.as_document(), wanted.as_document()
    name = next(name for name in mine if mine[name] != other[name])
    return f"its {name} is not the same"
