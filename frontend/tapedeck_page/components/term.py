"""A technical word that the glossary explains: on hover, on a tap, or when it has the focus."""

from __future__ import annotations

from dash import html

from tapedeck_page.components.attributes import attributes
from tapedeck_page.glossary import GLOSSARY


def term(shown: str, word: str) -> html.Button:
    """What is shown, explained by the glossary's entry for a word.

    Raises:
        KeyError: the glossary has no such word.
    """
    meaning = GLOSSARY[word].meaning
    return html.Button(shown, type="button", className="term", **attributes(data_define=word, data_meaning=meaning))
