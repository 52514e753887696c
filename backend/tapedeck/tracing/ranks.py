"""The ranks of vectors that are heard with a priority, where they are to come out by it.

The page says the same (`viewer/tapedeck_viewer/model/ranking.mjs`); `tests/fixtures/narration.json` holds both to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tapedeck.tasks.episode import THRESHOLD
from tapedeck.tasks.verdicts import Flags
from tapedeck.tasks.verdicts.ranking import Ranking
from tapedeck.tracing.trace import Array

Document = Mapping[str, Any]


class Ranks:
    """Ranks and numbers are counted from 1, as people count what they type."""

    def __init__(self, ranking: Ranking, heard: Document, said: Flags, first: int) -> None:
        self._ranking, self._heard, self._said, self._first = ranking, heard, said, first

    @classmethod
    def of(cls, about: Document, arrays: Mapping[str, Array]) -> Ranks | None:
        """Of a run; None where nothing in it has a priority, or something else than its vectors by rank is due."""
        inputs, outputs = about["input_channels"], about["output_channels"]
        priorities = [at for at, channel in enumerate(inputs) if channel["kind"] == "priority"]
        heard = [phase for phase in about["phases"] if phase["role"] == "input"]
        if len(priorities) != 1 or len(heard) != 1 or len(about["scored"]) != 1:
            return None
        steps, ((start, stop, _, _),) = slice(heard[0]["start"], heard[0]["stop"]), about["scored"]
        bits, said = ([at for at, c in enumerate(channels) if c["kind"] == "bit"] for channels in (inputs, outputs))
        ranking = Ranking(arrays["inputs"][steps][:, bits] > THRESHOLD, arrays["inputs"][steps, priorities[0]])
        due = ranking.due(stop - start)
        targets = arrays["targets"][start:stop][:, said] > THRESHOLD
        if due.shape != targets.shape or not np.array_equal(due, targets):
            return None
        return cls(ranking, heard[0], arrays["outputs"][start:stop][:, said] > THRESHOLD, start)

    def heard(self, step: int) -> str:
        """“rank 3”, of a step at which a vector is heard; empty of any other."""
        if not self._heard["start"] <= step < self._heard["stop"]:
            return ""
        return f"rank {int(self._ranking.ranks[step - self._heard['start']]) + 1}"

    def due(self, step: int) -> str:
        """“input 4”: what is to come out at a step; empty where nothing is."""
        rank = step - self._first
        return self._named(int(self._ranking.order[rank])) if 0 <= rank < len(self._said) else ""

    def came(self, step: int) -> str:
        """“input 9, rank 6”: what came out at a step instead of what was due; empty where that was never heard."""
        rank = step - self._first
        item = self._ranking.came(rank, self._said[rank])
        if item is None or item == self._ranking.order[rank]:
            return ""
        return f"{self._named(item)}, rank {int(self._ranking.ranks[item]) + 1}"

    def _named(self, item: int) -> str:
        return f"{self._heard['name']} {item + 1}"
