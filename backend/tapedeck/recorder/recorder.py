"""`td.Recorder`: what a loop of one's own tells of its steps, as a run that the page plays."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Self

import numpy as np

from tapedeck.checkpoints.files import StrPath
from tapedeck.errors import FileUnwritable, InvalidRecording, TraceFileUnreadable
from tapedeck.figures.card import file_card
from tapedeck.figures.card.opened import about, title_of
from tapedeck.figures.forms import check_place, write_whole
from tapedeck.library.card import framed
from tapedeck.recorder.declared import MEMORY, Declared, Kind, axes_of, mapping
from tapedeck.recorder.slots import Slot
from tapedeck.recorder.told import Told, written
from tapedeck.recorder.values import Array, array_of
from tapedeck.tracing.files import TraceFile, read_trace
from tapedeck.tracing.files.shapes import Sizes, numbers

SUFFIX = ".npz"
MOST_BYTES = 20_000_000
"""Of a recording that a notebook holds."""
RECORDING = "recording"
"""What it is called before it is a file."""


class _OfKey(dict[str, str]):
    """The names of the fields of a head, by what follows its own; made once, for they are asked for at each step."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key

    def __missing__(self, stage: str) -> str:
        name = self[stage] = f"{self._key}.{stage}"
        return name


class _Names(dict[str, _OfKey]):
    """Likewise of all heads."""

    def __missing__(self, key: str) -> _OfKey:
        names = self[key] = _OfKey(key)
        return names


