"""Where a read or an output comes from, in one sentence that names every source that matters, with its sign.

The page says the same where you point (`frontend/assets/tape/accounts.mjs`); `tests/accounts.json` holds both to it.
Bits are counted from 1, steps from 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from backend.tasks.episode import THRESHOLD

MATTERS = 0.05
"""The least share of all magnitudes with which a source is named."""

MOST = 4
"""The most sources that are named; the others are everything else."""

ALMOST_ALL = 0.995

_ROUNDED = 0.005
"""Less than this is 0 as it is written, in parts of 1 and in hundredths of an output."""

INITIAL, BIAS, ELSE = "the initial memory", "the bias", "everything else"


class Source(NamedTuple):
    """A term of the sum."""

    name: str
    amount: float
    """Signed"""
    step: int | None = None
    """Of a write"""
    place: int | None = None
    """The location through which that write was read; below 0 where it had no focus there, and so overwrote nothing"""


def account_of_read(step: int, shares: Iterable[float], initial: float, places: Iterable[int]) -> str:
    """Of the read vector of a step, from the shares of each step's write and of the initial memory."""
    terms = [*_writes(shares, places), Source(INITIAL, initial)]
    named = _that_matter(terms)
    if abs(named[0].amount) >= ALMOST_ALL:
        return f"Step {step} reads almost only {_alone(named[0], step)}."
    items = [f"{100 * abs(share):.0f} % from {_which(named, at)}" for at, (_, share, _, _) in enumerate(named)]
    if (rest := 1 - sum(abs(each.amount) for each in named)) >= _ROUNDED:
        items.append(f"{100 * rest:.0f} % from {ELSE}")
    items[0] = items[0].replace(" % from ", " % comes from ", 1)
    return f"Of what step {step} reads, {_listed(items)}."


def account_of_output(
    step: int, channel: int, bits: int, terms: tuple[Sequence[float], float, float], places: Iterable[int]
) -> str:
    """Of an output before its clamp, from what each step's write, the initial memory and the bias gave it."""
    writes, initial, bias = terms
    sources = [*_writes(writes, places), Source(INITIAL, initial), Source(BIAS, bias)]
    total = sum(source.amount for source in sources)
    named = _that_matter(sources)
    rest = total - sum(source.amount for source in named)
    if abs(rest) >= _ROUNDED:
        named.append(Source(ELSE, rest))
    supporting, opposing = list[str](), list[str]()
    for at, source in enumerate(named):
        supports = (source.amount > 0) is (total > THRESHOLD)
        (supporting if supports else opposing).append(f"{_signed(source.amount)} from {_which(named, at)}")
    value = f"{'−' if total < 0 else ''}{abs(total):.2f}"
    against = f"{_listed(opposing)}, which {'opposes' if len(opposing) == 1 else 'oppose'} it" if opposing else ""
    sums = "; ".join(filter(None, (_listed(supporting), against)))
    return f"{_output(channel, bits)} of step {step} is {int(total > THRESHOLD)} ({value} before its clamp): {sums}."


def _output(channel: int, bits: int) -> str:
    if channel < bits:
        return f"Output bit {channel + 1}"
    return f"The {('start', 'end')[channel - bits]} delimiter's output"


def _writes(amounts: Iterable[float], places: Iterable[int]) -> list[Source]:
    return [
        Source(f"step {at}", float(amount), at, int(place))
        for at, (amount, place) in enumerate(zip(amounts, places, strict=True))
    ]


def _that_matter(sources: list[Source]) -> list[Source]:
    """The greatest first, and always one."""
    whole = sum(abs(source.amount) for source in sources)
    ordered = sorted(sources, key=lambda source: -abs(source.amount))
    return [source for at, source in enumerate(ordered[:MOST]) if at == 0 or abs(source.amount) >= MATTERS * whole]


def _alone(source: Source, step: int) -> str:
    if source.step is None:
        return source.name
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


def _listed(items: list[str]) -> str:
    """A, B and C; with a comma before the last where one of them holds a comma."""
    if len(items) < 2:
        return "".join(items)
    comma = "," if any("," in item for item in items[:-1]) else ""
    return f"{', '.join(items[:-1])}{comma} and {items[-1]}"


def _signed(amount: float) -> str:
    return f"{'−' if amount < 0 else '+'}{abs(amount):.2f}"
