"""How public programs lay out the paper's tasks, each with the sizes at which a machine is tried."""

from __future__ import annotations

from tapedeck.checkpoints.importers.declaration import Hears
from tapedeck.ntm import Channel, CountScale, Encoding, Stretch

START, END = Channel("start", "delimiter"), Channel("end", "delimiter")
COUNT, PRIORITY = Channel("count", "count"), Channel("priority", "priority")
ITEM, QUERY = Channel("item", "delimiter"), Channel("query", "delimiter")

INPUT, RECALL = Stretch("input", of="input"), Stretch("recall", of="recall")
COPIED = ({"length": 20}, {"length": 8})
REPEATED = ({"length": 5, "repeats": 4},)
RECALLED = ({"items": 6}, {"items": 3})
LONG, MANY, LISTED = {"length": 60}, {"length": 10, "repeats": 10}, {"items": 12}
SORTED = tuple({"vectors": count} for count in (20, 16, 10))

DELIMITED = Encoding((INPUT, Stretch("end", of="end"), RECALL))
"""A delimiter after the sequence, none before it."""

COUNTED = (INPUT, Stretch("end", marks="end"), Stretch("count", of="count"), RECALL)
"""The delimiter after the sequence, and then the count."""

COPY = Hears("copy", (END,), (), DELIMITED, COPIED, harder=LONG)
COPY_AND_END = Hears("copy", (END,), (END,), DELIMITED, COPIED, harder=LONG)
COPY_BETWEEN = Hears("copy", (START, END), (), Encoding(), COPIED, harder=LONG)
COPY_OWN = Hears("copy", (START, END), (START, END), None, COPIED, harder=LONG)

REPEAT = Hears("repeat_copy", (END, COUNT), (END,), Encoding(COUNTED), REPEATED, 2, harder=MANY)
REPEAT_TENTHS = Hears(
    "repeat_copy", (END, COUNT), (END,), Encoding(COUNTED, CountScale(0.0, 10.0)), REPEATED, 2, harder=MANY
)
REPEAT_TENTHS_ALONE = Hears(
    "repeat_copy",
    (COUNT,),
    (),
    Encoding(
        (INPUT, Stretch("count", of="count"), Stretch("recall", of="recall", leaves_off=1)), CountScale(0.0, 10.0)
    ),
    REPEATED,
    2,
    harder=MANY,
)
"""The count is the delimiter, and no end is asked for."""
REPEAT_OFF = Hears(
    "repeat_copy", (START, COUNT), (END,), Encoding(count=CountScale(4.5, 8.25**0.5)), REPEATED, 2, harder=MANY
)
"""Half the difference of the least and the greatest count, 4.5, was taken for their mean."""
REPEAT_OWN = Hears("repeat_copy", (START, COUNT), (END,), None, REPEATED, 2, harder=MANY)

RECALL_OWN = Hears("associative_recall", (ITEM, QUERY), (), None, RECALLED, 10, harder=LISTED)

SORT_HEARD_AGAIN = Hears(
    "priority_sort",
    (PRIORITY, END),
    (PRIORITY, END),
    Encoding((INPUT, Stretch("end", of="end"), Stretch("recall", of="recall", hears="input")), sorted_share=1.0),
    SORTED,
    4,
    said="all vectors come out, while they are heard once more",
)
SORT_BY_CHANNEL = Hears(
    "priority_sort",
    (PRIORITY,),
    (),
    Encoding((INPUT, RECALL), sorts="channels"),
    SORTED,
    4,
    said="its program sorted the bits of each channel by themselves, and so does it",
)
SORT_OWN = Hears("priority_sort", (PRIORITY, END), (), None, SORTED, 4)

NGRAMS_OWN = Hears(
    "dynamic_ngrams", (), (Channel("next bit is 1", "probability"),), None, ({"length": 200},), 4, bits=1
)

TRIED = (COPY_OWN, REPEAT_OWN, RECALL_OWN, SORT_OWN, NGRAMS_OWN)
"""Each task with the sizes at which a machine is tried that hears it in whatever way."""
