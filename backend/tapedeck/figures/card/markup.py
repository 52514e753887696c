"""What stands on a card: titles, verdict, machine, panels still empty, and the vectors as they went in and came out."""

from __future__ import annotations

import html
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from tapedeck.figures import outcome, words
from tapedeck.figures.card.numbers import Numbers, bits
from tapedeck.tracing import Trace
from tapedeck.tracing.export import Document

BAND = '<span class="scale"><span>0</span><span class="scale-bar"></span><span class="scale-high">1</span></span>'
TIME = '<div class="time-axis"></div><div class="time-title">time step</div>'


class PanelSpec(NamedTuple):
    """A panel over time: its field, its title, what its rows are, and whose it is."""

    field: str
    title: str
    rows: str
    head: str


PANELS = (
    PanelSpec("inputs", "Input", "bit", ""),
    PanelSpec("outputs", "Output", "bit", ""),
    PanelSpec("targets", "Target", "bit", ""),
    PanelSpec("write.add_vector", "Add vectors", "column", "write"),
    PanelSpec("read.read_vector", "Read vectors", "column", "read"),
    PanelSpec("write.weighting", "Write weighting", "location", "write"),
    PanelSpec("read.weighting", "Read weighting", "location", "read"),
)

HEAD_VALUES = (
    ("location", "location"),
    ("peak", "weight there"),
    ("interpolation_gate", "gate g"),
    ("key_strength", "strength β"),
    ("shift_weighting.0", "shift +1"),
    ("shift_weighting.1", "shift 0"),
    ("shift_weighting.2", "shift −1"),
    ("sharpening", "sharpening γ"),
)
"""A number of a head at a step, and what it is called."""


def page(trace: Trace, checkpoint: Document, said: Document, numbers: Numbers) -> dict[str, str]:
    """The parts of the page by their names in it."""
    texts = outcome.texts(trace)
    plain = {
        "title": f"A copy of {words.vectors(words.length(trace))}",
        "machine": words.visible(checkpoint["name"]),
        "id": words.visible(checkpoint["id"]),
        "sha256": checkpoint["sha256"],
        "trained": _trained(checkpoint),
        "memory": _memory(trace),
        "shown": _shown(trace, numbers),
        "steps": f"{trace.steps:,}",
        "last": str(trace.steps - 1),
        "state": "wrong" if trace.bit_errors else "exact",
        "verdict": outcome.verdict(trace),
        "count": outcome.count(trace),
        "diagnosis": said["diagnosis"]["sentence"] if said.get("diagnosis") and trace.bit_errors else "",
        "heard": texts.target,
        "said": texts.output,
        "all_rows": f"All {len(numbers.kept):,} locations",
    }
    return {name: html.escape(text) for name, text in plain.items()} | {
        "all_rows_hidden": "hidden" if len(numbers.in_use) == len(numbers.kept) else "",
        "first_panels": "".join(_panel(spec, trace) for spec in PANELS[:2]),
        "panels": "".join(_panel(spec, trace) for spec in PANELS[2:]),
        "scale": BAND,
        "heads": "".join(_head(head) for head in ("write", "read")),
        "vectors": "".join(_vectors(trace)),
    }


def _panel(spec: PanelSpec, trace: Trace) -> str:
    described = f"{spec.title}: one {spec.rows} per row, {trace.steps:,} time steps from left to right"
    return (
        f'<figure class="panel {spec.rows}" data-field="{spec.field}" data-rows="{spec.rows}" data-head="{spec.head}">'
        f'<figcaption><h2>{spec.title}</h2><span class="readout"></span>{BAND}</figcaption>'
        f'<div class="row-title">{spec.rows}</div><div class="row-axis"></div>'
        f'<div class="plot" role="img" aria-label="{described}"></div>{TIME}</figure>\n'
    )


def _head(head: str) -> str:
    rows = (f'<div><dt>{label}</dt><dd data-value="{head}.{name}"></dd></div>' for name, label in HEAD_VALUES)
    return (
        f'<section class="head" data-head="{head}"><h2>{head.capitalize()} head</h2><dl>{"".join(rows)}</dl></section>'
    )


def _vectors(trace: Trace) -> Iterator[str]:
    """An item a vector: its bits as they went in and as they came out, what is wrong marked."""
    recall, wrong = trace.phases[-1], trace.wrong[:, : bits(trace)]
    heard, said = (text.split() for text in outcome.vectors(trace))
    for index, (before, after) in enumerate(zip(heard, said, strict=False)):
        errors = wrong[recall.start + index]
        sign = " <mark>✕</mark>" if errors.any() else ""
        yield f"<li>{before} → {_marked(after, errors.tolist())}{sign}\n"


def _marked(bits: str, errors: list[bool]) -> str:
    runs = groupby(zip(bits, errors, strict=True), key=lambda each: each[1])
    parts = [(wrong, "".join(bit for bit, _ in run)) for wrong, run in runs]
    return "".join(f"<mark>{run}</mark>" if wrong else run for wrong, run in parts)


def _trained(checkpoint: Document) -> str:
    seen = checkpoint["sequences_seen"]
    return "for an unknown time" if seen is None else f"on {seen:,} sequences"


def _memory(trace: Trace) -> str:
    locations, width = trace.initial.memory.shape
    return f"{locations:,} locations × {width}"


def _shown(trace: Trace, numbers: Numbers) -> str:
    """Which locations the card holds, where it does not hold all."""
    if len(numbers.kept) == len(trace.initial.memory):
        return ""
    return f"This card holds the locations {numbers.kept[0]:,} to {numbers.kept[-1]:,}, those in use."
