"""A run of training in a folder: the trainer, and what it leaves behind as it goes (`tapedeck.training.run_files`)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import torch
from filelock import FileLock
from pydantic import JsonValue

from tapedeck.checkpoints import write_checkpoint
from tapedeck.errors import TrainingError
from tapedeck.training import resume
from tapedeck.training.beginning import Beginning
from tapedeck.training.compiling import Compilation, choose_steps
from tapedeck.training.controllers import Controller
from tapedeck.training.metrics import MetricsFile
from tapedeck.training.recipes import AnyRecipe, default_recipe
from tapedeck.training.run_files import (
    check_free,
    final_path,
    metrics_path,
    prepare_folder,
    resume_path,
    run_files,
    run_name,
    series_path,
    take,
)
from tapedeck.training.schedule import RECORD, checkpoint_updates, next_stop
from tapedeck.training.trainer import Progress, Trainer


class Recorder(Protocol):
    """Is told every line of metrics."""

    def begin(self, sequences: int) -> None:
        """The lines after so many sequences will come (again)."""

    def record(self, progress: Progress) -> None:
        """Takes a line."""


class TrainingRun:
    """A trainer whose checkpoints, metrics and resume file go to a folder: `start` a new one, or `go_on` with one.

    Iterating trains. Every item is where the run stands, about ten a second; the first comes before any update, and
    before compiling. Leave the loop at any item to pause, and `save` there to lose nothing; without `save` up to a
    hundred updates are made again later. Either way the parameters at the end are those of an uninterrupted run.
    """

    def __init__(
        self,
        trainer: Trainer,
        folder: Path,
        name: str,
        compilation: Compilation,
        recorders: tuple[Recorder, ...],
        *,
        lock: FileLock,
        began: dict[str, Any] | None = None,
    ) -> None:
        self.trainer = trainer
        self.folder = folder
        self.name = name
        self.compiled: bool | None = None
        self._compilation = compilation
        self._lock = lock
        self._began = began
        self._recorders = (MetricsFile(metrics_path(folder, name)), *recorders)
        self._checkpoints = frozenset(checkpoint_updates(trainer.recipe.updates))

    @classmethod
    def start(
        cls,
        recipe: AnyRecipe,
        seed: int,
        folder: Path,
        compilation: Compilation = Compilation.AUTO,
        recorders: tuple[Recorder, ...] = (),
        *,
        name: str | None = None,
        replace: bool = False,
        beginning: Beginning | None = None,
    ) -> TrainingRun:
        """A new run, named after its task and seed where no name is given, from a machine that is trained already where
        that is given.

        Whatever would stop it later, as far as that can be known, is found now.

        Raises:
            TrainingError: the folder cannot be made, holds a run of that name (unless `replace`), or has no room; or
                another process trains the run.
            InvalidConfiguration: a seed that cannot be, a machine so large that nothing reads its checkpoints, or one
                that the recipe does not train.
        """
        name = name or run_name(recipe, seed)
        trainer = Trainer(recipe, seed)
        if beginning is not None:
            beginning.check(recipe)
            trainer.machine.load_state_dict(beginning.parameters)
        prepare_folder(folder, recipe)
        lock = take(folder, name)
        if not replace:
            check_free(folder, name)
        for path in run_files(folder, name):
            path.unlink()
        began = None if beginning is None else beginning.document
        return cls(trainer, folder, name, compilation, recorders, lock=lock, began=began)

    @classmethod
    def go_on(
        cls,
        folder: Path,
        name: str,
        compilation: Compilation = Compilation.AUTO,
        recorders: tuple[Recorder, ...] = (),
    ) -> TrainingRun:
        """The run of that name, from where its resume file stands, compiled or not as before.

        Raises:
            TrainingError: there is no resume file, it is damaged, or another process trains the run.
        """
        path = resume_path(folder, name)
        if not path.exists():
            raise TrainingError(f"There is no {path} to resume from; start the run without --resume.")
        lock = take(folder, name)  # before reading: whoever had it may have written until then
        saved = resume.read(path)
        if saved.compiled is not None:
            compilation = Compilation.ALWAYS if saved.compiled else Compilation.NEVER
        trainer = Trainer(saved.recipe, saved.seed)
        run = cls(trainer, folder, name, compilation, recorders, lock=lock, began=saved.began)
        saved.restore(run.trainer)
        return run

    @property
    def final_path(self) -> Path:
        """The checkpoint at the end."""
        return final_path(self.folder, self.name)

    def __iter__(self) -> Iterator[Progress]:
        """Trains to the end.

        Raises:
            CheckpointUnwritable: a file cannot be written; the last resume file stays.
            TrainingError: the steps must be compiled, and cannot be.
        """
        trainer = self.trainer
        for recorder in self._recorders:
            recorder.begin(trainer.sequences_seen)
        if not trainer.counters.updates:
            self._settle()
        yield trainer.progress
        if trainer.finished:  # it ended just before its last file
            self.compiled = self._foreseen
        else:
            trainer.steps, self.compiled = choose_steps(trainer.recipe, self._compilation)
        while not trainer.finished:
            done = trainer.counters.updates
            if done % RECORD == 0:
                trainer.begin_stretch()
            trainer.advance(next_stop(done, trainer.recipe.updates) - done)
            self._settle()
            yield trainer.progress
        self._write_checkpoint(self.final_path)
        resume_path(self.folder, self.name).unlink(missing_ok=True)
        self._lock.release()

    def close(self) -> None:
        """Lets go of the run's files, so that another process, or this one, may continue it."""
        self._lock.release()

    def save(self) -> None:
        """Writes the resume file, for exactly this update.

        Raises:
            CheckpointUnwritable: it cannot be written.
        """
        compiled = self._foreseen if self.compiled is None else self.compiled
        resume.save(resume_path(self.folder, self.name), self.trainer, compiled=compiled, began=self._began)

    @property
    def _foreseen(self) -> bool | None:
        """Whether the steps will be compiled, as far as that is known before trying."""
        return {Compilation.ALWAYS: True, Compilation.NEVER: False}.get(self._compilation)

    def _settle(self) -> None:
        """What is due at this update: validation, a checkpoint, a line of metrics with a new resume file."""
        trainer = self.trainer
        updates = trainer.counters.updates
        record = updates % RECORD == 0 or trainer.finished
        checkpoint = updates in self._checkpoints or trainer.finished
        if checkpoint or record:
            trainer.validate()
        if checkpoint:
            self._write_checkpoint(series_path(self.folder, self.name, trainer.sequences_seen))
        if record:
            for recorder in self._recorders:
                recorder.record(trainer.progress)
            self.save()

    def _write_checkpoint(self, path: Path) -> None:
        """Nothing of the clock goes in: the same run writes the same bytes."""
        trainer = self.trainer
        progress = trainer.progress
        counted: dict[str, JsonValue] = {
            "bit_error_rate": progress.bit_error_rate,
            "validation_errors": progress.validation_errors,
        }
        if progress.validation_excess is not None:
            counted = {"validation_excess": progress.validation_excess}
        metrics: dict[str, JsonValue] = {
            "loss": progress.loss,
            **counted,
            "validation_bits": trainer.validation_bits,
            "solved_at": progress.solved_at,
            "skipped": progress.skipped,
        }
        write_checkpoint(
            path,
            trainer.machine,
            name=self._title(),
            task=trainer.recipe.task,
            sequences_seen=trainer.sequences_seen,
            seed=trainer.seed,
            metrics=metrics,
            origin={
                "kind": "trained",
                "run": self.name,
                "recipe": trainer.recipe.as_dict(),
                **({} if self._began is None else {"began": self._began}),
                "torch": torch.__version__,
                "compiled": self.compiled,
            },
        )

    def _title(self) -> str:
        """For people: two runs of one seed are told apart, and a controller that the task's recipe has not is named."""
        recipe, seed = self.trainer.recipe, self.trainer.seed
        named = [recipe.task.replace("_", " "), f"seed {seed}"]
        if recipe.controller != default_recipe(recipe.task).controller:
            named.insert(1, Controller.of(recipe.controller).named)
        title = ", ".join(named)
        usual = (run_name(recipe, seed), f"{recipe.task}-{recipe.controller}-{seed}")
        return title if self.name in usual else f"{title} ({self.name})"
