"""Family A: loudinthecloud/pytorch-ntm and its forks, by geektoni and others; vaibhavjindal's program does the same.

An LSTM, and any number of heads in the order of a list, each acting at once: later ones see what earlier ones wrote in
this step. The weightings begin at 0. Three generations of activations have the same names of tensors.
"""

from __future__ import annotations

from tapedeck.checkpoints.importers import hearing
from tapedeck.checkpoints.importers.declaration import (
    ZERO,
    ControllerKeys,
    Family,
    Given,
    HeadKeys,
    InFile,
    Keys,
    Variant,
)

NAMED = Keys(
    about="loudinthecloud/pytorch-ntm",
    heads=(HeadKeys("read", r"ntm\.heads\.(\d+)\.fc_read"), HeadKeys("write", r"ntm\.heads\.(\d+)\.fc_write")),
    controller=ControllerKeys("lstm", ("ntm.controller.lstm",)),
    output="ntm.fc",
    memory=InFile(("ntm.memory.mem_bias",), learned=False),
    weightings=Given(ZERO),
    reads=InFile(("ntm.read{n}_bias",), learned=False),
    states=InFile(("ntm.controller.lstm_h_bias", "ntm.controller.lstm_c_bias")),
    unused=(r"(ntm\.heads\.\d+\.)?memory\.mem_bias",),
)
ONE_PAIR = Keys(
    about="vaibhavjindal/neural_turing_machine",
    heads=(HeadKeys("read", r"read_head\.fc"), HeadKeys("write", r"write_head\.fc")),
    controller=ControllerKeys("lstm", ("controller.lstm",)),
    output="fc",
    memory=InFile(("memory.mem_bias",), learned=False),
    weightings=Given(ZERO),
    reads=InFile(("read_bias",), learned=False),
    states=InFile(("controller.lstm_h_bias", "controller.lstm_c_bias")),
    unused=(r"(read|write)_head\.memory\.mem_bias",),
)

NOW = {"key": "raw", "key_strength": "softplus"}
BEFORE = {**NOW, "shift_weighting": "softmax(softplus)"}
FIRST = {"key": "relu", "key_strength": "relu", "shift_weighting": "softmax(relu)", "sharpening": "1+relu"}

FAMILY = Family(
    "A",
    (NAMED, ONE_PAIR),
    (
        Variant("3", "since 2018-03-26", NOW, {**NOW, "erase_vector": "sigmoid", "add_vector": "raw"}),
        Variant("2", "since 2017-10-07", BEFORE, {**BEFORE, "erase_vector": "sigmoid", "add_vector": "raw"}),
        Variant("1", "before 2017-10-07", FIRST, {**FIRST, "erase_vector": "relu", "add_vector": "relu"}),
    ),
    (hearing.COPY, hearing.REPEAT, hearing.SORT_HEARD_AGAIN),
)
