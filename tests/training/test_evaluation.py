"""Evaluation: counts, confidence, and plans that cannot be."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch

from tapedeck.api.settings import ApiSettings
from tapedeck.checkpoints import CheckpointLibrary
from tapedeck.errors import InvalidConfiguration, InvalidRequest, NonFinite
from tapedeck.ntm import NeuralTM, NTMConfig
from tapedeck.ntm.specification import OutputSpec
from tapedeck.ntm.work import step_work
from tapedeck.tasks import TASKS
from tapedeck.tracing import prepare
from tapedeck.training import batches
from tapedeck.training.evaluation import Plan, Result, evaluate, evaluate_by_batches
from tapedeck.training.patterns import PATTERNS
from tapedeck.training.sized_recipe import SizedRecipe
from tapedeck.training.starting import initial_machine
from tests.training.tiny import TINY_RECALL, TINY_REPEAT, TINY_SORT


def wrong_bits(machine: NeuralTM, task: str, plan: Plan) -> Iterator[Result]:
    """The results of a task whose wrong bits are counted."""
    for result in evaluate(machine, task, plan):
        assert isinstance(result, Result)
        yield result


def copies(*lengths: int, **more: Any) -> Plan:
    return Plan({"length": lengths}, **more)


@pytest.fixture(scope="module")
def shipped() -> NeuralTM:
    return CheckpointLibrary(ApiSettings().checkpoints).get("copy-1").machine


def test_a_trained_machine_copies_what_is_longer_than_it_knew(shipped: NeuralTM) -> None:
    results = list(wrong_bits(shipped, "copy", copies(1, 20, 60, sequences=20)))

    assert [(each.size["length"], each.bits, each.wrong_bits, each.exact) for each in results] == [
        (1, 160, 0, 20),
        (20, 3200, 0, 20),
        (60, 9600, 0, 20),
    ]


def test_it_counts_what_a_recorded_run_counts() -> None:
    with torch.random.fork_rng():
        torch.manual_seed(3)
        machine = NeuralTM()
    plan = copies(7, sequences=3, seed=5)
    (result,) = wrong_bits(machine, "copy", plan)

    generator = torch.Generator().manual_seed(5 * 1001 + 7)
    sequences = PATTERNS["random"](generator, 7, 3, 8)
    recorded = [prepare(machine, "copy", sequences[:, each]).trace().bit_errors for each in range(3)]
    assert result.wrong_bits == sum(recorded) > 0
    assert result.exact == recorded.count(0)
    assert result.wrong_by_sequence == recorded


def test_batches_have_no_part_in_what_is_counted(shipped: NeuralTM, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = copies(3, 40, sequences=5, locations=30)
    whole = list(evaluate_by_batches(shipped, "copy", plan))

    work = step_work(shipped.spec, 30)
    monkeypatch.setattr(batches, "BATCH_WORK", 2 * work)  # batches of two, two and one
    monkeypatch.setattr(batches, "STRETCH_WORK", 8 * (2 * work + batches.STEP_WORK))  # of 8 steps at a time
    cut = list(evaluate_by_batches(shipped, "copy", plan))
    assert [each is None for each in cut] == [True] * 3 + [False] + [True] * 3 * 11 + [False]
    for ours, theirs in zip(filter(None, cut), filter(None, whole), strict=True):
        assert isinstance(ours, Result)
        assert isinstance(theirs, Result)
        assert ours.margin == pytest.approx(theirs.margin, abs=1e-5)
        assert replace(ours, margin=0) == replace(theirs, margin=0)


@pytest.mark.parametrize("locations", [3, 128, 4096])
@pytest.mark.parametrize("sizes", [NTMConfig(), NTMConfig(width=1, controller_size=1), NTMConfig(width=900, bits=500)])
def test_no_stretch_of_an_evaluation_has_more_work_than_the_bound(sizes: NTMConfig, locations: int) -> None:
    cut = batches.Batching.of(sizes.spec, locations, total=2002)
    assert cut.sequences * cut.steps * step_work(sizes.spec, locations) <= batches.STRETCH_WORK
    assert cut.size < 256 * 1024**2


def test_an_evaluation_that_is_left_waiting_holds_little(shipped: NeuralTM) -> None:
    """At a thousand vectors a batch of floats would be some hundred megabytes."""
    before = _tensor_bytes()
    going_on = evaluate_by_batches(shipped, "copy", copies(1000, sequences=1000, locations=3))
    for _ in range(3):
        assert next(going_on) is None
        assert _tensor_bytes() - before < 30_000_000


def _tensor_bytes() -> int:
    dense = (each for each in gc.get_objects() if type(each) is torch.Tensor and each.layout is torch.strided)
    storages = (each.untyped_storage() for each in dense)  # other tests' sparse tensors have none
    return sum({each.data_ptr(): each.nbytes() for each in storages}.values())


def test_an_overflow_ends_an_evaluation_with_its_step(shipped: NeuralTM) -> None:
    """On three locations what the shipped machine reads grows from step to step, out of float32."""
    with pytest.raises(NonFinite, match=r"overflow at step 5\d\d, so there is no result"):
        list(wrong_bits(shipped, "copy", copies(400, sequences=200, locations=3)))


def test_more_locations_hold_more(shipped: NeuralTM) -> None:
    few, many = (next(wrong_bits(shipped, "copy", copies(40, sequences=5, locations=n))) for n in (30, 64))
    assert few.wrong_bits > 0 == many.wrong_bits


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"sizes": {"length": ()}}, "lengths must be whole numbers from 1 to 1,000, got none"),
        ({"sizes": {"length": (0,)}}, "got 0"),
        ({"sizes": {"length": (1001,)}}, "got 1001"),
        ({"sizes": {"items": (3,)}}, "An evaluation of copy takes the sizes length, got items"),
        ({"patterns": ("odd",)}, "got odd"),
        ({"sequences": 0}, "at least 1"),
        ({"seed": -1}, "got -1"),
        ({"seed": 2**31 + 1}, "from 0 to 2,147,483,648"),
    ],
)
def test_an_impossible_plan_is_refused(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidConfiguration, match=says):
        Plan(**{"sizes": {"length": (5,)}, **wrong}).sizes_of(TASKS["copy"])


@pytest.mark.parametrize(
    ("task", "sizes", "patterns", "says"),
    [
        ("associative_recall", {"items": (1,)}, ("random",), "items must be whole numbers from 2 to 250, got 1"),
        ("associative_recall", {"length": (3,)}, ("random",), "takes the sizes items, got length"),
        ("associative_recall", {"items": (3,)}, ("zeros",), "associative_recall has no patterns"),
        ("repeat_copy", {"length": (3,)}, ("random",), "takes the sizes length and repeats, got length"),
        ("repeat_copy", {"length": (3,), "repeats": (0,)}, ("random",), "repeats must be whole numbers from 1 to 100"),
    ],
)
def test_sizes_that_a_task_does_not_have_are_refused(
    task: str, sizes: dict[str, tuple[int, ...]], patterns: tuple[str, ...], says: str
) -> None:
    with pytest.raises(InvalidConfiguration, match=says):
        Plan(sizes, patterns).sizes_of(TASKS[task])


SIZED = [
    (TINY_RECALL, {"items": (2, 4)}),
    (TINY_REPEAT, {"length": (1, 3), "repeats": (2,)}),
    (TINY_SORT, {"vectors": (1, 4)}),
]


@pytest.mark.parametrize(("recipe", "sizes"), SIZED)
def test_a_task_is_evaluated_by_its_own_sizes(recipe: SizedRecipe, sizes: dict[str, tuple[int, ...]]) -> None:
    """Each example counts what a recorded run of it counts, and the worst is a request's input."""
    machine, task = initial_machine(recipe, seed=1), TASKS[recipe.task]
    plan = Plan(sizes, sequences=3, seed=5)
    results = list(wrong_bits(machine, recipe.task, plan))
    assert [each.size for each in results] == plan.sizes_of(task)
    for result in results:
        seed = 5
        for value in result.size.values():
            seed = seed * 1001 + value
        examples = task.sample(torch.Generator().manual_seed(seed), result.size, 3, recipe.bits)
        inputs = [task.document(task.part(examples, each)) for each in range(3)]
        traces = [prepare(machine, recipe.task, each).trace() for each in inputs]
        assert result.wrong_by_sequence == [trace.bit_errors for trace in traces]
        assert result.bits == 3 * traces[0].score["bits"]  # type: ignore[index]
        assert result.worst == inputs[result.wrong_by_sequence.index(max(result.wrong_by_sequence))]
        assert {name: result.document()[name] for name in result.size} == dict(result.size)


