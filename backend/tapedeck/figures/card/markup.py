"""What stands on a card before its player begins: title, verdict, machine, and what was to come out and did."""

from __future__ import annotations

import html
from collections.abc import Iterator
from itertools import groupby

import numpy as np

from tapedeck.figures import outcome, words
from tapedeck.figures.card.numbers import Numbers
from tapedeck.figures.tracks import scored
from tapedeck.tasks.episode import THRESHOLD
from tapedeck.tasks.optimum import NEAR
from tapedeck.tracing import Trace
from tapedeck.tracing.export import Document
from tapedeck.tracing.vectors import hundredths


def page(trace: Trace, checkpoint: Document, said: Document, numbers: Numbers) -> dict[str, str]:
    """The parts of the page by their names in it."""
    texts = outcome.texts(trace)
    asked = words.asked(trace)
    plain = {
        "title": asked[0].upper() + asked[1:],
        "machine": words.visible(checkpoint["name"]),
        "id": words.visible(checkpoint["id"]),
        "sha256": checkpoint["sha256"],
        "task": trace.about["task"],
        "trained": _trained(checkpoint),
        "memory": _memory(trace),
        "heads": _heads(trace),
        "shown": _shown(numbers),
        "steps": f"{trace.steps:,}",
        "state": _state(trace),
        "verdict": outcome.verdict(trace),
        "count": outcome.count(trace),
        "diagnosis": said["diagnosis"]["sentence"] if said.get("diagnosis") and _state(trace) == "wrong" else "",
        "target": texts.target,
        "output": texts.output,
    }
    return {name: html.escape(text) for name, text in plain.items()} | {"vectors": "".join(_vectors(trace))}


def _vectors(trace: Trace) -> Iterator[str]:
    """An item a vector that counts: its bits as they were to come out and as they did, what is wrong marked.

    Of a prediction, the bit that came next and the probability of a 1.
    """
    mask = scored(trace)
    if trace.score is not None and "excess" in trace.score:
        for step in np.flatnonzero(mask.any(axis=1)):
            target, output = (trace.arrays[name][step, 0] for name in ("targets", "outputs"))
            yield f"<li>{int(target)} → {hundredths(float(output))}\n"
        return
    targets, outputs = (trace.arrays[name] > THRESHOLD for name in ("targets", "outputs"))
    for step in np.flatnonzero(mask.any(axis=1)):
        counts = mask[step]
        before, after = ("".join(map(str, each[step, counts].astype(int))) for each in (targets, outputs))
        errors = trace.wrong[step, counts]
        sign = " <mark>✕</mark>" if errors.any() else ""
        yield f"<li>{before} → {_marked(after, errors.tolist())}{sign}\n"


def _marked(bits: str, errors: list[bool]) -> str:
    runs = groupby(zip(bits, errors, strict=True), key=lambda each: each[1])
    parts = [(wrong, "".join(bit for bit, _ in run)) for wrong, run in runs]
    return "".join(f"<mark>{run}</mark>" if wrong else run for wrong, run in parts)


def _state(trace: Trace) -> str:
    if trace.score is None:
        return "unscored"
    if "excess" in trace.score:
        return "wrong" if trace.score["excess"] > NEAR else "exact"
    return "wrong" if trace.bit_errors else "exact"


def _trained(checkpoint: Document) -> str:
    seen = checkpoint["sequences_seen"]
    return "for an unknown time" if seen is None else f"on {seen:,} sequences"


def _memory(trace: Trace) -> str:
    locations, width = trace.initial.memory.shape
    return f"{locations:,} locations × {width}"


def _heads(trace: Trace) -> str:
    kinds = [head.kind for head in trace.layout.heads]
    return " and ".join(
        f"{kinds.count(kind)} that {kind}{'s' if kinds.count(kind) == 1 else ''}" for kind in ("write", "read")
    )


def _shown(numbers: Numbers) -> str:
    """Which locations the card holds, where it does not hold all."""
    if numbers.whole:
        return ""
    return f"This card holds the locations {numbers.kept[0]:,} to {numbers.kept[-1]:,}, those in use."
