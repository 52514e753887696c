"""The rows of the verification figure: which of a run's tracks stand side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import NamedTuple

from tapedeck.figures.drawing import Scale
from tapedeck.figures.tracks import Track, content_scale, of_heads, scored, tracks
from tapedeck.figures.view import View
from tapedeck.tracing import Trace

CHANNEL_HEIGHT = 6.0
"""Of a row of inputs and outputs: the name of each delimiter stands beside its own."""
VALUE_HEIGHT = 10.0
"""Of a row of anything else, such as a count."""

HEIGHTS = {"vectors": (70.0, 110.0), "weightings": (110.0, 230.0)}
HEIGHTS_OF_SEVERAL = {"vectors": (40.0, 60.0), "weightings": (64.0, 130.0)}
"""The smallest and the greatest; between them cells are square."""


class Row(NamedTuple):
    """Two panels side by side, what is written on the left, what is read on the right; either may be missing.

    Where both have one scale, and one hue, it has one bar.
    """

    sides: tuple[Track | None, Track | None]
    heights: tuple[float, float]
    spans: bool = False

    @property
    def tracks(self) -> list[Track]:
        """Those that are there."""
        return [track for track in self.sides if track is not None]

    @property
    def shared(self) -> Scale | None:
        """The scale of both sides; None where they differ, or the right one is missing."""
        scales = {track.scale for track in self.tracks}
        return self.tracks[0].scale if len(scales) == 1 and self.sides[1] is not None else None


def rows_of(trace: Trace, view: View, shown: Sequence[int]) -> Iterator[Row]:
    """From top to bottom. The targets are left out where the inputs show them and no step is asked for."""
    heard, said = (list(tracks(trace, name, shown)) for name in ("inputs", "outputs"))
    for number, sides in enumerate(zip_longest(heard, said)):
        yield Row(sides, height_of_channels(sides), spans=not number)
    if view.step is not None or not _target_is_heard(trace):
        for track in tracks(trace, "targets", shown):
            yield Row((None, track), height_of_channels((track,)))
    for field in (field.name for field in trace.layout.fields if field.role == "optimum"):
        for track in tracks(trace, field, shown):
            yield Row((None, track), height_of_channels((track,)))
    several = len(trace.layout.heads) > 2
    heights = HEIGHTS_OF_SEVERAL if several else HEIGHTS
    for pair in zip_longest(of_heads(trace, "write", "add", shown), of_heads(trace, "read", "read", shown)):
        values = [track.values for track in pair if track is not None]
        written, read = (
            None if track is None else replace(track, scale=content_scale(track.kind, *values)) for track in pair
        )
        yield Row((written, read), heights["vectors"])
    weightings = (of_heads(trace, kind, "weighting", shown) for kind in ("write", "read"))
    for written, read in zip_longest(*weightings):
        yield Row((written, read), heights["weightings"])


def _target_is_heard(trace: Trace) -> bool:
    """Whether what should come out is what went in, in its order: then the inputs show it."""
    mask = scored(trace)
    counts = mask.any(axis=1)
    heard = [step for phase in trace.phases if phase.role == "input" for step in range(phase.start, phase.stop)]
    inputs, targets = trace.arrays["inputs"][heard], trace.arrays["targets"][counts]
    width = min(inputs.shape[1], targets.shape[1])
    same = len(inputs) == len(targets) and (inputs[:, :width] == targets[:, :width])[mask[counts][:, :width]].all()
    return bool(same and not mask[:, width:].any())


def height_of_channels(sides: Sequence[Track | None]) -> tuple[float, float]:
    """Of a row of channels, twice: it does not grow."""
    heights = [
        len(track.values) * (CHANNEL_HEIGHT if track.rows_title else VALUE_HEIGHT)
        for track in sides
        if track is not None
    ]
    return max(heights), max(heights)
