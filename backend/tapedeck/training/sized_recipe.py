"""How a machine is trained on a task whose examples are of any size: repeat copy, associative recall."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from jaxtyping import Float
from torch import Generator, Tensor, nn
from torch.nn import functional

from tapedeck.ntm import MachineSpec
from tapedeck.ntm.specification import (
    Conventions,
    HeadKind,
    HeadSpec,
    MemorySpec,
    OutputSpec,
    Start,
    Starts,
)
from tapedeck.tasks import TASKS, Episode, Task
from tapedeck.training.controllers import controller_of
from tapedeck.training.fields import check_names
from tapedeck.training.patterns import PATTERNS, mixed
from tapedeck.training.sized_checks import OUTPUT_TERMS, check

VALIDATED_SIZES = 5
"""Evenly spread from the smallest to the largest."""

VALIDATED_EXAMPLES = 20
"""Of each of them."""


@dataclass(frozen=True, slots=True)
class SizedRecipe:
    """A training recipe; `tapedeck.training.recipes` holds the one of each task.

    The loss is the binary cross-entropy of the outputs that are scored, and of no others; the optimizer is Adam.

    Attributes:
        task: a name in `tapedeck.tasks.TASKS`.
        sizes: the least and the greatest of each number that makes an example longer; all of a batch have one size.
        bits: of a vector.
        patterns: of the sequences, for a task that has any (`tapedeck.training.patterns`), and their shares.
        late_patterns: the same, for the rest of the run; none where the first are kept.
        late_from: the share of the run after which they take the place of `patterns`; 1 for never.
        sequences: examples seen in the whole run at most; rounded up to whole batches.
        batch_size: examples an update.
        largest_share: of the batches, which are of the largest size; the others are of any, each as likely.
        locations, width, controller_size: the machine's other sizes.
        controller: its kind, `lstm` or `feed_forward`; the latter has one layer of rectified units.
        heads: so many write heads, and so many read heads after them.
        add_vector: its activation, `tanh` or `raw`.
        memory_spread: what the memory begins with is learned, and before the first update drawn with this standard
            deviation; 0 for a constant that is not learned.
        drives: what the heads are fed with beside the hidden vector: `inputs`, or nothing.
        biases: added to the initial bias of a stage of every head (of the shift weighting to its first share, which
            moves the focus by +1), and as `forget_gate` to that of an LSTM.
        output_scale: what the initial output weights of a term (`reads`, `hidden`) are multiplied by.
        learning_rate: of Adam.
        betas: of Adam, with which it remembers the gradient and its square from update to update.
        gradient_norm: gradients are scaled down to it.
        grows: the size that grows with the run; none where this is empty.
        levels: the greatest value of that size, level by level …
        level_loss: … the next of which begins as soon as the running mean of the loss is below this.
        decay_after: the learning rate begins to fall after so many validations in a row without a wrong bit; 0 for not.
        decay_updates: it falls linearly over so many updates, with which the run ends: its last ones at the latest.
        decay_share: or over this share of the updates of the whole run; 0 for `decay_updates`.
        final_rate: to this share of it.

    Raises:
        InvalidConfiguration: a field is of the wrong type or out of its range, or the sizes do not fit the task.
    """

    task: str
    sizes: Mapping[str, tuple[int, int]]
    bits: int = 8
    patterns: Mapping[str, float] = field(default_factory=lambda: {"random": 1.0})
    late_patterns: Mapping[str, float] = field(default_factory=dict)
    late_from: float = 1.0
    sequences: int = 400_000
    batch_size: int = 32
    largest_share: float = 0.0
    locations: int = 128
    width: int = 20
    controller_size: int = 100
    controller: str = "lstm"
    heads: int = 1
    add_vector: str = "tanh"
    memory_spread: float = 0.0
    drives: tuple[str, ...] = ()
    biases: Mapping[str, float] = field(default_factory=dict)
    output_scale: Mapping[str, float] = field(default_factory=dict)
    learning_rate: float = 1e-3
    betas: tuple[float, float] = (0.9, 0.999)
    gradient_norm: float = 10.0
    grows: str = ""
    levels: tuple[int, ...] = ()
    level_loss: float = 0.05
    decay_after: int = 0
    decay_updates: int = 3000
    decay_share: float = 0.0
    final_rate: float = 0.02

    def __post_init__(self) -> None:
        check(self)
        _ = self.spec  # checks the machine

    @property
    def of_task(self) -> Task[Any]:
        """The task itself."""
        return TASKS[self.task]

    @property
    def spec(self) -> MachineSpec:
        """A controller, write and then read heads that begin at location 0, and probabilities as output.

        Where several write, each looks at the memory as it was before the step, so that none waits for another.
        """
        return MachineSpec(
            inputs=self.of_task.input_channels(self.bits),
            outputs=self.of_task.output_channels(self.bits),
            memory=MemorySpec(self.locations, self.width),
            controller=controller_of(self.controller, self.controller_size, self.drives),
            heads=(
                *(
                    HeadSpec(
                        name,
                        "write",
                        erase_vector="sigmoid",
                        add_vector=self.add_vector,  # type: ignore[arg-type]
                        addresses="current" if self.heads == 1 else "previous",
                    )
                    for name in self._names("write")
                ),
                *(HeadSpec(name, "read") for name in self._names("read")),
            ),
            output=OutputSpec(OUTPUT_TERMS, "sigmoid"),
            starts=Starts(
                memory=Start("learned") if self.memory_spread else Starts().memory,
                weightings=Start("one_hot", location=0),
            ),
            conventions=Conventions(cosine="root", cosine_epsilon=1e-4),
        )

    def _names(self, kind: HeadKind) -> list[str]:
        return [kind] if self.heads == 1 else [f"{kind}{number}" for number in range(1, self.heads + 1)]

    @property
    def judged_on(self) -> str:
        """The sizes, for people."""
        return ", ".join(f"{name} {least}–{greatest}" for name, (least, greatest) in self.sizes.items())

    @property
    def updates(self) -> int:
        """Of the whole run, at most."""
        return math.ceil(self.sequences / self.batch_size)

    @property
    def falling_updates(self) -> int:
        """Over which the learning rate falls."""
        return max(1, round(self.decay_share * self.updates)) if self.decay_share else self.decay_updates

    def end(self, decay_from: int | None) -> int:
        """Updates of the whole run, once it is known when the learning rate began to fall."""
        return self.updates if decay_from is None else min(self.updates, decay_from + self.falling_updates)

    def rate_at(self, update: int, decay_from: int | None = None) -> float:
        """The learning rate of an update, counted from 0."""
        latest = self.updates - self.falling_updates
        begun = latest if decay_from is None else min(latest, decay_from)
        fallen = min(1.0, max(0.0, (update - begun) / self.falling_updates))
        return self.learning_rate * (1 - (1 - self.final_rate) * fallen)

    def patterns_at(self, update: int) -> Mapping[str, float]:
        """The kinds of sequences of an update, counted from 0, and their shares."""
        return self.patterns if update < self.late_from * self.updates else self.late_patterns

    def optimizer(self, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
        """Adam."""
        return torch.optim.Adam(parameters, lr=self.learning_rate, betas=self.betas)

    def loss(self, outputs: Float[Tensor, "T *batch O"], episode: Episode) -> Float[Tensor, ""]:
        """Of the outputs before their activation, whose sigmoid is the probability of a 1."""
        steps, bits = slice(episode.scored.start, episode.scored.stop), episode.bits
        return functional.binary_cross_entropy_with_logits(
            outputs[steps, ..., :bits], episode.targets[steps, ..., :bits]
        )

    @property
    def bits_of_loss(self) -> int | None:
        """How many bits that cost as much as the loss says make a sequence; None where that depends on its size."""
        found = set()
        for end in (0, 1):
            size = {name: range_[end] for name, range_ in self.sizes.items()}
            found.add(self.of_task.episode(self.of_task.sample(Generator(), size, 1, self.bits)).scored_bits)
        return found.pop() if len(found) == 1 else None

    def draw(self, generator: Generator, update: int, level: int) -> Episode:
        """A batch: of the largest size or of any, each number of which is as likely as another."""
        largest = bool(self.largest_share) and float(torch.rand((), generator=generator)) < self.largest_share
        size = {}
        for name, (least, greatest) in self.sizes.items():
            most = max(least, min(greatest, self.levels[level])) if name == self.grows else greatest
            size[name] = most if largest else int(torch.randint(least, most + 1, (), generator=generator))
        # The batches of random bits alone are what they were before there were patterns.
        patterns = self.patterns_at(update)
        draw = mixed(patterns) if len(patterns) > 1 else PATTERNS[next(iter(patterns))]
        return self.of_task.episode(self.of_task.sample(generator, size, self.batch_size, self.bits, draw))

    def validation_episodes(self, generator: Generator) -> list[Episode]:
        """Of sizes from the smallest to the largest; all that make an example longer grow together."""
        shares = [place / (VALIDATED_SIZES - 1) for place in range(VALIDATED_SIZES)]
        sizes = [
            {n: round(least + share * (most - least)) for n, (least, most) in self.sizes.items()} for share in shares
        ]
        different = [size for place, size in enumerate(sizes) if size not in sizes[:place]]
        sampled = (self.of_task.sample(generator, size, VALIDATED_EXAMPLES, self.bits) for size in different)
        return [self.of_task.episode(each) for each in sampled]

    def as_dict(self) -> dict[str, Any]:
        """Every field, fit for JSON."""
        return asdict(self)

    @classmethod
    def check_names(cls, values: Mapping[str, Any]) -> None:
        """Checks that a recipe has these fields.

        Raises:
            InvalidConfiguration: it does not.
        """
        check_names(cls, values)
