"""Dynamic n-grams: the stream, the optimum against plain loops, the score in bits, and inputs that are none."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

import numpy as np
import pytest
import torch

from tapedeck.errors import InvalidSequence
from tapedeck.ntm import ControllerSpec, HeadSpec, MachineSpec, MemorySpec
from tapedeck.parts import whole
from tapedeck.tasks import Diagnosis, DynamicNgramsTask, Episode
from tapedeck.tasks.verdicts.dynamic_ngrams import DynamicNgramsWitness

TASK = DynamicNgramsTask()

TINY = MachineSpec(
    inputs=TASK.input_channels(1),
    outputs=TASK.output_channels(1),
    memory=MemorySpec(3, 2),
    controller=ControllerSpec(sizes=(2,)),
    heads=(HeadSpec("write", "write", erase_vector="sigmoid", add_vector="tanh"), HeadSpec("read", "read")),
)


def drawn(length: int, count: int, seed: int = 1) -> torch.Tensor:
    return TASK.sample(torch.Generator().manual_seed(seed), {"length": length}, count, 1)


def counted(stream: list[int]) -> list[tuple[int, int, int]]:
    """(context, zeros, ones) at every step, by plain counting."""
    seen: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    found = []
    for step in range(len(stream)):
        context = "".join(map(str, stream[max(0, step - 4) : step + 1]))
        zeros, ones = seen[context]
        if len(context) < 5:
            found.append((-1, 0, 0))
            continue
        found.append((int(context, 2), zeros, ones))
        if step + 1 < len(stream):
            seen[context][stream[step + 1]] += 1
    return found


def test_each_step_hears_a_bit_and_predicts_the_next() -> None:
    bits = [0, 1, 1, 0, 1, 0, 1, 1]
    episode = TASK.episode(TASK.parse({"bits": bits}, 1))
    assert episode.inputs[:, 0].tolist() == bits
    assert episode.targets[:, 0].tolist() == [0, 0, 0, 0, 0, 1, 1, 0]
    assert episode.mask[:, 0].tolist() == 4 * [False] + 3 * [True] + [False]
    assert [(phase.role, phase.start, phase.stop) for phase in episode.phases] == [
        ("input", 0, 4),
        ("prediction", 4, 7),
        ("prediction", 7, 8),
    ]
    assert [channel.kind for channel in (*TASK.input_channels(1), *TASK.output_channels(1))] == ["bit", "probability"]
    assert TASK.document(TASK.parse({"bits": bits}, 1)) == {"bits": bits}


@pytest.mark.parametrize("length", [6, 7, 200])
def test_the_optimum_is_that_of_plain_counting(length: int) -> None:
    streams = drawn(length, 3)
    together = TASK.episode(streams)
    for each in range(3):
        stream = streams[:, each].int().tolist()
        alone = TASK.episode(streams[:, each])
        assert alone.optimum is not None
        assert together.optimum is not None
        expected = counted(stream)
        known = alone.optimum.known
        assert list(zip(known.contexts.tolist(), known.zeros.tolist(), known.ones.tolist(), strict=True)) == expected
        assert torch.equal(together.optimum.probabilities[:, each], alone.optimum.probabilities)
        probabilities = [(ones + 0.5) / (zeros + ones + 1) for _, zeros, ones in expected]
        assert alone.optimum.probabilities.tolist() == pytest.approx(probabilities)
        cost = -sum(
            math.log2(p if stream[step + 1] else 1 - p) for step, p in list(enumerate(probabilities))[4 : length - 1]
        )
        assert float(alone.best) == pytest.approx(cost)


def test_the_optimum_of_200_bits_costs_what_the_paper_says() -> None:
    """133 bits with the first five, which are fair."""
    episode = TASK.episode(drawn(200, 2000))
    assert 132.5 < float(episode.best.mean()) + 5 < 135
    assert abs(float(drawn(200, 2000)[:5].mean()) - 0.5) < 0.02


def test_the_score_is_in_bits_against_the_optimum_and_no_probability_is_wrong() -> None:
    episode = TASK.episode(drawn(40, 1)[:, 0])
    halves = torch.full((40, 1), 0.5)
    assert not episode.wrong(halves).any()
    assert float(episode.amounts(halves)) == 35
    in_parts = sum(float(episode.amounts(halves[at : at + 7], at)) for at in range(0, 40, 7))
    assert in_parts == 35
    score = episode.score(35.0)
    assert score is not None
    assert score == {"cost": 35.0, "optimum": float(episode.best), "excess": 35 / float(episode.best) - 1, "bits": 35}
    assert episode.optimum is not None
    best = episode.amounts(episode.optimum.probabilities.unsqueeze(-1))
    assert float(best) == float(episode.best)


def test_a_sure_prediction_that_is_wrong_costs_a_finite_number_of_bits() -> None:
    episode = TASK.episode(TASK.parse({"bits": [0, 0, 0, 0, 0, 1]}, 1))
    assert 30 < float(episode.amounts(torch.zeros(6, 1))) < 50


def verdict(episode: Episode, probabilities: torch.Tensor) -> Diagnosis:
    assert episode.optimum is not None
    witness = DynamicNgramsWitness(TINY, episode, episode.optimum)
    weightings = np.full((episode.steps, 3), 1 / 3, np.float32)
    fields = {"outputs": probabilities.numpy(), "write.weighting": weightings, "read.weighting": weightings}
    witness.see(0, fields, np.zeros((episode.steps, 1), np.bool_))
    return whole(witness.verdict())


def test_the_verdict_says_the_bits_and_where_most_of_them_are_lost() -> None:
    """Of a machine that says ½ after 01010, and the best everywhere else."""
    episode = TASK.episode(TASK.parse({"bits": 20 * [0, 1]}, 1))
    assert episode.optimum is not None
    best = episode.optimum.probabilities.unsqueeze(-1)
    assert verdict(episode, best).kind == "optimal"
    assert verdict(episode, best).sentence == "5.8 bits where the best possible is 5.8; as good as that."
    known = episode.optimum.known.contexts.unsqueeze(-1)
    found = verdict(episode, torch.where(known == 0b01010, 0.5, best))
    assert (found.kind, found.first_wrong_step) == ("short", None)
    assert found.sentence == (
        "20.9 bits where the best possible is 5.8; 260.0 % above. Most is lost after 01010 (+15.1 in 18 predictions)."
    )
    guessed = verdict(episode, torch.full_like(best, 0.5))
    assert guessed.kind == "untrained"
    assert guessed.sentence == (
        "This machine has not learned to predict: 35.0 bits for 35 bits, no fewer than 0.50 each time would cost; "
        "the best possible is 5.8."
    )


WRONG: list[tuple[dict[str, Any], str, str]] = [
    (
        {"bits": [0, 1, 1]},
        "A stream must have at least 6 bits, a context of 5 and the one to predict; got 3.",
        "bits",
    ),
    ({"bits": [0, 1, 1, 0, 1, 2, 1]}, "Bit 6 of the stream must be 0 or 1, got 2.", "bits.5"),
    ({"bits": [0, 1, 1, 0, 1, True]}, "Bit 6 of the stream must be 0 or 1, got true.", "bits.5"),
    ({"bits": "010101"}, "bits must be a list of 0s and 1s, got “010101”.", "bits"),
    ({"bits": []}, "A stream must have at least 6 bits, a context of 5 and the one to predict; got 0.", "bits"),
    ({"sequence": [[1]]}, "An input for dynamic_ngrams has no “sequence”; it has “bits”.", "sequence"),
]


@pytest.mark.parametrize(("document", "sentence", "field"), WRONG)
def test_a_stream_that_is_none_is_refused_in_one_sentence(document: dict[str, Any], sentence: str, field: str) -> None:
    with pytest.raises(InvalidSequence) as caught:
        TASK.parse(document, 1)
    assert (caught.value.detail, caught.value.field) == (sentence, field)
