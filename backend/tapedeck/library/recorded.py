"""A run that is over, as a user of the library holds it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, SupportsIndex

import numpy as np
import numpy.typing as npt

from tapedeck.checkpoints import CheckpointInfo
from tapedeck.checkpoints.files import StrPath
from tapedeck.dependencies import needed
from tapedeck.errors import InvalidStep, quoted
from tapedeck.figures.forms import check_place, form_of, pieces, write_whole
from tapedeck.figures.outcome import summary
from tapedeck.figures.view import USED, View, panels_of
from tapedeck.lab.importance import Importance, importance
from tapedeck.library.card import framed
from tapedeck.library.inputs import whole_number
from tapedeck.tasks import Diagnosis, Phase
from tapedeck.tracing import Explanation, OutputLayer, Run, Trace, explain_step, verdict
from tapedeck.tracing.narration import narrate

if TYPE_CHECKING:
    import plotly.graph_objects as go

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False, repr=False)
class RecordedRun:
    """Every number of every step of a run, and what they say. `Machine.run` makes one.

    `run["write.weighting"]` is a field by its name, `run.fields` lists them; in a notebook a run shows itself as its
    run card, which plays. Nothing of a run changes: arrays are views of what was recorded.

    Attributes:
        info: the machine that ran.
        prepared: the run before it began: machine, episode, locations, task, input.
        trace: what was recorded.
    """

    info: CheckpointInfo
    prepared: Run
    trace: Trace

    def __getitem__(self, field: str) -> Array:
        """A field, float32, time first: `inputs` [T, C], `write.weighting` [T, N], `read.key_strength` [T] …

        Raises:
            KeyError: the run has no such field; names those that it has.
        """
        if field not in self.trace.arrays:
            raise KeyError(f"This run has no field {quoted(field)}; it has {', '.join(self.fields)}.")
        return self.trace.arrays[field]

    def __contains__(self, field: object) -> bool:
        return field in self.trace.arrays

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def __len__(self) -> int:
        """How many fields there are."""
        return len(self.fields)

    def keys(self) -> tuple[str, ...]:
        """The fields, so that `dict(run)` and `numpy.savez(path, **run)` take them all."""
        return self.fields

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of all fields, in the order in which a step makes them."""
        return tuple(self.trace.arrays)

    @property
    def steps(self) -> int:
        """T."""
        return self.trace.steps

    @property
    def phases(self) -> tuple[Phase, ...]:
        """Of the task, in order, each with a name, its first step, the step after its last, and a role."""
        return self.trace.phases

    @cached_property
    def memory(self) -> Array:
        """The memory after every step, [T, N, W] float32, rebuilt from what the write heads did (equations 3 and 4 of
        Graves et al. 2014). Before step 0 it is `run.trace.initial.memory`. Takes up 4 · T · N · W bytes.
        """
        return self.trace.memories()

    @property
    def wrong(self) -> npt.NDArray[np.bool_]:
        """The outputs [T, O] that count and came out wrong; none where outputs are probabilities."""
        return self.trace.wrong

    @property
    def score(self) -> dict[str, Any] | None:
        """The task's own, {"wrong_bits", "bits", "bit_error_rate"}; of predictions, in bits, {"cost", "optimum",
        "excess", "bits"}; None where nothing counts.
        """
        return None if self.trace.score is None else dict(self.trace.score)

    @cached_property
    def verdict(self) -> Diagnosis | None:
        """What became of the run, with its `kind`, the first wrong step and a `sentence`; None where nobody can say."""
        return verdict(self.prepared, self.trace)

    def provenance(self, step: SupportsIndex) -> Explanation:
        """Where what a step reads and gives out comes from: an exact sum over every earlier write, the initial memory
        and the bias (`tapedeck.tracing.provenance` has the equation). About 10 ms for step 1000 of N = 128.

        Args:
            step: 0 to T − 1.

        Raises:
            InvalidStep: the run has no such step.
        """
        at = whole_number(step, "step", InvalidStep)
        return explain_step(self.trace, at, OutputLayer.of(self.prepared.machine), self.info.spec)

    def importance(self, row_step: SupportsIndex | None = None) -> Importance:
        """What the answer hangs on: each part of the machine is taken out at each step, and each row of the memory at
        one, in a run of its own. About 0.7 s for T = 42 of N = 128.

        Args:
            row_step: before which each row is set to 0; the first that is scored, of predictions the middle one.

        Returns:
            Maps [K, T] of K parts, `above` (wrong bits more) and `change` (of the outputs before their activation), the
            same of the rows [N], and a `sentence`.

        Raises:
            InvalidStep: the run has no such step.
        """
        at = None if row_step is None else whole_number(row_step, "row_step", InvalidStep)
        return importance(self.prepared, at)

    def narration(self) -> list[str]:
        """A sentence on each of the T steps: what is heard, where the memory is written or read, what comes out."""
        return narrate(self.trace)

    def plot(self, step: SupportsIndex | None = None, *, rows: str = USED, panel: str | None = None) -> go.Figure:
        """The verification figure of the run, by Plotly: values under the pointer, zoom.

        Args:
            step: where a line stands, and after which the memory is shown; None for neither.
            rows: the locations that are shown: `used`, `all`, or the first and the last as “60-83”.
            panel: one field alone, such as `read.weighting`, or `memory` (of a step), or `read.origins`.

        Raises:
            InvalidRequest: the run has no such step, rows or panel.
            ModuleNotFoundError: Plotly is not installed (`pip install 'tapedeck[figures]'`).
        """
        view = self._view(step, rows, panel)
        plot, draw = needed("tapedeck.figures.plot").plot, needed("tapedeck.figures.verification").verification
        figure: go.Figure = plot(draw(self.trace, self.info, None, view))
        return figure

    def save(
        self, path: StrPath, *, step: SupportsIndex | None = None, rows: str = USED, panel: str | None = None
    ) -> Path:
        """Writes a file in the form that its suffix says, whole or not at all; as `tapedeck trace --out` does.

        `.npz` a trace file, `.json` the same as text, `.csv` a row a step, `.html` a run card, which plays offline,
        `.gif` an animation, `.svg` and `.png` the verification figure.

        Args:
            path: of the file, which is replaced.
            step: of pictures, as in `plot` …
            rows: … likewise …
            panel: … likewise.

        Returns:
            The path.

        Raises:
            FileUnwritable: a suffix that names no form, or the file cannot be written there.
            InvalidRequest: the run has no such step, rows or panel.
            ModuleNotFoundError: what draws pictures is not installed (`pip install 'tapedeck[figures]'`).
        """
        path = Path(path)
        form = form_of(path, "path")
        check_place(path)
        write_whole(path, pieces(form, self.trace, self.info.document(), self._said(), self._view(step, rows, panel)))
        return path

    def _view(self, step: SupportsIndex | None, rows: str, panel: str | None) -> View:
        view = View(None if step is None else whole_number(step, "step", InvalidStep), rows, panel)
        view.check(self.steps, self.prepared.locations, panels_of(self.trace.layout))
        return view

    def _said(self) -> dict[str, Any]:
        return {"diagnosis": None if self.verdict is None else self.verdict.document()}

    def __repr__(self) -> str:
        return f"<RecordedRun {' · '.join(summary(self.info.id, self.trace, self.verdict))}>"

    def _repr_html_(self) -> str:
        page = b"".join(pieces(".html", self.trace, self.info.document(), self._said())).decode()
        return framed(page, f"Run card: {' '.join(summary(self.info.id, self.trace, self.verdict))}")

    def _ipython_key_completions_(self) -> list[str]:
        return [*self.fields]
