"""Recipes: what they hold, and which cannot be."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import FrozenInstanceError, replace
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tapedeck.errors import InvalidConfiguration
from tapedeck.training.recipe import Recipe
from tests.training.tiny import TINY


def test_a_recipe_comes_back_from_json() -> None:
    recipe = replace(TINY, patterns={"zeros": 1.0, "random": 0.25}, decay=0.125)
    assert Recipe.from_dict(orjson.loads(orjson.dumps(recipe.as_dict()))) == recipe


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.sampled_from(["copy", "random"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3) | st.just("random"), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*Recipe().as_dict()]), JSON, max_size=3))
@example({"task": {"random": 1}})
@example({"task": ["copy"]})
def test_any_json_is_a_recipe_or_refused_with_a_sentence(values: dict[str, Any]) -> None:
    with suppress(InvalidConfiguration):  # and nothing else
        assert Recipe.from_dict(values).as_dict() == Recipe().as_dict() | values


def test_fields_left_out_are_at_their_defaults() -> None:
    assert Recipe.from_dict({"longest": 9}) == replace(Recipe(), longest=9)
    with pytest.raises(FrozenInstanceError):
        Recipe().longest = 9  # type: ignore[misc]


def test_late_patterns_take_over_at_their_share_of_the_run() -> None:
    early, late = {"random": 1.0}, {"zeros": 1.0}
    recipe = Recipe(sequences=80, patterns=early, late_patterns=late, late_from=0.3)
    assert [recipe.patterns_at(update) == late for update in range(recipe.updates)] == [False] * 3 + [True] * 7
    assert all(replace(recipe, late_from=1).patterns_at(update) == early for update in range(recipe.updates))


@pytest.mark.parametrize(("sequences", "batch_size", "updates"), [(1, 8, 1), (8, 8, 1), (9, 8, 2), (40_000, 8, 5_000)])
def test_a_run_is_of_whole_batches(sequences: int, batch_size: int, updates: int) -> None:
    assert Recipe(sequences=sequences, batch_size=batch_size).updates == updates


def test_the_rate_falls_linearly_over_the_last_share() -> None:
    recipe = Recipe(sequences=100, batch_size=1, learning_rate=0.5, decay=0.4, final_rate=0.2)
    assert [recipe.rate_at(update) for update in (0, 59, 60)] == [0.5, 0.5, 0.5]
    assert recipe.rate_at(80) == pytest.approx(0.5 * (1 + 0.2) / 2)
    assert recipe.rate_at(100) == pytest.approx(0.5 * 0.2)
    assert replace(recipe, decay=0).rate_at(99) == 0.5


def test_the_most_that_fits_is_allowed() -> None:
    assert Recipe(longest=126, locations=128).config.locations == 128


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"task": "recall"}, r"There is no task “recall”; the tasks are copy\."),
        ({"longst": 3}, "A recipe has no field “longst”; it has task, sequences"),
        ({"longest": 127}, "A copy of 127 vectors needs at least 129 locations, got 128"),
        ({"shortest": 5, "longest": 4}, "shortest must be at most longest, got 5 and 4"),
        ({"shortest": 0}, "shortest must be a whole number of at least 1, got 0"),
        ({"batch_size": True}, "batch_size must be a whole number"),
        ({"sequences": 1.5}, "sequences must be a whole number"),
        ({"locations": 2}, "locations must be a whole number of at least 3"),
        ({"learning_rate": 0}, "learning_rate must be a number above 0 and at most 1, got 0"),
        ({"learning_rate": float("nan")}, "learning_rate must be a number"),
        ({"momentum": 1.0}, "momentum must be a number at least 0"),
        ({"decay": "1"}, "decay must be a number"),
        ({"patterns": {}}, "patterns must name at least one"),
        ({"patterns": "random"}, "patterns must name at least one"),
        ({"patterns": {"odd": 1.0}}, "There is no pattern “odd”; there are random"),
        ({"late_patterns": {"odd": 1.0}}, "There is no pattern “odd”"),
        ({"late_from": 1.5}, "late_from must be a number at least 0 and at most 1"),
        ({"patterns": {"random": 0}}, r"patterns\.random must be a number above 0"),
    ],
)
def test_an_impossible_recipe_is_refused_with_its_field(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidConfiguration, match=says) as refused:
        Recipe.from_dict(fields)
    assert refused.value.field is not None


def test_differences_are_said_field_by_field() -> None:
    assert TINY.differences(TINY) == []
    assert TINY.differences(replace(TINY, longest=5, momentum=0.5)) == [
        "longest is 3, not 5",
        "momentum is 0.9, not 0.5",
    ]
