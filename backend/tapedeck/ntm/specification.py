"""What a machine is, said once: `MachineSpec`. One step (`tapedeck.ntm.machine`) serves every specification.

Frozen, checked when it is made, and the same after a round trip through JSON. The defaults are the reference's; which
public machines have which conventions, tests show on their files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from tapedeck.errors import InvalidConfiguration, quoted
from tapedeck.ntm.activations import ACTIVATIONS, ActivationName
from tapedeck.ntm.document import read_dataclass
from tapedeck.ntm.encoding import Encoding
from tapedeck.ntm.rules import check_choice, check_number, check_sizes, check_unique, check_whole

ChannelKind = Literal["bit", "delimiter", "count", "priority", "probability", "value"]
HeadKind = Literal["write", "read"]
Term = Literal["hidden", "cell", "inputs", "reads"]

ALLOWED: Mapping[str, tuple[ActivationName, ...]] = {
    "key": ("raw", "tanh", "relu", "sigmoid"),
    "key_strength": ("softplus", "relu", "1+softplus", "1+relu", "ones"),
    "interpolation_gate": ("sigmoid", "clamp", "ones"),
    "shift_weighting": ("softmax", "softmax(softplus)", "softmax(relu)"),
    "sharpening": ("1+softplus", "1+relu", "ones"),
    "erase_vector": ("sigmoid", "relu", "clamp", "ones"),
    "add_vector": ("raw", "tanh", "relu", "sigmoid"),
}
"""What each number of a head may be made with: nothing that the equations have no meaning for."""

ADDRESSING_STAGES = ("key", "key_strength", "interpolation_gate", "shift_weighting", "sharpening")
WRITE_STAGES = ("erase_vector", "add_vector")


@dataclass(frozen=True, slots=True)
class Channel:
    """One element of an input or an output vector: its name, and what it means."""

    name: str
    kind: ChannelKind

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise InvalidConfiguration(f"a channel must have a name, got {quoted(self.name)}.", field="name")
        check_choice("kind", self.kind, ChannelKind)


@dataclass(frozen=True, slots=True)
class Start:
    """What some part of the state is before the first step.

    Attributes:
        kind: `constant`: `value` everywhere; `one_hot`: a weighting at `location`; `uniform`: a weighting of 1/N;
            `stored`: numbers beside the parameters, which training leaves alone; `learned`: parameters.
        value: of a constant.
        location: of a one-hot weighting; None for the middle, N // 2.
        activation: from learned numbers to the start, such as softmax for a weighting.
    """

    kind: Literal["constant", "one_hot", "uniform", "stored", "learned"]
    value: float = 0.0
    location: int | None = None
    activation: ActivationName = "raw"

    def __post_init__(self) -> None:
        check_choice("kind", self.kind, ("constant", "one_hot", "uniform", "stored", "learned"))
        check_number("value", self.value)
        if self.location is not None:
            check_whole("location", self.location, 0)
        check_choice("activation", self.activation, tuple(ACTIVATIONS))
        for name, default, kind in (("value", 0.0, "constant"), ("location", None, "one_hot")):
            if getattr(self, name) != default and self.kind != kind:
                raise InvalidConfiguration(
                    f"{name} belongs to a start that is {kind}, not to one that is {self.kind}.", field=name
                )
        if self.activation == "ones" or (self.activation != "raw" and self.kind != "learned"):
            raise InvalidConfiguration(
                f"a start that is {self.kind} has no activation {self.activation}.", field="activation"
            )


@dataclass(frozen=True, slots=True)
class Starts:
    """The state before the first step, part by part: all heads' weightings, all heads' reads, all layers' states."""

    memory: Start = Start("constant", 1e-6)
    weightings: Start = Start("one_hot")
    reads: Start = Start("constant", 1e-6)
    controller: Start = Start("constant")

    def __post_init__(self) -> None:
        for name in ("memory", "reads", "controller"):
            start: Start = getattr(self, name)
            if start.kind in ("one_hot", "uniform") or ACTIVATIONS[start.activation].sums_to_1:
                raise InvalidConfiguration(f"the start of {name} is not a weighting.", field=f"starts.{name}")
        if self.weightings.kind == "constant" and self.weightings.value:
            raise InvalidConfiguration(
                "the start of weightings may be constant only at 0; uniform gives each location 1/N.",
                field="starts.weightings",
            )


@dataclass(frozen=True, slots=True)
class MemorySpec:
    """The memory: N locations, W wide (the paper's M)."""

    locations: int = 128
    width: int = 20

    def __post_init__(self) -> None:
        check_sizes(self)


