"""The numbers of a panel as a table, on request: the dialog of all."""

from __future__ import annotations

from dash import html

from tapedeck_page.components.attributes import attributes


def table_dialog() -> html.Dialog:
    """The numbers of one panel, for reading, copying and screen readers."""
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
