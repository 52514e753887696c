"""How figures, cards and animations state what predictions cost."""

from __future__ import annotations

import pytest

from tapedeck.figures import outcome, words
from tapedeck.figures.card.markup import page
from tapedeck.figures.card.numbers import Numbers
from tapedeck.tracing import Trace, prepare
from tapedeck.training.recipes import DYNAMIC_NGRAMS
from tapedeck.training.starting import initial_machine

BITS = [0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1]


@pytest.fixture(scope="module")
def trace() -> Trace:
    return prepare(initial_machine(DYNAMIC_NGRAMS, seed=1), DYNAMIC_NGRAMS.task, {"bits": BITS}).trace()


def test_a_figure_says_the_bits_and_the_best_possible_and_marks_nothing_wrong(trace: Trace) -> None:
    assert trace.score is not None
    said = f"{trace.score['cost']:.1f} bits, best possible {trace.score['optimum']:.1f}"
    assert (words.bit_errors(trace), outcome.verdict(trace)) == (said, said)
    assert outcome.count(trace) == f"{words.excess(trace.score)}, over 7 bits"
    assert not trace.wrong.any()


def test_how_far_above_the_optimum_in_words() -> None:
    found = [words.excess({"excess": share}) for share in (0.008, -0.03, 0.0001)]
    assert found == ["0.8 % above the optimum", "3.0 % below the optimum", "as good as the optimum"]


def test_a_card_lists_what_came_next_beside_the_probability_of_a_1(trace: Trace) -> None:
    checkpoint = {"id": "ngrams", "name": "ngrams", "sha256": "0" * 64, "sequences_seen": 0}
    parts = page(trace, checkpoint, {"diagnosis": None}, Numbers.of(trace))
    first = trace.arrays["outputs"][4, 0]
    assert parts["vectors"].startswith(f"<li>{BITS[5]} → {first:.2f}")
    assert parts["vectors"].count("<li>") == 7
