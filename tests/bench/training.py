"""How fast training is: as users get it, against stepping one sequence at a time in eager mode."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import torch
from rich.console import Console
from rich.table import Table

from tapedeck.training.compiling import Compilation, choose_steps
from tapedeck.training.data import Batches
from tapedeck.training.recipe import Recipe
from tapedeck.training.starting import initial_machine
from tapedeck.training.trainer import Trainer

ROUNDS = 15
"""In which both take turns: other work on the machine slows both down."""

SINGLES, UPDATES = 16, 16
"""Of a round: sequences one at a time, and updates of a whole batch."""

TARGET = 25


def main() -> None:
    """Measures both, and prints them with their ratio."""
    recipe = Recipe()
    began = time.perf_counter()
    steps, compiled = choose_steps(recipe, Compilation.AUTO)
    compiling = time.perf_counter() - began
    trainer, one_at_a_time = Trainer(recipe, 1, steps), _OneAtATime(recipe)
    singles, batches = [], []
    for _ in range(ROUNDS + 1):
        singles.append(_rate(SINGLES, lambda: one_at_a_time.advance(SINGLES)))
        batches.append(_rate(UPDATES * recipe.batch_size, lambda: trainer.advance(UPDATES)))
    single, batch = (statistics.median(rates[1:]) for rates in (singles, batches))  # the first ones warm up
    how = f"compiled ({compiling:.0f} s)" if compiled else "eager, as there is no C++ compiler"
    table = Table("training", "sequences a second", title=f"median of {ROUNDS}, one core, L = 1–20")
    table.add_row("one sequence at a time, eager", f"{single:,.0f}")
    table.add_row(f"tapedeck train: batch of {recipe.batch_size}, {how}", f"{batch:,.0f}")
    table.add_row(f"ratio (to reach: {TARGET})", f"{batch / single:.1f}")
    Console().print(table)


class _OneAtATime:
    """`NeuralTM.step` after step, backward, and the optimizer, for every sequence."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = replace(recipe, batch_size=1)
        self._machine = initial_machine(self._recipe, seed=1)
        self._batches = Batches(self._recipe, seed=1)
        self._optimizer = recipe.optimizer(self._machine.parameters())

    def advance(self, sequences: int) -> None:
        """Learns from so many."""
        for _ in range(sequences):
            episode = self._batches.next(0)
            state, projection = self._machine.initial_state(1), self._machine.projection()
            outputs = []
            for x in episode.inputs:
                _, state, step = self._machine.step(x, state, projection)
                outputs.append(step.unclamped_output)
            loss = self._recipe.loss(torch.stack(outputs), episode)
            self._optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(self._machine.parameters(), self._recipe.gradient_norm)
            self._optimizer.step()


def _rate(sequences: int, run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return sequences / (time.perf_counter() - began)


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
