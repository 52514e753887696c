"""Training a machine from Python: what `tapedeck train` does for one seed, in this process."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, SupportsIndex

from tapedeck.checkpoints.files import StrPath
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.errors import InvalidConfiguration, TrainingError, shown
from tapedeck.library.inputs import whole_number
from tapedeck.library.machine import Machine, load, path_of, runs_folder
from tapedeck.training.compiling import Compilation
from tapedeck.training.outcome import carry_out
from tapedeck.training.recipes import DEFAULT_TASK, AnyRecipe
from tapedeck.training.request import TrainingRequest
from tapedeck.training.run_files import check_name, final_path
from tapedeck.training.trainer import Progress


@dataclass(slots=True)
class _Never:
    """Nobody asks this run to stop: Ctrl-C, or a notebook's button, ends it as it ends anything."""

    asked: bool = False
    drop: bool = False
    at_once: bool = False


def train(
    recipe: str | Mapping[str, Any] | AnyRecipe = DEFAULT_TASK,
    *,
    seed: SupportsIndex = 1,
    name: str | None = None,
    begin: StrPath | None = None,
    out: StrPath | None = None,
    resume: bool = False,
    force: bool = False,
    compilation: Compilation | str = Compilation.AUTO,
    report: Callable[[Progress], object] | None = None,
) -> Machine:
    """Trains a machine to the end, on one core; the same recipe and seed give the same parameters, to the last bit.

    A copy takes one to four minutes, other tasks 20 to 60. Interrupted, it loses at most a hundred updates: call it
    again with `resume=True`.

    Args:
        recipe: the name of a task, whose recipe is taken; fields of a recipe by name, `task` among them, the others as
            in the recipe of the task with its `controller` (`lstm` or `feed_forward`); or a whole recipe
            (`tapedeck.training.recipes`).
        seed: 0 … 2⁶³ − 1.
        name: of the run and of its files; left out, the task's and the seed, such as copy-1.
        begin: the id or the file of a machine to begin with: to lengthen a finished run, or to teach its machine
            something else. Fields that `recipe` does not give are those of the recipe that it was trained with.
        out: the folder that everything is written to, and where `load` finds the machine by its name; left out, `runs`,
            or what TAPEDECK_RUNS says.
        resume: continue the run of that name, or start it where there is none.
        force: start it over, and replace what is there.
        compilation: of the steps: `auto` where that works, `always`, `never`.
        report: is told about ten times a second where the run stands.

    Returns:
        The machine at the end. Those on its way are in the folder.

    Raises:
        InvalidConfiguration: the recipe, seed, name or compilation cannot be, or the machine to begin with is another
            than the recipe trains.
        CheckpointNotFound: there is no such machine to begin with.
        TrainingError: the folder holds a run of that name, or what is to be resumed is of another recipe or damaged, or
            another process trains it; or both `resume` and `force`.
        CheckpointUnwritable: a file cannot be written.
    """
    if resume and force:
        raise TrainingError("resume continues and force starts over; give one of them, not both.")
    if name is not None:
        check_name(name)
    folder = Path(out) if out is not None else runs_folder()
    request = TrainingRequest(
        whole_number(seed, "seed", InvalidConfiguration),
        folder,
        _fields(recipe),
        _compilation(compilation),
        resume=resume,
        replace=force,
        run=name,
        begin=None if begin is None else path_of(os.fspath(begin), SHIPPED_CHECKPOINTS, folder).resolve(),
    )

    def told(progress: Progress, compiled: bool | None) -> None:  # noqa: FBT001 - as it is told
        del compiled
        if report is not None:
            report(progress)

    carry_out(request, _Never(), told)
    return load(os.fspath(final_path(folder, request.name)))


def _fields(recipe: str | Mapping[str, Any] | AnyRecipe) -> Mapping[str, Any]:
    if isinstance(recipe, str):
        return {"task": recipe}
    if isinstance(recipe, Mapping):
        return recipe
    if not isinstance(recipe, AnyRecipe):
        raise InvalidConfiguration(
            f"recipe must be the name of a task, fields by name or a recipe, got {shown(recipe)}.", field="recipe"
        )
    return recipe.as_dict()


def _compilation(given: object) -> Compilation:
    if not isinstance(given, str) or given not in [*Compilation]:
        raise InvalidConfiguration(
            f"compilation must be {', '.join([*Compilation][:-1])} or {[*Compilation][-1]}, got {shown(given)}.",
            field="compilation",
        )
    return Compilation(given)
