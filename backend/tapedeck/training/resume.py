"""The resume file: everything that the updates still to come depend on.

One safetensors file, no pickle. Tensors: the machine's parameters as `machine.<name>`; the optimizer's state, over all
parameters in their order, as `optimizer.<name>`; the state of the batches' random generator as `batches`. Metadata: one
JSON document with the recipe, the seed, whether the steps were compiled, and what was counted. The file is written
atomically: whenever the process dies, there is the last whole one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import orjson
import safetensors
import safetensors.torch
from pydantic import BaseModel, ConfigDict, ValidationError
from torch import Tensor

from tapedeck.checkpoints.files import MOST_BYTES, read_file, write_atomically
from tapedeck.errors import CheckpointUnreadable, InvalidConfiguration, TrainingError
from tapedeck.training.recipes import AnyRecipe, recipe_from_dict
from tapedeck.training.trainer import Counters, Trainer

METADATA_KEY = "tapedeck-training"
FORMAT_VERSION: Literal[2] = 2

MOST_RESUME_BYTES = 4 * MOST_BYTES
"""Of a resume file that is read: three checkpoints, since the optimizer keeps two more numbers of every parameter."""


class _Document(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    format_version: Literal[2]
    recipe: dict[str, Any]
    seed: int
    compiled: bool | None
    counters: Counters
    began: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What a resume file holds."""

    path: Path
    recipe: AnyRecipe
    seed: int
    compiled: bool | None
    counters: Counters
    tensors: dict[str, Tensor]
    began: dict[str, Any] | None = None

    def restore(self, trainer: Trainer) -> None:
        """Puts a new trainer of the same recipe and seed where the saved one stood.

        Raises:
            TrainingError: the tensors are not those of such a trainer.
        """
        try:
            _restore_parameters(trainer, self.tensors)
            _restore_optimizer(trainer, self.tensors)
            trainer.batches.state = self.tensors["batches"]
        except (KeyError, RuntimeError) as error:  # RuntimeError: torch, of sizes that do not fit
            raise TrainingError(f"{self.path.name}: its tensors are not those of its recipe: {error}") from error
        trainer.counters = self.counters


def save(path: Path, trainer: Trainer, *, compiled: bool | None, began: dict[str, Any] | None = None) -> None:
    """Writes the resume file; `began` says what machine the run began with, where it was one.

    Raises:
        CheckpointUnwritable: it cannot be written.
    """
    tensors = {"batches": trainer.batches.state}
    for name, parameter in trainer.machine.named_parameters():
        tensors[f"machine.{name}"] = parameter.detach().clone()  # safetensors takes no parts of one array
    for key, value in trainer.optimizer.state_dict()["state"].get(0, {}).items():
        tensors[f"optimizer.{key}"] = value
    document = _Document(
        format_version=FORMAT_VERSION,
        recipe=trainer.recipe.as_dict(),
        seed=trainer.seed,
        compiled=compiled,
        counters=trainer.counters,
        began=began,
    )
    write_atomically(path, safetensors.torch.save(tensors, {METADATA_KEY: document.model_dump_json()}))


def read(path: Path) -> Saved:
    """What is in a resume file.

    Raises:
        TrainingError: the file is missing, truncated, foreign or wrong in any part; names the file and the fault.
    """
    try:
        data = read_file(path, MOST_RESUME_BYTES)
        tensors = safetensors.torch.load(data)
        header = orjson.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        document = _Document.model_validate_json(header["__metadata__"][METADATA_KEY])
        recipe = recipe_from_dict(document.recipe)
    except (CheckpointUnreadable, InvalidConfiguration) as error:
        raise TrainingError(f"{path.name}: {error.detail}") from error
    except (safetensors.SafetensorError, KeyError, ValidationError) as error:
        raise TrainingError(f"{path.name} is not a whole resume file of this version; start the run over.") from error
    return Saved(path, recipe, document.seed, document.compiled, document.counters, tensors, document.began)


def _restore_parameters(trainer: Trainer, tensors: dict[str, Tensor]) -> None:
    trainer.machine.load_state_dict(_named(tensors, "machine."))


def _restore_optimizer(trainer: Trainer, tensors: dict[str, Tensor]) -> None:
    """In the optimizer's own form: the state of its one array, once there is any."""
    state = _named(tensors, "optimizer.")
    groups = trainer.optimizer.state_dict()["param_groups"]
    trainer.optimizer.load_state_dict({"state": {0: state} if state else {}, "param_groups": groups})


def _named(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
