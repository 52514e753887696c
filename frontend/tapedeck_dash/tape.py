"""`Tape`, a Dash component: the panels of a run, with their player."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash.development.base_component import Component


class Tape(Component):
    """A run on a tape, played in the browser.

    Args:
        id: of the component, for callbacks.
        service: where the browser reaches the service, such as http://127.0.0.1:8050; None for the app's own address.
        request: what to run, as in the service's contract: {"checkpoint", "input", "locations"}. Another one runs anew;
            None runs nothing.
        step: where the time cursor is. To be set, and told once the cursor rests.
        pin: the cell that is pinned, {"panel", "step", "row"}, such as {"panel": "outputs", "step": 27, "row": 3}; None
            for none. To be set, and told.
        status: told by the tape: {"state": "running" | "done" | "refused" | "away", "sentence", "steps", "wrong"}.
    """

    # As Dash's own generator writes them.
    _children_props: list[str] = []  # noqa: RUF012
    _base_nodes: list[str] = ["children"]  # noqa: RUF012
    _namespace = "tapedeck_dash"
    _type = "Tape"
    _prop_names: list[str] = ["id", "service", "request", "step", "pin", "status"]  # noqa: RUF012
    available_properties = _prop_names
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012
    available_wildcard_properties = _valid_wildcard_attributes

    def __init__(
        self,
        id: str | Mapping[str, Any] | None = None,  # noqa: A002 - Dash's name
        *,
        service: str | None = None,
        request: Mapping[str, Any] | None = None,
        step: int | None = None,
        pin: Mapping[str, Any] | None = None,
        status: Mapping[str, Any] | None = None,
    ) -> None:
        given = {"id": id, "service": service, "request": request, "step": step, "pin": pin, "status": status}
        super().__init__(**{name: value for name, value in given.items() if value is not None})  # type: ignore[no-untyped-call]
