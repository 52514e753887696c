"""What `td.Recorder` costs a loop that trains the package's NTM: a batch of 16, one core.

`python -m tests.bench.recorder`. Processor time, which other work of the machine changes less than the clock's. A step
of training is its way forwards and its share of the way back; the first step of each run, which makes room,
is counted in.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Any

import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor

import tapedeck as td
from tapedeck.ntm import NeuralTM
from tapedeck.ntm.machine import StepTrace

BATCH, STEPS, TURNS = 16, 42, 30

Record = Callable[[td.Recorder, Tensor, Tensor, StepTrace, Tensor], None]


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(1)
    machine, inputs = NeuralTM(), torch.randint(0, 2, (STEPS, BATCH, 10)).float()
    table = Table("what is recorded", "a training step, µs", "recording it, µs", "share", title="one core, medians")
    for what, record in (("weightings, vectors, memory", _usual), ("every stage of the addressing, too", _everything)):
        steps, recordings = _timed(machine, inputs, record)
        table.add_row(what, f"{1e6 * steps:.0f}", f"{1e6 * recordings:.0f}", f"{recordings / steps:.1%}")
    Console().print(table)


def _usual(recorder: td.Recorder, x: Tensor, y: Tensor, trace: StepTrace, memory: Tensor) -> None:
    write: Any
    write, read = trace.heads
    recorder.step(
        inputs=x,
        outputs=y,
        write={
            "weighting": write.addressing.weighting,
            "erase_vector": write.erase_vector,
            "add_vector": write.add_vector,
        },
        read={"weighting": read.addressing.weighting, "read_vector": read[1]},
        memory=memory,
    )


def _everything(recorder: td.Recorder, x: Tensor, y: Tensor, trace: StepTrace, memory: Tensor) -> None:
    write: Any
    write, read = trace.heads
    recorder.step(
        inputs=x,
        outputs=y,
        write={
            **write.addressing._asdict(),
            "erase_vector": write.erase_vector,
            "add_vector": write.add_vector,
        },
        read={**read.addressing._asdict(), "read_vector": read[1]},
        controller={"hidden": trace.hidden},
        memory=memory,
    )


def _timed(machine: NeuralTM, inputs: Tensor, record: Record) -> tuple[float, float]:
    """Seconds of a training step, and of recording one: medians over the turns."""
    whole, parts = [], []
    for turn in range(TURNS + 1):
        recorder = td.Recorder({"write": "write", "read": "read"}, batch=0)
        state, projection, outputs, recording = machine.initial_state(BATCH), machine.projection(), [], 0.0
        begin = process_time()
        for x in inputs:
            y, state, trace = machine.step(x, state, projection)
            outputs.append(y)
            start = process_time()
            record(recorder, x, y, trace, state.memory)
            recording += process_time() - start
        torch.stack(outputs).square().mean().backward()  # type: ignore[no-untyped-call]
        if turn:  # the first one warms up
            whole.append(process_time() - begin - recording)
            parts.append(recording)
    return median(whole) / STEPS, median(parts) / STEPS


if __name__ == "__main__":
    main()
