"""What the fields of a `SizedRecipe` may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tapedeck.errors import InvalidConfiguration, quoted
from tapedeck.ntm.specification import ADDRESSING_STAGES, WRITE_STAGES, Term
from tapedeck.tasks import TASKS
from tapedeck.training.controllers import check_controller
from tapedeck.training.fields import check_real, check_whole
from tapedeck.training.patterns import check_patterns
from tapedeck.training.starting import FORGET_GATE

if TYPE_CHECKING:
    from tapedeck.training.sized_recipe import SizedRecipe

OUTPUT_TERMS: tuple[Term, ...] = ("reads", "hidden")

BIASES = (*ADDRESSING_STAGES, *WRITE_STAGES, FORGET_GATE)
"""What `biases` may name."""

POSITIVE = {"learning_rate": 1, "gradient_norm": 1e6}
NOT_NEGATIVE = {"final_rate": 1, "largest_share": 1, "memory_spread": 100, "decay_share": 1, "late_from": 1}
"""The greatest value that each of these numbers may have."""

MOST_BETA = 0.99999

MOST_HEADS = 32
"""Of each kind: more would take minutes to compile."""

ADD_VECTORS = ("tanh", "raw")


def check(recipe: SizedRecipe) -> None:
    """All fields, but for what the machine itself says of its sizes.

    Raises:
        InvalidConfiguration: one is of the wrong type or out of its range, or the sizes do not fit the task.
    """
    if recipe.task not in TASKS:
        raise InvalidConfiguration(
            f"There is no task {quoted(recipe.task)}; the tasks are {', '.join(TASKS)}.", field="task"
        )
    for name in ("bits", "sequences", "batch_size", "decay_updates", "heads"):
        check_whole(name, getattr(recipe, name))
    check_whole("decay_after", recipe.decay_after, 0)
    for name, most in POSITIVE.items():
        check_real(name, getattr(recipe, name), 0, most, least_allowed=False)
    for name, most in NOT_NEGATIVE.items():
        check_real(name, getattr(recipe, name), 0, most, least_allowed=True)
    check_real("level_loss", recipe.level_loss, 0, 1e6, least_allowed=False)
    _check_patterns(recipe)
    _check_sizes(recipe)
    _check_levels(recipe)
    _check_optimizer(recipe)
    check_controller(recipe.controller)
    _check_machine(recipe)
    _check_start(recipe)


def _check_patterns(recipe: SizedRecipe) -> None:
    check_patterns("patterns", recipe.patterns)
    if recipe.late_from < 1 or recipe.late_patterns or not isinstance(recipe.late_patterns, Mapping):
        check_patterns("late_patterns", recipe.late_patterns)
    for name, patterns in (("patterns", recipe.patterns), ("late_patterns", recipe.late_patterns)):
        if {*patterns} - {"random"} and not recipe.of_task.patterned:
            raise InvalidConfiguration(f"{recipe.task} has no patterns of sequences; leave {name} out.", field=name)


def _check_sizes(recipe: SizedRecipe) -> None:
    least = {size.name: size.least for size in recipe.of_task.sizes}
    sizes: object = recipe.sizes
    if not isinstance(sizes, Mapping) or set(sizes) != set(least):
        raise InvalidConfiguration(
            f"sizes must give the least and the greatest of {' and '.join(least)}, got {quoted(sizes)}.",
            field="sizes",
        )
    kept = {name: _least_and_greatest(name, sizes[name], least[name]) for name in least}
    object.__setattr__(recipe, "sizes", kept)
    needed = recipe.of_task.locations_needed({name: most for name, (_, most) in kept.items()})
    check_whole("locations", recipe.locations)
    if recipe.locations < needed:
        raise InvalidConfiguration(
            f"The largest size of {recipe.task} needs at least {needed} locations, got {recipe.locations}; "
            "take more locations or smaller sizes.",
            field="locations",
        )


def _check_levels(recipe: SizedRecipe) -> None:
    object.__setattr__(recipe, "levels", _listed("levels", recipe.levels))
    for level in recipe.levels:
        check_whole("levels", level)
    if recipe.grows not in ("", *recipe.sizes):
        raise InvalidConfiguration(
            f"grows must be one of {', '.join(recipe.sizes)}, or empty; got {quoted(recipe.grows)}.", field="grows"
        )
    if bool(recipe.levels) != bool(recipe.grows):
        raise InvalidConfiguration("grows and levels go together: give both or neither.", field="levels")


def _check_optimizer(recipe: SizedRecipe) -> None:
    object.__setattr__(recipe, "betas", _listed("betas", recipe.betas))
    if len(recipe.betas) != 2:
        raise InvalidConfiguration(f"betas must be two numbers, got {quoted([*recipe.betas])}.", field="betas")
    for beta in recipe.betas:
        check_real("betas", beta, 0, MOST_BETA, least_allowed=True)


def _check_machine(recipe: SizedRecipe) -> None:
    object.__setattr__(recipe, "drives", _listed("drives", recipe.drives))
    if recipe.drives not in ((), ("inputs",)):
        raise InvalidConfiguration(
            f'drives must be ["inputs"] or empty, got {quoted([*recipe.drives])}.', field="drives"
        )
    if recipe.heads > MOST_HEADS:
        raise InvalidConfiguration(f"heads must be at most {MOST_HEADS}, got {recipe.heads}.", field="heads")
    if recipe.add_vector not in ADD_VECTORS:
        raise InvalidConfiguration(
            f"add_vector must be {' or '.join(ADD_VECTORS)}, got {quoted(recipe.add_vector)}.", field="add_vector"
        )


def _check_start(recipe: SizedRecipe) -> None:
    for part, known in (("biases", BIASES), ("output_scale", OUTPUT_TERMS)):
        given: object = getattr(recipe, part)
        if not isinstance(given, Mapping):
            raise InvalidConfiguration(f"{part} must be numbers by name, got {quoted(given)}.", field=part)
        for name, value in given.items():
            if name not in known:
                raise InvalidConfiguration(f"{part} has no {quoted(name)}; there are {', '.join(known)}.", field=part)
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
