"""The tape: what is written on the left, what is read on the right, the memory beside them. Empty until it runs."""

from __future__ import annotations

from typing import Any, NamedTuple

from dash import html

from tapedeck_page.components import inspector
from tapedeck_page.components.attributes import attributes
from tapedeck_page.components.origins import origins
from tapedeck_page.components.scale import scale_bar
from tapedeck_page.components.table import table_button
from tapedeck_page.components.term import term
from tapedeck_page.glossary import GLOSSARY


class PanelSpec(NamedTuple):
    """One panel over time.

    `field` as on the wire; `rows` are bits, locations or width; `scale` is ink (0–1, paper to ink), unit (0–1) or
    peak (0 to the run's largest value); `word` is the glossary's for what is shown.
    """

    field: str
    title: str
    rows: str
    scale: str
    word: str


PANELS = [
    PanelSpec("inputs", "Input", "bits", "ink", "input"),
    PanelSpec("outputs", "Output", "bits", "ink", "output"),
    PanelSpec("targets", "Target", "bits", "ink", "target"),
    PanelSpec("write.add_vector", "Add vectors", "width", "peak", "add vector"),
    PanelSpec("read.read_vector", "Read vectors", "width", "peak", "read vector"),
    PanelSpec("write.weighting", "Write weighting", "locations", "unit", "weighting"),
    PanelSpec("read.weighting", "Read weighting", "locations", "unit", "weighting"),
]
ROW_AXES = {"bits": "bit", "locations": "location", "width": "column"}


def layout() -> html.Section:
    """All panels, empty."""
    inputs, outputs, targets, *rest = (panel(spec) for spec in PANELS)
    return html.Section(
        id="tape",
        className="tape",
        **attributes(aria_label="The tape"),
        children=[
            html.Div([inputs, outputs, _result(), targets, *rest, *origins()], className="panels"),
            html.Aside([_memory(), _heads()], className="at-cursor", **attributes(aria_label="At the cursor")),
            inspector.layout(),
        ],
    )


def panel(spec: PanelSpec) -> html.Figure:
    """One panel, empty."""
    name = spec.field.replace(".", "-")
    return html.Figure(
        className=f"panel {spec.rows} panel-{name}",
        **attributes(
            data_field=spec.field,
            data_rows=spec.rows,
            data_scale=spec.scale,
            data_head_kind=spec.field.split(".")[0] if "." in spec.field else "",
            aria_label=f"{spec.title}. {GLOSSARY[spec.word].meaning}",
        ),
        children=[
            html.Figcaption(
                [
                    html.H2(term(spec.title, spec.word)),
                    html.Span(className="readout"),
                    table_button(spec.title),
                    scale_bar(),
                ]
            ),
            html.Div(ROW_AXES[spec.rows], className="row-title"),
            html.Div(className="row-axis"),
            html.Div(className="plot"),
            html.Div(className="time-axis"),
            html.Div("time step", className="time-title"),
        ],
    )


def _readout(name: str, **props: Any) -> html.Span:
    return html.Span(**attributes(data_readout=name), **props)


def _result() -> html.Div:
    return html.Div(
        className="result",
        children=[
            html.P(_readout("changed"), className="changed", role="status"),
            html.P(_readout("verdict"), className="verdict"),
            html.P(_readout("count"), className="count"),
            html.P(
                [
                    _readout("diagnosis"),
                    html.Button(
                        "First wrong step",
                        type="button",
                        className="first-wrong",
                        hidden=True,
                        **attributes(data_action="first-wrong"),
                    ),
                ],
                className="diagnosis",
            ),
            html.Dl(
                className="texts",
                children=[
                    html.Dt("in"),
                    html.Dd(_readout("heard"), dir="auto"),
                    html.Dt("out"),
                    html.Dd(_readout("said"), dir="auto"),
                ],
            ),
            html.Dl(
                className="vector",
                children=[
                    html.Dt(_readout("vector"), className="vector-title"),
                    html.Dt("target"),
                    html.Dd(_readout("target")),
                    html.Dt("output"),
                    html.Dd(_readout("output")),
                    html.Dt("location"),
                    html.Dd(_readout("place")),
                ],
            ),
        ],
    )


def _memory() -> html.Figure:
    return html.Figure(
        className="panel memory",
        **attributes(
            data_memory="", aria_label="Memory at the cursor: locations down, width across, with both weightings."
        ),
        children=[
            html.Figcaption(
                [
                    html.H2([term("Memory", "memory"), " ", html.Span("at step 0", className="at-step")]),
                    html.Span(className="readout"),
                    table_button("Memory"),
                    scale_bar(),
                ]
            ),
            html.Div("location", className="row-title"),
            html.Div(className="row-axis"),
            html.Div(className="bars bars-write", title="Write weighting at this step, 0 to 1 from right to left"),
            html.Div(className="plot"),
            html.Div(className="bars bars-read", title="Read weighting at this step, 0 to 1 from left to right"),
            html.Div(
                [html.Span("write", className="write"), term("column", "width"), html.Span("read", className="read")],
                className="memory-legend",
            ),
            html.Button(
                "All locations",
                type="button",
                className="quiet",
                **attributes(data_action="all-rows", aria_pressed="false"),
            ),
        ],
    )


HEAD_VALUES = [
    ("location", "location", "location"),
    ("weight", "weight there", "weighting"),
    ("gate", "gate g", "interpolation gate"),
    ("strength", "strength β", "key strength"),
    ("forward", "shift +1", "shift weighting"),
    ("keep", "shift 0", "shift weighting"),
    ("back", "shift −1", "shift weighting"),
    ("sharpening", "sharpening γ", "sharpening"),
]
"""The value, what is shown, and the word of the glossary that explains it."""


def _heads() -> html.Div:
    return html.Div([_head("write", "Write head"), _head("read", "Read head")], className="heads")


def _head(name: str, title: str) -> html.Section:
    return html.Section(
        className=f"head {name}",
        **attributes(data_head=name),
        children=[
            html.H2(term(title, f"{name} head")),
            html.Dl(
                [
                    html.Div([html.Dt(term(label, word)), html.Dd("–", **attributes(data_value=value))])
                    for value, label, word in HEAD_VALUES
                ]
            ),
        ],
    )
