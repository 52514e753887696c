"""The recipes of tasks whose examples are of any size: what they hold, and how a machine is trained with them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from tapedeck.checkpoints import read_checkpoint
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.errors import InvalidConfiguration
from tapedeck.ntm import NeuralTM, State
from tapedeck.training import fused, resume
from tapedeck.training.controllers import TRIED, Controller, Tried, caution
from tapedeck.training.fused import STEPS, Parameters, Shares, make_steps
from tapedeck.training.recipe import Recipe
from tapedeck.training.recipes import (
    ASSOCIATIVE_RECALL,
    OTHER_CONTROLLER,
    RECIPES,
    REPEAT_COPY,
    AnyRecipe,
    recipe_from_dict,
)
from tapedeck.training.sized_recipe import SizedRecipe
from tapedeck.training.starting import initial_machine
from tapedeck.training.trainer import Trainer
from tapedeck.training.validation import Validation
from tests.training.test_trainer import assert_same
from tests.training.tiny import TINY, TINY_HEADS, TINY_RECALL, TINY_REPEAT

TINIES = pytest.mark.parametrize("recipe", [TINY_RECALL, TINY_REPEAT, TINY_HEADS], ids=["recall", "repeat", "heads"])


@pytest.mark.parametrize(
    "recipe", [*RECIPES.values(), *OTHER_CONTROLLER.values()], ids=lambda recipe: f"{recipe.task}-{recipe.controller}"
)
def test_every_recipe_comes_back_from_json(recipe: AnyRecipe) -> None:
    assert recipe_from_dict(orjson.loads(orjson.dumps(recipe.as_dict()))) == recipe


def test_fields_left_out_are_those_of_the_tasks_recipe() -> None:
    assert recipe_from_dict({"task": "repeat_copy", "bits": 4}) == replace(REPEAT_COPY, bits=4)
    assert recipe_from_dict({}) == Recipe()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from(["items", "inputs"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["items", "key", "reads"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*ASSOCIATIVE_RECALL.as_dict()]), JSON, max_size=3))
def test_any_json_is_a_recipe_or_refused_with_a_sentence(values: dict[str, Any]) -> None:
    with suppress(InvalidConfiguration):  # and nothing else
        recipe_from_dict({"task": "associative_recall"} | values)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"task": "sort"}, "There is no task “sort”; the tasks are copy, repeat_copy, associative_recall, "),
        ({"longest": 9}, "A recipe has no field “longest”; it has task, sizes,"),
        ({"sizes": {"length": [1, 5]}}, "sizes must give the least and the greatest of items, got"),
        ({"sizes": {"items": [1, 5]}}, "sizes.items must be a whole number of at least 2, got 1."),
        ({"sizes": {"items": [5, 4]}}, "sizes.items must be a whole number of at least 5, got 4."),
        ({"sizes": {"items": [2, 50]}}, "The largest size of associative_recall needs at least 150 locations, got 128"),
        ({"biases": {"size": 1.0}}, "biases has no “size”; there are key, key_strength,"),
        ({"output_scale": {"hidden": "0"}}, "output_scale.hidden must be a number"),
        ({"levels": [2, 4]}, "grows and levels go together"),
        ({"drives": ["cell"]}, 'drives must be ["inputs"] or empty'),
        ({"controller": "gru"}, "controller must be lstm or feed_forward, got “gru”."),
        ({"heads": 0}, "heads must be a whole number of at least 1, got 0."),
        ({"heads": 33}, "heads must be at most 32, got 33."),
        ({"add_vector": "relu"}, "add_vector must be tanh or raw, got “relu”."),
        ({"memory_spread": -0.1}, "memory_spread must be a number at least 0 and at most 100, got -0.1."),
        ({"late_from": 0.5}, "late_patterns must name at least one pattern"),
        ({"late_from": 0.5, "late_patterns": {"zeros": 1.0}}, "has no patterns of sequences; leave late_patterns out."),
        ({"betas": [0.9]}, "betas must be two numbers, got [0.9]."),
        ({"betas": [0.9, 1.0]}, "betas must be a number at least 0 and at most 0.99999, got 1.0."),
        ({"largest_share": 1.5}, "largest_share must be a number at least 0 and at most 1, got 1.5."),
        ({"decay_share": float("nan")}, "decay_share must be a number at least 0 and at most 1, got nan."),
        ({"bits": 0}, "bits must be a whole number of at least 1, got 0."),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidConfiguration) as refused:
        recipe_from_dict({"task": "associative_recall"} | fields)
    assert says in refused.value.detail


def test_the_machine_begins_with_the_recipes_biases_and_output_weights() -> None:
    changed = replace(
        TINY_REPEAT, biases={**REPEAT_COPY.biases, "forget_gate": 1.5}, output_scale={"hidden": 0, "reads": 3}
    )
    plain = initial_machine(replace(TINY_REPEAT, biases={}, output_scale={}), seed=4).state_dict()
    units, width = TINY_REPEAT.controller_size, TINY_REPEAT.width
    for name, value in initial_machine(changed, seed=4).state_dict().items():
        expected = plain[name].clone()
        if name == "output.weight":
            expected[:, :width] *= 3
            expected[:, width:] = 0
        elif name == "controller.layer1.bias_ih":
            expected[units : 2 * units] += 1.5
        elif name.endswith("interpolation_gate.bias"):
            expected -= 2
        elif name.endswith("key_strength.bias"):
            expected += 3
        elif name.endswith("shift_weighting.bias"):
            expected[0] += 1
        assert torch.equal(value, expected), name


def test_a_memory_that_is_learned_begins_with_its_spread_and_changes_nothing_else() -> None:
    fixed = initial_machine(replace(TINY_RECALL, locations=40), seed=4)
    learned = initial_machine(replace(TINY_RECALL, locations=40, memory_spread=0.3), seed=4)
    assert learned.spec.starts.memory.kind == "learned"
    assert isinstance(learned.initial_memory, torch.nn.Parameter)
    assert learned.initial_memory.std().item() == pytest.approx(0.3, rel=0.2)
    assert (fixed.initial_memory == 1e-6).all()
    kept = fixed.state_dict()
    assert all(torch.equal(value, kept[name]) for name, value in learned.state_dict().items() if name in kept)


@pytest.mark.parametrize("recipe", [TINY, TINY_REPEAT, TINY_HEADS], ids=["copy", "repeat", "heads"])
def test_every_recipe_trains_with_the_other_controller_too(recipe: AnyRecipe) -> None:
    (kind,) = {each.kind for each in Controller} - {recipe.controller}
    trainer = Trainer(replace(recipe, controller=kind, learning_rate=1e-2, sequences=400), seed=1)
    assert trainer.machine.spec.controller.kind == kind
    assert trainer.machine.spec.controller.sizes == (recipe.controller_size,)
    first = trainer.advance(10).loss
    trainer.advance(80)
    trainer.begin_stretch()
    last = trainer.advance(20).loss
    assert first is not None
    assert last is not None
    assert last < first
    assert trainer.counters.skipped == 0


@pytest.mark.parametrize("run", ["copy-1", "repeat_copy-1", "associative_recall-2"])
def test_a_recipe_that_names_no_controller_makes_the_machine_that_it_made_before(run: str) -> None:
    """Those that ship were trained before recipes named one."""
    first = read_checkpoint(SHIPPED_CHECKPOINTS / f"{run}-000000.safetensors")
    recipe: Any = first.info.origin["recipe"]
    assert "controller" not in recipe
    made = initial_machine(recipe_from_dict(recipe), first.info.seed or 0)
    assert made.spec == first.info.spec
    ours, theirs = made.state_dict(), first.machine.state_dict()
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(value, theirs[name]) for name, value in ours.items())


def test_what_was_tried_is_of_the_recipes_that_there_are() -> None:
    assert {task for task, _ in TRIED} <= set(RECIPES)
    assert all(TRIED[each.task, each.controller].learned for each in RECIPES.values())
    assert all(each.learned or each.failed for each in TRIED.values())
    assert all(caution(*each) is None for each, known in TRIED.items() if known.learned)


def test_what_has_not_learned_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TRIED, ("copy", "lstm"), Tried((), (1, 3), "stuck"))
    says = "The recipe of copy has not learned with an LSTM controller yet: not seed 1, 3 (stuck)."
    assert caution("copy", "lstm") == says


def test_the_other_controller_has_the_fields_that_it_learns_with_unless_they_are_set() -> None:
    """Of associative recall with a feed-forward one those of the paper: four heads and 256 units."""
    given = {"task": "associative_recall", "controller": "feed_forward"}
    wanted = replace(ASSOCIATIVE_RECALL, controller="feed_forward", heads=4, controller_size=256)
    assert recipe_from_dict(given) == wanted
    assert recipe_from_dict(given | {"heads": 1, "bits": 4}) == replace(wanted, heads=1, bits=4)
    assert recipe_from_dict(ASSOCIATIVE_RECALL.as_dict() | given) == replace(wanted, heads=1, controller_size=100)
    assert recipe_from_dict(given | {"controller": "lstm"}) == ASSOCIATIVE_RECALL
    lstm = Recipe(controller="lstm", sequences=120_000, learning_rate=3e-4)
    assert recipe_from_dict({"controller": "lstm"}) == lstm
    for recipe in OTHER_CONTROLLER.values():
        assert recipe.controller != RECIPES[recipe.task].controller
        assert TRIED[recipe.task, recipe.controller].learned


def test_so_many_heads_write_and_then_as_many_read() -> None:
    spec = replace(TINY_RECALL, heads=3, add_vector="raw").spec
    assert [head.name for head in spec.heads] == ["write1", "write2", "write3", "read1", "read2", "read3"]
    assert {head.add_vector for head in spec.heads if head.kind == "write"} == {"raw"}
    assert [head.name for head in TINY_RECALL.spec.heads] == ["write", "read"]


def test_adam_remembers_as_long_as_its_betas_say() -> None:
    (group,) = Trainer(replace(TINY_RECALL, betas=(0.8, 0.98)), seed=1).optimizer.param_groups
    assert group["betas"] == (0.8, 0.98)


def test_the_largest_size_has_its_share_of_the_batches() -> None:
    generator = torch.Generator().manual_seed(3)
    recipe = replace(TINY_HEADS, sizes={"items": (2, 5)}, locations=15, largest_share=0.75)
    drawn = [recipe.draw(generator, 0, 0).steps for _ in range(400)]
    counts = [drawn.count(TINY_HEADS.of_task.steps({"items": size})) for size in (2, 3, 4, 5)]
    assert sum(counts) == 400
    assert all(5 <= count <= 50 for count in counts[:3])
    assert counts[3] == pytest.approx(400 * (0.75 + 0.25 / 4), abs=40)


def test_the_rate_may_fall_over_a_share_of_the_run() -> None:
    recipe = replace(TINY_HEADS, sequences=80, decay_share=0.5)
    assert recipe.rate_at(20) == recipe.learning_rate > recipe.rate_at(21)
    assert recipe.rate_at(40) == pytest.approx(0.02 * recipe.learning_rate)
    assert replace(recipe, sequences=800).rate_at(200) == recipe.learning_rate


def test_late_patterns_take_the_place_of_the_first_for_the_rest_of_the_run() -> None:
    recipe = replace(
        TINY_REPEAT, sequences=10 * TINY_REPEAT.batch_size, patterns={"zeros": 1.0}, late_patterns={"ones": 1.0}
    )
    generator = torch.Generator().manual_seed(4)

    def heard(recipe: SizedRecipe) -> list[float]:
        means = []
        for update in range(recipe.updates):
            episode = recipe.draw(generator, update, 0)
            (said,) = (phase for phase in episode.phases if phase.role == "input")
            means.append(float(episode.inputs[said.start : said.stop, ..., : recipe.bits].mean()))
        return means

    assert heard(replace(recipe, late_from=1.0)) == [0.0] * 10
    assert heard(replace(recipe, late_from=0.4)) == [0.0] * 4 + [1.0] * 6


@TINIES
def test_the_loss_is_that_of_what_is_scored_alone(recipe: SizedRecipe) -> None:
    episode = recipe.draw(torch.Generator().manual_seed(1), 0, 0)
    outputs = torch.randn(episode.targets.shape, generator=torch.Generator().manual_seed(2))
    scored = episode.mask.numpy()
    y, z = (each.double().numpy().transpose(0, 2, 1)[scored] for each in (episode.targets, outputs))
    likely = 1 / (1 + np.exp(-z))
    expected = np.mean(-y * np.log(likely) - (1 - y) * np.log1p(-likely))
    assert recipe.loss(outputs, episode).item() == pytest.approx(expected, rel=1e-5)


def test_the_sizes_of_a_batch_grow_with_the_level() -> None:
    generator = torch.Generator().manual_seed(3)
    recipe = replace(TINY_REPEAT, sizes={"length": (2, 3), "repeats": (1, 4)}, levels=(1, 2, 4))
    for level, most in enumerate(recipe.levels):
        drawn = {recipe.draw(generator, 0, level).steps for _ in range(60)}
        assert drawn == {length * (1 + repeats) + 3 for length in (2, 3) for repeats in range(1, most + 1)}


def test_a_level_ends_when_its_mean_loss_is_low() -> None:
    trainer = Trainer(replace(TINY_REPEAT, levels=(1, 2), level_loss=0.29, learning_rate=1e-9), seed=1)
    assert trainer.advance(5).loss is not None
    assert trainer.counters.level == 0  # of an untrained machine: about log 2
    trainer.counters.level_loss = 0.2
    trainer.advance(1)
    assert trainer.counters.level == 1
    trainer.advance(5)
    assert trainer.counters.level == 1  # there is no other


def test_the_rate_falls_after_validations_without_an_error_and_ends_the_run() -> None:
    recipe = replace(TINY_RECALL, sequences=80, batch_size=2, decay_after=2, decay_updates=10)
    trainer = Trainer(recipe, seed=1)
    errors = iter([0, 3, 0, 0, 0])
    trainer._validation.amount = lambda machine: next(errors)  # type: ignore[method-assign]
    for _ in range(5):
        trainer.advance(4)
        trainer.validate()
    assert trainer.counters.decay_from == 16
    assert (trainer.progress.total, trainer.finished) == (52, False)
    assert [round(recipe.rate_at(update, 16) / recipe.learning_rate, 6) for update in (15, 16, 21, 26)] == [
        1,
        1,
        0.51,
        0.02,
    ]
    assert trainer.advance(99).sequences == 52
    assert trainer.finished


def test_without_them_it_falls_in_the_last_updates_of_the_run() -> None:
    recipe = replace(TINY_RECALL, sequences=80, batch_size=2, decay_after=2, decay_updates=10)
    assert recipe.rate_at(30) == recipe.learning_rate > recipe.rate_at(31)
    assert recipe.rate_at(40) == pytest.approx(0.02 * recipe.learning_rate)
    assert recipe.end(None) == recipe.end(38) == 40


@TINIES
def test_parameters_do_not_depend_on_pauses(recipe: SizedRecipe, tmp_path: Path) -> None:
    whole, first = Trainer(recipe, seed=2), Trainer(recipe, seed=2)
    whole.counters.level_loss = first.counters.level_loss = 0.0  # so that a level ends on the way
    whole.advance(12)
    whole.validate()
    first.advance(5)
    first.validate()
    path = tmp_path / "a.resume"
    resume.save(path, first, compiled=None)
    saved = resume.read(path)
    assert (saved.recipe, saved.counters) == (recipe, first.counters)
    second = Trainer(saved.recipe, saved.seed)
    saved.restore(second)
    second.advance(7)
    assert_same(whole.machine, second.machine)
    assert whole.counters.level_loss == second.counters.level_loss
    ours, theirs = whole.optimizer.state_dict()["state"][0], second.optimizer.state_dict()["state"][0]
    assert ours.keys() == theirs.keys() >= {"exp_avg", "exp_avg_sq", "step"}
    assert all(torch.equal(value, theirs[key]) for key, value in ours.items())


@TINIES
def test_it_learns(recipe: SizedRecipe) -> None:
    """That half of the bits are 1, to begin with: not to be surer than that."""
    trainer = Trainer(replace(recipe, learning_rate=1e-2, sequences=800), seed=1)
    first = trainer.advance(10).loss
    trainer.advance(80)
    trainer.begin_stretch()
    last = trainer.advance(20).loss
    assert first is not None
    assert last is not None
    assert last < first


def test_a_probability_counts_as_a_1_above_a_half_not_the_number_that_it_is_made_of() -> None:
    """Every output is σ(0.25) = 0.56: the wrong bits are the targets that are 0, while 0.25 would be none above ½."""
    machine = initial_machine(TINY_RECALL, seed=1)
    with torch.no_grad():
        machine.output.weight.zero_()
        machine.output.bias.fill_(0.25)
    validation = Validation(TINY_RECALL)
    zeros = sum(
        int((episode.targets[episode.scored.start :] == 0).sum())
        for episode in TINY_RECALL.validation_episodes(torch.Generator().manual_seed(2014))
    )
    assert 0.4 < zeros / validation.bits < 0.6
    assert validation.amount(machine) == zeros


def test_wrong_bits_of_training_are_those_of_the_answers() -> None:
    trainer = Trainer(replace(TINY_RECALL, learning_rate=1e-12), seed=1)
    with torch.no_grad():
        trainer.machine.output.weight.zero_()
        trainer.machine.output.bias.fill_(0.25)
    rate = trainer.advance(10).bit_error_rate
    ones = Trainer(TINY_RECALL, seed=1).batches
    episodes = [ones.next(update) for update in range(10)]
    zeros = sum(int((each.targets[each.scored.start :] == 0).sum()) for each in episodes)
    assert rate == zeros / sum(each.scored_bits for each in episodes)


@pytest.mark.parametrize("steps", [6, 7])
def test_only_one_shape_is_compiled(steps: int) -> None:
    machine = initial_machine(TINY_REPEAT, seed=1)
    seen = set()

    def watched(shares: Shares, state: State, parameters: Parameters) -> tuple[State, tuple[Tensor, ...]]:
        seen.add(len(shares.controller))
        return make_steps(machine.spec)(shares, state, parameters)

    inputs = torch.randn(steps, 2, len(machine.spec.inputs), generator=torch.Generator().manual_seed(1))
    outputs = fused.unclamped_outputs(machine, inputs, watched)
    assert seen == {STEPS}
    torch.testing.assert_close(torch.sigmoid(outputs), _answers(machine, inputs), rtol=0, atol=1e-5)


def _answers(machine: NeuralTM, inputs: Tensor) -> Tensor:
    with torch.no_grad():
        outputs: Tensor = machine(inputs)[0]
    return outputs
