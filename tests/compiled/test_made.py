"""What is kept of a machine is of the numbers that it has."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
import torch

from tapedeck.compiled.made import MadeOf
from tapedeck.ntm import NeuralTM


def written_to(machine: NeuralTM) -> None:
    with torch.no_grad():
        machine.output_layer.bias.add_(1)


def given_other_numbers(machine: NeuralTM) -> None:
    machine.load_state_dict(NeuralTM().state_dict(), assign=True)


def begun_elsewhere(machine: NeuralTM) -> None:
    machine.initial_memory.fill_(0.5)


@pytest.mark.parametrize("change", [written_to, given_other_numbers, begun_elsewhere])
def test_what_was_made_of_other_numbers_is_made_anew(change: Callable[[NeuralTM], None]) -> None:
    machine, made, number = NeuralTM(), MadeOf[int](), count(1)

    def ask(key: str) -> int:
        return made.get(machine, key, lambda: next(number))

    assert [ask("8"), ask("8"), ask("9"), ask("9")] == [1, 1, 2, 2]
    change(machine)
    assert [ask("9"), ask("9")] == [3, 3]


def test_each_machine_has_its_own_and_takes_it_along() -> None:
    one, other, made = NeuralTM(), NeuralTM(), MadeOf[str]()
    assert [made.get(one, None, lambda: "one"), made.get(other, None, lambda: "other")] == ["one", "other"]
    del one
    assert made.get(other, None, lambda: "anew") == "other"
    assert len(made._last) == 1
