"""Runs and the sentence on each of their steps: of shipped machines, of machines with several heads, and made up.

The page says the same of the same runs; `tests/viewer/narration.test.mjs` compares. A case has of a run only what its
sentences are made from: weightings as the locations that have weight, and of the fields that a player needs beside
them, no numbers. Beside it stands what each head does over them, by the name of the case.
`python -m tests.narration_fixture` writes both files anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from tapedeck.checkpoints import CheckpointLibrary
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.tasks import TASKS
from tapedeck.tracing import Trace, prepare
from tapedeck.tracing.conduct import conduct_of
from tapedeck.tracing.narration import Narrator
from tapedeck.training.recipes import DYNAMIC_NGRAMS
from tapedeck.training.starting import initial_machine
from tests.figures.machines import DRAWN, run_of

FILE = Path(__file__).parent / "fixtures" / "narration.json"
CONDUCT = FILE.with_name("conduct.json")

Document = dict[str, Any]
Vectors = Sequence[Sequence[float]]
Arrays = dict[str, npt.NDArray[np.float32]]

DECIMALS = 6
NEEDED = ("input", "target", "optimum", "output", "shift")
EMPTY = ("erase", "add", "cell")
"""Roles of fields that a case has without numbers, one number wide: the memory follows from the first two."""


def bits(text: str) -> list[list[int]]:
    """The bytes of a text."""
    return [[int(bit) for bit in f"{byte:08b}"] for byte in text.encode()]


SHIPPED: dict[str, tuple[str, Mapping[str, Any]]] = {
    "a copy of text": ("copy-1", {"sequence": bits("Hé, o\n")}),
    "a copy of text with signs that are not seen": ("copy-1", {"sequence": bits("a\u202e\u0085")}),
    "a copy of bits": ("copy-1", {"sequence": [[1, 1, 1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0, 0, 0]]}),
    "a copy of one vector": ("copy-1", {"sequence": bits("a")}),
    "a copy by a machine that is half trained": ("copy-1-001600", {"sequence": bits("Tape")}),
    "a copy by a machine that was never trained": ("copy-1-000000", {"sequence": bits("Tape")}),
    "text three times": ("repeat_copy-1", {"sequence": bits("abc"), "repeats": 3}),
    "one vector twice": ("repeat_copy-1", {"sequence": bits("a"), "repeats": 2}),
    "repeats by a machine that is half trained": ("repeat_copy-1-086400", {"sequence": bits("ab"), "repeats": 4}),
    "repeats by a machine that was never trained": ("repeat_copy-1-000000", {"sequence": bits("ab"), "repeats": 2}),
    "the next item": ("associative_recall-2", TASKS["associative_recall"].example),
    "the next item of a machine that is half trained": (
        "associative_recall-2-064000",
        TASKS["associative_recall"].example,
    ),
    "a stream on a feed-forward controller": ("dynamic_ngrams-feed_forward-1", {"bits": 3 * [0, 1, 1, 0, 1]}),
}
"""Machines that ship, and what they are asked."""

CHOSEN = {"five of each on an LSTM": {"write": "write3", "read": "read5"}}
"""Of machines with several heads those that are told, where they are not the first."""


def shipped_runs() -> Iterator[tuple[str, Trace]]:
    """The runs of machines that ship."""
    library = CheckpointLibrary(SHIPPED_CHECKPOINTS)
    for name, (checkpoint, given) in SHIPPED.items():
        found = library.get(checkpoint)
        yield name, prepare(found.machine, found.info.task, given).trace()


def stream_run() -> Trace:
    """A machine that has yet to learn to predict, on a stream in which contexts come again."""
    machine = initial_machine(DYNAMIC_NGRAMS, seed=1)
    with torch.no_grad():  # so that it says more than ½
        machine.output.weight.mul_(40)
    return prepare(machine, DYNAMIC_NGRAMS.task, {"bits": 3 * [0, 1, 1, 0, 1, 0, 1] + [1, 1]}).trace()


def cases() -> list[Document]:
    """All of them."""
    runs = [
        *shipped_runs(),
        ("the bits of a stream", stream_run()),
        *((name, run_of(drawn)) for name, drawn in DRAWN.items()),
    ]
    return [*(case_of(name, trace) for name, trace in runs), *MADE_UP]


def case_of(name: str, trace: Trace) -> Document:
    """What a run's sentences are made from, and they."""
    about = trace.about
    fields = [_narrowed(field) for field in about["fields"] if _is_needed(field)]
    heads = [
        {
            **head,
            "start": _sparse(head["start"]),
            "fields": [f["name"] for f in fields if f["name"].startswith(f"{head['name']}.")],
        }
        for head in about["heads"]
    ]
    kept = (
        *(["estimator"] if "estimator" in about else []),
        "task",
        "input",
        "steps",
        "locations",
        "input_channels",
        "output_channels",
        "phases",
        "scored",
    )
    values = {}
    for field in fields:
        if field["role"] not in EMPTY:
            found = trace.arrays[field["name"]].reshape(trace.steps, -1).astype(float).round(DECIMALS)
            values[field["name"]] = [_sparse(row) for row in found] if field["role"] == "weighting" else found.tolist()
    case = {
        "name": name,
        "about": {**{key: about[key] for key in kept}, "heads": heads, "fields": fields},
        "values": values,
    }
    return told(json.loads(json.dumps(case | {"heads": CHOSEN.get(name, {})})))


