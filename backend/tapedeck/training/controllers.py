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

    @property
    def named(self) -> str:
        """For people."""
        return "LSTM" if self is Controller.LSTM else self.value

    @classmethod
    def of(cls, kind: str) -> Controller:
        """The one of a kind, as a specification has it."""
        return cls(kind.replace("_", "-"))


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
        named = {"seed": self.learned, "not seed": self.failed}
        seeds = "; ".join(f"{word} {', '.join(map(str, these))}" for word, these in named.items() if these)
        return f"{seeds} ({self.note})" if self.note else seeds


TRIED: Mapping[tuple[str, str], Tried] = {
    ("copy", "feed_forward"): Tried(
        learned=(1,), note="14 of 14 seeds of an earlier form of the recipe learned as well"
    ),
    ("copy", "lstm"): Tried(learned=(1,)),
    ("repeat_copy", "lstm"): Tried(
        learned=(1, 2, 3),
        note="of each no wrong bit up to 10 × 5 and at most 0.0006 % at 10 × 10; 1 and 3 lengthened with `--from`",
    ),
    ("repeat_copy", "feed_forward"): Tried(
        learned=(1,), note="no wrong bit at 10 × 5, 0.003 % at 10 × 10; not with one head"
    ),
    ("associative_recall", "lstm"): Tried(
        learned=(1, 2, 3),
        note="of each no wrong bit at 2 to 6 items, at most 0.006 % of bits at 12, 0.12 % at 20",
    ),
    ("associative_recall", "feed_forward"): Tried(
        learned=(1,),
        note="lengthened with `--from`: no wrong bit at 2 to 5 items, 0.08 % at 12; not with one head and 100 units",
    ),
    ("dynamic_ngrams", "lstm"): Tried(learned=(1, 2), note="0.13 % and 0.19 % above the optimum"),
    ("dynamic_ngrams", "feed_forward"): Tried(learned=(1,), note="0.55 % above the optimum"),
    ("priority_sort", "lstm"): Tried(
        learned=(1,), note="2 % wrong at 20 vectors after 2,000,000 sequences; 4.2 % after 1,000,000"
    ),
    ("priority_sort", "feed_forward"): Tried(
        learned=(), failed=(1,), note="broken off at 401,600 sequences, still falling: 14 % wrong at 20 vectors"
    ),
}
"""By task and kind of controller, what was tried; the recipes are in `tapedeck.training.recipes`."""


def caution(task: str, kind: str) -> str | None:
    """What there is to know before a recipe is trained with a kind of controller: a sentence; None where it learns."""
    known = TRIED.get((task, kind))
    if known is not None and known.learned:
        return None
    named = f"{'an' if kind == Controller.LSTM.kind else 'a'} {Controller.of(kind).named}"
    if known is None:
        return f"Nobody has tried the recipe of {task} with {named} controller yet; it may not learn."
    return f"The recipe of {task} has not learned with {named} controller yet: {known.said}."


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
