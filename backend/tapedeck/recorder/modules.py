"""`td.record`: machines that this package knows, recorded without a loop of one's own.

Dimensions: T steps, B examples of a batch, C input and O output channels, N locations.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from tapedeck.errors import InvalidRecording
from tapedeck.library.machine import Machine
from tapedeck.ntm import NeuralTM, State, step_fields, step_values
from tapedeck.recorder.declared import check_batch
from tapedeck.recorder.recorder import Recorder
from tapedeck.recorder.values import array_of
from tapedeck.tasks import Episode
from tapedeck.tracing import InitialState, Layout
from tapedeck.tracing.description import describe
from tapedeck.tracing.engines import TORCH

KNOWN = ("input_channels", "output_channels", "heads", "output", "fields", "engine")
"""What a file says of the machine, beside what the recorder says of the run."""


def record(
    module: NeuralTM | Machine | nn.Module,
    inputs: Any,
    *,
    targets: Any = None,
    locations: int | None = None,
    batch: int | None = None,
    state: State | None = None,
    title: str | None = None,
) -> Recorder:
    """Runs a machine that this package knows over inputs of any kind, and records every number of every step.

    Unlike `Machine.run` it needs no task: the inputs are those of the machine itself, step by step. The recording has
    every stage of the addressing, the controller, and what the outputs are made from, so that the page can say which
    step wrote what comes out. To be saved, viewed or shown in a notebook, as any recording.

    Args:
        module: a `tapedeck.ntm.NeuralTM` of any specification, or a `Machine`, which has one. It is only read.
        inputs: [T, C], or [T, B, C] with `batch`: a tensor, an array or lists.
        targets: [T, O] (or [T, B, O]), what the outputs should be.
        locations: N of this run; the machine's own where it is None.
        batch: which example of a batch is run, where there is one.
        state: to start from, without a batch, such as the one that an earlier run ended with; the machine's own where
            it is None.
        title: what the run is called on the page.

    Raises:
        InvalidRecording: another module, which a loop records with `td.Recorder`; inputs or targets of another shape.
        InvalidLocations: too few locations for the heads' shifts, or others than a learned memory has.
    """
    machine = _known(module)
    spec = machine.spec
    given = _sequence("inputs", inputs, len(spec.inputs), batch)
    wanted = None if targets is None else _sequence("targets", targets, len(spec.outputs), batch)
    if wanted is not None and len(wanted) != len(given):
        raise InvalidRecording(f"targets must have {len(given)} steps, as inputs has; it has {len(wanted)}.")
    like = next(machine.parameters())
    given = given.to(like.device, like.dtype)
    state = machine.initial_state(locations=locations) if state is None else state
    recorder = Recorder(
        {head.name: head.kind for head in spec.heads},
        memory=state.memory,
        title=title,
        meta=_described(machine, given, state),
    )
    fields = [field.name for field in step_fields(spec, state.locations)]
    projection = machine.projection()
    with recorder, torch.inference_mode():
        for step, x in enumerate(given):
            output, state, trace = machine.step(x, state, projection)
            numbers = dict(zip(fields, step_values(output, trace), strict=True))
            recorder.step(inputs=x, targets=None if wanted is None else wanted[step], **numbers)  # type: ignore[arg-type]
    return recorder


def _known(module: NeuralTM | Machine | nn.Module) -> NeuralTM:
    found = module.module if isinstance(module, Machine) else module
    if not isinstance(found, NeuralTM):
        raise InvalidRecording(
            f"td.record knows tapedeck.ntm.NeuralTM and what td.load gives, not {type(module).__qualname__}; record it "
            "from its own loop with td.Recorder."
        )
    return found


def _sequence(name: str, values: Any, channels: int, batch: int | None) -> Tensor:
    """[T, channels], of the chosen example."""
    check_batch(batch)
    found = torch.from_numpy(array_of(name, values).copy())
    expected = f"[T, {channels}]" if batch is None else f"[T, B, {channels}]"
    if found.ndim != (2 if batch is None else 3) or found.shape[-1] != channels or not len(found):
        hint = " Choose one example of a batch with batch=0." if batch is None and found.ndim == 3 else ""
        raise InvalidRecording(f"{name} must have the shape {expected}; it has {tuple(found.shape)}.{hint}")
    if batch is None:
        return found
    if not 0 <= batch < found.shape[1]:
        raise InvalidRecording(f"{name} has {found.shape[1]} examples, {tuple(found.shape)}; batch is {batch}.")
    return found[:, batch]


def _described(machine: NeuralTM, inputs: Tensor, start: State) -> dict[str, Any]:
    """What is known of the machine before its first step."""
    spec = machine.spec
    nothing = torch.zeros(len(inputs), len(spec.outputs))
    episode = Episode(inputs.cpu(), nothing, (), nothing.bool())
    weightings = dict(zip((head.name for head in spec.heads), start.weightings, strict=True))
    initial = InitialState(
        array_of("memory", start.memory), {name: array_of(name, value) for name, value in weightings.items()}
    )
    about = describe(machine, episode, Layout.of(spec, start.locations), initial, TORCH.about)
    return {name: about[name] for name in KNOWN}
