"""The resume file: everything that the updates still to come depend on.

One safetensors file, no pickle. Tensors: the machine's parameters as `machine.<name>`, the optimizer's state as
`optimizer.<name>.<parameter>`, the state of the batches' random generator as `batches`. Metadata: one JSON document
with the recipe, the seed, whether the cell was compiled, and what was counted. The file is written atomically:
whenever the process dies, there is the last whole one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import safetensors
import safetensors.torch
from pydantic import BaseModel, ConfigDict, ValidationError
from torch import Tensor

from backend.checkpoints.files import read_file, write_atomically
from backend.errors import CheckpointUnreadable, InvalidConfiguration, TrainingError
from backend.training.recipe import Recipe
from backend.training.trainer import Counters, Trainer

METADATA_KEY = "tapedeck-training"
FORMAT_VERSION = 1


class _Document(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    format_version: int
    recipe: dict[str, Any]
    seed: int
    compiled: bool | None
    counters: Counters


@dataclass(frozen=True, slots=True)
class Saved:
    """What a resume file holds."""

    path: Path
    recipe: Recipe
    seed: int
    compiled: bool | None
    counters: Counters
    tensors: dict[str, Tensor]

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


def save(path: Path, trainer: Trainer, *, compiled: bool | None) -> None:
    """Writes the resume file.

    Raises:
        CheckpointUnwritable: it cannot be written.
    """
    tensors = {"batches": trainer.batches.state}
    for name, parameter in trainer.machine.named_parameters():
        tensors[f"machine.{name}"] = parameter.detach()
        for key, value in trainer.optimizer.state.get(parameter, {}).items():
            tensors[f"optimizer.{key}.{name}"] = value
    document = _Document(
        format_version=FORMAT_VERSION,
        recipe=trainer.recipe.as_dict(),
        seed=trainer.seed,
        compiled=compiled,
        counters=trainer.counters,
    )
    write_atomically(path, safetensors.torch.save(tensors, {METADATA_KEY: document.model_dump_json()}))


def read(path: Path) -> Saved:
    """What is in a resume file.

    Raises:
        TrainingError: the file is missing, truncated, foreign or wrong in any part; names the file and the fault.
    """
    try:
        data = read_file(path)
        tensors = safetensors.torch.load(data)
        header = orjson.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        document = _Document.model_validate_json(header["__metadata__"][METADATA_KEY])
        recipe = Recipe.from_dict(document.recipe)
    except (CheckpointUnreadable, InvalidConfiguration) as error:
        raise TrainingError(f"{path.name}: {error.detail}") from error
    except (safetensors.SafetensorError, KeyError, ValidationError) as error:
        raise TrainingError(f"{path.name} is not a whole resume file of this version; start the run over.") from error
    return Saved(path, recipe, document.seed, document.compiled, document.counters, tensors)


def _restore_parameters(trainer: Trainer, tensors: dict[str, Tensor]) -> None:
    prefix = "machine."
    named = {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
    trainer.machine.load_state_dict(named)


def _restore_optimizer(trainer: Trainer, tensors: dict[str, Tensor]) -> None:
    """In the optimizer's own form: the state of each parameter by its place in the row of parameters."""
    places = {name: place for place, (name, _) in enumerate(trainer.machine.named_parameters())}
    state: dict[int, dict[str, Tensor]] = {}
    for name, value in tensors.items():
        if name.startswith("optimizer."):
            _, key, parameter = name.split(".", 2)
            state.setdefault(places[parameter], {})[key] = value
    groups = trainer.optimizer.state_dict()["param_groups"]
    trainer.optimizer.load_state_dict({"state": state, "param_groups": groups})
