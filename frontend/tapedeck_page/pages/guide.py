"""The guide: five machines in ten short chapters, each on a live tape with a player of its own; and the glossary."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from dash import html

from tapedeck_page.components.attributes import attributes
from tapedeck_page.components.navigation import on_pages
from tapedeck_page.components.term import term
from tapedeck_page.glossary import GLOSSARY


class Stop(NamedTuple):
    """A step worth looking at. In what is said, {…} are numbers of that very step, which the browser fills in."""

    step: int
    says: str


class Chapter(NamedTuple):
    """A chapter: what it teaches, the example that its tape is of, the fields of its panels, its stops, and changes.

    The examples are those of `assets/tape/examples.mjs`; without a name it is the first of the task. A copy is run on
    the chosen machine. The other chapters, and one whose run has changes, are about what one machine has found, and run
    on the first of their task, the one that ships: `tests/browser/test_guide.py` holds what they say to it.

    In the text, [words] are those that the glossary explains, and [shown|word] shows another form of one. An empty line
    begins another paragraph.
    """

    title: str
    text: str
    example: str
    fields: tuple[str, ...]
    stops: tuple[Stop, ...]
    task: str = "copy"
    changes: tuple[dict[str, Any], ...] = ()


LENGTH = 20
FIRST_RECALL = LENGTH + 2
FAILING = 140
"""Vectors of the two examples."""

CHAPTERS = [
    Chapter(
        "Writing",
        "The machine hears one [vector] per [step] and has to remember it. Its [write head] looks at one [location], "
        "erases what is there and adds the vector, in a code of its own. For the next vector it moves one location on. "
        "That is the diagonal in the lower panel: the position in memory is the order in which the vectors came.",
        "greeting",
        ("inputs", "write.weighting"),
        (
            Stop(1, "Step 1, the first vector: {write.weight} of the weight is on location {write.location}."),
            Stop(2, "Step 2: location {write.location}, one further on. The share of the shift +1 is {write.forward}."),
            Stop(LENGTH, f"Step {LENGTH}, the last vector: location {{write.location}}."),
        ),
    ),
    Chapter(
        "Finding the place again",
        "Then the end [delimiter] comes, and the copy must begin where the sequence began. A head can get there in "
        "two ways: it looks for content that it recognizes (its [gate|interpolation gate] opens), or it has waited "
        "there all along (its gate stays nearly closed, and it does not move). Either can be learned; the "
        "numbers here show which one this machine found.",
        "greeting",
        ("read.weighting", "write.weighting"),
        (
            Stop(LENGTH, "While it listens, the read head looks at location {read.location}; its gate is {read.gate}."),
            Stop(LENGTH + 1, "The end delimiter: location {read.location}, gate {read.gate}."),
            Stop(FIRST_RECALL, "The first vector is read at location {read.location}, {read.weight} of the weight."),
        ),
    ),
    Chapter(
        "Reading",
        "From there the [read head] does what the write head did: it moves on by one location with every step. It "
        "reads a mix of all locations, by its [weighting], and the [output] is made from that alone. So every bit "
        "can be [traced back|provenance], exactly, to the step that wrote it.",
        "greeting",
        ("outputs", "read.weighting"),
        (
            Stop(FIRST_RECALL + 1, "The second vector: location {read.location}, written at step {origin}."),
            Stop(FIRST_RECALL + 9, "The tenth: location {read.location}, written at step {origin}."),
            Stop(2 * LENGTH + 1, "The last: location {read.location}, written at step {origin}."),
        ),
    ),
    Chapter(
        "Sharpening",
        "A [shift|shift weighting] is never perfectly clean, and a gate that is not fully closed lets in a little of "
        "the content weighting, which is nearly flat: with every step some of the weight leaks away, and after twenty "
        "steps the focus would be a blur. So each head raises its weighting to a [power γ|sharpening] and scales it "
        "back to a sum of 1. The large weights win, and the blur of one step is gone before the next adds its own.",
        "greeting",
        ("read.weighting",),
        (
            Stop(FIRST_RECALL + 2, "Shares of the shift: {read.forward} forward, {read.keep} stay, {read.back} back."),
            Stop(
                FIRST_RECALL + 3, "Sharpened with γ = {read.sharpening}, {read.weight} of the weight is in one place."
            ),
        ),
    ),
    Chapter(
        "When it fails",
        "The locations are a ring. This machine has 128 of them, so a sequence of 140 vectors wraps around and "
        "overwrites its own beginning. Both heads stay sharp, but what should be read in the recall [phase] is "
        "gone, and the read head loses its way in what is there instead. On 256 locations the same machine, with "
        "the same parameters, copies all of it.",
        "over",
        ("outputs", "write.weighting"),
        (
            Stop(100, "Step 100: the write head is at location {write.location}."),
            Stop(135, "Step 135: location {write.location} again. What was written there first is erased."),
            Stop(
                FAILING + 2,
                "The recall begins: location {read.location} holds what step {origin} wrote.",
            ),
        ),
    ),
    Chapter(
        "Asked by content",
        "Another task, another machine. It hears a list of items, three vectors each; then one of them again, as a"
        " question, and has to answer with the item that came after it. Where that stands does not follow from the"
        " order: the read head must look for it. While it listens its weighting is spread out. The question "
        "resembles what was written when that item came, so the [content weighting] points there, a little, and "
        "one location further with every vector. The gate mixes that with the weighting of the step before, which "
        "has moved on by one as well: the two agree, and after the third vector most of the weight is in one "
        "place. From there the head goes on by one, along what was written while the next item came and just "
        "after.\n\n"
        "This machine fills its memory backwards, one location down with every step. And its controller, an LSTM, "
        "remembers as well: what it says is made almost wholly from its [hidden vector], which keeps what was read"
        " in the steps before.",
        "",
        ("inputs", "write.weighting", "read.weighting"),
        (
            Stop(7, "Step 7, the last vector of item 2: written to location {write.location}."),
            Stop(15, "The list is over. Nowhere does the read head have more than {read.weight} of its weight."),
            Stop(
                17,
                "Item 2 is asked with. At its first vector the content weighting is highest at location "
                "{read.content}, with {read.found}. The head moves one down from there: {read.weight} of its "
                "weight is at {read.location}.",
            ),
            Stop(
                19,
                "At its third vector the content weighting is highest at location {read.content}, and "
                "{read.weight} of the weight is at {read.location}.",
            ),
            Stop(20, "The question is over: {read.weight} of the weight is at location {read.location}."),
            Stop(
                21,
                "The answer begins: location {read.location}, written at step {origin}, when all of item 3 had "
                "been heard.",
            ),
            Stop(23, "Its last vector: location {read.location}."),
        ),
        task="associative_recall",
    ),
    Chapter(
        "Again, and how often",
        "A third machine says a sequence several times over. It writes the vectors one behind another, as for a "
        "copy. Then the read head looks for content: its gate opens, the look-up finds location 1, which the start"
        " marker left, and the head moves one on from there. Now the gate nearly closes, and the head moves on by "
        "one with every step.\n\n"
        "Behind the last vector is a location that the write head fills while the first copy is read. There the "
        "machine finds the first vector once more, and from there the read head jumps back, by content, to the "
        "second. So it goes round. That it counts shows at the beginning of the last copy: the write head comes "
        "back to that location and overwrites it, and where the first vector stood, the end marker is read.",
        "",
        ("outputs", "write.weighting", "read.weighting"),
        (
            Stop(4, "Step 4, the last of four vectors: written to location {write.location}."),
            Stop(
                6,
                "The first copy: with a gate of {read.gate} the look-up finds location {read.content} "
                "({read.found}); the head reads the next one, {read.location}.",
            ),
            Stop(9, "Its last vector: gate {read.gate}, location {read.location}, written at step {origin}."),
            Stop(
                10,
                "The second copy begins behind the sequence, at location {read.location}: the first vector again.",
            ),
            Stop(
                11,
                "The jump: with a gate of {read.gate} the look-up finds location {read.content}; the head reads "
                "location {read.location}, the second vector.",
            ),
            Stop(
                15,
                "The last copy: {write.weight} of the write head’s weight is back at location {write.location}.",
            ),
            Stop(
                18,
                "The read head is at location {read.location} a third time: what step {origin} wrote is the end "
                "marker.",
            ),
        ),
        task="repeat_copy",
    ),
    Chapter(
        "What the memory counts",
        "A fourth machine hears a stream of bits, and says at every step how likely a 1 is to come next. The stream "
        "is drawn from a table that the machine never sees: after each five bits, the [context], a 1 has a probability "
        "of its own. So the best that anyone can do is to count what has followed each context. The line in the upper "
        "panel is that best possible prediction, the [optimum]; the bars are the machine’s.\n\n"
        "Its read head looks for content at every step. Whenever the same five bits have come its weighting is nearly "
        "the same again, and after most others it is another. What followed a context is written where it is looked "
        "up, and is found when it comes again: the more often it has come, the surer is the prediction. Nobody has "
        "shown the machine how to count.",
        "",
        ("outputs", "read.weighting"),
        (
            Stop(
                11,
                "Step 11: the context 01011 for the first time. What follows is not known: the machine says {said} "
                "for a 1, and the best possible is {best}.",
            ),
            Stop(
                21,
                "Step 21: 01011 again. The first time a 0 came. The read head looks at location {read.location}, and "
                "the most of what it finds there is from step {origin}, when that 0 had been heard. It says {said}; "
                "best {best}.",
            ),
            Stop(
                49,
                "Step 49, the fifth time, and always a 0 came: location {read.location} again. It says {said}; best "
                "{best}.",
            ),
            Stop(104, "Another context, 10010, is found elsewhere: location {read.location}. A 1 is likely: {said}."),
            Stop(
                177,
                "Step 177, 01011 for the fourteenth time: location {read.location}. It says {said}; best {best}.",
            ),
        ),
        task="dynamic_ngrams",
    ),
    Chapter(
        "Put in order",
        "A fifth machine hears vectors, each with a [priority], and says them again, the highest priority first. Of "
        "its five write heads the fifth is the sharpest: it puts every vector at a location of its own, in no "
        "order.\n\n"
        "When the list is over, the read heads look up by content, time after time, the vector of the highest "
        "priority that is left; the first and the second are always at the same place. One step later the fourth "
        "write head comes there too and crosses it off: where it may not write, the same vector comes again and "
        "again. So this machine sorts as people do who look through a list for the next [rank].",
        "",
        ("inputs", "write5.weighting", "read1.weighting"),
        (
            Stop(5, "Step 5, the lowest priority: location {write5.location}, {write5.weight} of the weight."),
            Stop(6, "Step 6, the highest: location {write5.location}."),
            Stop(7, "Step 7, rank 5: location {write5.location}."),
            Stop(9, "Step 9: the first that comes out is read at location {read1.location}, where step 6 wrote."),
            Stop(10, "Step 10: rank 2 is read at {read1.location}; write head 4 crosses off {write4.location}."),
            Stop(13, "Step 13, rank 5: location {read1.location}, where step 7 wrote."),
        ),
        task="priority_sort",
    ),
    Chapter(
        "Taken apart",
        "What a part does shows when it is missing. An [intervention] changes something inside the machine while it "
        "runs: here the read head of the first machine is frozen once it has read the first vector of its answer. Its "
        "weighting stays where it was, and nothing else is touched.\n\n"
        "So the same vector comes out to the end, though all the others still stand in the memory. A copy is no "
        "picture that is remembered as a whole; it is a walk from one location to the next.\n\n"
        "On the page Lab you change any number at any step, take whole parts out ([ablation]), count what the answer "
        "loses without each of them ([importance]), and turn one number or two through their values over many inputs "
        "(a [sweep]). The changed run is shown beside the one as it is, with the step where they part.",
        "greeting",
        ("outputs", "read.weighting"),
        (
            Stop(
                FIRST_RECALL,
                f"Step {FIRST_RECALL}, not frozen yet: the first vector is read at location {{read.location}}.",
            ),
            Stop(FIRST_RECALL + 1, "One step later it should be one location on. It is {read.location}."),
            Stop(
                FIRST_RECALL + LENGTH - 1,
                "The last step: still {read.location}, with {read.weight} of the weight, and the first vector again.",
            ),
        ),
        changes=({"kind": "freeze", "head": "read", "start": FIRST_RECALL + 1},),
    ),
]


def layout() -> html.Main:
    """The chapters and the glossary."""
    return html.Main(
        [*(_chapter(number, chapter) for number, chapter in enumerate(CHAPTERS, 1)), _glossary()],
        id="guide",
        className="guide",
        **on_pages("guide"),
    )


def _chapter(number: int, chapter: Chapter) -> html.Section:
    machine = "chosen" if chapter.task == "copy" and not chapter.changes else "first"
    place = "lab" if chapter.changes else "player"
    return html.Section(
        className="chapter",
        **attributes(
            aria_label=chapter.title,
            data_task=chapter.task,
            data_example=chapter.example,
            data_machine=machine,
            data_changes=json.dumps(chapter.changes),
        ),
        children=[
            html.Div(
                className="chapter-words",
                children=[
                    html.H2([html.Span(f"{number}", className="chapter-number"), chapter.title]),
                    *(html.P(_explained(paragraph)) for paragraph in chapter.text.split("\n\n")),
                    html.P(className="field-message", role="alert", **attributes(data_readout="chapter-message")),
                    html.Ol([html.Li(_stop(stop)) for stop in chapter.stops], className="stops"),
                    html.P(
                        className="chapter-run",
                        children=[
                            html.A(f"Open in the {place}", className="chapter-link", hidden=True),
                            html.Span(**attributes(data_readout="chapter-machine")),
                        ],
                    ),
                ],
            ),
            html.Div(className="chapter-tape", **attributes(data_fields=" ".join(chapter.fields))),
        ],
    )


def _explained(text: str) -> list[Any]:
    """A text with its words in brackets explained."""
    parts: list[Any] = []
    for plain, shown, word in re.findall(r"([^\[]*)(?:\[([^|\]]+)(?:\|([^\]]+))?\])?", text):
        parts += [plain, term(shown, word or shown)] if shown else [plain]
    return parts


def _stop(stop: Stop) -> html.Button:
    return html.Button(
        re.sub(r"\{.*?\}", "…", stop.says),
        type="button",
        className="stop",
        **attributes(data_step=str(stop.step), data_says=stop.says),
    )


def _glossary() -> html.Section:
    return html.Section(
        id="glossary",
        className="glossary",
        children=[
            html.H2("Words"),
            html.Dl(
                [
                    html.Div(
                        [html.Dt([word, html.Var(f" {entry.symbol}") if entry.symbol else ""]), html.Dd(entry.meaning)],
                        **attributes(data_entry=word),
                    )
                    for word, entry in sorted(GLOSSARY.items())
                ]
            ),
        ],
    )
