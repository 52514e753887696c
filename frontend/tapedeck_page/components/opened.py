"""In the composer's place while a trace file is open: whose run the tape shows, and the way back."""

from __future__ import annotations

from dash import html

from tapedeck_page.components.attributes import attributes


def layout() -> html.Section:
    """Hidden until a file is open; the browser fills it."""
    return html.Section(
        id="opened",
        className="opened",
        hidden=True,
        **attributes(aria_label="Open file"),
        children=[
            html.Div(
                className="opened-words",
                children=[
                    html.H2(tabIndex=-1, **attributes(data_readout="opened-title")),
                    html.P(**attributes(data_readout="opened-run")),
                    html.P(
                        "Your browser reads the file and sends it nowhere, so no link can hold this run.",
                        className="hint",
                    ),
                ],
            ),
            html.Div(
                className="opened-actions",
                children=[
                    html.Button(
                        "Open another", type="button", className="quiet", **attributes(data_action="open-file")
                    ),
                    html.Button("Close file", type="button", className="run", **attributes(data_action="close-file")),
                ],
            ),
        ],
    )


def button() -> html.Button:
    """Chooses a file to open."""
    return html.Button(
        "Open",
        type="button",
        className="quiet open-file",
        title="Open a trace file (.npz), the run of any machine; or drop one anywhere on the page",
        **attributes(data_action="open-file", aria_label="Open a trace file"),
    )
