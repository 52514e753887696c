"""Family C: clemkoa/ntm. One head reads and then one writes.

In the program that made the public machine the write head goes on from the read head's weighting of the step before, a
fault that the machine has learned to live with; it was mended later.
"""

from __future__ import annotations

from tapedeck.checkpoints.importers import hearing
from tapedeck.checkpoints.importers.declaration import (
    WRITING,
    ControllerKeys,
    Family,
    HeadKeys,
    InFile,
    Keys,
    Variant,
)

LAYERS = {
    stage: f"{letter}_layer" for stage, letter in zip(WRITING, ("k", "beta", "g", "s", "gamma", "e", "a"), strict=True)
}
READS = {stage: name for stage, name in LAYERS.items() if stage not in ("erase_vector", "add_vector")}
HEADS = (HeadKeys("read", "read_head", READS), HeadKeys("write", "write_head", LAYERS))
MEMORY = InFile(("memory.initial_state",), learned=False)
WEIGHTINGS = InFile(("{kind}_head._initial_state",), activation="softmax")
FIRST_READ = InFile(("memory.initial_read",))
COPIES = (r"(read|write)_head\.memory\.initial_(read|state)",)

STAGES = {"key": "raw", "key_strength": "softplus"}
WRITES = {**STAGES, "erase_vector": "sigmoid", "add_vector": "raw"}

LSTM = Keys(
    about="clemkoa/ntm",
    heads=HEADS,
    controller=ControllerKeys("lstm", ("controller._controller.layer",)),
    output="fc",
    memory=MEMORY,
    weightings=WEIGHTINGS,
    reads=FIRST_READ,
    states=InFile(("controller._controller.lstm_h_state", "controller._controller.lstm_c_state")),
    unused=COPIES,
)
FEED_FORWARD = Keys(
    about="clemkoa/ntm, feed-forward",
    heads=HEADS,
    controller=ControllerKeys("linear", ("controller._controller.layer_1", "controller._controller.layer_2"), "relu"),
    output="fc",
    memory=MEMORY,
    weightings=WEIGHTINGS,
    reads=FIRST_READ,
    unused=COPIES,
)

VARIANTS = (
    Variant("1", "the write head goes on from the read head’s weighting", STAGES, {**WRITES, "previous": "read"}),
    Variant("2", "each head goes on from its own weighting", STAGES, WRITES),
)

FAMILY = Family(
    "C",
    (LSTM, FEED_FORWARD),
    VARIANTS,
    (hearing.COPY, hearing.REPEAT_TENTHS, hearing.REPEAT_TENTHS_ALONE, hearing.REPEAT),
)
