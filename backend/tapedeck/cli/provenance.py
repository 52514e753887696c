"""`tapedeck trace --provenance`: where what is read comes from, in words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tapedeck.errors import InvalidRequest
from tapedeck.ntm import MachineSpec
from tapedeck.tracing import Explanation, Picture, StepProvenance, Trace
from tapedeck.tracing.accounts import INITIAL, MATTERS, MOST
from tapedeck.tracing.output import Doubles
from tapedeck.tracing.provenance import by_intervention, check_step

ALL = "all"

MOST_WRITES = 5
"""The most writes that are listed one by one."""

LEAST_SHARE = 0.0005
"""The least share that is listed: less is 0.0 %."""


def parse_step(text: str, steps: int) -> int | None:
    """A step of the run, or None for all.

    Raises:
        InvalidRequest: neither a number nor “all”.
        InvalidStep: the run has no such step.
    """
    if text == ALL:
        return None
    if not text.isdecimal():
        raise InvalidRequest(f"--provenance is {text}; give a step from 0 to {steps - 1:,}, or {ALL}.")
    check_step(int(text), steps)
    return int(text)


def describe_step(trace: Trace, found: Explanation, spec: MachineSpec) -> Iterator[str]:
    """The greatest shares of each head's read vector, and each output bit as a sum of signed contributions."""
    for read in found.reads:
        yield read.sentence
        by = f" with {read.head}" if len(found.reads) > 1 else ""
        yield f"In detail, step {found.step} ({place(trace, found.step)}) reads{by}"
        yield from _shares(trace, read)
    for channel, sentence in zip(spec.outputs, found.sentences, strict=True):
        if channel.kind != "delimiter":
            yield sentence


def describe_picture(trace: Trace, picture: Picture, head: str) -> Iterator[str]:
    """For every step of the last phase, the sources that matter of what a head reads, the greatest first."""
    last = trace.phases[-1]
    by = f" with {head}" if len(trace.layout.read_heads) > 1 else ""
    yield f"Who wrote what each step of the {last.name} reads{by}:"
    for step in range(last.start, last.stop):
        writes = picture.writes[step]
        sources = [(float(writes[tau]), f"step {tau} ({place(trace, int(tau))})") for tau in np.flatnonzero(writes)]
        sources.append((float(picture.initial[step]), INITIAL))
        greatest = sorted(sources, reverse=True)[:MOST]
        named = [source for at, source in enumerate(greatest) if at == 0 or source[0] >= MATTERS]
        yield f"  step {step}  {', '.join(f'{_percent(share)} {name}' for share, name in named)}"


def place(trace: Trace, step: int) -> str:
    """A step within its phase: “input 6”."""
    phase = next(phase for phase in trace.phases if phase.start <= step < phase.stop)
    return phase.name if phase.stop - phase.start == 1 else f"{phase.name} {step - phase.start + 1}"


def _shares(trace: Trace, found: StepProvenance) -> Iterator[str]:
    writes, initial, interventions = found.signed_shares
    magnitudes = np.abs(writes)
    listed = [int(at) for at in np.argsort(-magnitudes, kind="stable")[:MOST_WRITES] if magnitudes[at] >= LEAST_SHARE]
    for at in listed:
        step, head = divmod(at, len(found.write_heads))
        by = f" by {found.write_heads[head]}" if len(found.write_heads) > 1 else ""
        yield f"  {_percent(writes[at])} from the write of step {step}{by} ({place(trace, step)})"
    if abs(initial) >= LEAST_SHARE:
        yield f"  {_percent(initial)} from the initial memory"
    for name, share in by_intervention(interventions).items():
        if abs(share) >= LEAST_SHARE:
            yield f"  {_percent(float(share))} from {name}"
    if (rest := _rest(magnitudes, listed)) >= LEAST_SHARE:
        yield f"  {_percent(rest)} from {len(writes) - len(listed)} other writes"


def _rest(writes: Doubles, listed: list[int]) -> float:
    return float(np.delete(writes, listed).sum())


def _percent(share: float) -> str:
    return f"{100 * abs(share):5.1f} %{', against it,' if share < 0 else ''}"