def told(case: Document) -> Document:
    """The same with its sentences, which are made from the numbers as the case has them."""
    about, arrays = run_in(case)
    return case | {"says": list(Narrator(about, arrays, case["heads"]).sentences())}


def run_in(case: Document) -> tuple[Document, Arrays]:
    """The description and the fields that a case holds."""
    about, count = case["about"], case["about"]["locations"]
    roles = {field["name"]: field["role"] for field in about["fields"]}
    arrays = {
        name: np.array([_dense(row, count) for row in rows] if roles[name] == "weighting" else rows, dtype=np.float32)
        for name, rows in case["values"].items()
    }
    scalars = [field["name"] for field in about["fields"] if field["role"] == "scalar"]
    arrays |= {name: arrays[name][:, 0] for name in scalars if name in arrays}
    heads = [{**head, "start": _dense(head["start"], count)} for head in about["heads"]]
    return {**about, "heads": heads}, arrays


def _is_needed(field: Document) -> bool:
    stage = field["name"].rpartition(".")[2]
    return field["role"] in (*NEEDED, *EMPTY) or stage in ("weighting", "interpolation_gate")


def _narrowed(field: Document) -> Document:
    shape = [1] if field["role"] in EMPTY else field["shape"]
    return {**{key: field[key] for key in ("name", "axes", "role", "range")}, "shape": shape, "equation": ""}


def _sparse(weighting: npt.ArrayLike) -> list[list[float]]:
    weights = np.asarray(weighting, dtype=float).round(DECIMALS)
    return [[int(at), float(weights[at])] for at in np.flatnonzero(weights)]


def _dense(pairs: list[list[float]], count: int) -> npt.NDArray[np.float32]:
    weights = np.zeros(count, np.float32)
    for at, weight in pairs:
        weights[int(at)] = weight
    return weights


def _one_hot(*places: int | list[list[float]]) -> list[list[list[float]]]:
    return [[[place, 1.0]] if isinstance(place, int) else place for place in places]


