"""Where a read or an output comes from, in one sentence that names every source that matters, with its sign.

The page says the same where you point (`tapedeck_viewer/model/accounts.mjs`); `tests/accounts.json` holds both to it.
Bits are counted from 1, steps from 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp
from typing import NamedTuple

from tapedeck.tasks.episode import THRESHOLD

MATTERS = 0.05
"""The least share of all magnitudes with which a source is named."""

MOST = 4
"""The most sources that are named; the others are everything else."""

ALMOST_ALL = 0.995

_ROUNDED = 0.005
"""Less than this is 0 as it is written, in parts of 1 and in hundredths of an output."""

INITIAL, BIAS, ELSE = "the initial memory", "the bias", "everything else"

BESIDE_READS = {"hidden": "the controller's hidden vector", "inputs": "the inputs"}
"""The terms of an output that are not reads."""


class Source(NamedTuple):
    """A term of the sum."""

    name: str
    amount: float
    """Signed"""
    step: int | None = None
    """Of a write"""
    place: int | None = None
    """The location through which that write was read; below 0 where it had no focus there, and so overwrote nothing"""
    head: str | None = None
    """That wrote, where several do"""


class Writes(NamedTuple):
    """What each write gave, in the order in which they were made."""

    amounts: Sequence[float]
    places: Sequence[int]
    """As in `Source`"""
    heads: Sequence[str] = ()
    """Where several heads write: each step has a write of each of them, in acting order"""


class Output(NamedTuple):
    """An output in words: how it is named, what is done to the sum, and where a 1 begins before that."""

    label: str
    activation: str = "clamp"
    middle: float = THRESHOLD
    likely: bool = False
    """Whether it is a probability, which is no bit"""


def account_of_read(step: int, shares: Writes, others: Mapping[str, float]) -> str:
    """Of a read vector of a step, from the shares of each write, of the initial memory and of interventions by their
    names; one below 0 is of what points against it.
    """
    named = _that_matter(shares, others)
    if abs(named[0].amount) >= ALMOST_ALL:
        return f"Step {step} reads almost only {_alone(named[0], step)}."
    items, opposing = list[str](), list[str]()
    for at, source in enumerate(named):
        (items if source.amount >= 0 else opposing).append(f"{100 * abs(source.amount):.0f} % from {_which(named, at)}")
    if (rest := 1 - sum(abs(each.amount) for each in named)) >= _ROUNDED:
        items.append(f"{100 * rest:.0f} % from {ELSE}")
    items[:1] = [item.replace(" % from ", " % comes from ", 1) for item in items[:1]]
    magnitude = " by magnitude," if opposing else ""
    return f"Of what step {step} reads,{magnitude} {_opposed(items, opposing)}."


def account_of_output(step: int, output: Output, writes: Writes, others: Mapping[str, float]) -> str:
    """Of an output before its activation, from what each write gave it, and what else did, by the name of that."""
    total = float(sum(others.values(), start=sum(writes.amounts)))
    named = _that_matter(writes, others)
    rest = total - sum(source.amount for source in named)
    if abs(rest) >= _ROUNDED:
        named.append(Source(ELSE, rest))
    bit = int(total > output.middle)
    supporting, opposing = list[str](), list[str]()
    for at, source in enumerate(named):
        (supporting if (source.amount > 0) is bool(bit) else opposing).append(
            f"{_signed(source.amount)} from {_which(named, at)}"
        )
    value = f"{'−' if total < 0 else ''}{abs(total):.2f}"
    before = "" if output.activation == "raw" else f" before its {output.activation}"
    said = f"{1 / (1 + exp(-total)):.2f}" if output.likely else str(bit)
    return f"{output.label} of step {step} is {said} ({value}{before}): {_opposed(supporting, opposing)}."


def _that_matter(writes: Writes, others: Mapping[str, float]) -> list[Source]:
    """The greatest first, and always one. Of a thousand writes only these are put into words."""
    names, amounts = [*others], [*map(float, writes.amounts), *map(float, others.values())]
    magnitudes = [*map(abs, amounts)]
    least = MATTERS * sum(magnitudes)
    greatest = sorted(range(len(amounts)), key=magnitudes.__getitem__, reverse=True)[:MOST]
    return [
        _of_write(writes, at) if at < len(writes.amounts) else Source(names[at - len(writes.amounts)], amounts[at])
        for place, at in enumerate(greatest)
        if place == 0 or magnitudes[at] >= least
    ]


def _of_write(writes: Writes, at: int) -> Source:
    heads = writes.heads
    step, head = (at // len(heads), heads[at % len(heads)]) if len(heads) > 1 else (at, None)
    name = f"step {step}" if head is None else f"{head} at step {step}"
    return Source(name, float(writes.amounts[at]), step, int(writes.places[at]), head)


def _alone(source: Source, step: int) -> str:
    if source.step is None:
        return source.name
    if source.head is not None:
        return f"what {source.head} {'has just written' if source.step == step else f'wrote at step {source.step}'}"
    return "what it has just written" if source.step == step else f"what step {source.step} wrote"


def _which(named: list[Source], at: int) -> str:
    """A source, and which other one it overwrote: the last before it whose location it was written to as well."""
    source = named[at]
    if source.step is None or source.place is None or source.place < 0:
        return source.name
    under = [each.step for each in named if each.place == source.place and each.step is not None]
    under = [step for step in under if step < source.step]
    if not under:
        return source.name
    before = named[at - 1].step if at else None
    return f"{source.name}, which overwrote {'it' if max(under) == before else f'step {max(under)}'}"


def _opposed(supporting: list[str], opposing: list[str]) -> str:
    against = f"{_listed(opposing)}, which {'opposes' if len(opposing) == 1 else 'oppose'} it" if opposing else ""
    return "; ".join(filter(None, (_listed(supporting), against)))


def _listed(items: list[str]) -> str:
    """A, B and C; with a comma before the last where one of them holds a comma."""
    if len(items) < 2:
        return "".join(items)
    comma = "," if any("," in item for item in items[:-1]) else ""
    return f"{', '.join(items[:-1])}{comma} and {items[-1]}"


def _signed(amount: float) -> str:
    return f"{'−' if amount < 0 else '+'}{abs(amount):.2f}"
