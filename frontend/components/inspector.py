"""The inspector: for each head, every stage of its addressing at the cursor, with the equation and its live numbers.

A term of an equation that names something on the page lights it up; `data-term` says what.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from dash import html

from frontend.components.attributes import attributes
from frontend.components.term import term

Term = tuple[str, str]
"""What is written, and what it speaks of: a field of the trace, with @-1 for the step before; empty for nothing."""


class Stage(NamedTuple):
    """A stage of addressing: the field it makes, its title, the glossary's word, its equation, its numbers."""

    field: str
    title: str
    word: str
    equation: list[Term]
    numbers: list[Term]


STAGES = [
    Stage(
        "content_weighting",
        "Content",
        "content weighting",
        [("wᶜ", "content_weighting"), (" = softmax( ", ""), ("β", "key_strength"), (" · cos( ", ""), ("M", "memory"),
         (", ", ""), ("k", "key"), (" ))", "")],
        [("β", "strength"), ("cos at peak", "cosine")],
    ),
    Stage(
        "gated_weighting",
        "Gated",
        "gated weighting",
        [("wᵍ", "gated_weighting"), (" = ", ""), ("g", "interpolation_gate"), (" ", ""), ("wᶜ", "content_weighting"),
         (" + (1 − ", ""), ("g", "interpolation_gate"), (") ", ""), ("w₋₁", "weighting@-1")],
        [("g", "gate")],
    ),
    Stage(
        "shifted_weighting",
        "Shifted",
        "shifted weighting",
        [("w̃", "shifted_weighting"), (" = ", ""), ("s", "shift_weighting"), (" ∗ ", ""), ("wᵍ", "gated_weighting")],
        [("+1", "forward"), ("0", "keep"), ("−1", "back")],
    ),
    Stage(
        "weighting",
        "Sharpened",
        "sharpening",
        [("w", "weighting"), (" = ", ""), ("w̃", "shifted_weighting"), ("ᵞ", "sharpening"), (" / Σ ", ""),
         ("w̃", "shifted_weighting"), ("ᵞ", "sharpening")],
        [("γ", "sharpening"), ("peak", "peak"), ("Σw", "sum"), ("entropy", "entropy")],
    ),
]  # fmt: skip

VECTORS = {
    "write": [("key", "k", "Key"), ("erase_vector", "e", "Erase"), ("add_vector", "a", "Add")],
    "read": [("key", "k", "Key"), ("read_vector", "r", "Read")],
}
ACTS: dict[str, list[Term]] = {
    "write": [
        ("M", "memory"), (" = M₋₁ ∘ (1 − ", ""), ("w", "weighting"), (" ", ""), ("e", "erase_vector"), ("ᵀ) + ", ""),
        ("w", "weighting"), (" ", ""), ("a", "add_vector"), ("ᵀ", ""),
    ],
    "read": [("r", "read_vector"), (" = ", ""), ("w", "weighting"), ("ᵀ ", ""), ("M", "memory")],
}  # fmt: skip
TIMELINES = [
    ("interpolation_gate", "gate g", "1 takes the content weighting, 0 keeps the last one"),
    ("key_strength", "key strength β", "means little where g is near 0"),
    ("shift_weighting", "shift s", "the shares of +1, 0 and −1, one above the other"),
    ("sharpening", "sharpening γ", "at least 1"),
]


def layout() -> html.Section:
    """Both heads, the write head on the left as on the tape."""
    return html.Section(
        [_head("write", "Write head"), _head("read", "Read head")],
        id="inspector",
        className="inspector",
        **attributes(aria_label="Addressing at the cursor"),
    )


def _head(name: str, title: str) -> html.Section:
    return html.Section(
        className=f"inspected {name}",
        **attributes(data_inspects=name, data_head_kind=name),
        children=[
            html.H2([term(title, f"{name} head"), html.Span(" at step 0", className="at-step")]),
            *(_stage(name, stage) for stage in STAGES),
            html.Div(className="location-axis"),
            html.P(_terms(name, ACTS[name]), className="equation act"),
            *(_vector(name, *vector) for vector in VECTORS[name]),
            html.H3("Over time"),
            *(_timeline(name, *timeline) for timeline in TIMELINES),
        ],
    )


def _stage(head: str, stage: Stage) -> html.Div:
    return html.Div(
        className="stage",
        children=[
            html.Div(
                className="stage-words",
                children=[
                    html.H3(term(stage.title, stage.word)),
                    html.Span(_terms(head, stage.equation), className="equation"),
                    html.Span([_number(label, value) for label, value in stage.numbers], className="numbers"),
                ],
            ),
            html.Div(className="stage-bars", **attributes(data_stage=stage.field)),
        ],
    )


def _terms(head: str, terms: list[Term]) -> list[Any]:
    return [
        html.Var(written, tabIndex=0, **attributes(data_term=f"{head}.{field}")) if field else written
        for written, field in terms
    ]


def _number(label: str, value: str) -> html.Span:
    return html.Span([f"{label} ", html.B("–", **attributes(data_value=value))])


def _vector(head: str, field: str, symbol: str, title: str) -> html.Div:
    return html.Div(
        className="vector-strip",
        **attributes(data_vector=f"{head}.{field}"),
        children=[
            html.Span([title, " ", html.Var(symbol)]),
            html.Div(className="strip"),
            html.Span(className="limits"),
        ],
    )


def _timeline(head: str, field: str, label: str, meaning: str) -> html.Div:
    return html.Div(
        className="timeline",
        title=meaning,
        **attributes(data_timeline=f"{head}.{field}"),
        children=[html.Span(label), html.Div(className="line"), html.Span(className="limits")],
    )
