"""The one form of what is refused: the intervention by its index, what was expected, what came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from tapedeck.errors import InvalidInterventions


@dataclass(frozen=True)
class At:
    """An intervention by its place in the request."""

    index: int

    def refuse(self, sentence: str, field: str | None = None) -> NoReturn:
        """Raises InvalidInterventions: `sentence` goes on from “Intervention 3”."""
        path = f"interventions.{self.index}" + (f".{field}" if field else "")
        raise InvalidInterventions(f"Intervention {self.index}{sentence}", field=path)
