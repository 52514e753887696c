"""A run card: one HTML file that plays a run in any browser, with nothing but itself.

pieces      the file, part by part: the page, the numbers of every step, the player
markup      what stands on the page before the player begins, and stays where no script runs
numbers     which numbers the player needs, packed
page.html, card.css, card.mjs      the page, its look, and what unpacks the run for the player
played.mjs  the player: what puts the viewer's modules together
opened      the card of a trace file, which any program may have written; opened.html, opened.mjs
"""

from tapedeck.figures.card.opened import file_card
from tapedeck.figures.card.pieces import card_pieces

__all__ = ["card_pieces", "file_card"]
