"""Taking a run away: its link, pictures, animation, numbers, a card that plays offline."""

from __future__ import annotations

from typing import Any

from dash import html

from tapedeck_page.components.attributes import attributes


def buttons() -> html.Div:
    """Beside the player: copy the link, open the menu."""
    return html.Div(
        className="away",
        children=[
            _labelled("copy-link", "Copy link", "icon-link"),
            _labelled("take-away", "Export", "icon-away", aria_expanded="false", aria_controls="away-menu"),
            html.P(className="away-word", role="status"),
        ],
    )


def menu() -> html.Section:
    """All the ways to export a run."""
    return html.Section(
        id="away-menu",
        className="away-menu",
        role="dialog",
        **attributes(aria_label="Export"),
        children=[
            html.Div(
                className="away-head",
                children=[
                    html.H2("Export"),
                    html.Button("Close", type="button", className="quiet", **attributes(data_action="close-away")),
                ],
            ),
            html.Dl(
                [
                    _row(
                        "Picture",
                        "At this step, on white, for print",
                        # The browser fills it with what the run has.
                        html.Select(
                            [html.Option("Verification figure", value="figure")],
                            **attributes(data_away="picture", aria_label="Which picture"),
                        ),
                        _take("png", "PNG", "Picture as PNG, for print"),
                        _take("svg", "SVG", "Picture as SVG, sharp at any size"),
                    ),
                    _row(
                        "Animation",
                        ["The verification figure, step by step ", html.Span(**attributes(data_readout="away-film"))],
                        _take("webm", "WebM", "Animation as WebM, recorded at the player's speed"),
                        _take("gif", "GIF", "Animation as GIF, made by the service"),
                    ),
                    _row(
                        "Numbers",
                        "Every number of every step, with the machine's hash",
                        _take("json", "JSON", "Trace as JSON"),
                        _take("npz", "NPZ", "Trace as NumPy arrays"),
                        _take("csv", "CSV", "Trace as CSV, one row per step"),
                    ),
                    _row(
                        "Run card",
                        "One file that plays offline, in any browser",
                        _take("html", "HTML", "Run card as HTML"),
                    ),
                    _row(
                        "Link",
                        "Opens exactly this picture: run, step and view",
                        _link(),
                        html.Button("Copy", type="button", className="quiet", **attributes(data_action="copy-link")),
                    ),
                ]
            ),
            html.Div(
                className="away-work",
                hidden=True,
                children=[
                    html.Progress(**attributes(aria_label="Progress")),
                    html.Span(**attributes(data_readout="away-progress")),
                    html.Button("Cancel", type="button", className="quiet", **attributes(data_action="cancel-away")),
                ],
            ),
            html.P(className="away-said", role="status", **attributes(data_readout="away-said")),
        ],
    )


def _labelled(action: str, label: str, icon: str, **more: str) -> html.Button:
    """An icon with its words, which a narrow screen leaves to the title."""
    return html.Button(
        html.Span(label),
        type="button",
        title=label,
        className=f"icon {icon} away-button",
        **attributes(data_action=action, aria_label=label, **more),
    )


def _row(title: str, hint: str | list[Any], *controls: Any) -> html.Div:
    return html.Div([html.Dt([title, html.Span(hint, className="hint")]), html.Dd(list(controls))])


def _take(form: str, label: str, name: str) -> html.Button:
    return html.Button(
        label, type="button", title=name, className="quiet", **attributes(data_take=form, aria_label=name)
    )


def _link() -> html.Output:
    """The address as text that can be selected, for where the clipboard is refused."""
    return html.Output(className="away-link", tabIndex=0, **attributes(data_away="link", aria_label="Link"))
