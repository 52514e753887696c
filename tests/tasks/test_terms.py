"""How steps and locations grow, as clients are told."""

from __future__ import annotations

from math import prod

import pytest

from tapedeck.tasks import TASKS
from tapedeck.tasks.terms import Term, terms_of


@pytest.mark.parametrize("name", TASKS)
def test_the_terms_of_a_task_give_its_steps_and_its_locations_at_every_size(name: str) -> None:
    task = TASKS[name]
    names = [size.name for size in task.sizes]
    for function in (task.steps, task.locations_needed):
        terms = terms_of(function, names)
        for numbers in ((2, 1), (3, 5), (10, 10), (126, 7)):
            size = dict(zip(names, numbers, strict=False))
            found = sum(term.times * prod(size[each] for each in term.of) for term in terms)
            assert round(found) == function(size)


def test_a_sum_of_products_is_found() -> None:
    terms = terms_of(lambda size: 3 + size["a"] + 2 * size["a"] * size["b"], ["a", "b"])
    assert terms == [Term(3, ()), Term(1, ("a",)), Term(2, ("a", "b"))]


def test_a_function_may_be_rounded() -> None:
    assert terms_of(lambda size: 1 + size["a"] + round(0.8 * size["a"]), ["a"]) == [Term(1, ()), Term(1.8, ("a",))]
