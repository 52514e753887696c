"""A run as an animated GIF: the whole tape with its playhead, and the memory beside it, a frame a step.

    colours     the palette that all frames share
    canvas      cells, lines and words on an array of palette indices
    layout      where everything stands
    ground      what lies still
    scene       what moves over it
    gif         frames as a file, each only where it differs from the one before

Pillow draws the letters and packs the pixels; no other package knows it.
"""

from tapedeck.figures.animation.gif import frame_count, gif_pieces

__all__ = ["frame_count", "gif_pieces"]
