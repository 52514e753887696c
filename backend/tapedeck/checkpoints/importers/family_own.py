"""This project's own parameters, and the reference's, without what else a checkpoint holds.

The number of locations is not in them where the memory begins with a constant.
"""

from __future__ import annotations

from tapedeck.checkpoints.importers import hearing
from tapedeck.checkpoints.importers.declaration import (
    ADDRESSING,
    TINY,
    WRITING,
    ControllerKeys,
    Family,
    Given,
    HeadKeys,
    InFile,
    Keys,
    Variant,
)
from tapedeck.ntm import Conventions, Start
from tapedeck.ntm.heads import REFERENCE_NAMES

ONE_LAYER = ControllerKeys("linear", ("controller.layer1",), "relu")
CELL = ControllerKeys("lstm_cell", ("controller.layer1",))

REFERENCE_HEADS = (
    HeadKeys("write", "writehead", REFERENCE_NAMES),
    HeadKeys("read", "readhead", {stage: REFERENCE_NAMES[stage] for stage in ADDRESSING}),
)
PARAMETERS = Keys(
    about="dichotomies/ntm-pytorch, parameters alone",
    heads=REFERENCE_HEADS,
    controller=ONE_LAYER,
    output="r_to_s",
    memory=Given(TINY),
    weightings=Given(Start("one_hot")),
    reads=Given(TINY),
)
MODULE = Keys(
    about="dichotomies/ntm-pytorch",
    heads=REFERENCE_HEADS,
    controller=ONE_LAYER,
    output="r_to_s",
    memory=InFile(("memory_bias",), learned=False),
    weightings=InFile(("weight_bias",), learned=False),
    reads=InFile(("read_bias",), learned=False),
)

OWN_HEADS = (
    HeadKeys("write", r"write(\d*)", {stage: stage for stage in WRITING}),
    HeadKeys("read", r"read(\d*)", {stage: stage for stage in ADDRESSING}),
)
AT_0 = Given(Start("one_hot", location=0))


def _own(controller: ControllerKeys, memory: InFile | Given) -> Keys:
    return Keys("Tapedeck", OWN_HEADS, controller, "output", memory, AT_0, Given(TINY), in_turn=False)


LEARNED = InFile(("initial_memory",))
OWN_KEYS = tuple(_own(controller, memory) for memory in (LEARNED, Given(TINY)) for controller in (CELL, ONE_LAYER))

STAGES = {"key": "tanh", "key_strength": "softplus"}
WRITES = {**STAGES, "erase_vector": "sigmoid"}

REFERENCE = Family(
    "reference",
    (MODULE, PARAMETERS),
    (
        Variant(
            "1",
            "writes, then reads",
            STAGES,
            {**WRITES, "add_vector": "relu"},
            terms=("reads",),
            output="clamp",
            conventions=Conventions(),
        ),
    ),
    (hearing.COPY_OWN,),
)
OWN = Family(
    "Tapedeck",
    OWN_KEYS,
    tuple(
        Variant(
            f"{number}",
            f"add vectors {add_vector}",
            STAGES,
            {**WRITES, "add_vector": add_vector, "addresses": "previous"},
            drives=drives,  # type: ignore[arg-type]
            terms=("reads", "hidden"),
            conventions=Conventions(cosine="root", cosine_epsilon=1e-4),
        )
        for number, (drives, add_vector) in enumerate(
            ((drives, add) for drives in (("hidden",), ("hidden", "inputs")) for add in ("tanh", "raw")), 1
        )
    ),
    (hearing.COPY_OWN, hearing.REPEAT_OWN, hearing.RECALL_OWN, hearing.SORT_OWN, hearing.NGRAMS_OWN),
)
