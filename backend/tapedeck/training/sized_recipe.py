"""How an LSTM machine is trained on a task whose examples are of any size: repeat copy, associative recall."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from jaxtyping import Float
from torch import Generator, Tensor, nn
from torch.nn import functional

from tapedeck.errors import InvalidConfiguration, quoted
from tapedeck.ntm import MachineSpec
from tapedeck.ntm.specification import (
    ADDRESSING_STAGES,
    WRITE_STAGES,
    ControllerSpec,
    Conventions,
    HeadSpec,
    MemorySpec,
    OutputSpec,
    Start,
    Starts,
    Term,
)
from tapedeck.tasks import TASKS, Episode, Task
from tapedeck.training.fields import check_names, check_real, check_whole
from tapedeck.training.patterns import PATTERNS, check_patterns, mixed
from tapedeck.training.starting import FORGET_GATE

OUTPUT_TERMS: tuple[Term, ...] = ("reads", "hidden")

BIASES = (*ADDRESSING_STAGES, *WRITE_STAGES, FORGET_GATE)
"""What `biases` may name."""

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
        sequences: examples seen in the whole run at most; rounded up to whole batches.
        batch_size: examples an update.
        locations, width, controller_size: the machine's other sizes.
        drives: what the heads are fed with beside the hidden vector: `inputs`, or nothing.
        biases: added to the initial bias of a stage of every head (of the shift weighting to its first share, which
            moves the focus by +1), and as `forget_gate` to that of the LSTM.
        output_scale: what the initial output weights of a term (`reads`, `hidden`) are multiplied by.
        learning_rate: of Adam.
        gradient_norm: gradients are scaled down to it.
        grows: the size that grows with the run; none where this is empty.
        levels: the greatest value of that size, level by level …
        level_loss: … the next of which begins as soon as the running mean of the loss is below this.
        decay_after: the learning rate begins to fall after so many validations in a row without a wrong bit; 0 for not.
        decay_updates: it falls linearly over so many updates, with which the run ends: its last ones at the latest.
        final_rate: to this share of it.

    Raises:
        InvalidConfiguration: a field is of the wrong type or out of its range, or the sizes do not fit the task.
    """

    task: str
    sizes: Mapping[str, tuple[int, int]]
    bits: int = 8
    patterns: Mapping[str, float] = field(default_factory=lambda: {"random": 1.0})
    sequences: int = 400_000
    batch_size: int = 32
    locations: int = 128
    width: int = 20
    controller_size: int = 100
    drives: tuple[str, ...] = ()
    biases: Mapping[str, float] = field(default_factory=dict)
    output_scale: Mapping[str, float] = field(default_factory=dict)
    learning_rate: float = 1e-3
    gradient_norm: float = 10.0
    grows: str = ""
    levels: tuple[int, ...] = ()
    level_loss: float = 0.05
    decay_after: int = 0
    decay_updates: int = 3000
    final_rate: float = 0.02

    def __post_init__(self) -> None:
        if self.task not in TASKS:
            raise InvalidConfiguration(
                f"There is no task {quoted(self.task)}; the tasks are {', '.join(TASKS)}.", field="task"
            )
        for name in ("bits", "sequences", "batch_size", "decay_updates"):
            check_whole(name, getattr(self, name))
        check_whole("decay_after", self.decay_after, 0)
        for name, most in (("learning_rate", 1), ("gradient_norm", 1e6), ("final_rate", 1)):
            check_real(name, getattr(self, name), 0, most, least_allowed=name == "final_rate")
        check_real("level_loss", self.level_loss, 0, 1e6, least_allowed=False)
        check_patterns("patterns", self.patterns)
        if [*self.patterns] != ["random"] and not self.of_task.patterned:
            raise InvalidConfiguration(
                f"{self.task} has no patterns of sequences; leave patterns out.", field="patterns"
            )
        self._check_sizes()
        self._check_levels()
        self._check_parts()
        _ = self.spec  # checks the machine

    @property
    def of_task(self) -> Task[Any]:
        """The task itself."""
        return TASKS[self.task]

    @property
    def spec(self) -> MachineSpec:
        """An LSTM, a write and a read head that begin at location 0, and probabilities as output."""
        return MachineSpec(
            inputs=self.of_task.input_channels(self.bits),
            outputs=self.of_task.output_channels(self.bits),
            memory=MemorySpec(self.locations, self.width),
            controller=ControllerSpec("lstm", (self.controller_size,), "raw", ("hidden", *self.drives)),  # type: ignore[arg-type]
            heads=(
                HeadSpec("write", "write", erase_vector="sigmoid", add_vector="tanh"),
                HeadSpec("read", "read"),
            ),
            output=OutputSpec(OUTPUT_TERMS, "sigmoid"),
            starts=Starts(weightings=Start("one_hot", location=0)),
            conventions=Conventions(cosine="root", cosine_epsilon=1e-4),
        )

    @property
    def judged_on(self) -> str:
        """The sizes, for people."""
        return ", ".join(f"{name} {least}–{greatest}" for name, (least, greatest) in self.sizes.items())

    @property
    def updates(self) -> int:
        """Of the whole run, at most."""
        return math.ceil(self.sequences / self.batch_size)

    def end(self, decay_from: int | None) -> int:
        """Updates of the whole run, once it is known when the learning rate began to fall."""
        return self.updates if decay_from is None else min(self.updates, decay_from + self.decay_updates)

    def rate_at(self, update: int, decay_from: int | None = None) -> float:
        """The learning rate of an update, counted from 0."""
        latest = self.updates - self.decay_updates
        begun = latest if decay_from is None else min(latest, decay_from)
        fallen = min(1.0, max(0.0, (update - begun) / self.decay_updates))
        return self.learning_rate * (1 - (1 - self.final_rate) * fallen)

    def optimizer(self, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
        """Adam."""
        return torch.optim.Adam(parameters, lr=self.learning_rate)

    def loss(self, outputs: Float[Tensor, "T *batch O"], episode: Episode) -> Float[Tensor, ""]:
        """Of the outputs before their activation, whose sigmoid is the probability of a 1."""
        steps, bits = slice(episode.scored.start, episode.scored.stop), episode.bits
        return functional.binary_cross_entropy_with_logits(
            outputs[steps, ..., :bits], episode.targets[steps, ..., :bits]
        )

    def draw(self, generator: Generator, update: int, level: int) -> Episode:
        """A batch: of one size, each number of which is as likely as another."""
        size = {}
        for name, (least, greatest) in self.sizes.items():
            most = max(least, min(greatest, self.levels[level])) if name == self.grows else greatest
            size[name] = int(torch.randint(least, most + 1, (), generator=generator))
        # The batches of random bits alone are what they were before there were patterns.
        draw = mixed(self.patterns) if len(self.patterns) > 1 else PATTERNS[next(iter(self.patterns))]
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

    def _check_sizes(self) -> None:
        least = {size.name: size.least for size in self.of_task.sizes}
        sizes: object = self.sizes
        if not isinstance(sizes, Mapping) or set(sizes) != set(least):
            raise InvalidConfiguration(
                f"sizes must give the least and the greatest of {' and '.join(least)}, got {quoted(sizes)}.",
                field="sizes",
            )
        kept = {name: _least_and_greatest(name, sizes[name], least[name]) for name in least}
        object.__setattr__(self, "sizes", kept)
        needed = self.of_task.locations_needed({name: most for name, (_, most) in kept.items()})
        check_whole("locations", self.locations)
        if self.locations < needed:
            raise InvalidConfiguration(
                f"The largest size of {self.task} needs at least {needed} locations, got {self.locations}; "
                "take more locations or smaller sizes.",
                field="locations",
            )

    def _check_levels(self) -> None:
        object.__setattr__(self, "levels", _listed("levels", self.levels))
        for level in self.levels:
            check_whole("levels", level)
        if self.grows not in ("", *self.sizes):
            raise InvalidConfiguration(
                f"grows must be one of {', '.join(self.sizes)}, or empty; got {quoted(self.grows)}.", field="grows"
            )
        if bool(self.levels) != bool(self.grows):
            raise InvalidConfiguration("grows and levels go together: give both or neither.", field="levels")

    def _check_parts(self) -> None:
        object.__setattr__(self, "drives", _listed("drives", self.drives))
        if self.drives not in ((), ("inputs",)):
            raise InvalidConfiguration(
                f'drives must be ["inputs"] or empty, got {quoted([*self.drives])}.', field="drives"
            )
        for part, known in (("biases", BIASES), ("output_scale", OUTPUT_TERMS)):
            given: object = getattr(self, part)
            if not isinstance(given, Mapping):
                raise InvalidConfiguration(f"{part} must be numbers by name, got {quoted(given)}.", field=part)
            for name, value in given.items():
                if name not in known:
                    raise InvalidConfiguration(
                        f"{part} has no {quoted(name)}; there are {', '.join(known)}.", field=part
                    )
                check_real(f"{part}.{name}", value, -100, 100, least_allowed=True)


def _listed(name: str, values: object) -> tuple[Any, ...]:
    if not isinstance(values, list | tuple):
        raise InvalidConfiguration(f"{name} must be a list, got {quoted(values)}.", field=name)
    return tuple(values)


def _least_and_greatest(name: str, pair: object, least: int) -> tuple[int, int]:
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        raise InvalidConfiguration(
            f"sizes.{name} must be the least and the greatest, got {quoted(pair)}.", field="sizes"
        )
    check_whole(f"sizes.{name}", pair[0], least)
    check_whole(f"sizes.{name}", pair[1], pair[0])
    return pair[0], pair[1]
