"""The recipe of each task, with either controller, and recipes from plain JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tapedeck.errors import InvalidConfiguration, quoted
from tapedeck.tasks import TASKS, CopyTask
from tapedeck.training.controllers import Controller, check_controller
from tapedeck.training.recipe import Recipe
from tapedeck.training.sized_recipe import SizedRecipe

AnyRecipe = Recipe | SizedRecipe

DEFAULT_TASK = CopyTask.name
"""Of a recipe that names none."""

ASSOCIATIVE_RECALL = SizedRecipe(
    task="associative_recall",
    sizes={"items": (2, 6)},
    bits=6,
    sequences=480_000,
    batch_size=32,
    biases={"key_strength": 3.0, "forget_gate": 1.0},
    decay_after=10,
    decay_updates=3000,
)
"""Two to six items."""

REPEAT_COPY = SizedRecipe(
    task="repeat_copy",
    sizes={"length": (1, 10), "repeats": (1, 10)},
    patterns={"random": 0.5, "any-density": 0.5},
    late_patterns={"random": 0.4, "any-density": 0.3, "edge-rows": 0.3},
    late_from=0.6,
    sequences=800_000,
    batch_size=16,
    drives=("inputs",),
    biases={"interpolation_gate": -2.0, "shift_weighting": 1.0, "key_strength": 3.0},
    output_scale={"hidden": 0.0, "reads": 3.0},
    grows="repeats",
    levels=(1, 2, 3, 5, 10),
    level_loss=0.1,
    decay_updates=20_000,
)
"""One to ten vectors, said once to ten times.

With fair random bits alone a vector of zeros at the end comes so rarely that what is learned does not see it. Sequences
that end in nothing finish what has learned to count, and keep from learning what has not. After one run of this a few
bits in a million are wrong, where the last vector is empty above all; after a second one none is: `--from` the first,
`--set decay_share=1 --set late_from=0`.
"""

DYNAMIC_NGRAMS = SizedRecipe(
    task="dynamic_ngrams",
    sizes={"length": (200, 200)},
    bits=1,
    sequences=320_000,
    batch_size=16,
    locations=64,
    memory_spread=0.3,
    biases={"interpolation_gate": 2.0, "key_strength": 6.0, "erase_vector": -3.0},
    learning_rate=2e-3,
    betas=(0.9, 0.98),
    gradient_norm=0.5,
    decay_share=0.6,
)
"""Streams of 200 bits: 0.13 % above the optimum with seed 1 (1,000 streams); after 96,000 of them it was 0.63 %.

What the memory begins with is learned: places that can be told apart by content before anything is written to them, so
that each context can have its own. The gate begins with content, and hardly anything is erased.
"""

PRIORITY_SORT = SizedRecipe(
    task="priority_sort",
    sizes={"vectors": (4, 20)},
    sequences=1_000_000,
    batch_size=32,
    largest_share=0.5,
    locations=64,
    controller_size=128,
    heads=5,
    add_vector="raw",
    memory_spread=0.3,
    drives=("inputs",),
    biases={"interpolation_gate": 2.0, "key_strength": 3.0, "forget_gate": 1.0},
    gradient_norm=1.0,
    decay_share=0.5,
)
"""Four to twenty vectors, half of the batches of twenty.

A memory that is learned gives vectors places; with a constant one the machine gets stuck. One run of this leaves 4.2 %
of bits wrong at twenty vectors; lengthened by a second, with `--from`, it leaves 2 %.
"""

RECIPES: Mapping[str, AnyRecipe] = {
    recipe.task: recipe
    for recipe in (
        Recipe(),
        REPEAT_COPY,
        ASSOCIATIVE_RECALL,
        DYNAMIC_NGRAMS,
        PRIORITY_SORT,
    )
}
"""Every task of this package, with its recipe."""

OTHER_CONTROLLER: Mapping[str, AnyRecipe] = {
    recipe.task: recipe
    for recipe in (
        Recipe(controller=Controller.LSTM.kind, sequences=120_000, learning_rate=3e-4),
        replace(REPEAT_COPY, controller=Controller.FEED_FORWARD.kind, heads=2),
        replace(ASSOCIATIVE_RECALL, controller=Controller.FEED_FORWARD.kind, heads=4, controller_size=256),
    )
}
"""The recipe for the controller that a task's own recipe has not, where it differs in more than that.

A feed-forward controller remembers nothing from step to step: what an LSTM keeps to itself goes through the memory, and
takes heads of its own. With one head it learns neither repeat copy nor associative recall. The paper's feed-forward
machine for associative recall has four heads and 256 units, too. An LSTM copies from 3,600 sequences on, at three times
the learning rate; at the other's it did not within 40,000.
"""


def default_recipe(task: object, controller: object = None) -> AnyRecipe:
    """The recipe of a task; of one from elsewhere what it says itself, on a short LSTM recipe of all its sizes.

    Args:
        task: its name.
        controller: the kind of a controller; None for the one of the task's recipe.

    Raises:
        InvalidConfiguration: there is no such task or kind, or what a task says is no recipe.
    """
    if not isinstance(task, str) or task not in TASKS:
        raise InvalidConfiguration(f"There is no task {quoted(task)}; the tasks are {', '.join(TASKS)}.", field="task")
    recipe = RECIPES[task] if task in RECIPES else _said(task)
    if controller is None or controller == recipe.controller:
        return recipe
    check_controller(controller)
    return OTHER_CONTROLLER.get(task) or replace(recipe, controller=str(controller))


def _said(task: str) -> SizedRecipe:
    """The recipe of a task from elsewhere."""
    known = TASKS[task]
    sizes = {size.name: (size.least, max(size.values)) for size in known.sizes}
    said: Mapping[str, Any] = getattr(known, "recipe", {})
    SizedRecipe.check_names(said)
    return SizedRecipe(**{"task": task, "sizes": sizes, "bits": known.example_bits, **said})


def recipe_from_dict(values: Mapping[str, Any]) -> AnyRecipe:
    """The recipe with these fields, the others as in the recipe of its task with its controller.

    Raises:
        InvalidConfiguration: an unknown task or field, or an impossible one.
    """
    default = default_recipe(values.get("task", DEFAULT_TASK), values.get("controller"))
    default.check_names(values)
    return replace(default, **values)
