"""What is said of a family of machines that others train: where its numbers are, what its program does with them, and
how it hears its tasks. A family is these declarations and no code; sizes are those of the tensors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tapedeck.ntm import Channel, Conventions, Encoding, Start
from tapedeck.ntm.activations import ActivationName
from tapedeck.ntm.specification import HeadKind, Term

OFFSET = Conventions(cosine_offset=1e-16, sharpening_epsilon=1e-16)
"""Most programs' way of keeping divisions from failing, after loudinthecloud's."""

ZERO, TINY = Start("constant"), Start("constant", 1e-6)

ADDRESSING = ("key", "key_strength", "interpolation_gate", "shift_weighting", "sharpening")
WRITING = (*ADDRESSING, "erase_vector", "add_vector")


@dataclass(frozen=True, slots=True)
class HeadKeys:
    """The heads of one kind.

    Attributes:
        kind: read or write.
        at: what their names begin with, as a regular expression; its group, where it has one, is their place in acting
            order. Where none has, they act in the order in which they are declared.
        layers: the layer of each number of a head, below that; `top.` before one that stands at the top. Empty where
            one layer at `at` itself has them all as rows, in the order of the paper.
    """

    kind: HeadKind
    at: str
    layers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InFile:
    """A part of the start that stands in the file.

    Attributes:
        keys: its tensors; {n} is the number of a head among those of its kind, from 0, {kind} its kind. Two for an
            LSTM: hidden and cell.
        learned: whether training changed it.
        activation: from the tensor to the start.
    """

    keys: tuple[str, ...]
    learned: bool = True
    activation: ActivationName = "raw"


@dataclass(frozen=True, slots=True)
class Given:
    """A part of the start that is not in the file: what its program says, or None where that draws it.

    It is drawn from U(−b, b), b = √(6 / W), as torch's kaiming_uniform_ does.
    """

    start: Start | None = None


@dataclass(frozen=True, slots=True)
class ControllerKeys:
    """The controller: `lstm` of any number of layers, as torch.nn.LSTM has them, `lstm_cell`, or `linear` layers.

    Attributes:
        kind: which of these.
        layers: their names.
        activation: of every linear layer; of what leaves an LSTM.
    """

    kind: Literal["lstm", "lstm_cell", "linear"]
    layers: tuple[str, ...]
    activation: ActivationName = "raw"


@dataclass(frozen=True, slots=True)
class Keys:
    """Where the numbers are.

    Attributes:
        about: whose program writes such a file.
        heads: those that read and those that write.
        controller: its layers.
        output: its layer.
        memory, weightings, reads, states: the start, part by part.
        unused: names of tensors that are known and play no part, as regular expressions.
        locations: the tensor whose length is N, where the memory is not in the file; None where nothing says N.
        in_turn: whether the first head of each kind acts before the second of any; else all of the kind that is
            declared first act before those of the other.
    """

    about: str
    heads: tuple[HeadKeys, ...]
    controller: ControllerKeys
    output: str
    memory: InFile | Given
    weightings: InFile | Given
    reads: InFile | Given
    states: InFile | Given = Given(ZERO)
    unused: tuple[str, ...] = ()
    locations: str | None = None
    in_turn: bool = True


@dataclass(frozen=True, slots=True)
class Variant:
    """What a program does with the numbers.

    Attributes:
        name: within the family.
        about: which program, and what is peculiar to it.
        read, write: fields of every read and every write head, see `HeadSpec`.
        drives, terms, output: see `ControllerSpec` and `OutputSpec`.
        conventions: where divisions are kept from failing.
    """

    name: str
    about: str
    read: Mapping[str, Any]
    write: Mapping[str, Any]
    drives: tuple[Term, ...] = ("hidden",)
    terms: tuple[Term, ...] = ("hidden", "reads")
    output: ActivationName = "sigmoid"
    conventions: Conventions = OFFSET


@dataclass(frozen=True, slots=True)
class Hears:
    """A task as a family hears it, and with what it is tried.

    Attributes:
        task: its name.
        inputs, outputs: the channels after those of the bits.
        encoding: None where it is the task's own.
        sizes: of the examples; the one is kept that is played best.
        examples: of each size.
        bits: of a vector, where that does not follow from the channels.
        said: what is peculiar to it, for people.
        harder: a size at which variants are told apart that play all others alike.
    """

    task: str
    inputs: tuple[Channel, ...]
    outputs: tuple[Channel, ...]
    encoding: Encoding | None
    sizes: tuple[Mapping[str, int], ...]
    examples: int = 1
    bits: int | None = None
    said: str = ""
    harder: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """Machines that one program made, and those that were made from it.

    Attributes:
        name: as reports call it.
        keys: the ways in which its numbers may be named, the first that fits counts.
        variants: what may be done with them.
        hears: its tasks.
    """

    name: str
    keys: tuple[Keys, ...]
    variants: tuple[Variant, ...]
    hears: tuple[Hears, ...]
