"""A run card: one HTML file that plays a run in any browser, with nothing but itself.

pieces      the file, part by part: the page, the numbers of every step, the player
markup      what stands on the page before the player begins, and stays where no script runs
numbers     which numbers the player needs, packed
page.html, card.css, *.mjs      the page, its look, and its player

The player's modules are put together as one script, since a page of one file has nowhere to import from.
"""

from tapedeck.figures.card.pieces import card_pieces

__all__ = ["card_pieces"]
