"""A run of training in a folder: the trainer, and what it leaves behind as it goes.

What seed 1 of the copy task leaves:
    copy-1.safetensors           the machine at the end
    copy-1-000000.safetensors …  the machine on its way, named by the sequences seen
    copy-1.metrics.jsonl         a line of numbers for every hundred updates
    copy-1.resume                while the run is not finished: what going on with it needs
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import torch
from pydantic import JsonValue

from backend.checkpoints import SUFFIX, write_checkpoint
from backend.errors import TrainingError
from backend.training import resume
from backend.training.compiling import Compilation, choose_cell
from backend.training.metrics import MetricsFile
from backend.training.recipe import Recipe
from backend.training.schedule import RECORD, checkpoint_updates, next_stop
from backend.training.trainer import Progress, Trainer, initial_machine

SPARE_BYTES = 1 << 20
"""Free space wanted beyond the checkpoints of a run."""

METADATA_BYTES = 8192
"""More than the metadata of a checkpoint take."""


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
        self, trainer: Trainer, folder: Path, name: str, compilation: Compilation, recorders: tuple[Recorder, ...] = ()
    ) -> None:
        self.trainer = trainer
        self.folder = folder
        self.name = name
        self.compiled: bool | None = None
        self._compilation = compilation
        self._recorders = (MetricsFile(metrics_path(folder, name)), *recorders)
        self._checkpoints = frozenset(checkpoint_updates(trainer.recipe.updates))

    @classmethod
    def start(
        cls,
        recipe: Recipe,
        seed: int,
        folder: Path,
        compilation: Compilation = Compilation.AUTO,
        recorders: tuple[Recorder, ...] = (),
        *,
        name: str | None = None,
        replace: bool = False,
    ) -> TrainingRun:
        """A new run, named after its task and seed where no name is given.

        Whatever would stop it later, as far as that can be known, is found now.

        Raises:
            TrainingError: the folder cannot be made, holds a run of that name (unless `replace`), or has no room.
            InvalidConfiguration: a seed that cannot be.
        """
        run = cls(Trainer(recipe, seed), folder, name or run_name(recipe, seed), compilation, recorders)
        prepare_folder(folder, recipe)
        before = run_files(folder, run.name)
        if before and not replace:
            raise TrainingError(
                f"{folder} already holds a run {run.name}; go on with it (--resume), "
                "start it over (--force), or choose another folder (--out)."
            )
        for path in before:
            path.unlink()
        return run

    @classmethod
    def go_on(
        cls,
        folder: Path,
        name: str,
        compilation: Compilation = Compilation.AUTO,
        recorders: tuple[Recorder, ...] = (),
        *,
        fields: Mapping[str, Any] | None = None,
    ) -> TrainingRun:
        """The run of that name, from where its resume file stands, compiled or not as before.

        Args:
            fields: of a recipe, in which the run's must agree.

        Raises:
            TrainingError: there is no resume file, it is damaged, or it is of another recipe.
            InvalidConfiguration: the fields are not those of a recipe.
        """
        path = resume_path(folder, name)
        if not path.exists():
            raise TrainingError(f"There is no {path} to go on with; start the run without --resume.")
        saved = resume.read(path)
        if differences := saved.recipe.differences(Recipe.from_dict(saved.recipe.as_dict() | dict(fields or {}))):
            raise TrainingError(
                f"{path} is of another recipe ({'; '.join(differences)}); go on without changing the recipe, "
                "or start over (--force)."
            )
        if saved.compiled is not None:
            compilation = Compilation.ALWAYS if saved.compiled else Compilation.NEVER
        run = cls(Trainer(saved.recipe, saved.seed), folder, name, compilation, recorders)
        saved.restore(run.trainer)
        return run

    @property
    def final_path(self) -> Path:
        """The checkpoint at the end."""
        return self.folder / f"{self.name}{SUFFIX}"

    def __iter__(self) -> Iterator[Progress]:
        """Trains to the end.

        Raises:
            CheckpointUnwritable: a file cannot be written; the last resume file stays.
            TrainingError: the cell must be compiled, and cannot.
        """
        trainer = self.trainer
        for recorder in self._recorders:
            recorder.begin(trainer.sequences_seen)
        if not trainer.counters.updates:
            self._settle()
        yield trainer.progress
        trainer.step, self.compiled = choose_cell(trainer.recipe, self._compilation)
        while not trainer.finished:
            done = trainer.counters.updates
            if done % RECORD == 0:
                trainer.begin_stretch()
            trainer.advance(next_stop(done, trainer.recipe.updates) - done)
            self._settle()
            yield trainer.progress
        self._write_checkpoint(self.final_path)
        resume_path(self.folder, self.name).unlink(missing_ok=True)

    def save(self) -> None:
        """Writes the resume file, for exactly this update.

        Raises:
            CheckpointUnwritable: it cannot be written.
        """
        resume.save(resume_path(self.folder, self.name), self.trainer, compiled=self.compiled)

    def _settle(self) -> None:
        """What is due at this update: validation, a checkpoint, a line of metrics with a new resume file."""
        trainer = self.trainer
        updates = trainer.counters.updates
        checkpoint, record = updates in self._checkpoints, updates % RECORD == 0 or trainer.finished
        if checkpoint or record:
            trainer.validate()
        if checkpoint:
            self._write_checkpoint(self.folder / f"{self.name}-{trainer.sequences_seen:06d}{SUFFIX}")
        if record:
            for recorder in self._recorders:
                recorder.record(trainer.progress)
            self.save()

    def _write_checkpoint(self, path: Path) -> None:
        """Nothing of the clock goes in: the same run writes the same bytes."""
        trainer = self.trainer
        progress = trainer.progress
        metrics: dict[str, JsonValue] = {
            "loss": progress.loss,
            "bit_error_rate": progress.bit_error_rate,
            "validation_errors": progress.validation_errors,
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
                "torch": torch.__version__,
                "compiled": self.compiled,
            },
        )

    def _title(self) -> str:
        """For people; two runs of one seed are told apart."""
        trainer = self.trainer
        title = f"{trainer.recipe.task}, seed {trainer.seed}"
        return title if self.name == run_name(trainer.recipe, trainer.seed) else f"{title} ({self.name})"


def run_name(recipe: Recipe, seed: int) -> str:
    """What the files of a run are called that is given no other name."""
    return f"{recipe.task}-{seed}"


def metrics_path(folder: Path, name: str) -> Path:
    """Where the numbers of a run are, as it goes."""
    return folder / f"{name}.metrics.jsonl"


def resume_path(folder: Path, name: str) -> Path:
    """Where a run that is not finished keeps what going on with it needs."""
    return folder / f"{name}.resume"


def run_files(folder: Path, name: str) -> list[Path]:
    """Everything of a run in a folder."""
    endings = (SUFFIX, f"-[0-9]*{SUFFIX}", ".metrics.jsonl", ".resume")
    return sorted(path for ending in endings for path in folder.glob(name + ending))


def prepare_folder(folder: Path, recipe: Recipe) -> None:
    """Makes the folder, and looks whether every checkpoint of a run has room in it.

    Raises:
        TrainingError: it cannot be made, or has no room.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise TrainingError(f"The folder {folder} cannot be made: {error.strerror}.") from error
    machine = initial_machine(recipe, seed=0)
    tensors = (*machine.parameters(), *machine.buffers())
    checkpoint = 4 * sum(value.numel() for value in tensors) + METADATA_BYTES
    needed = checkpoint * (len(checkpoint_updates(recipe.updates)) + 4) + SPARE_BYTES
    if free < needed:
        raise TrainingError(f"{folder} has {free >> 20} MB of free space; this run needs {(needed >> 20) + 1} MB.")