def test_batches_have_no_part_in_what_a_sized_task_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    machine, plan = initial_machine(TINY_REPEAT, seed=1), Plan({"length": (3,), "repeats": (4,)}, sequences=5)
    (whole,) = wrong_bits(machine, TINY_REPEAT.task, plan)
    monkeypatch.setattr(batches, "BATCH_WORK", 2 * step_work(machine.spec, TINY_REPEAT.locations))
    monkeypatch.setattr(batches, "STRETCH_WORK", 1)
    (cut,) = wrong_bits(machine, TINY_REPEAT.task, plan)
    assert cut.margin == pytest.approx(whole.margin, abs=1e-5)
    assert replace(cut, margin=0) == replace(whole, margin=0)


def test_a_machine_of_an_unknown_task_is_refused_with_a_sentence() -> None:
    with pytest.raises(InvalidRequest, match="was trained on “sorting”"):
        list(wrong_bits(NeuralTM(), "sorting", copies(3)))


def test_a_machine_without_the_channels_of_its_task_is_refused_with_a_sentence() -> None:
    with pytest.raises(InvalidRequest, match="repeat_copy needs 10 and 9"):
        list(wrong_bits(NeuralTM(), "repeat_copy", Plan({"length": (3,), "repeats": (2,)})))


def test_evaluation_counts_probabilities_not_the_numbers_they_are_made_of() -> None:
    """Every output is σ(0.25) = 0.56, a 1: nothing is wrong in sequences of ones."""
    with torch.random.fork_rng():
        torch.manual_seed(1)
        machine = NeuralTM(replace(NTMConfig(12, 4, 3, 6).spec, output=OutputSpec(("reads",), "sigmoid")))
    with torch.no_grad():
        machine.output_layer.weight.zero_()
        machine.output_layer.bias.fill_(0.25)
    (result,) = wrong_bits(machine, "copy", copies(4, patterns=("ones",), sequences=5))
    assert result.wrong_bits == 0
    assert result.margin == pytest.approx(torch.sigmoid(torch.tensor(0.25)).item() - 0.5)
