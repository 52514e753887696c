"""One sentence on each step of a run: what is heard, where the memory is written or read, and what comes out.

Step 9 · input 9 of 20: writes ‘o’ to location 74, one on from the last.
Step 31 · recall 10 of 20: reads location 75, gets ‘n’ ✓.

The page says the same (`viewer/tapedeck_viewer/model/narration.mjs`); `tests/fixtures/narration.json` holds both to it.
The nouns are those of the run's description: phases, channels, heads. Steps and locations are counted from 0, vectors
from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tapedeck.tracing.focus import Arrival, arrival_of, distance, focus_of
from tapedeck.tracing.predictions import Predictions
from tapedeck.tracing.ranks import Ranks
from tapedeck.tracing.trace import Array, Trace
from tapedeck.tracing.vectors import Vectors

Document = Mapping[str, Any]

_NUMBERED = re.compile(r"^(.*) (\d+)$", re.ASCII)

KINDS = ("write", "read")

REMEMBERS = "cell"
"""The role of what a controller has that remembers: what it writes need not be what it has just heard."""


class Narrator:
    """Tells the steps of a run, from its description and its fields.

    Attributes:
        heads: whose writes and reads are told, by kind: the first of each unless another is chosen.
    """

    def __init__(self, about: Document, arrays: Mapping[str, Array], chosen: Mapping[str, str] | None = None) -> None:
        self._about, self._arrays, self._phases = about, arrays, about["phases"]
        self._vectors = Vectors(about, arrays)
        self._predictions = Predictions.of(about, arrays)
        self._ranks = Ranks.of(about, arrays)
        self._alike = {kind: [each["name"] for each in about["heads"] if each["kind"] == kind] for kind in KINDS}
        self.heads = {kind: names[0] for kind, names in self._alike.items()} | dict(chosen or {})
        self._remembers = any(field["role"] == REMEMBERS for field in about["fields"])

    def sentence(self, step: int) -> str:
        """Of one step."""
        at = next(index for index, phase in enumerate(self._phases) if phase["start"] <= step < phase["stop"])
        phase = self._phases[at]
        return f"Step {step} · {self._place(step, phase)}: {self._deed(step, at)}."

    def sentences(self) -> Iterator[str]:
        """Of every step, in order."""
        return map(self.sentence, range(self._about["steps"]))

    def _place(self, step: int, phase: Document) -> str:
        """What a step is in its task."""
        if self._predictions is not None:
            return self._predictions.place(step)
        index, length = step - phase["start"] + 1, phase["stop"] - phase["start"]
        if length == 1:
            return self._alone(step, phase)
        if phase["role"] == "recall" and (found := self._repeat(phase, index)):
            return f"{phase['name']} {index} of {length}, {found}"
        if phase["role"] == "query" or _NUMBERED.match(phase["name"]):
            return f"{phase['name']}, vector {index} of {length}"
        return f"{phase['name']} {index} of {length}"

    def _alone(self, step: int, phase: Document) -> str:
        """What a step is that is a phase by itself: a delimiter by its channel, a count with its number."""
        about, name = self._about, str(phase["name"])
        inputs = self._arrays["inputs"][step]
        if any(c["kind"] == "count" and value for c, value in zip(about["input_channels"], inputs, strict=True)):
            numbers = [value for value in about["input"].values() if isinstance(value, int)]
            return f"the {name}, {numbers[0]}" if len(numbers) == 1 else f"the {name}"
        marks = self._vectors.marks("inputs", step)
        if phase["role"] != "delimiter" or len(marks) != 1:
            return name
        if (numbered := _NUMBERED.match(name)) and numbered[1] != marks[0]:
            return f"{marks[0]} delimiter {numbered[2]}"
        return f"the {name} delimiter"

    def _repeat(self, phase: Document, index: int) -> str:
        """Which repeat of what was heard; nothing where it is said once."""
        heard = [each for each in self._phases if each["role"] == "input"]
        if len(heard) != 1:
            return ""
        outputs, scored = self._about["output_channels"], self._about["scored"]
        marked = any(
            channel["kind"] == "delimiter" and any(first <= at < last for _, _, first, last in scored)
            for at, channel in enumerate(outputs)
        )
        length, said = heard[0]["stop"] - heard[0]["start"], phase["stop"] - phase["start"] - marked
        times, rest = divmod(said, length)
        if times < 2 or rest or index > said:
            return ""
        return f"repeat {(index - 1) // length + 1} of {times}"

    def _deed(self, step: int, at: int) -> str:
        phases = self._phases
        role = phases[at]["role"]
        if role == "input":
            return self._write(step, self._heard(step))
        if self._predictions is not None and (heard := self._predictions.heard(step)):
            return f"hears {heard}, {self._read(step, plain=False)}, {self._predictions.said(step)}"
        if role in ("query", "prediction"):
            heard = f"hears {self._vectors.heard(step)}, {self._read(step, plain=False)}"
            return heard + self._outcome(step)
        if role == "recall":
            return self._read(step, plain=True) + self._outcome(step)
        following = phases[at + 1]["role"] if at + 1 < len(phases) else ""
        told = self._read(step, plain=False) if following == "recall" else self._write(step, "")
        return told + self._outcome(step)

    def _heard(self, step: int) -> str:
        """What is heard, with its rank where it is to come out by that."""
        heard = self._vectors.heard(step)
        rank = self._ranks.heard(step) if self._ranks is not None else ""
        return f"{heard.removesuffix(')')}, {rank})" if rank and heard.endswith(")") else heard

    def _outcome(self, step: int) -> str:
        outcome = self._vectors.outcome(step)
        if outcome is None:
            return ""
        due = f" ({self._ranks.due(step)})" if self._ranks is not None else ""
        if not outcome.wrong:
            return f", gets {outcome.said}{due} ✓"
        if outcome.said == outcome.wanted:  # too long to be spelled out
            return f", gets {outcome.wrong} of {outcome.bits} bits wrong{due} ✗"
        came = self._ranks.came(step) if self._ranks is not None else ""
        return f", gets {outcome.said}{f' ({came})' if came else ''}, should be {outcome.wanted}{due} ✗"

    def _write(self, step: int, heard: str) -> str:
        """Where it is written; and what, where nothing but what is heard can be, and is to come again."""
        apart = self._remembers or self._predictions is not None
        hears, what = (f"hears {heard}, ", "") if heard and apart else ("", f" {heard}" if heard else "")
        head, by = self.heads["write"], self._among("write")
        focus = focus_of(self._arrays[f"{head}.weighting"][step])
        if focus.location is None:
            return f"{hears}writes{what}{by}{f' spread over {focus.spread}' if focus.spread else ' to no location'}"
        arrival = arrival_of(self._about, self._arrays, head, step, focus.location)
        place = f"{'mostly ' if focus.mostly else ''}to location {focus.location}"
        if arrival.kind == "content":
            comma = "," if arrival.moved else ""
            return f"{hears}jumps {place}{_from_content(arrival)}{comma} and writes{what or ' there'}{by}"
        return f"{hears}writes{what} {place}{by}{_from_before(arrival)}"

    def _read(self, step: int, *, plain: bool) -> str:
        """Where it is read; the usual, one on from the last, is left out where it is to be `plain`."""
        head, by = self.heads["read"], self._among("read")
        focus = focus_of(self._arrays[f"{head}.weighting"][step])
        if focus.location is None:
            return f"reads{by} {f'spread over {focus.spread}' if focus.spread else 'no location'}"
        arrival = arrival_of(self._about, self._arrays, head, step, focus.location)
        mostly = "mostly " if focus.mostly else ""
        if arrival.kind == "content":
            return f"jumps {mostly}to location {focus.location}{_from_content(arrival)}{by}"
        usual = plain and arrival.kind == "on" and arrival.moved == 1 and not arrival.whose
        return f"reads {mostly}location {focus.location}{by}{'' if usual else _from_before(arrival)}"

    def _among(self, kind: str) -> str:
        """Which head of several."""
        names = self._alike[kind]
        return f" with head {names.index(self.heads[kind]) + 1}" if len(names) > 1 else ""


def narrate(trace: Trace) -> list[str]:
    """A sentence on each step of a run, of the first head of each kind."""
    return list(Narrator(trace.about, trace.arrays).sentences())


def _from_content(arrival: Arrival) -> str:
    if arrival.moved == 0:
        return " by content"
    return f", {distance(arrival.moved)} from location {arrival.found} found by content"


def _from_before(arrival: Arrival) -> str:
    if arrival.kind == "other":
        return ""
    owner = f"the {arrival.whose} head" if arrival.whose else ""
    if arrival.kind == "start":
        where = f"where {owner or 'it'} starts"
        return f", {distance(arrival.moved)} from {where}" if arrival.moved else f", {where}"
    if not arrival.moved:
        return f", where {owner} was" if owner else " again"
    return f", {distance(arrival.moved)} from {f'where {owner} was' if owner else 'the last'}"
