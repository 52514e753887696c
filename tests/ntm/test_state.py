"""The start of a run, and how it is laid on another number of locations."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tapedeck.errors import InvalidConfiguration, InvalidLocations
from tapedeck.ntm import NeuralTM, NTMConfig, State
from tapedeck.ntm.state import as_given, check_initial_state, fit_to_locations, initial_tensors
from tests.ntm.strategies import tensors, weightings

CONFIG = NTMConfig(locations=5, width=2, bits=1, controller_size=1)

sizes = st.integers(3, 24)


@st.composite
def starts(draw: st.DrawFn) -> State:
    n = draw(sizes)
    return State(draw(tensors(n, 2)), (draw(weightings(n)), draw(weightings(n))), (draw(tensors(2)),))


def fit(state: State, locations: int) -> State:
    spec = NTMConfig(locations=state.locations, width=2).spec
    return fit_to_locations(state, locations, as_given(spec, state))


@pytest.mark.parametrize("locations", [3, 4, 7, 127, 128, 4096])
def test_the_reference_starts_with_1e_6_and_both_heads_at_the_middle(locations: int) -> None:
    state = NeuralTM().initial_state(locations=locations)
    assert state.memory.shape == (locations, 20)
    torch.testing.assert_close(state.memory, torch.full((locations, 20), 1e-6), rtol=1e-5, atol=0)
    assert (state.reads[0] == 1e-6).all()
    middle = torch.eye(locations)[locations // 2]
    assert torch.equal(state.weightings[0], middle)
    assert torch.equal(state.weightings[1], middle)


@given(state=starts())
def test_the_same_number_of_locations_changes_nothing(state: State) -> None:
    assert fit(state, state.locations) is state


@given(state=starts(), more=st.integers(1, 20))
def test_more_locations_hold_the_given_ones_centre_on_centre(state: State, more: int) -> None:
    n = state.locations
    fitted = fit(state, n + more)
    first = (n + more) // 2 - n // 2
    assert torch.equal(fitted.memory[first : first + n], state.memory)
    torch.testing.assert_close(fitted.weightings[0][first : first + n], state.weightings[0])
    torch.testing.assert_close(fitted.weightings[1][first : first + n], state.weightings[1])
    outside = torch.cat([fitted.memory[:first], fitted.memory[first + n :]])
    torch.testing.assert_close(outside, state.memory.mean(0).expand(more, 2))
    torch.testing.assert_close(fitted.weightings[0].sum().item(), 1.0)
    assert torch.equal(fitted.reads[0], state.reads[0])


@given(state=starts(), locations=sizes)
def test_what_fits_sums_to_1_and_what_does_not_is_refused(state: State, locations: int) -> None:
    first = state.locations // 2 - locations // 2
    inside = slice(max(0, first), max(0, first + locations))
    shares = [weighting[inside].sum() for weighting in state.weightings]
    if min(shares) == 0:
        with pytest.raises(InvalidLocations, match=f"that {locations} locations do not have; use {state.locations}"):
            fit(state, locations)
        return
    fitted = fit(state, locations)
    for weighting in fitted.weightings:
        assert weighting.shape == (locations,)
        assert (weighting >= 0).all()
        torch.testing.assert_close(weighting.sum().item(), 1.0)


def test_fewer_locations_scale_up_the_weight_that_stays() -> None:
    state = State(torch.zeros(5, 2), (torch.tensor([0.2, 0.1, 0.3, 0.4, 0.0]), torch.eye(5)[2]), (torch.zeros(2),))
    fitted = fit(state, 3)  # rows 1, 2, 3: centre on centre
    torch.testing.assert_close(fitted.weightings[0], torch.tensor([0.1, 0.3, 0.4]) / 0.8)
    assert torch.equal(fitted.weightings[1], torch.eye(3)[1])


@pytest.mark.parametrize("locations", [2, 1, 0, -1])
def test_fewer_than_three_locations_are_refused(locations: int) -> None:
    with pytest.raises(InvalidLocations, match=f"at least 3, got {locations}") as caught:
        NeuralTM().initial_state(locations=locations)
    assert caught.value.field == "locations"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("memory", torch.zeros(5, 3), r"memory must have shape \(5, 2\), got \(5, 3\)"),
        ("memory", torch.full((5, 2), torch.nan), "memory must hold finite numbers only"),
        ("read_vector", torch.tensor([0.0, torch.inf]), "read_vector must hold finite numbers only"),
        ("write_weighting", torch.zeros(4), r"write_weighting must have shape \(5,\), got \(4,\)"),
        ("write_weighting", torch.full((5,), 0.3), "write_weighting must be at least 0 everywhere and sum to 1"),
        ("read_weighting", torch.tensor([1.5, -0.5, 0, 0, 0]), "read_weighting must be at least 0 everywhere"),
    ],
)
def test_a_start_that_no_run_can_have_is_refused(name: str, value: torch.Tensor, message: str) -> None:
    state = State.of(CONFIG.spec, initial_tensors(CONFIG.spec) | {name: value})
    with pytest.raises(InvalidConfiguration, match=message):
        NeuralTM(CONFIG, state)


def test_the_references_start_is_accepted_in_both_precisions() -> None:
    for dtype in (torch.float32, torch.float64):
        state = State.of(CONFIG.spec, initial_tensors(CONFIG.spec, dtype))
        check_initial_state(state, CONFIG.spec)
        assert {value.dtype for value in state.tensors()} == {dtype}
