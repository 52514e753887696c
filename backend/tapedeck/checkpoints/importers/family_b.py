"""Family B: vlgiitr/ntm-pytorch, and B2, theneuralbeing's, which erases and has activations of its own.

An LSTM cell; the heads are driven by its cell, not by what leaves it. B keeps no initial reads: its program draws them
anew for every sequence, from U(−b, b), b = √(6 / W).
"""

from __future__ import annotations

from tapedeck.checkpoints.importers import hearing
from tapedeck.checkpoints.importers.declaration import (
    ADDRESSING,
    TINY,
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

EVEN, ODD = r"heads\.(\d*[02468])", r"heads\.(\d*[13579])"
LAYERS = dict(
    zip(
        ADDRESSING,
        ("key_fc", "key_strength_fc", "interpolation_gate_fc", "shift_weighting_fc", "sharpen_factor_fc"),
        strict=True,
    )
)
CELL = ControllerKeys("lstm_cell", ("controller.controller_net",))
STATES = InFile(("controller.h_bias_fc.bias", "controller.c_bias_fc.bias"))
WITHOUT_INPUT = r"(.*\.)?(memory_bias|h_bias|c_bias|head_weights|reads)_fc\.weight"
"""Of layers whose input is always 0."""
LEFT_OVER = r"controller\.[hc]_state|memory\.memory"
"""Of the last sequence before a whole module was saved."""

CONVENTIONS = Conventions(sharpening_epsilon=1e-16)
TASKS = (
    hearing.COPY_BETWEEN,
    hearing.REPEAT_OFF,
    hearing.RECALL_OWN,
    hearing.SORT_BY_CHANNEL,
    hearing.NGRAMS_OWN,
)

NO_ERASING = Keys(
    about="vlgiitr/ntm-pytorch",
    heads=(HeadKeys("read", EVEN, LAYERS), HeadKeys("write", ODD, {**LAYERS, "add_vector": "write_data_fc"})),
    controller=CELL,
    output="controller.out_net",
    memory=InFile(("memory.memory_bias_fc.bias",), activation="sigmoid"),
    weightings=Given(ZERO),
    reads=Given(),
    states=STATES,
    unused=(WITHOUT_INPUT, LEFT_OVER, EVEN + r"\.write_data_fc\..*"),
)
ERASING = Keys(
    about="theneuralbeing/ntm",
    heads=(
        HeadKeys("read", EVEN, LAYERS),
        HeadKeys("write", ODD, {**LAYERS, "erase_vector": "erase_weight_fc", "add_vector": "add_data_fc"}),
    ),
    controller=CELL,
    output="controller.out_net",
    memory=Given(TINY),
    weightings=InFile(("head_weights_fc.bias",), activation="softmax"),
    reads=InFile(("reads_fc.bias",)),
    states=STATES,
    unused=(WITHOUT_INPUT, LEFT_OVER, EVEN + r"\.(erase_weight|add_data)_fc\..*"),
    locations="head_weights_fc.bias",
)

RAW = {"key": "raw", "key_strength": "softplus"}
TANH = {"key": "tanh", "key_strength": "softplus"}

B = Family(
    "B",
    (NO_ERASING,),
    (
        Variant(
            "1",
            "writes over what it has erased",
            RAW,
            {**RAW, "erase_vector": "ones", "add_vector": "raw"},
            drives=("cell",),
            conventions=CONVENTIONS,
        ),
    ),
    TASKS,
)
B2 = Family(
    "B2",
    (ERASING,),
    (
        Variant(
            "1",
            "erases",
            TANH,
            {**TANH, "erase_vector": "sigmoid", "add_vector": "tanh"},
            drives=("cell",),
            conventions=CONVENTIONS,
        ),
    ),
    TASKS,
)