@dataclass(frozen=True, slots=True)
class ControllerSpec:
    """The controller, from [x, reads …] to the hidden vector.

    Attributes:
        kind: `feed_forward`, or `lstm`.
        sizes: units of each layer.
        activation: of every feed-forward layer; of an LSTM, of what leaves its last layer.
        drives: what the heads' layers are fed with, side by side: `hidden`, `cell` (LSTM), `inputs`.
    """

    kind: Literal["feed_forward", "lstm"] = "feed_forward"
    sizes: tuple[int, ...] = (100,)
    activation: ActivationName = "relu"
    drives: tuple[Term, ...] = ("hidden",)

    def __post_init__(self) -> None:
        check_choice("kind", self.kind, ("feed_forward", "lstm"))
        check_choice("activation", self.activation, ("relu", "tanh", "sigmoid", "raw"))
        if not self.sizes:
            raise InvalidConfiguration("a controller must have at least one layer, got none.", field="sizes")
        for size in self.sizes:
            check_whole("sizes", size, 1)
        check_unique("drives", self.drives, ("hidden", "cell", "inputs"))
        if "cell" in self.drives and self.kind != "lstm":
            raise InvalidConfiguration("only an LSTM has a cell that could drive the heads.", field="drives")


@dataclass(frozen=True, slots=True)
class HeadSpec:
    """One head: its name in traces and on the wire, what it does, and how its numbers are made.

    Attributes:
        name: `write`, `read`; where there are several of a kind `write1`, `write2` …, in acting order.
        shifts: how far each share of the shift weighting moves the focus.
        key … add_vector: the activation of each number; a read head erases and adds nothing.
        addresses: the memory that content addressing looks at: `current`, with what earlier heads wrote in this
            step, or `previous`, as it was before the step.
        previous: the head whose weighting of the step before is interpolated with; None for its own.
    """

    name: str
    kind: HeadKind
    shifts: tuple[int, ...] = (1, 0, -1)
    key: ActivationName = "tanh"
    key_strength: ActivationName = "softplus"
    interpolation_gate: ActivationName = "sigmoid"
    shift_weighting: ActivationName = "softmax"
    sharpening: ActivationName = "1+softplus"
    erase_vector: ActivationName | None = None
    add_vector: ActivationName | None = None
    addresses: Literal["current", "previous"] = "current"
    previous: str | None = None

    def __post_init__(self) -> None:
        check_choice("kind", self.kind, HeadKind)
        check_choice("addresses", self.addresses, ("current", "previous"))
        for stage in self.stages:
            check_choice(stage, getattr(self, stage), ALLOWED[stage])
        if self.kind == "read" and (self.erase_vector or self.add_vector):
            raise InvalidConfiguration(f"{self.name} is a read head: it has no erase and no add vector.", field="kind")
        if not self.shifts or len(set(self.shifts)) < len(self.shifts):
            raise InvalidConfiguration(
                f"{self.name} must have shifts that differ from one another, got {list(self.shifts)}.", field="shifts"
            )
        for move in self.shifts:
            check_whole("shifts", move, -(2**16))

    @property
    def stages(self) -> tuple[str, ...]:
        """The names of what its layers emit, in their order."""
        return ADDRESSING_STAGES + WRITE_STAGES if self.kind == "write" else ADDRESSING_STAGES

    def sizes(self, width: int) -> dict[str, int]:
        """How many numbers its layers emit for each stage; of a stage of ones there is no layer."""
        vectors = {"key": width, "shift_weighting": len(self.shifts), "erase_vector": width, "add_vector": width}
        return {stage: vectors.get(stage, 1) for stage in self.stages if getattr(self, stage) != "ones"}


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """The output layer: what it sees, side by side, and what is done to what it emits."""

    terms: tuple[Term, ...] = ("reads",)
    activation: ActivationName = "clamp"

    def __post_init__(self) -> None:
        check_unique("terms", self.terms, ("reads", "hidden", "inputs"))
        check_choice("activation", self.activation, ("clamp", "sigmoid", "raw"))


