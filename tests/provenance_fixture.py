"""A run of a machine with several heads and output terms, and where what it reads and says comes from.

The same run again, with cells that were set in its memory on the way.

The browser works the same out by itself; `tests/viewer/provenance.test.mjs` compares.
`python -m tests.provenance_fixture` writes the file anew.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from tapedeck.ntm import (
    ControllerSpec,
    HeadSpec,
    MachineSpec,
    MemorySpec,
    NeuralTM,
    NTMConfig,
    OutputSpec,
    Start,
    Starts,
)
from tapedeck.tracing import Applied, OutputLayer, Trace, explain_step, prepare
from tapedeck.tracing.export import document_pieces, json_pieces

FILE = Path(__file__).parent / "fixtures" / "provenance.json"

WRITE: dict[str, Any] = {"erase_vector": "sigmoid", "add_vector": "tanh"}
SPEC = MachineSpec(
    inputs=NTMConfig(bits=2).spec.inputs,
    outputs=NTMConfig(bits=2).spec.outputs,
    memory=MemorySpec(5, 3),
    controller=ControllerSpec("lstm", (4,), "raw"),
    heads=(
        HeadSpec("read1", "read"),
        HeadSpec("write1", "write", **WRITE),
        HeadSpec("read2", "read", addresses="previous"),
        HeadSpec("write2", "write", **WRITE),
    ),
    output=OutputSpec(("reads", "hidden", "inputs"), "sigmoid"),
    starts=Starts(memory=Start("constant", 0.25)),
)
SEQUENCE = [[1, 0], [0, 1], [1, 1]]
STEPS = (0, 4, 7)
CHANGES = ((0, 2, 1, 1.5), (3, 2, 1, 9), (3, 2, 1, -2.25), (3, 4, 0, 0.75), (4, 0, 2, 3), (6, 1, 1, 0))
"""Step, row, column and value; of one cell twice in a step, and one that is set to nothing."""


def fixture() -> dict[str, Any]:
    """The traces as POST /api/trace gives them, the explanations of some steps, and of the one that was changed the
    memories.
    """
    machine = NeuralTM(SPEC)
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for parameter in machine.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator))
    plain = prepare(machine, "copy", SEQUENCE).trace()
    steps, rows, columns, values = (np.array(each) for each in zip(*CHANGES, strict=True))
    changed = replace(plain, applied=Applied(steps, rows, columns, values.astype(np.float32)))
    return {**_told(machine, plain), "changed": {**_told(machine, changed), "memories": changed.memories().tolist()}}


def _told(machine: NeuralTM, trace: Trace) -> dict[str, Any]:
    checkpoint = {"id": "several-heads", "name": "several heads", "sha256": "", "machine": SPEC.as_document()}
    layer = OutputLayer.of(machine)
    explained = [explain_step(trace, step, layer, SPEC).document() for step in STEPS]
    return {
        "trace": json.loads(b"".join(json_pieces(trace, checkpoint, {}))),
        "steps": [json.loads(b"".join(document_pieces(each))) for each in explained],
    }


def text() -> str:
    """The file."""
    return json.dumps(fixture(), ensure_ascii=False, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
