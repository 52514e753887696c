"""Training itself: a machine, an optimizer and batches, advanced update by update. It writes and prints nothing."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from tapedeck.ntm import NeuralTM
from tapedeck.ntm.threads import one_thread
from tapedeck.tasks import TASKS, Episode, bit_errors
from tapedeck.training.data import Batches
from tapedeck.training.fused import Steps, make_steps, unclamped_outputs
from tapedeck.training.recipes import AnyRecipe
from tapedeck.training.starting import initial_machine
from tapedeck.training.unroll import activated
from tapedeck.training.validation import Validation

LEVEL_MEMORY = 0.99
"""Of the running mean of the loss by which a level ends: over about a hundred updates."""

LEVEL_START = 0.3
"""What that mean begins with at every level: a good one takes some 200 updates."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run of training stands.

    Attributes:
        sequences, total: seen so far, and in the whole run.
        loss: mean over the updates of the current stretch (`Trainer.begin_stretch`); None before the first.
        bit_error_rate: share of wrong bits in the batches of these updates, each before it was learned from.
        validation_errors: wrong bits in the last validation; None before the first.
        validation_excess: of a task whose outputs are probabilities, which have neither wrong bits nor a rate of them:
            the share above the optimum of what they cost in the last validation.
        solved_at: sequences seen at the first validation without an error; None until then.
        solved_after: seconds of training until then.
        skipped: updates left out so far because a number was not finite.
        seconds: of training so far, compiling not counted.
    """

    sequences: int
    total: int
    loss: float | None
    bit_error_rate: float | None
    validation_errors: int | None
    solved_at: int | None
    solved_after: float | None
    skipped: int
    seconds: float
    validation_excess: float | None = None


@dataclass(slots=True)
class Counters:
    """What a run has counted: with the tensors of the machine, the optimizer and the batches, its whole state.

    Attributes:
        zeros: validations in a row without a wrong bit, up to the last one.
        decay_from: updates after which the learning rate began to fall because of them; None where it did not.
        level: of the recipe's, from 0 on.
        level_loss: running mean of the loss at that level.
        losses … scored_bits: of the current stretch.
    """

    updates: int = 0
    skipped: int = 0
    seconds: float = 0.0
    validation_errors: int | None = None
    validation_excess: float | None = None
    solved_at: int | None = None
    solved_after: float | None = None
    zeros: int = 0
    decay_from: int | None = None
    level: int = 0
    level_loss: float = LEVEL_START
    losses: float = 0.0
    finite_losses: int = 0
    wrong_bits: int = 0
    scored_bits: int = 0

    def progress(self, recipe: AnyRecipe) -> Progress:
        """Where the run stands."""
        return Progress(
            sequences=self.updates * recipe.batch_size,
            total=recipe.end(self.decay_from) * recipe.batch_size,
            loss=self.losses / self.finite_losses if self.finite_losses else None,
            bit_error_rate=self.wrong_bits / self.scored_bits if self.scored_bits else None,
            validation_errors=self.validation_errors,
            solved_at=self.solved_at,
            solved_after=self.solved_after,
            skipped=self.skipped,
            seconds=self.seconds,
            validation_excess=self.validation_excess,
        )


def _as_one(machine: NeuralTM) -> tuple[nn.Parameter, Float[Tensor, " P"]]:
    """All parameters of a machine in one vector, and their gradients in another, of which they become parts.

    The optimizer takes one array instead of 28, which saves a tenth of the time of an update.
    """
    parameters = list(machine.parameters())
    one = nn.Parameter(parameters_to_vector(parameters).detach())
    one.grad = gradient = torch.zeros_like(one)
    vector_to_parameters(one, parameters)
    for parameter, part in zip(
        parameters, gradient.split_with_sizes([each.numel() for each in parameters]), strict=True
    ):
        parameter.grad = part.view_as(parameter)
    return one, gradient


def _clip(gradient: Float[Tensor, " P"], most: float) -> float:
    """Shortens a gradient to a norm, and gives the norm that it had.

    The arithmetic of torch's `clip_grad_norm_`, whose care for many arrays takes ten times as long as that of one.
    """
    norm = torch.linalg.vector_norm(gradient)
    gradient.mul_((most / (norm + 1e-6)).clamp_max(1))
    return float(norm)


class Trainer:
    """A run of training that can be advanced, looked at, and left at any update.

    For the same recipe, seed and steps the parameters after n updates are the same to the last bit on the same machine,
    however the updates were cut into calls.

    Attributes:
        machine: being trained.
        steps: what it is trained with, compiled or not; may be exchanged for what computes the same.
        counters: what was counted so far.
    """

    def __init__(self, recipe: AnyRecipe, seed: int, run: Steps | None = None) -> None:
        self.recipe = recipe
        self.seed = seed
        self.machine = initial_machine(recipe, seed)
        self._parameters, self._gradient = _as_one(self.machine)
        self.optimizer = recipe.optimizer([self._parameters])
        self.batches = Batches(recipe, seed)
        self.counters = Counters()
        self.steps = run or make_steps(self.machine.spec)
        self._validation = Validation(recipe)

    @property
    def sequences_seen(self) -> int:
        """So far."""
        return self.counters.updates * self.recipe.batch_size

    @property
    def finished(self) -> bool:
        """Whether all updates of the recipe are made."""
        return self.counters.updates >= self._end

    @property
    def _end(self) -> int:
        return self.recipe.end(self.counters.decay_from)

    @property
    def validation_bits(self) -> int:
        """Over how many bits validation errors are counted."""
        return self._validation.bits

    @property
    def progress(self) -> Progress:
        """Where the run stands."""
        return self.counters.progress(self.recipe)

    def begin_stretch(self) -> None:
        """From here on loss and bit error rate are counted anew."""
        counters = self.counters
        counters.losses, counters.finite_losses, counters.wrong_bits, counters.scored_bits = 0.0, 0, 0, 0

    def advance(self, updates: int) -> Progress:
        """Makes that many updates, at most up to the end of the run."""
        started = time.perf_counter()
        with one_thread():
            for _ in range(min(updates, self._end - self.counters.updates)):
                self._update(self.batches.next(self.counters.updates, self.counters.level))
        self.counters.seconds += time.perf_counter() - started
        return self.progress

    def validate(self) -> float:
        """Wrong bits on the recipe's fixed validation episodes, or the share above the optimum; notes when nothing is
        wrong for the first time.
        """
        started = time.perf_counter()
        with one_thread():
            found = self._validation.amount(self.machine)
        counters = self.counters
        counters.seconds += time.perf_counter() - started
        if TASKS[self.recipe.task].measure.foretold:
            counters.validation_excess = found / self._validation.best - 1
            return counters.validation_excess
        counters.validation_errors = errors = round(found)
        if errors == 0 and counters.solved_at is None:
            counters.solved_at = self.sequences_seen
            counters.solved_after = counters.seconds
        counters.zeros = 0 if errors else counters.zeros + 1
        if self.recipe.decay_after and counters.decay_from is None and counters.zeros >= self.recipe.decay_after:
            counters.decay_from = counters.updates
        return errors

    def _update(self, episode: Episode) -> None:
        """One update, left out if its loss or its gradient is not finite."""
        counters = self.counters
        for group in self.optimizer.param_groups:
            group["lr"] = self.recipe.rate_at(counters.updates, counters.decay_from)
        outputs = unclamped_outputs(self.machine, episode.inputs, self.steps)
        loss = self.recipe.loss(outputs, episode)
        self._gradient.zero_()
        loss.backward()  # type: ignore[no-untyped-call]
        norm, value = _clip(self._gradient, self.recipe.gradient_norm), loss.item()
        if math.isfinite(value) and math.isfinite(norm):
            self.optimizer.step()
        else:
            counters.skipped += 1
        if episode.optimum is not None:  # which takes as long to count as it takes to learn
            self._count(value, 0, 0)
            return
        answered = activated(self.machine, outputs.detach())
        self._count(value, int(bit_errors(answered, episode).sum()), episode.scored_bits)

    def _count(self, loss: float, wrong_bits: int, scored_bits: int) -> None:
        counters = self.counters
        counters.updates += 1
        counters.wrong_bits += wrong_bits
        counters.scored_bits += scored_bits
        if math.isfinite(loss):
            counters.losses += loss
            counters.finite_losses += 1
            self._climb(loss)

    def _climb(self, loss: float) -> None:
        """To the next level, as soon as this one is learned."""
        counters, recipe = self.counters, self.recipe
        if counters.level + 1 >= len(recipe.levels):
            return
        counters.level_loss = LEVEL_MEMORY * counters.level_loss + (1 - LEVEL_MEMORY) * loss
        if counters.level_loss < recipe.level_loss:
            counters.level, counters.level_loss = counters.level + 1, LEVEL_START