@dataclass(frozen=True, slots=True)
class Conventions:
    """Where machines keep a division from failing.

    Attributes:
        cosine: `clamped_norms`: no norm counts as less than ε; `clamped_product`: their product does not;
            `added`: ε is added to the product of the norms; `root`: a norm is the root of |v|² + ε.
        cosine_epsilon: that ε.
        cosine_offset: added to every element of memory and key before.
        sharpening_epsilon: added to the sum of equation 9. With 0 the quotient is taken in a stable form.
    """

    cosine: Literal["clamped_norms", "clamped_product", "added", "root"] = "clamped_norms"
    cosine_epsilon: float = 1e-8
    cosine_offset: float = 0.0
    sharpening_epsilon: float = 0.0

    def __post_init__(self) -> None:
        check_choice("cosine", self.cosine, ("clamped_norms", "clamped_product", "added", "root"))
        for name in ("cosine_epsilon", "cosine_offset", "sharpening_epsilon"):
            check_number(name, getattr(self, name), least=0)
        if not self.cosine_epsilon:
            raise InvalidConfiguration("cosine_epsilon must be above 0, got 0.", field="cosine_epsilon")


@dataclass(frozen=True, slots=True)
class MachineSpec:
    """A machine without its numbers. `heads` stand in the order in which they act in a step.

    `encoding` says how it hears its task; None where that is the task's own way.

    Raises:
        InvalidConfiguration: a part is impossible by itself, or contradicts another.
    """

    inputs: tuple[Channel, ...]
    outputs: tuple[Channel, ...]
    memory: MemorySpec
    controller: ControllerSpec
    heads: tuple[HeadSpec, ...]
    output: OutputSpec = OutputSpec()
    starts: Starts = Starts()
    conventions: Conventions = Conventions()
    encoding: Encoding | None = None

    def __post_init__(self) -> None:
        for name in ("inputs", "outputs"):
            _check_channels(name, getattr(self, name))
        _check_heads(self.heads)
        if self.memory.locations < self.least_locations:
            raise InvalidConfiguration(
                f"locations must be a whole number of at least {self.least_locations}, got {self.memory.locations}: "
                "two shifts would lead to the same location.",
                field="locations",
            )
        location = self.starts.weightings.location
        if location is not None and location >= self.memory.locations:
            raise InvalidConfiguration(
                f"the weightings start at location {location}; there are {self.memory.locations}, counted from 0.",
                field="starts.weightings",
            )

    @property
    def least_locations(self) -> int:
        """The fewest locations on which all that a head's shifts reach, and the place itself, are different ones."""
        return max(max(0, *head.shifts) - min(0, *head.shifts) + 1 for head in self.heads)

    @property
    def locations_free(self) -> bool:
        """Whether a run may use another number of locations: not where training decided what stands in each."""
        return "learned" not in (self.starts.memory.kind, self.starts.weightings.kind)

    @property
    def bits(self) -> int:
        """How many bits a vector has that it hears."""
        return sum(channel.kind == "bit" for channel in self.inputs)

    @property
    def read_heads(self) -> tuple[HeadSpec, ...]:
        """In acting order."""
        return tuple(head for head in self.heads if head.kind == "read")

    def size_of(self, term: Term) -> int:
        """How many numbers a term of the drives or of the output has."""
        if term == "inputs":
            return len(self.inputs)
        return len(self.read_heads) * self.memory.width if term == "reads" else self.controller.sizes[-1]

    def as_document(self) -> dict[str, Any]:
        """As plain JSON."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: object) -> MachineSpec:
        """The specification that `as_document` gave.

        Raises:
            InvalidConfiguration: a field is missing, unknown or of a wrong type; or as above.
        """
        return read_dataclass(cls, document)


def _check_channels(name: str, channels: tuple[Channel, ...]) -> None:
    if not channels:
        raise InvalidConfiguration(f"a machine must have {name}, got no channel.", field=name)
    names = [channel.name for channel in channels]
    if twice := [each for each, count in Counter(names).items() if count > 1]:
        raise InvalidConfiguration(f"{name} must have a name each, got {quoted(twice[0])} twice.", field=name)


def _check_heads(heads: tuple[HeadSpec, ...]) -> None:
    for kind in ("write", "read"):
        same = [head for head in heads if head.kind == kind]
        if not same:
            raise InvalidConfiguration(f"a machine must have at least one {kind} head, got none.", field="heads")
        for number, head in enumerate(same, 1):
            expected = kind if len(same) == 1 else f"{kind}{number}"
            if head.name != expected:
                raise InvalidConfiguration(
                    f"{kind} head {number} of {len(same)} must be named {quoted(expected)}, got {quoted(head.name)}.",
                    field="heads",
                )
    names = [head.name for head in heads]
    for head in heads:
        if head.previous is not None and head.previous not in names:
            raise InvalidConfiguration(
                f"{head.name} takes the weighting of {quoted(head.previous)}; there are {', '.join(names)}.",
                field="heads",
            )
