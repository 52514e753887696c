"""The steps compiled against the same uncompiled: `python -m tests.training.compiled`, in a process of its own, because
what checks the shapes in the tests cannot be compiled.

Of an LSTM with two heads of each kind: it takes 15 s to compile where nothing is cached, on some processors 50. For its
task it prints the greatest difference of an output, and of a parameter after ten updates; or why it cannot compile.
"""

from __future__ import annotations

import json
import sys

import torch

from tapedeck.errors import TrainingError
from tapedeck.training.compiling import Compilation, choose_steps
from tapedeck.training.fused import make_steps, unclamped_outputs
from tapedeck.training.recipes import AnyRecipe
from tapedeck.training.trainer import Trainer
from tests.training.tiny import TINY_HEADS


def compare(recipe: AnyRecipe) -> dict[str, object]:
    try:
        compiled, is_compiled = choose_steps(recipe, Compilation.ALWAYS)
    except TrainingError as error:
        return {"error": error.detail}
    one, other = Trainer(recipe, 3, compiled), Trainer(recipe, 3, make_steps(recipe.spec))
    inputs = one.batches.next(0).inputs
    other.batches.next(0)
    outputs = (unclamped_outputs(each.machine, inputs, each.steps) for each in (one, other))
    difference = torch.sub(*outputs).abs().max().item()
    for each in (one, other):
        each.advance(10)
    pairs = zip(one.machine.parameters(), other.machine.parameters(), strict=True)
    parameters = max((ours - theirs).abs().max().item() for ours, theirs in pairs)
    return {"compiled": is_compiled, "outputs": difference, "parameters": parameters}


if __name__ == "__main__":
    sys.stdout.write(json.dumps({recipe.task: compare(recipe) for recipe in (TINY_HEADS,)}))
