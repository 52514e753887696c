"""The two kinds of controllers that a recipe can have, and which of them have learned what."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from tapedeck.errors import InvalidConfiguration, quoted
from tapedeck.ntm.activations import ActivationName
from tapedeck.ntm.specification import ControllerSpec


class Controller(StrEnum):
    """A kind, as it is written on the command line; a recipe has its `kind`."""

    LSTM = "lstm"
    FEED_FORWARD = "feed-forward"

    @property
    def kind(self) -> str:
        """As a specification has it."""
        return self.value.replace("-", "_")


class Tried(NamedTuple):
    """What became of the recipe of a task with a kind of controller.

    Attributes:
        learned: seeds whose machine came to make no mistake on the examples that it was validated on, or, where none
            does, came to do the task as well as the note says.
        failed: seeds whose machine did not, or not to the end.
        note: for people, where that is not all.
    """

    learned: tuple[int, ...]
    failed: tuple[int, ...] = ()
    note: str = ""

    @property
    def said(self) -> str:
        """For people."""
        failed = f"; not seed {', '.join(map(str, self.failed))}" if self.failed else ""
        note = f" ({self.note})" if self.note else ""
        return f"seed {', '.join(map(str, self.learned)) or 'none'}{failed}{note}"


TRIED: Mapping[tuple[str, str], Tried] = {
    ("copy", "feed_forward"): Tried(
        learned=(1,), note="14 of 14 seeds of an earlier form of the recipe learned as well"
    ),
    ("repeat_copy", "lstm"): Tried(
        learned=(1, 2, 3),
        note="of each no wrong bit up to 10 × 5 and at most 0.0006 % at 10 × 10; 1 and 3 lengthened with `--from`",
    ),
    ("associative_recall", "lstm"): Tried(
        learned=(1, 2, 3),
        note="of each no wrong bit at 2 to 6 items, at most 0.006 % of bits at 12, 0.12 % at 20",
    ),
    ("dynamic_ngrams", "lstm"): Tried(learned=(1, 2), note="0.13 % and 0.19 % above the optimum"),
    ("priority_sort", "lstm"): Tried(
        learned=(1,), note="2 % wrong at 20 vectors after 2,000,000 sequences; 4.2 % after 1,000,000"
    ),
}
"""By task and kind of controller, what was tried to its end; the recipes are in `tapedeck.training.recipes`."""


def tried(task: str, kind: str) -> Tried | None:
    """What became of a recipe with a kind of controller; None where nobody tried it."""
    return TRIED.get((task, kind))


def check_controller(kind: object) -> None:
    """Checks the kind of a controller.

    Raises:
        InvalidConfiguration: there is no such kind.
    """
    kinds = [each.kind for each in Controller]
    if kind not in kinds:
        raise InvalidConfiguration(f"controller must be {' or '.join(kinds)}, got {quoted(kind)}.", field="controller")


def controller_of(kind: str, size: int, drives: tuple[str, ...] = ()) -> ControllerSpec:
    """One layer of so many units: of a feed-forward controller rectified, of an LSTM as they are.

    Args:
        kind: checked.
        size: units.
        drives: what the heads are fed with beside the hidden vector.
    """
    activation: ActivationName = "raw" if kind == Controller.LSTM.kind else "relu"
    return ControllerSpec(kind, (size,), activation, ("hidden", *drives))  # type: ignore[arg-type]
