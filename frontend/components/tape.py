"""The tape: what is written on the left, what is read on the right, the memory beside them. Empty until it runs."""

from __future__ import annotations

from typing import Any, NamedTuple

from dash import html

from frontend.components import inspector
from frontend.components.attributes import attributes
from frontend.components.term import term
from frontend.glossary import GLOSSARY


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
ROW_AXES = {"bits": "channel", "locations": "location", "width": "column"}


def layout() -> html.Section:
    """All panels, empty."""
    inputs, outputs, targets, *rest = (panel(spec) for spec in PANELS)
    return html.Section(
        id="tape",
        className="tape",
        **attributes(aria_label="The tape"),
        children=[
            html.Div([inputs, outputs, _result(), targets, *rest, *_origins()], className="panels"),
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
                    html.Button(
                        "Table",
                        type="button",
                        className="table-button",
                        **attributes(data_action="table", aria_label=f"{spec.title} as a table"),
                    ),
                    _scale_bar(),
                ]
            ),
            html.Div(ROW_AXES[spec.rows], className="row-title"),
            html.Div(className="row-axis"),
            html.Div(className="plot"),
            html.Div(className="time-axis"),
            html.Div("time step", className="time-title"),
        ],
    )


def table_dialog() -> html.Dialog:
    """The numbers of one panel around the cursor, for reading, copying and screen readers."""
    return html.Dialog(
        id="table",
        className="help table",
        **attributes(aria_labelledby="table-title"),
        children=[
            html.H2(id="table-title"),
            html.Div(className="table-scroll", tabIndex=0, role="region", **attributes(aria_labelledby="table-title")),
            html.Div(
                [
                    html.P(className="hint", **attributes(data_readout="table-note")),
                    html.Button("Close", type="button", className="quiet", **attributes(data_action="close-table")),
                ],
                className="help-actions",
            ),
        ],
    )


def _scale_bar() -> html.Span:
    return html.Span(
        [
            html.Span("0", className="scale-low"),
            html.Span(className="scale-bar"),
            html.Span("1", className="scale-high"),
        ],
        className="scale",
    )


def _readout(name: str, **props: Any) -> html.Span:
    return html.Span(**attributes(data_readout=name), **props)


def _origins() -> list[html.Figure]:
    """Who wrote what is read: for the cursor, and for all steps."""
    return [
        html.Figure(
            className="panel origins",
            **attributes(
                data_origins="bars",
                data_head_kind="write",
                aria_label="Written at. The share that each step's write has of what is read at the cursor.",
            ),
            children=[
                html.Figcaption(
                    [
                        html.H2(term("Written at", "provenance")),
                        html.Span(className="origin", **attributes(data_readout="origin")),
                    ]
                ),
                html.Div("share", className="row-title"),
                html.Div(
                    [html.Span("1", className="tick top"), html.Span("0", className="tick bottom")],
                    className="row-axis",
                ),
                html.Div(className="plot"),
                html.Div(className="time-axis"),
                html.Div("time step", className="time-title"),
            ],
        ),
        html.Figure(
            className="panel origins",
            **attributes(
                data_origins="picture",
                data_head_kind="read",
                aria_label="Who wrote what is read. The share of every write in every read.",
            ),
            children=[
                html.Figcaption(
                    [
                        html.H2(term("Who wrote what is read", "provenance")),
                        html.Span(className="readout"),
                        _scale_bar(),
                    ]
                ),
                html.Div("written at", className="row-title"),
                html.Div(className="row-axis"),
                html.Div(className="plot"),
                html.Div(className="time-axis"),
                html.Div("time step", className="time-title"),
            ],
        ),
    ]


def _result() -> html.Div:
    return html.Div(
        className="result",
        children=[
            html.P(_readout("verdict"), className="verdict"),
            html.P(_readout("count"), className="count"),
            html.P(_readout("diagnosis"), className="diagnosis"),
            html.Dl(
                className="texts",
                children=[
                    html.Dt("in"),
                    html.Dd(_readout("heard")),
                    html.Dt("out"),
                    html.Dd(_readout("said")),
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
                    _scale_bar(),
                ]
            ),
            html.Div("location", className="row-title"),
            html.Div(className="row-axis"),
            html.Div(className="bars bars-write", title="Write weighting at this step, 0 to 1 from right to left"),
            html.Div(className="plot"),
            html.Div(className="bars bars-read", title="Read weighting at this step, 0 to 1 from left to right"),
            html.Div(
                [html.Span("write", className="write"), html.Span("column"), html.Span("read", className="read")],
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