def _made_up(
    name: str,
    *,
    channels: list[tuple[str, str]],
    outputs: list[tuple[str, str]],
    phases: list[tuple[str, str, int]],
    inputs: Vectors,
    targets: Vectors,
    said: Vectors,
    write: list[list[list[float]]],
    read: list[list[list[float]]],
    gate: float = 0.0,
    shift: tuple[float, ...] = (1, 0, 0),
    shifts: tuple[int, ...] = (1, 0, -1),
    given: Mapping[str, Any] | None = None,
    previous: str = "write",
    scored: tuple[int, int] | None = None,
) -> Document:
    """A run of a task that nobody has, on eight locations."""
    steps, start = len(inputs), 0
    placed = []
    for phase, role, length in phases:
        placed.append({"name": phase, "role": role, "start": start, "stop": start + length})
        start += length
    stages = {
        "weighting": ("weighting", 8),
        "interpolation_gate": ("scalar", 0),
        "shift_weighting": ("shift", len(shift)),
    }
    stages_of = {"read": stages, "write": {**stages, "erase_vector": ("erase", 1), "add_vector": ("add", 1)}}
    fields = [
        {"name": field, "role": role, "axes": ["channel"], "shape": [count], "range": [None, None], "equation": ""}
        for field, role, count in (
            ("inputs", "input", len(channels)),
            ("targets", "target", len(outputs)),
            ("outputs", "output", len(outputs)),
        )
    ]
    for head in ("read", "write"):
        for stage, (role, length) in stages_of[head].items():
            axes = {"weighting": ["location"], "scalar": [], "shift": ["shift"]}.get(role, ["column"])
            shape = [length] if length else []
            field = {
                "name": f"{head}.{stage}",
                "role": role,
                "axes": axes,
                "shape": shape,
                "range": [None, None],
                "equation": "",
            }
            fields.append(field)
    about = {
        "task": "made_up",
        "input": given or {},
        "steps": steps,
        "locations": 8,
        "input_channels": [{"name": each, "kind": kind} for each, kind in channels],
        "output_channels": [{"name": each, "kind": kind} for each, kind in outputs],
        "phases": placed,
        "scored": [] if scored is None else [[*scored, 0, len(outputs)]],
        "heads": [
            {
                "name": head,
                "kind": head,
                "fields": [f"{head}.{stage}" for stage in stages_of[head]],
                "shifts": list(shifts),
                "addresses": "current",
                "previous": previous if head == "write" else head,
                "start": [[0, 1.0]],
            }
            for head in ("read", "write")
        ],
        "fields": fields,
    }
    values = {"inputs": inputs, "targets": targets, "outputs": said, "read.weighting": read, "write.weighting": write}
    for head in ("read", "write"):
        values |= {f"{head}.interpolation_gate": [[gate]] * steps, f"{head}.shift_weighting": [list(shift)] * steps}
    return told({"name": name, "about": about, "values": values, "heads": {}})


