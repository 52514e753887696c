"""The steps of training as machine code, where the machine that trains has a C++ compiler and Python's headers."""

from __future__ import annotations

import warnings
from enum import StrEnum
from typing import cast

import torch

from tapedeck.errors import TrainingError
from tapedeck.ntm import NeuralTM
from tapedeck.ntm.threads import one_thread
from tapedeck.training.fused import STEPS, Steps, make_steps, unclamped_outputs
from tapedeck.training.recipes import AnyRecipe


class Compilation(StrEnum):
    """Whether the steps are compiled before training."""

    AUTO = "auto"
    """Where that works."""
    ALWAYS = "always"
    NEVER = "never"


def choose_steps(recipe: AnyRecipe, compilation: Compilation) -> tuple[Steps, bool]:
    """The steps to train with, and whether they are compiled: forward and backward, for the recipe's sizes.

    Compiling takes 15 to 60 s the first time; later times torch's own cache makes it a few.

    Raises:
        TrainingError: they must be compiled, and cannot be.
    """
    if compilation is Compilation.NEVER:
        return make_steps(recipe.spec), False
    try:
        return _compiled(recipe), True
    # Whatever is missing or fails comes out of torch as one of many errors, all of which mean the same here.
    except Exception as error:
        if compilation is Compilation.ALWAYS:
            reason = str(error).strip().splitlines()[0]
            raise TrainingError(
                f"The steps of training cannot be compiled here: {reason} Install a C++ compiler and Python's headers "
                "(g++ and python3-dev on Debian), or train without compiling."
            ) from error
        return make_steps(recipe.spec), False


def _compiled(recipe: AnyRecipe) -> Steps:
    # With the calls around the kernels in C++ as well: in Python they take longer than the kernels.
    compiled = cast(
        "Steps",
        torch.compile(make_steps(recipe.spec), fullgraph=True, dynamic=False, options={"cpp_wrapper": True}),
    )
    machine = NeuralTM(recipe.spec)
    with one_thread(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of torch about itself
        inputs = torch.zeros(STEPS, recipe.batch_size, len(recipe.spec.inputs))
        unclamped_outputs(machine, inputs, compiled).sum().backward()  # type: ignore[no-untyped-call]
    return compiled
