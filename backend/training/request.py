"""What somebody asks for who wants a run: the one place that decides between starting and going on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backend.errors import TrainingError
from backend.training.compiling import Compilation
from backend.training.event_files import EventFiles
from backend.training.recipe import Recipe
from backend.training.run import TrainingRun, resume_path, run_files, run_name


@dataclass(frozen=True, slots=True)
class RunRequest:
    """A run of training, new or to be gone on with.

    Attributes:
        seed: of the run.
        folder: where its files are, or will be.
        fields: of its recipe, the others at their defaults; a run that is gone on with must agree in them.
        compilation: of the cell.
        resume: go on with the run in the folder.
        replace: start it over.
        tensorboard: write event files as well.
    """

    seed: int
    folder: Path
    fields: Mapping[str, Any] = field(default_factory=dict)
    compilation: Compilation = Compilation.AUTO
    resume: bool = False
    replace: bool = False
    tensorboard: bool = False

    @property
    def recipe(self) -> Recipe:
        """Of a new run.

        Raises:
            InvalidConfiguration: a field is unknown or impossible.
        """
        return Recipe.from_dict(self.fields)

    @property
    def name(self) -> str:
        """Of the run."""
        return run_name(self.recipe, self.seed)

    @property
    def is_over(self) -> bool:
        """Whether the run in the folder has come to its end, and is not to be started over."""
        files = {path.name for path in run_files(self.folder, self.name)}
        return self.resume and f"{self.name}.safetensors" in files and f"{self.name}.resume" not in files

    def check(self) -> None:
        """Looks whether the run can begin, without beginning.

        Raises:
            InvalidConfiguration: a field is unknown or impossible.
            TrainingError: the folder holds a run of that name, and nothing was said of it; or TensorBoard is missing.
        """
        if self.tensorboard:
            EventFiles.check()
        if not self.resume and not self.replace and run_files(self.folder, self.name):
            raise TrainingError(
                f"{self.folder} already holds a run {self.name}; go on with it (--resume), "
                "start it over (--force), or choose another folder (--out)."
            )

    def open(self) -> TrainingRun:
        """The run, ready to be iterated.

        Raises:
            InvalidConfiguration, TrainingError: as `TrainingRun.start` and `TrainingRun.go_on`.
        """
        self.check()
        recorders = (EventFiles(self.folder / "tensorboard" / self.name),) if self.tensorboard else ()
        if self.resume:
            return TrainingRun.go_on(self.folder, self.name, self.compilation, recorders, fields=self.fields)
        return TrainingRun.start(
            self.recipe, self.seed, self.folder, self.compilation, recorders, replace=self.replace
        )

    def begun(self) -> bool:
        """Whether there is something to go on with."""
        return resume_path(self.folder, self.name).exists()
