"""Family D: patricebechard/neural_turing_machine, with an LSTM or a feed-forward layer, through tanh.

Both heads look at the memory of the step before; then one writes, and the other reads what stands there now. Outputs
see nothing but what is read.
"""

from __future__ import annotations

from dataclasses import replace

from tapedeck.checkpoints.importers import hearing
from tapedeck.checkpoints.importers.declaration import (
    ADDRESSING,
    ZERO,
    ControllerKeys,
    Family,
    Given,
    HeadKeys,
    InFile,
    Keys,
    Variant,
)
from tapedeck.ntm import Conventions

LAYERS = {
    stage: f"fc_{name}" for stage, name in zip(ADDRESSING, ("key", "beta", "blending", "shift", "gamma"), strict=True)
}
WRITES = {**LAYERS, "erase_vector": "top.fc_erase", "add_vector": "top.fc_add"}
HEADS = (HeadKeys("write", "write_head", WRITES), HeadKeys("read", "read_head", LAYERS))
WEIGHTINGS = InFile(("{kind}_weight0",), activation="softmax")
CONTROLLER = ("controller.controller",)

LSTM = Keys(
    about="patricebechard/neural_turing_machine",
    heads=HEADS,
    controller=ControllerKeys("lstm", CONTROLLER, "tanh"),
    output="fc_out",
    memory=InFile(("memory0",)),
    weightings=WEIGHTINGS,
    reads=InFile(("read0",)),
    states=InFile(("controller.hidden0", "controller.cell0")),
)
FEED_FORWARD = replace(
    LSTM,
    about="patricebechard/neural_turing_machine, feed-forward",
    controller=ControllerKeys("linear", CONTROLLER, "tanh"),
    states=Given(ZERO),
)

STAGES = {"key": "relu", "key_strength": "softplus", "sharpening": "1+relu", "addresses": "previous"}

FAMILY = Family(
    "D",
    (LSTM, FEED_FORWARD),
    (
        Variant(
            "1",
            "heads look at the memory of the step before",
            STAGES,
            {**STAGES, "erase_vector": "sigmoid", "add_vector": "sigmoid"},
            terms=("reads",),
            conventions=Conventions(),
        ),
    ),
    (hearing.COPY_AND_END,),
)
