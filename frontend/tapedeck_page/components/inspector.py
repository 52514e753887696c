"""The inspector: for each head, every stage of its addressing at the cursor, with the equation and its live numbers.

A term of an equation that names something on the page lights it up; `data-term` says what.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from dash import html

from tapedeck_page.components.attributes import attributes
from tapedeck_page.components.table import table_button
from tapedeck_page.components.term import term
from tapedeck_page.glossary import GLOSSARY

SUMMARY = "how it arrived at its weighting at the cursor: content, gate, shift, sharpening"


class Term(NamedTuple):
    """What is written, and what it speaks of: a field of the trace, with @-1 for the step before."""

    written: str
    field: str


class Live(NamedTuple):
    """A number of the step, after what it is called where that does not stand before it."""

    value: str
    called: str = ""


class Power(NamedTuple):
    """A number of the step as an exponent."""

    value: str
    field: str


class Shift(NamedTuple):
    """A share of the shift weighting, as a bar with its number."""

    value: str
    called: str


Part = str | Term | Live | Power


class Stage(NamedTuple):
    """A stage of addressing: the field it makes, its title, the glossary's word, its equation, further numbers."""

    field: str
    title: str
    word: str
    equation: list[Part]
    numbers: list[Live | Shift]


def stages(head: str) -> list[Stage]:
    """All four. The write head compares its key with the memory that it has not yet written to."""
    memory = Term("M₋₁" if head == "write" else "M", "memory")
    content, gated, shifted = (
        Term("wᶜ", "content_weighting"), Term("wᵍ", "gated_weighting"), Term("w̃", "shifted_weighting")
    )  # fmt: skip
    gate, power = Term("g", "interpolation_gate"), Power("sharpening", "sharpening")
    return [
        Stage(
            "content_weighting", "Content", "content weighting",
            [content, " = softmax( ", Term("β", "key_strength"), " ", Live("strength"), " · cos( ", memory, ", ",
             Term("k", "key"), " ))"],
            [Live("gate", "g"), Live("cosine", "cos at peak")],
        ),
        Stage(
            "gated_weighting", "Gated", "gated weighting",
            [gated, " = ", gate, " ", Live("gate"), " · ", content, " + (1 − ", gate, ") ", Live("kept"), " · ",
             Term("w₋₁", "weighting@-1")],
            [],
        ),
        Stage(
            "shifted_weighting", "Shifted", "shifted weighting",
            [shifted, " = ", Term("s", "shift_weighting"), " ∗ ", gated],
            [Shift("forward", "+1"), Shift("keep", "0"), Shift("back", "−1")],
        ),
        Stage(
            "weighting", "Sharpened", "sharpening",
            [Term("w", "weighting"), " = ", shifted, power, " / Σ ", shifted, power],
            [Live("sharpening", "γ"), Live("sum", "Σw"), Live("entropy", "entropy")],
        ),
    ]  # fmt: skip


VECTORS = {
    "write": [("key", "Key", "k"), ("erase_vector", "Erase", "e"), ("add_vector", "Add", "a")],
    "read": [("key", "Key", "k"), ("read_vector", "Read", "r")],
}
"""Of each head: the field, what is shown, the symbol."""

ACTS: dict[str, list[Part]] = {
    "write": [
        Term("M", "memory"), " = M₋₁ ∘ (1 − ", Term("w", "weighting"), " ", Term("e", "erase_vector"), "ᵀ) + ",
        Term("w", "weighting"), " ", Term("a", "add_vector"), "ᵀ",
    ],
    "read": [Term("r", "read_vector"), " = ", Term("w", "weighting"), "ᵀ ", Term("M", "memory")],
}  # fmt: skip
TIMELINES = [
    ("interpolation_gate", "gate g", "interpolation gate"),
    ("key_strength", "strength β", "key strength"),
    ("shift_weighting", "shift s", "shift weighting"),
    ("sharpening", "sharpening γ", "sharpening"),
]
"""The field, what is shown, the glossary's word. The gate first: β means little where it is near 0."""


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
        **attributes(data_inspects=name, data_head_kind=name, aria_label=f"{title}, {SUMMARY}"),
        children=[
            html.Div(
                [
                    html.H2([term(title, f"{name} head"), html.Span(" at step 0", className="at-step")]),
                    table_button(f"{title} at the cursor"),
                ],
                className="inspected-title",
            ),
            *(_stage(name, stage) for stage in stages(name)),
            html.P(_parts(name, ACTS[name]), className="equation act"),
            html.Div([_vector(name, *vector) for vector in VECTORS[name]], className="vectors"),
            html.H3("Over time"),
            *(_timeline(name, *timeline) for timeline in TIMELINES),
        ],
    )


def _stage(head: str, stage: Stage) -> html.Div:
    return html.Div(
        className="stage",
        children=[
            html.H3(term(stage.title, stage.word)),
            html.Div(className="stage-bars", **attributes(data_stage=stage.field)),
            *([html.Div(className="location-axis")] if stage.field == "weighting" else []),
            html.Div(
                [
                    html.Span(_parts(head, stage.equation), className="equation"),
                    html.Span([_part(head, number) for number in stage.numbers], className="numbers"),
                ],
                className="stage-words",
            ),
        ],
    )


def _parts(head: str, parts: list[Part]) -> list[Any]:
    return [_part(head, part) for part in parts]


def _part(head: str, part: Part | Shift) -> Any:
    match part:
        case Term(written, field):
            return html.Var(written, tabIndex=0, **attributes(data_term=f"{head}.{field}"))
        case Power(value, field):
            return html.Sup(_number(value), tabIndex=0, **attributes(data_term=f"{head}.{field}"))
        case Shift(value, called):
            bar = html.Span(html.Span(className="share-fill", **attributes(data_share=value)), className="share-bar")
            return html.Span([f"{called} ", bar, _number(value)], className="share")
        case Live(value, ""):
            return _number(value)
        case Live(value, called):
            label = term(called, called) if called in GLOSSARY else called
            return html.Span([label, " ", _number(value)])
        case _:
            return part


def _number(value: str) -> html.B:
    return html.B("–", **attributes(data_value=value))


def _vector(head: str, field: str, title: str, symbol: str) -> html.Div:
    return html.Div(
        className="vector-strip",
        **attributes(data_vector=f"{head}.{field}"),
        children=[
            html.Span([term(title, field.replace("_", " ")), " ", html.Var(symbol)]),
            html.Div(className="strip"),
            html.Span(className="limits"),
        ],
    )


def _timeline(head: str, field: str, label: str, word: str) -> html.Div:
    return html.Div(
        className="timeline",
        **attributes(data_timeline=f"{head}.{field}"),
        children=[html.Span(term(label, word)), html.Div(className="line"), html.Span(className="limits")],
    )
