"""How well a machine generalizes: bit errors by length and by pattern, and how certain that is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from torch import Generator

from tapedeck.errors import InvalidConfiguration
from tapedeck.ntm import NeuralTM
from tapedeck.tasks import TASKS
from tapedeck.training.batches import Batching, count_errors
from tapedeck.training.intervals import Interval, clustered_interval
from tapedeck.training.patterns import PATTERNS

MOST_LENGTH = 1000
MOST_SEED = 2**31


@dataclass(frozen=True, slots=True)
class Plan:
    """What to evaluate on: every length with every pattern.

    Attributes:
        lengths: vectors of a sequence, 1…1000 each.
        patterns: names in `tapedeck.training.patterns.PATTERNS`.
        sequences: at each length and pattern, at least 1.
        locations: N; None for the machine's own.
        seed: of the sequences, 0…2³¹; they are the same for every machine.

    Raises:
        InvalidConfiguration: a length, a pattern or a number is impossible.
    """

    lengths: tuple[int, ...]
    patterns: tuple[str, ...] = ("random",)
    sequences: int = 100
    locations: int | None = None
    seed: int = 1410_5401

    def __post_init__(self) -> None:
        wrong = [length for length in self.lengths if not 1 <= length <= MOST_LENGTH]
        if wrong or not self.lengths:
            raise InvalidConfiguration(
                f"lengths must be whole numbers from 1 to {MOST_LENGTH:,}, got {wrong[0] if wrong else 'none'}.",
                field="lengths",
            )
        unknown = [name for name in self.patterns if name not in PATTERNS]
        if unknown or not self.patterns:
            raise InvalidConfiguration(
                f"patterns must be chosen from {', '.join(PATTERNS)}; got {unknown[0] if unknown else 'none'}.",
                field="patterns",
            )
        if self.sequences < 1:
            raise InvalidConfiguration(f"sequences must be at least 1, got {self.sequences}.", field="sequences")
        if not 0 <= self.seed <= MOST_SEED:
            raise InvalidConfiguration(
                f"seed must be a whole number from 0 to {MOST_SEED:,}, got {self.seed}.", field="seed"
            )

    @property
    def parts(self) -> int:
        """How many results there will be."""
        return len(self.lengths) * len(self.patterns)


@dataclass(frozen=True, slots=True)
class Result:
    """A machine at one length and pattern.

    Attributes:
        length, pattern, locations: of the sequences, and N of the run.
        bits: of all sequences together.
        wrong_by_sequence: the wrong bits of each sequence, in the order in which they were drawn.
        margin: the least distance of an output from ½, over all bits: how close the nearest came to the other side.
        worst: the sequence with the most wrong bits, a string of 0s and 1s for each vector.
        sequences, exact, exact_share: how many there were, and how many of them, and what share, had no wrong bit.
        wrong_bits, bit_error_rate: of all bits.
        interval: where the rate lies with 95 % confidence, see `tapedeck.training.intervals`.
    """

    length: int
    pattern: str
    locations: int
    bits: int
    wrong_by_sequence: list[int]
    margin: float
    worst: list[str]
    sequences: int = field(init=False)
    exact: int = field(init=False)
    exact_share: float = field(init=False)
    wrong_bits: int = field(init=False)
    bit_error_rate: float = field(init=False)
    interval: Interval = field(init=False)

    def __post_init__(self) -> None:
        wrong, sequences = self.wrong_by_sequence, len(self.wrong_by_sequence)
        counted = {
            "sequences": sequences,
            "exact": wrong.count(0),
            "exact_share": wrong.count(0) / sequences,
            "wrong_bits": sum(wrong),
            "bit_error_rate": sum(wrong) / self.bits,
            "interval": clustered_interval(wrong, self.bits // sequences),
        }
        for name, value in counted.items():
            object.__setattr__(self, name, value)

    def document(self) -> dict[str, Any]:
        """As plain JSON."""
        return {**asdict(self), "interval": list(self.interval)}


def evaluate(machine: NeuralTM, task: str, plan: Plan) -> Iterator[Result]:
    """Every part of the plan, by length and then by pattern, each as soon as it is known.

    Raises:
        InvalidConfiguration: the task is one that is not evaluated.
        InvalidLocations: the machine cannot run on so many locations.
        NonFinite: its numbers overflow.
    """
    yield from (result for result in evaluate_by_batches(machine, task, plan) if result is not None)


def evaluate_by_batches(machine: NeuralTM, task: str, plan: Plan) -> Iterator[Result | None]:
    """The same, and None after every stretch of steps: a moment at which nothing is being run, and little is kept.

    Raises:
        InvalidLocations: as above.
        NonFinite: as above.
    """
    if task not in TASKS:
        raise InvalidConfiguration(
            f"This version evaluates machines of {', '.join(TASKS)}; this one was trained on {task}.",
            field="checkpoint",
        )
    machine.initial_state(locations=plan.locations)  # raises before anything is run
    for length in plan.lengths:
        for pattern in plan.patterns:
            yield from _evaluate(machine, task, plan, length, pattern)


def _evaluate(machine: NeuralTM, task: str, plan: Plan, length: int, pattern: str) -> Iterator[Result | None]:
    locations = plan.locations or machine.config.locations
    bits = machine.config.bits
    generator = Generator().manual_seed(plan.seed * (MOST_LENGTH + 1) + length)
    sequences = PATTERNS[pattern](generator, length, plan.sequences, bits).bool()
    batching = Batching.of(machine.config, locations, TASKS[task].steps(length))
    wrong, margin = list[int](), math.inf
    for batch in torch.split(sequences, batching.sequences, dim=1):
        for counted in count_errors(machine, task, batch, locations, batching.steps):
            if counted is None:
                yield None
                continue
            wrong += counted.wrong
            margin = min(margin, counted.margin)
    worst = sequences[:, wrong.index(max(wrong))]
    rows = ["".join(str(int(bit)) for bit in vector) for vector in worst.tolist()]
    yield Result(length, pattern, locations, len(rows) * plan.sequences * bits, wrong, margin, rows)
