"""The yardstick: a machine's step as plain torch writes it, layer by layer and head by head, every number recorded.

What the compiled engine is compared with, in the same run. It shares no code with `tapedeck.ntm`, only the parameters.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional as F

from tapedeck.ntm import NeuralTM
from tapedeck.ntm.heads import REFERENCE_NAMES

ACTIVATE: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": torch.tanh,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "softplus": F.softplus,
    "raw": lambda value: value,
    "1+softplus": lambda value: 1 + F.softplus(value),
    "softmax": lambda value: torch.softmax(value, dim=-1),
    "clamp": lambda value: value.clamp(0, 1),
}


def run(machine: NeuralTM, inputs: Tensor) -> npt.NDArray[np.float32]:
    """[T, F]: all that the steps compute, in the order of `tapedeck.ntm.step_fields`; no batch, shifts (1, 0, −1)."""
    spec, state = machine.spec, machine.initial_state()
    memory, weightings, reads = state.memory, list(state.weightings), list(state.reads)
    cells = [tuple(each) for each in state.controller]
    layers, rows = list(machine.controller.children()), []
    with torch.no_grad():
        for x in inputs:
            hidden = torch.cat([x, *reads])
            for number, layer in enumerate(layers):
                if cells:
                    hidden, cell = layer(hidden[None], (cells[number][0][None], cells[number][1][None]))
                    hidden, cells[number] = hidden[0], (hidden[0], cell[0])
                else:
                    hidden = ACTIVATE[spec.controller.activation](layer(hidden))
            drive = torch.cat([x if term == "inputs" else hidden for term in spec.controller.drives])
            before, seen, recorded = memory, list[Tensor](), list[Tensor]()
            for place, (head, module) in enumerate(zip(spec.heads, machine.heads, strict=True)):
                emitted = [ACTIVATE[getattr(head, stage)](_layer(module, stage)(drive)) for stage in head.stages]
                read_from = before if head.addresses == "previous" else memory
                found = _address(emitted, read_from, weightings[place])
                weighting = weightings[place] = found[0]
                if head.kind == "write":
                    erase, add = emitted[5:]
                    memory = memory * (1 - torch.outer(weighting, erase)) + torch.outer(weighting, add)
                    recorded += [*found, *emitted[:3], emitted[4], emitted[3], erase, add]
                else:
                    seen.append(weighting @ memory)
                    recorded += [*found, *emitted[:3], emitted[4], emitted[3], seen[-1]]
            reads = seen
            terms = [{"inputs": x, "hidden": hidden}.get(term) for term in spec.output.terms]
            known = [torch.cat(reads) if term is None else term for term in terms]
            output = ACTIVATE[spec.output.activation](machine.output_layer(torch.cat(known)))
            rows.append(torch.cat([output, *recorded, hidden, *([cells[-1][1]] if cells else [])]))
    found_rows: npt.NDArray[np.float32] = torch.stack(rows).numpy()
    return found_rows


def _layer(module: torch.nn.Module, stage: str) -> torch.nn.Module:
    return module.get_submodule(REFERENCE_NAMES[stage] if hasattr(module, REFERENCE_NAMES[stage]) else stage)


def _address(emitted: list[Tensor], memory: Tensor, prev: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The weighting, and its stages."""
    key, strength, gate, shifts, sharpening = emitted[:5]
    content = torch.softmax(strength * F.cosine_similarity(memory, key[None], dim=-1), dim=-1)
    gated = gate * content + (1 - gate) * prev
    around = torch.cat([gated[-1:], gated, gated[:1]])
    shifted = F.conv1d(around[None, None], shifts[None, None])[0, 0]
    powers = shifted**sharpening
    return powers / powers.sum(), content, gated, shifted
