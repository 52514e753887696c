"""How well a machine generalizes: bit errors by size and by pattern, and how certain that is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import reduce
from itertools import product
from typing import Any, NamedTuple

from torch import Generator

from tapedeck.compiled.choice import counts_compiled
from tapedeck.compiled.loading import KERNELS
from tapedeck.errors import InvalidConfiguration
from tapedeck.ntm import NeuralTM
from tapedeck.ntm.work import step_work
from tapedeck.tasks import Task, bits_of, task_as_heard
from tapedeck.tasks.measure import WRONG_BITS, Measure
from tapedeck.tasks.task import Size
from tapedeck.training.batches import Batching, count_errors
from tapedeck.training.intervals import Interval, clustered_interval
from tapedeck.training.patterns import PATTERNS
from tapedeck.training.prediction_result import PredictionResult

MOST_LENGTH = 1000
MOST_SEED = 2**31

WORTH_LOADING, WORTH_COMPILING = 200_000_000, 4_000_000_000
"""Work (`step_work`) that takes torch as long as it takes to load the kernels, and to compile them: some 1 and 15 s."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to evaluate on: every size with every pattern.

    Attributes:
        sizes: the values of each number that makes an example longer, by its name; every combination is evaluated.
            Those of a copy are {"length": …}.
        patterns: names in `tapedeck.training.patterns.PATTERNS`.
        sequences: examples of each size and pattern, at least 1.
        locations: N; None for the machine's own.
        seed: of the examples, 0…2³¹; they are the same for every machine.

    Raises:
        InvalidConfiguration: a pattern or a number is impossible. Which sizes are, the task says: `sizes_of`.
    """

    sizes: Mapping[str, tuple[int, ...]]
    patterns: tuple[str, ...] = ("random",)
    sequences: int = 100
    locations: int | None = None
    seed: int = 1410_5401

    def __post_init__(self) -> None:
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
        return math.prod(map(len, self.sizes.values())) * len(self.patterns)

    def sizes_of(self, task: Task[Any]) -> list[Size]:
        """Every combination, the last number varying fastest.

        Raises:
            InvalidConfiguration: the task has other sizes, a value is out of its range, or there is a pattern and the
                task has none.
        """
        names = [each.name for each in task.sizes]
        if set(self.sizes) != set(names):
            raise InvalidConfiguration(
                f"An evaluation of {task.name} takes the sizes {' and '.join(names)}, got "
                f"{' and '.join(self.sizes) or 'none'}.",
                field="sizes",
            )
        for each in task.sizes:
            values = self.sizes[each.name]
            wrong = [value for value in values if not each.least <= value <= each.most]
            if wrong or not values:
                name = "lengths" if names == ["length"] else each.name
                raise InvalidConfiguration(
                    f"{name} must be whole numbers from {each.least:,} to {each.most:,}, got "
                    f"{wrong[0] if wrong else 'none'}.",
                    field=name if name == "lengths" else f"sizes.{name}",
                )
        if not task.patterned and self.patterns != ("random",):
            raise InvalidConfiguration(
                f"{task.name} has no patterns of sequences; leave patterns out.", field="patterns"
            )
        return [dict(zip(names, values, strict=True)) for values in product(*(self.sizes[name] for name in names))]

    def split(self, task: Task[Any]) -> list[Plan]:
        """A plan for each result, in their order, which counts the same as this one does there.

        Raises:
            InvalidConfiguration: as `sizes_of`.
        """
        return [
            replace(self, sizes={name: (value,) for name, value in size.items()}, patterns=(pattern,))
            for size in self.sizes_of(task)
            for pattern in self.patterns
        ]


@dataclass(frozen=True, slots=True)
class Result:
    """A machine at one size and pattern.

    Attributes:
        size: of the examples.
        pattern, locations: of the sequences, and N of the run.
        bits: of all examples together.
        wrong_by_sequence: the wrong bits of each example, in the order in which they were drawn.
        margin: the least distance of an output from ½, over all bits: how close the nearest came to the other side.
        worst: the example with the most wrong bits: of a copy a string of 0s and 1s for each vector, of any other task
            the input of a request.
        sequences, exact, exact_share: how many there were, and how many of them, and what share, had no wrong bit.
        wrong_bits, bit_error_rate: of all bits.
        interval: where the rate lies with 95 % confidence, see `tapedeck.training.intervals`.
    """

    size: Size
    pattern: str
    locations: int
    bits: int
    wrong_by_sequence: list[int]
    margin: float
    worst: list[str] | dict[str, Any]
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

    @property
    def measure(self) -> Measure:
        """How it is counted."""
        return WRONG_BITS

    @property
    def rate(self) -> float:
        """The number of its measure."""
        return self.bit_error_rate

    def document(self) -> dict[str, Any]:
        """As plain JSON; each number of its size stands under its own name."""
        plain = asdict(self)
        return {**plain.pop("size"), **plain, "interval": list(self.interval)}


AnyResult = Result | PredictionResult
"""By the measure of the task."""


def evaluate(machine: NeuralTM, task: str, plan: Plan) -> Iterator[AnyResult]:
    """Every part of the plan, by size and then by pattern, each as soon as it is known.

    Raises:
        InvalidConfiguration: sizes that the task does not have.
        InvalidRequest: an unknown task, or a machine that has not its channels.
        InvalidLocations: the machine cannot run on so many locations.
        NonFinite: its numbers overflow.
    """
    yield from (result for result in evaluate_by_batches(machine, task, plan) if result is not None)


def evaluate_by_batches(machine: NeuralTM, task: str, plan: Plan) -> Iterator[AnyResult | None]:
    """The same, and None after every stretch of steps: a moment at which nothing is being run, and little is kept.

    Raises:
        As above.
    """
    evaluated = task_as_heard(machine.spec, task)
    sizes = plan.sizes_of(evaluated)
    bits_of(machine.spec, evaluated)  # raises, as the next does, before anything is run
    machine.initial_state(locations=plan.locations)
    compiled = _compiled(machine, evaluated, plan)
    for size in sizes:
        for pattern in plan.patterns:
            yield from _evaluate(machine, evaluated, plan, size, pattern, compiled=compiled)


def _compiled(machine: NeuralTM, task: Task[Any], plan: Plan) -> bool:
    """Whether the compiled engine counts, all of it; where torch would take longer than the kernels take to be ready,
    they are waited for.
    """
    steps = sum(map(task.steps, plan.sizes_of(task))) * len(plan.patterns) * plan.sequences
    work = steps * step_work(machine.spec, plan.locations or machine.spec.memory.locations)
    worth = work >= (WORTH_LOADING if KERNELS.kept() else WORTH_COMPILING)
    return counts_compiled(machine, task.name, worth_waiting=worth)


def _evaluate(
    machine: NeuralTM, task: Task[Any], plan: Plan, size: Size, pattern: str, *, compiled: bool
) -> Iterator[AnyResult | None]:
    locations = plan.locations or machine.spec.memory.locations
    seed = reduce(lambda mixed, value: mixed * (MOST_LENGTH + 1) + value, size.values(), plan.seed)
    sample = Sample.of(task, size, pattern, plan.sequences, bits=machine.spec.bits, seed=seed)
    batching = Batching.of(machine.spec, locations, task.steps(size))
    amounts, best, margin = list[float](), list[float](), math.inf
    for first in range(0, plan.sequences, batching.sequences):
        part = sample.part(slice(first, first + batching.sequences))
        for counted in count_errors(machine, task, part, locations, batching.steps, compiled=compiled):
            if counted is None:
                yield None
                continue
            amounts += counted.amounts
            best += counted.best
            margin = min(margin, counted.margin)
    yield sample.result(locations, amounts, best, margin)


class Sample(NamedTuple):
    """Examples of a size that a machine is counted on.

    Attributes:
        task: whose examples they are.
        size: of each.
        pattern: of their sequences.
        examples: all of them; kept while parts are run, so as flags.
    """

    task: Task[Any]
    size: Size
    pattern: str
    examples: Any

    @classmethod
    def of(cls, task: Task[Any], size: Size, pattern: str, count: int, *, bits: int, seed: int) -> Sample:
        """So many of them, of vectors of so many bits."""
        generator = Generator().manual_seed(seed)
        examples = task.sample(generator, size, count, bits, lambda *of: PATTERNS[pattern](*of).bool())
        return cls(task, size, pattern, examples)

    def part(self, some: int | slice) -> Any:
        """One of them, or several."""
        return self.task.part(self.examples, some)

    def result(self, locations: int, amounts: list[float], best: list[float], margin: float) -> AnyResult:
        """What was counted of all of them, with the one that came out worst.

        Args:
            locations: N that they were run on.
            amounts: of each, wrong bits or what its predictions cost.
            best: the least that each could have.
            margin: the least distance of an output from ½, over all bits that are scored.
        """
        above = [amount - least for amount, least in zip(amounts, best, strict=True)]
        worst = self.task.document(self.part(above.index(max(above))))
        scored = self.task.episode(self.part(0)).scored_bits * len(amounts)
        if self.task.measure.foretold:
            return PredictionResult(self.size, self.pattern, locations, scored, amounts, best, worst)
        wrong = [round(each) for each in amounts]
        return Result(self.size, self.pattern, locations, scored, wrong, margin, _brief(worst))


def _brief(worst: dict[str, Any]) -> list[str] | dict[str, Any]:
    """A sequence alone as one string for each vector."""
    if list(worst) != ["sequence"]:
        return worst
    return ["".join(map(str, vector)) for vector in worst["sequence"]]