class Recorder:
    """Records a machine of one's own, step by step, from the loop that runs it; its `save` writes a trace file::

        with td.Recorder(heads={"write": "write", "read1": "read"}) as rec:
            for x in sequence:
                ...
                rec.step(inputs=x, outputs=y, write={"weighting": w, "erase_vector": e, "add_vector": a},
                         read1={"weighting": r, "read_vector": v}, memory=M)
        rec.save("mine.npz")

    Takes torch tensors of any device and type, with or without a graph, NumPy and JAX arrays, and lists. Numbers are
    copied as float32, a few microseconds a field, and nothing else is kept.

    Args:
        heads: the kind of each head, `write` or `read`, by its name, in acting order.
        batch: which example of a batch is recorded, where all that is given has a batch as its first axis; None where
            nothing has.
        memory: before the first step, [N, W] (or with a batch), or one number for all cells. Where it is left out, and
            the memory of every step is given, it is found from the first step, but for cells that this erases.
        title: what the run is called on the page.
        fields: further fields that `step` will give, by name, and what each of their at most two axes counts:
            {"surprise": [], "write.usage": ["location"]}.
        phases: as in docs/trace-format.md, where `step` does not say the phase of each step.
        scored: as there, where `step` does not say which outputs count.
        meta: more of a trace file's text, such as {"task": "copy", "checkpoint": {"name": "mine"}}.

    Raises:
        InvalidRecording: no head, a name or a kind that no head can have, or more than two axes; another batch than the
            number of an example; a memory of another shape, or that is not finite; or a text that no trace file has.
    """

    def __init__(
        self,
        heads: Mapping[str, Kind],
        *,
        batch: int | None = None,
        memory: Any = None,
        title: str | None = None,
        fields: Mapping[str, Sequence[str]] | None = None,
        phases: Sequence[Mapping[str, Any]] | None = None,
        scored: Sequence[Sequence[int]] | None = None,
        meta: Mapping[str, Any] | None = None,
    ) -> None:
        self.heads: dict[str, Kind] = mapping("heads", heads)
        self.batch = batch
        self.steps = 0
        self._told = Told(self.heads, title, mapping("meta", meta or {}), list(phases or ()), list(scored or ()))
        self._declared = Declared(self.heads, axes_of(fields or {}), batch)
        self._told.check()
        self._slots: dict[str, Slot] = {}
        self._names = _Names()
        self._sizes = Sizes()
        self._is_over = False
        self._start = self._started(memory)

    def step(
        self,
        *,
        inputs: Any = None,
        outputs: Any = None,
        targets: Any = None,
        memory: Any = None,
        phase: str | None = None,
        scored: Any = None,
        **given: Any,
    ) -> None:
        """Records one step.

        Args:
            inputs: x [I], or [B, I] of a recorder with `batch`; likewise all that follows.
            outputs: y [O].
            targets: what the outputs should be [O].
            memory: M [N, W], after the step's writes.
            phase: the name of the phase that the step belongs to, such as `input` or `recall`.
            scored: whether the outputs of this step count: one flag, or one for each [O]; with `batch` one flag, one
                for each example [B], or [B, O].
            given: of each head its fields by name, `weighting` [N] at least (docs/trace-format.md lists them);
                `controller={"hidden": h, "cell": c}`; of a DNC `usage`, `precedence` and `link`; and further fields
                that the recorder was told of.

        Raises:
            InvalidRecording: a head or a field is missing, unknown or of another shape; names it, the shape that was
                expected and the one that came, and the step. Nothing of the step is recorded.
        """
        if self._is_over:
            raise InvalidRecording("The recorder is closed: its `with` block is over. Make a new one for another run.")
        run = {"inputs": inputs, "outputs": outputs, "targets": targets, "memory": memory}
        try:
            count = self._put_all(run) + self._put_all(given)
            if count != len(self._slots) or not self.steps:
                self._check_whole({**run, **given})
            if phase is not None or scored is not None:
                self._told.say(self.steps, phase, scored, self._outputs, self._example)
        except InvalidRecording as error:
            if not self.steps:
                self._slots, self._sizes = {}, Sizes()  # so that the first step can be given again
            raise InvalidRecording(f"Step {self.steps}: {error.detail}") from error
        self.steps += 1

    def trace_file(self) -> TraceFile:
        """The recording as the page will read it.

        Raises:
            InvalidRecording: nothing was recorded, a number is not finite, or `phases`, `scored` or `meta` contradict
                what was; says which, and at which step.
        """
        return self._read(self._written())

    def save(self, path: StrPath) -> Path:
        """Writes the recording as a trace file, whole or not at all.

        Args:
            path: of the file, which must end in .npz and is replaced.

        Returns:
            The path.

        Raises:
            InvalidRecording: as `trace_file`.
            FileUnwritable: another suffix, or the file cannot be written there.
        """
        path = Path(path)
        if path.suffix != SUFFIX:
            raise FileUnwritable(f"path is {path}; a recording is saved as a trace file, whose name ends in {SUFFIX}.")
        check_place(path)
        data = self._written()
        self._read(data)
        write_whole(path, iter([data]))
        return path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over = True

    def __repr__(self) -> str:
        return f"<Recorder: {self.steps:,} steps, heads {', '.join(self.heads)}>"

    def _repr_html_(self) -> str:
        try:
            data = self._written(compressed=True)
            file = self._read(data)
        except InvalidRecording as error:
            return html.escape(f"{self}: {error.detail}")
        if len(data) > MOST_BYTES:
            return html.escape(f"{self}: too large for a notebook; td.view shows it on the page.")
        return framed(file_card(file, data), f"Run card: {title_of(file)}, {about(file)}")

    def _put_all(self, given: Mapping[str, Any]) -> int:
        """Keeps the fields of a step; how many there were."""
        count, step, slots = 0, self.steps, self._slots
        for key, value in given.items():
            if value is None:
                continue
            if value.__class__ is dict or isinstance(value, Mapping):
                names = self._names[key]
                for stage, numbers in value.items():
                    name = names[stage]
                    (slots.get(name) or self._begun(name, numbers)).put(step, numbers)
                count += len(value)
            else:
                (slots.get(key) or self._begun(key, value)).put(step, value)
                count += 1
        return count

    def _begun(self, name: str, value: Any) -> Slot:
        """A field that comes for the first time."""
        values = array_of(name, value)
        if self.steps:
            raise InvalidRecording(f"{name} was not given at step 0; every step gives the same fields.")
        called, what = self._declared.known(name)
        shape = self._declared.of_example(name, values.shape, what.axes)
        for other in self._slots.values():
            if other.name == called:
                raise InvalidRecording(f"{called} is given twice.")
            if self.batch is not None and other.given[0] != values.shape[0]:
                raise InvalidRecording(
                    f"{name} has {values.shape[0]} examples, {values.shape}, where {other.name} has {other.given[0]}."
                )
        try:
            self._sizes.hold(called, shape, what.axes)
        except TraceFileUnreadable as error:
            raise InvalidRecording(error.detail) from error
        self._slots[name] = slot = Slot(called, values.shape, what.axes, self.batch)
        return slot

    @property
    def _outputs(self) -> int:
        """O, or 0 where there is neither output nor target."""
        return next((self._slots[name].given[-1] for name in ("outputs", "targets") if name in self._slots), 0)

    @property
    def _example(self) -> tuple[int, int] | None:
        """Which is recorded, and of how many."""
        return None if self.batch is None else (self.batch, next(iter(self._slots.values())).given[0])

    def _check_whole(self, given: Mapping[str, Any]) -> None:
        names = {
            f"{key}.{stage}" if stage else key
            for key, value in given.items()
            if value is not None
            for stage in (value if isinstance(value, Mapping) else ("",))
        }
        if missing := [name for name in self._slots if name not in names]:
            raise InvalidRecording(f"{missing[0]} is missing; step 0 had it, and every step gives the same fields.")
        for head in self.heads:
            if f"{head}.weighting" not in self._slots:
                raise InvalidRecording(
                    f'{head} has no weighting; every step gives that of each head, {head}={{"weighting": …}}.'
                )
        if not {"inputs", "outputs"} & self._slots.keys():
            raise InvalidRecording("There are neither inputs nor outputs; every step gives one of them, or both.")

    def _written(self, *, compressed: bool = False) -> bytes:
        if not self.steps:
            raise InvalidRecording("Nothing was recorded; call `step` once for each step of the run.")
        arrays = {slot.name: slot.taken(self.steps) for slot in self._slots.values()}
        declared = {slot.name: slot.axes for key, slot in self._slots.items() if key in self._declared.further}
        return written(self._told, arrays, declared, self._start, compressed=compressed)

    def _read(self, data: bytes) -> TraceFile:
        """The file that was written, held to all that a file from elsewhere is held to."""
        try:
            return read_trace(BytesIO(data), RECORDING)
        except TraceFileUnreadable as error:
            raise InvalidRecording(error.detail.removeprefix(f"{RECORDING}: ")) from error

    def _started(self, memory: Any) -> Array | None:
        if memory is None:
            return None
        given = array_of("memory", memory)
        if self.batch is not None and given.ndim == 3:
            self._declared.of_example("memory", given.shape, MEMORY.axes)
            given = given[self.batch]
        if given.ndim not in (0, 2):
            expected = "[N, W]" if self.batch is None else "[B, N, W] or [N, W]"
            raise InvalidRecording(f"memory must be one number, or have the shape {expected}; it has {given.shape}.")
        start = given.copy()  # a loop may change its memory in place
        try:
            numbers("memory", np.atleast_2d(start), MEMORY.axes)
        except TraceFileUnreadable as error:
            raise InvalidRecording(error.detail) from error
        return start
