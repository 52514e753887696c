"""A request for a run: the one place that decides between starting and resuming."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tapedeck.checkpoints import read_info
from tapedeck.errors import TrainingError
from tapedeck.ntm.rules import check_seed
from tapedeck.training import resume
from tapedeck.training.beginning import Beginning, read_beginning
from tapedeck.training.compiling import Compilation
from tapedeck.training.event_files import EventFiles
from tapedeck.training.fields import differences
from tapedeck.training.recipes import DEFAULT_TASK, AnyRecipe, default_recipe, recipe_from_dict
from tapedeck.training.run import TrainingRun
from tapedeck.training.run_files import (
    check_free,
    final_path,
    metrics_path,
    resume_path,
    run_files,
    run_name,
    series_path,
    spoken,
)


@dataclass(frozen=True, slots=True)
class TrainingRequest:
    """A run of training, new or to be resumed.

    Attributes:
        seed: of the run.
        folder: where its files are, or will be.
        fields: of its recipe, the others as in that of its task and controller; a run that is resumed must agree with
            them.
        compilation: of the steps.
        resume: continue the run in the folder; start it if there is none.
        replace: start it over.
        tensorboard: write event files as well.
        run: the name of the run, where it is not that of its task and seed.
        begin: the file of a machine that a new run begins with, whose recipe is that of the fields that are not given;
            none for one with nothing learned.
    """

    seed: int
    folder: Path
    fields: Mapping[str, Any] = field(default_factory=dict)
    compilation: Compilation = Compilation.AUTO
    resume: bool = False
    replace: bool = False
    tensorboard: bool = False
    run: str | None = None
    begin: Path | None = None

    @property
    def recipe(self) -> AnyRecipe:
        """Of the run to resume, or else of a new one.

        Raises:
            InvalidConfiguration: a field is unknown or impossible.
            TrainingError: the run to resume is damaged.
        """
        return self._recipe_there() or self._new_recipe(self._beginning())

    @property
    def name(self) -> str:
        """Of the run.

        Raises:
            InvalidConfiguration: there is no such task.
        """
        return self.run or run_name(default_recipe(self.fields.get("task", DEFAULT_TASK)), self.seed)

    @property
    def is_over(self) -> bool:
        """Whether the run in the folder is finished, and is not to be started over."""
        ended = final_path(self.folder, self.name).exists() and not resume_path(self.folder, self.name).exists()
        return self.resume and ended

    @property
    def begun(self) -> bool:
        """Whether there is something to resume."""
        return self.resume and resume_path(self.folder, self.name).exists()

    def check(self) -> None:
        """Checks that the run can start or resume, without doing so.

        Raises:
            InvalidConfiguration: the seed or a field is impossible, or a field unknown.
            TrainingError: the folder holds a run of that name, and nothing was said of it; what it holds is of another
                recipe or damaged; or TensorBoard is missing.
        """
        check_seed(self.seed)
        if self.tensorboard:
            EventFiles.check()
        there = self._recipe_there()
        if there is None:
            beginning = self._beginning()
            recipe = self._new_recipe(beginning)
            if beginning is not None:
                beginning.check(recipe)
            if self.resume:
                self._check_nothing_is_lost()
            elif not self.replace:
                check_free(self.folder, self.name)
        elif changed := differences(there.as_dict(), recipe_from_dict(there.as_dict() | dict(self.fields)).as_dict()):
            raise TrainingError(
                f"{self.name} in {spoken(self.folder)} was trained with another recipe ({'; '.join(changed)}); "
                "continue without changing the recipe, start over (--force), or choose another folder (--out)."
            )

    def open(self) -> TrainingRun:
        """The run, ready to be iterated. One that is to be resumed, but has no resume file yet, starts.

        Raises:
            InvalidConfiguration, TrainingError: as `check`, `TrainingRun.start` and `TrainingRun.go_on`.
        """
        self.check()
        recorders = (EventFiles(self.folder / "tensorboard" / self.name),) if self.tensorboard else ()
        if self.begun:
            return TrainingRun.go_on(self.folder, self.name, self.compilation, recorders)
        beginning = self._beginning()
        return TrainingRun.start(
            self._new_recipe(beginning),
            self.seed,
            self.folder,
            self.compilation,
            recorders,
            name=self.name,
            replace=self.replace or self.resume,
            beginning=beginning,
        )

    def _beginning(self) -> Beginning | None:
        return None if self.begin is None else read_beginning(self.begin)

    def _new_recipe(self, beginning: Beginning | None) -> AnyRecipe:
        task = self.fields.get("task", DEFAULT_TASK)
        return recipe_from_dict(({} if beginning is None else beginning.recipe_fields(task)) | dict(self.fields))

    def _recipe_there(self) -> AnyRecipe | None:
        """Of the run to resume, whether it is over or not."""
        if self.begun:
            return resume.read(resume_path(self.folder, self.name)).recipe
        if not self.is_over:
            return None
        path = final_path(self.folder, self.name)
        recipe = read_info(path).origin.get("recipe")
        if not isinstance(recipe, dict):
            raise TrainingError(f"{path} was not trained here; choose another folder (--out).")
        return recipe_from_dict(recipe)

    def _check_nothing_is_lost(self) -> None:
        """A run that ended before its first resume file has left only what starting it makes again.

        Raises:
            TrainingError: there is more.
        """
        beginning = (series_path(self.folder, self.name, 0), metrics_path(self.folder, self.name))
        if set(run_files(self.folder, self.name)) - set(beginning):
            missing = resume_path(self.folder, self.name).name
            raise TrainingError(
                f"{spoken(self.folder)} holds machines of {self.name}, but no {missing} to resume from; start "
                "it over (--force), or choose another folder (--out)."
            )
