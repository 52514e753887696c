"""Every technical word of the page, in a sentence or two for a student; the symbols are those of the paper.

How things are counted is said here, in the README and nowhere else.
"""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """What a word means, and its symbol in the equations (empty for none)."""

    symbol: str
    meaning: str


GLOSSARY = {
    "input": Entry("x", "What the machine hears at a step: 8 bits, or one of the two delimiters."),
    "delimiter": Entry("S, E", "A signal on a row of its own: S marks the start of a sequence, E its end."),
    "output": Entry("y", "What the machine says at a step, from its read vector alone. Above 0.5 a bit counts as 1."),
    "target": Entry("", "What the output should be: in the recall phase, the sequence again from its start."),
    "vector": Entry("", "The bits of one step. Vectors and bits are counted from 1, as you type them."),
    "step": Entry("t", "One tick of the machine's clock. Steps, locations and columns are counted from 0."),
    "phase": Entry("", "A stretch of the run: start, input (it listens), end, recall (it says the sequence back)."),
    "memory": Entry("M", "A table of numbers that the machine writes to and reads from, step after step."),
    "location": Entry("i", "A row of the memory. There are N of them, in a ring: after the last comes the first."),
    "width": Entry("W", "How many columns the memory has, and so how many numbers fit at one location."),
    "weighting": Entry("w", "How much a head looks at each location: numbers from 0 to 1 that sum to 1."),
    "write head": Entry("", "Finds a weighting, then erases and adds there."),
    "read head": Entry("", "Finds a weighting, then reads there, after the write head has written."),
    "add vector": Entry("a", "What the write head adds to the locations that it looks at."),
    "erase vector": Entry("e", "How much of each column the write head wipes out before it adds: 0 nothing, 1 all."),
    "read vector": Entry("r", "What the read head reads: the locations, mixed by its weighting."),
    "key": Entry("k", "What a head looks for: locations whose content resembles it get more weight."),
    "key strength": Entry("β", "How much the resemblance counts. It means little while the gate is near 0."),
    "content weighting": Entry("wᶜ", "The weighting by resemblance alone."),
    "interpolation gate": Entry("g", "1 takes the content weighting, 0 keeps the weighting of the step before."),
    "gated weighting": Entry("wᵍ", "The mix of both that the gate makes."),
    "shift weighting": Entry("s", "Three shares: move one location on, stay, move one back."),
    "shifted weighting": Entry("w̃", "The gated weighting after that move. Unclear shares blur it."),
    "sharpening": Entry("γ", "Raises the weighting to this power, at least 1, which undoes the blur of the shift."),
    "entropy": Entry("", "How spread out a weighting is: 0 bits for a single location, 7 bits for all 128 alike."),
    "provenance": Entry("", "Where a number comes from: the share of every earlier write in what is read now."),
    "checkpoint": Entry("", "A machine as it was at one moment of its training."),
    "bit error rate": Entry("", "The share of wrong bits: 0 is an exact copy, 0.5 is chance."),
    "loss": Entry("", "What training minimizes: how far the outputs are from their targets, on a scale of its own."),
}
