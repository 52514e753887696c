"""Machines of other specifications and tasks than the shipped one's, never trained, and runs of theirs to be drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import torch

from tapedeck.ntm import ControllerSpec, MachineSpec, MemorySpec, NeuralTM, NTMConfig, OutputSpec
from tapedeck.tasks import TASKS
from tapedeck.tracing import Trace, prepare

DOCUMENT = {"id": "other", "name": "Never trained", "sha256": 64 * "7", "sequences_seen": None}
"""Such a machine as it is described to people."""

BITS = 4


class Drawn(NamedTuple):
    """What a run is of: how many heads write and read, which controller, which task with which input."""

    write: int
    read: int
    controller: Any
    task: str
    given: Mapping[str, Any]


VECTORS = [[1, 0, 1, 1], [0, 1, 1, 0], [1, 1, 0, 0]]
DRAWN = {
    "one write and one read head": Drawn(1, 1, "feed_forward", "copy", {"sequence": VECTORS}),
    "two of each on an LSTM": Drawn(2, 2, "lstm", "copy", {"sequence": VECTORS}),
    "five of each on an LSTM": Drawn(5, 5, "lstm", "copy", {"sequence": VECTORS}),
    "one that writes and three that read": Drawn(1, 3, "lstm", "repeat_copy", {"sequence": VECTORS, "repeats": 2}),
    "three that write and one that reads": Drawn(
        3, 1, "feed_forward", "repeat_copy", {"sequence": VECTORS, "repeats": 9}
    ),
    "two of each on an LSTM, sorting by priority": Drawn(
        2, 2, "lstm", "priority_sort", {"vectors": VECTORS, "priorities": [-0.25, 0.5, 0.125]}
    ),
    "associative recall on an LSTM": Drawn(1, 1, "lstm", "associative_recall", {"items": 3 * [VECTORS], "query": 1}),
}


def run_of(drawn: Drawn) -> Trace:
    """The run of a machine with that many heads, which adds and reads values of both signs."""
    task = TASKS[drawn.task]
    write, read = NTMConfig().spec.heads
    heads = (
        *(replace(write, name=_name("write", at, drawn.write), add_vector="tanh") for at in range(drawn.write)),
        *(replace(read, name=_name("read", at, drawn.read)) for at in range(drawn.read)),
    )
    spec = MachineSpec(
        inputs=task.input_channels(BITS),
        outputs=task.output_channels(BITS),
        memory=MemorySpec(12, 5),
        controller=ControllerSpec(drawn.controller, (6,), "raw" if drawn.controller == "lstm" else "relu"),
        heads=heads,
        output=OutputSpec(("reads", "hidden")),
    )
    machine = NeuralTM(spec)
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for parameter in machine.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator))
    return prepare(machine, drawn.task, drawn.given).trace()


def _name(kind: str, at: int, count: int) -> str:
    return f"{kind}{at + 1}" if count > 1 else kind