BYTES = [(f"bit {each + 1}", "bit") for each in range(8)]
SPREAD = [[[at, 0.125] for at in range(8)]]
MADE_UP = [
    _made_up(
        "numbers, to be sorted by priority",
        channels=[("bit 1", "bit"), ("bit 2", "bit"), ("priority", "priority")],
        outputs=[("bit 1", "bit"), ("bit 2", "bit")],
        phases=[("input", "input", 5), ("recall", "recall", 4)],
        inputs=[[1, 0, -0.125], [0, 1, 0.75], [1, 1, 0], [0, 0, -0.5], [1, 0, 0.5], *4 * [[0, 0, 0]]],
        targets=[[0, 0]] * 5 + [[0, 1], [1, 0], [1, 1], [1, 0]],
        said=[[0, 0]] * 5 + [[0.25, 0.75], [0.75, 0.75], [1, 0], [0, 0]],
        write=_one_hot(1, 3, 3, 3, 3, 3, 3, 3, 3),
        read=_one_hot(0, 0, 0, 0, 0, 2, 1, 1, 1),
        shifts=(2, 1, 0, -1),
        scored=(5, 9),
    ),
    _made_up(
        "numbers with a priority, of which others are due",
        channels=[("bit 1", "bit"), ("bit 2", "bit"), ("priority", "priority")],
        outputs=[("bit 1", "bit"), ("bit 2", "bit")],
        phases=[("input", "input", 3), ("recall", "recall", 2)],
        inputs=[[1, 0, -0.125], [0, 1, 0.75], [1, 1, 0], [0, 0, 0], [0, 0, 0]],
        targets=[[0, 0], [0, 0], [0, 0], [0, 1], [1, 0]],
        said=[[0, 0], [0, 0], [0, 0], [0.25, 0.75], [0.75, 0.75]],
        write=_one_hot(1, 3, 3, 3, 3),
        read=_one_hot(0, 0, 0, 2, 1),
        scored=(3, 5),
    ),
    _made_up(
        "values that are no bits, to be foretold",
        channels=[("value", "value")],
        outputs=[("next", "probability")],
        phases=[("sequence", "prediction", 4)],
        inputs=[[0], [1], [0.5], [1]],
        targets=[[1], [0], [1], [1]],
        said=[[0.9], [0.6], [0.7], [0.2]],
        write=_one_hot(0, 0, 0, 0),
        read=[[[1, 0.6], [2, 0.4]], [[1, 0.4], [6, 0.4], [3, 0.2]], [], SPREAD[0]],
        scored=(0, 4),
    ),
    _made_up(
        "an end marker too soon, and none at the end; jumps by content",
        channels=[*BYTES, ("go", "delimiter")],
        outputs=[*BYTES, ("end", "delimiter")],
        phases=[("input", "input", 2), ("go", "delimiter", 1), ("recall", "recall", 3)],
        inputs=[[*vector, 0] for vector in bits("a\x07")] + [[0] * 8 + [1]] + [[0] * 9] * 3,
        targets=[[0] * 9] * 3 + [[*vector, 0] for vector in bits("a\x07")] + [[0] * 8 + [1]],
        said=[[0] * 9] * 3 + [[*bits("a")[0], 1], [*bits("b")[0], 0], [*bits("b")[0], 0]],
        write=_one_hot(5, 7, 0, 1, 2, 3),
        read=_one_hot(0, 0, 5, 7, [[7, 0.7], [6, 0.3]], 7),
        gate=0.9,
        shift=(0, 1, 0),
        scored=(3, 6),
    ),
    _made_up(
        "a write head that goes on from where the read head was, with long vectors",
        channels=[(f"bit {each + 1}", "bit") for each in range(20)],
        outputs=[(f"bit {each + 1}", "bit") for each in range(20)],
        phases=[("list 1", "input", 2), ("pause", "delimiter", 2), ("question", "query", 1), ("recall", "recall", 2)],
        inputs=[[1, 0] * 10] * 7,
        targets=[[0] * 20] * 5 + [[1, 0] * 10] * 2,
        said=[[0] * 20] * 5 + [[1, 0] * 10, [1, 0] * 8 + [0, 1] * 2],
        write=_one_hot(0, 1, 1, 2, 3, 4, 4),
        read=_one_hot(0, 1, 1, 1, 2, 3, 4),
        previous="read",
        scored=(5, 7),
    ),
    _made_up(
        "a task in which nothing is scored and heads look nowhere",
        channels=[("bit 1", "bit")],
        outputs=[("bit 1", "bit")],
        phases=[("input", "input", 2), ("count", "delimiter", 1), ("recall", "recall", 1)],
        inputs=[[1], [0], [0], [0]],
        targets=[[0]] * 4,
        said=[[0]] * 4,
        write=[[], [[0, 0.3], [1, 0.3], [2, 0.2], [3, 0.2]], [[3, 1.0]], []],
        read=[[], [], [[4, 0.9]], []],
        gate=0.7,
        shift=(0, 0, 1),
    ),
]


def text() -> str:
    """The file, a line a case."""
    lines = (json.dumps(case, ensure_ascii=False, separators=(",", ":")) for case in cases())
    return "[\n" + ",\n".join(lines) + "\n]\n"


def conduct_text() -> str:
    """What each head does, a line a case of the file."""
    found = [(case["name"], conduct_of(*run_in(case))) for case in json.loads(FILE.read_text(encoding="utf-8"))]
    lines = (f"{json.dumps(name)}: {json.dumps(words)}" for name, words in found)
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
    CONDUCT.write_text(conduct_text(), encoding="utf-8")
