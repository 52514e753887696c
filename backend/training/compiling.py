"""The cell as machine code, where the machine that trains has a C++ compiler and Python's headers."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import cast

import torch

from backend.errors import TrainingError
from backend.ntm import NeuralTM
from backend.training.recipe import Recipe
from backend.training.unroll import Cell, cell, unclamped_outputs


class Compilation(StrEnum):
    """Whether the cell is compiled before training."""

    AUTO = "auto"
    """Where that works."""
    ALWAYS = "always"
    NEVER = "never"


@contextmanager
def one_thread() -> Iterator[None]:
    """Torch on one thread: more gain nothing on arrays of this size, and fix no order of the terms of a sum."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def choose_cell(recipe: Recipe, compilation: Compilation) -> tuple[Cell, bool]:
    """The cell to train with, and whether it is compiled: forward and backward, for the recipe's sizes.

    Compiling takes 15 to 60 s the first time; later times torch's own cache makes it a few.

    Raises:
        TrainingError: it must be compiled, and cannot.
    """
    if compilation is Compilation.NEVER:
        return cell, False
    try:
        return _compiled(recipe), True
    # Whatever is missing or fails comes out of torch as one of many errors, all of which mean the same here.
    except Exception as error:
        if compilation is Compilation.ALWAYS:
            reason = str(error).strip().splitlines()[0]
            raise TrainingError(
                f"The cell cannot be compiled here: {reason} Install a C++ compiler and Python's headers "
                "(g++ and python3-dev on Debian), or train without compiling."
            ) from error
        return cell, False


def _compiled(recipe: Recipe) -> Cell:
    compiled = cast("Cell", torch.compile(cell, fullgraph=True, dynamic=False))
    machine = NeuralTM(recipe.config)
    with one_thread(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of torch about itself
        # Two steps: the first state of a run needs no gradient, every later one does.
        inputs = torch.zeros(2, recipe.batch_size, recipe.config.channels)
        unclamped_outputs(machine, inputs, step=compiled).sum().backward()  # type: ignore[no-untyped-call]
    return compiled
