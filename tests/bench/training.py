"""How fast training is: as users get it, against stepping one sequence at a time in eager mode."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import torch

from tapedeck.training.compiling import Compilation, choose_steps
from tapedeck.training.data import Batches
from tapedeck.training.recipe import Recipe
from tapedeck.training.starting import initial_machine
from tapedeck.training.trainer import Trainer
from tests.bench.engine import Row
from tests.bench.table import printed, row

ROUNDS = 15
"""In which both take turns: other work on the machine slows both down."""

SINGLES, UPDATES = 16, 16
"""Of a round: sequences one at a time, and updates of a whole batch."""

TARGET = 25


def measure(rounds: int = ROUNDS) -> list[Row]:
    """Sequences a second, both ways."""
    torch.set_num_threads(1)
    recipe = Recipe()
    began = time.perf_counter()
    steps, compiled = choose_steps(recipe, Compilation.AUTO)
    compiling = time.perf_counter() - began
    trainer, one_at_a_time = Trainer(recipe, 1, steps), _OneAtATime(recipe)
    singles, batches = [], []
    for _ in range(rounds + 1):
        singles.append(_rate(SINGLES, lambda: one_at_a_time.advance(SINGLES)))
        batches.append(_rate(UPDATES * recipe.batch_size, lambda: trainer.advance(UPDATES)))
    singles, batches = singles[1:], batches[1:]  # the first ones warm up
    how = f"compiled in {compiling:.0f} s" if compiled else "eager, as there is no C++ compiler"
    faster = statistics.median(batch / single for batch, single in zip(batches, singles, strict=True))
    name = f"tapedeck train, a batch of {recipe.batch_size}, {how}"
    unit, against = "sequences/s", "one at a time, eager"
    return [
        row(against, singles, unit),
        row(name, batches, unit)._replace(ratio=faster, against=against, to_reach=f"≥ {TARGET} ×"),
    ]


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
    printed({"training": measure()})
