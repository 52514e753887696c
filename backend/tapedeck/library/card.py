"""A run card as a notebook shows it: the whole page in a frame of its own, which needs no kernel and no network."""

from __future__ import annotations

import html

HEIGHT = 720
"""Pixels; the frame can be dragged to another height, and what does not fit is scrolled."""


def framed(page: str, title: str) -> str:
    """A page as an element of a notebook's output: its scripts see nothing of the notebook.

    Args:
        page: a whole HTML document that asks for nothing from outside.
        title: for who cannot see the frame.
    """
    return (
        f'<iframe title="{html.escape(title)}" sandbox="allow-scripts allow-downloads" srcdoc="{html.escape(page)}" '
        f'style="display: block; box-sizing: border-box; width: 100%; height: {HEIGHT}px; border: 0; resize: vertical; '
        'overflow: auto"></iframe>'
    )
