"""How a machine is trained to copy: every choice that, with a seed, decides the parameters it ends with."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, ClassVar

import torch
from jaxtyping import Float
from torch import Generator, Tensor, nn
from torch.nn import functional

from tapedeck.errors import InvalidConfiguration, quoted
from tapedeck.ntm import MachineSpec, NTMConfig
from tapedeck.tasks import TASKS, CopyTask, Episode
from tapedeck.training.controllers import check_controller, controller_of
from tapedeck.training.fields import check_names, check_real, check_whole, differences
from tapedeck.training.patterns import check_patterns, mixed, random

WHOLE_NUMBERS = ("sequences", "batch_size", "shortest", "longest")

VALIDATED_LENGTHS = 20
"""Evenly spread over shortest…longest; with the default recipe that is every one."""

VALIDATED_SEQUENCES = 10
"""At each length."""


def _default_patterns() -> dict[str, float]:
    return {"random": 0.5, "any-density": 0.5}


def _default_late_patterns() -> dict[str, float]:
    return {"random": 0.25, "any-density": 0.15, "sparse": 0.2, "edge-rows": 0.3, "repeated": 0.05, "one-hot": 0.05}


@dataclass(frozen=True, slots=True)
class Recipe:
    """A training recipe. The defaults solve the copy task in about 6,000 sequences.

    Attributes:
        task: the copy task's name.
        sequences: seen in the whole run; rounded up to whole batches.
        batch_size: sequences an update. All of a batch have one length.
        shortest, longest: the length of a batch is drawn evenly from shortest…longest.
        patterns: kinds of sequences (`tapedeck.training.patterns`) and their shares.
        late_patterns: the same, for the rest of the run. Sequences of nearly all zeros teach a machine that copies
            to hold its place without a landmark; one that does not copy yet, they keep from learning to.
        late_from: the share of the run after which they take the place of `patterns`; 1 for never.
        locations, width, bits, controller_size: the machine's sizes.
        controller: its kind, `feed_forward` as the reference's, or `lstm`.
        gate_bias: added to the interpolation gates' initial bias; negative starts with following the last weighting.
        forward_bias: added to the initial bias of the shift by +1.
        steepness: the loss is binary cross-entropy with the logits steepness · (z − ½), z the output before its clamp.
        learning_rate, momentum, smoothing, epsilon: of RMSprop.
        gradient_norm: gradients are scaled down to it.
        decay: the last share of the run, in which the learning rate falls linearly …
        final_rate: … to this share of it.

    Raises:
        InvalidConfiguration: a field is of the wrong type or out of its range, or the sizes do not fit the task.
    """

    memory_spread: ClassVar[float] = 0.0
    output_scale: ClassVar[Mapping[str, float]] = {}
    levels: ClassVar[tuple[int, ...]] = ()
    level_loss: ClassVar[float] = 0.0
    decay_after: ClassVar[int] = 0

    task: str = "copy"
    sequences: int = 40_000
    batch_size: int = 8
    shortest: int = 1
    longest: int = 20
    patterns: Mapping[str, float] = field(default_factory=_default_patterns)
    late_patterns: Mapping[str, float] = field(default_factory=_default_late_patterns)
    late_from: float = 0.3
    locations: int = 128
    width: int = 20
    bits: int = 8
    controller_size: int = 100
    controller: str = "feed_forward"
    gate_bias: float = -2.0
    forward_bias: float = 1.0
    steepness: float = 8.0
    learning_rate: float = 1e-4
    momentum: float = 0.9
    smoothing: float = 0.95
    epsilon: float = 1e-4
    gradient_norm: float = 10.0
    decay: float = 0.5
    final_rate: float = 0.02

    def __post_init__(self) -> None:
        _check_task(self.task)
        for name in WHOLE_NUMBERS:
            check_whole(name, getattr(self, name))
        for name, (least, greatest, least_allowed) in REAL_RANGES.items():
            check_real(name, getattr(self, name), least, greatest, least_allowed=least_allowed)
        check_patterns("patterns", self.patterns)
        check_patterns("late_patterns", self.late_patterns)
        check_controller(self.controller)
        _ = self.config  # checks the sizes
        self._check_lengths()

    @property
    def config(self) -> NTMConfig:
        """The machine's sizes."""
        return NTMConfig(self.locations, self.width, self.bits, self.controller_size)

    @property
    def spec(self) -> MachineSpec:
        """The machine: the reference's, of these sizes and with this controller."""
        return replace(self.config.spec, controller=controller_of(self.controller, self.controller_size))

    @property
    def biases(self) -> Mapping[str, float]:
        """What is added to the initial biases, by stage."""
        return {"interpolation_gate": self.gate_bias, "shift_weighting": self.forward_bias}

    @property
    def judged_on(self) -> str:
        """The sizes that validation looks at, for people."""
        return f"lengths {self.shortest}–{self.longest}"

    @property
    def updates(self) -> int:
        """Of the whole run."""
        return math.ceil(self.sequences / self.batch_size)

    def end(self, decay_from: int | None = None) -> int:
        """Updates of the whole run; it is known from the beginning when the learning rate falls."""
        del decay_from
        return self.updates

    def rate_at(self, update: int, decay_from: int | None = None) -> float:
        """The learning rate of an update, counted from 0."""
        del decay_from
        fallen = max(0.0, 1 - (1 - update / self.updates) / self.decay) if self.decay else 0.0
        return self.learning_rate * (1 - (1 - self.final_rate) * fallen)

    def patterns_at(self, update: int) -> Mapping[str, float]:
        """The kinds of sequences of an update, counted from 0, and their shares."""
        return self.patterns if update < self.late_from * self.updates else self.late_patterns

    def optimizer(self, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
        """RMSprop."""
        return torch.optim.RMSprop(
            parameters, lr=self.learning_rate, alpha=self.smoothing, eps=self.epsilon, momentum=self.momentum
        )

    def loss(self, outputs: Float[Tensor, "T *batch O"], episode: Episode) -> Float[Tensor, ""]:
        """Binary cross-entropy of every output of every step, an episode weighted by its length.

        On the outputs *before* their clamp: behind it the gradient of a wrong output beyond 0…1 is exactly 0.
        """
        longest = TASKS[self.task].steps({"length": self.longest})
        logits = self.steepness * (outputs - 0.5)
        return functional.binary_cross_entropy_with_logits(logits, episode.targets) * (episode.steps / longest)

    @property
    def bits_of_loss(self) -> int:
        """How many bits that cost as much as the loss says make a sequence, on average: all outputs of the longest."""
        return TASKS[self.task].steps({"length": self.longest}) * len(self.spec.outputs)

    def draw(self, generator: Generator, update: int, level: int = 0) -> Episode:
        """A batch: episodes of one length, drawn evenly, each of a kind drawn by its share."""
        del level
        length = int(torch.randint(self.shortest, self.longest + 1, (), generator=generator))
        drawn = mixed(self.patterns_at(update))(generator, length, self.batch_size, self.bits)
        return TASKS[self.task].episode(drawn)

    def validation_episodes(self, generator: Generator) -> list[Episode]:
        """Of fair random bits, at lengths from the shortest to the longest."""
        count = min(VALIDATED_LENGTHS, self.longest - self.shortest + 1)
        lengths = torch.linspace(self.shortest, self.longest, count).round().int().tolist()
        task = TASKS[self.task]
        return [task.episode(random(generator, length, VALIDATED_SEQUENCES, self.bits)) for length in lengths]

    def as_dict(self) -> dict[str, Any]:
        """Every field, fit for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Recipe:
        """The recipe with these fields, the others at their defaults.

        Raises:
            InvalidConfiguration: an unknown field, or as above.
        """
        cls.check_names(values)
        return cls(**values)

    @classmethod
    def check_names(cls, values: Mapping[str, Any]) -> None:
        """Checks that a recipe has these fields.

        Raises:
            InvalidConfiguration: it does not.
        """
        check_names(cls, values)

    def differences(self, other: Recipe) -> list[str]:
        """The fields in which two recipes differ, as "longest is 20, not 30"."""
        return differences(self.as_dict(), other.as_dict())

    def _check_lengths(self) -> None:
        if self.shortest > self.longest:
            raise InvalidConfiguration(
                f"shortest must be at most longest, got {self.shortest} and {self.longest}.", field="shortest"
            )
        needed = TASKS[self.task].locations_needed({"length": self.longest})
        if self.locations < needed:
            raise InvalidConfiguration(
                f"A {self.task} of {self.longest} vectors needs at least {needed} locations, got {self.locations}; "
                "take more locations or a smaller longest.",
                field="locations",
            )


REAL_RANGES: dict[str, tuple[float, float, bool]] = {
    "gate_bias": (-100, 100, True),
    "forward_bias": (-100, 100, True),
    "late_from": (0, 1, True),
    "steepness": (0, 1000, False),
    "learning_rate": (0, 1, False),
    "momentum": (0, 0.9999, True),
    "smoothing": (0, 0.9999, True),
    "epsilon": (0, 1, False),
    "gradient_norm": (0, 1e6, False),
    "decay": (0, 1, True),
    "final_rate": (0, 1, True),
}
"""The smallest and the largest value of each field, and whether the smallest itself is allowed."""


def _check_task(task: object) -> None:
    if task != CopyTask.name:
        raise InvalidConfiguration(f"There is no task {quoted(task)}; the tasks are {CopyTask.name}.", field="task")
