"""From pydantic's list of what is wrong to the first thing that is wrong, as a sentence that a person can act on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tapedeck.errors import (
    InvalidInterventions,
    InvalidLocations,
    InvalidRequest,
    InvalidSequence,
    InvalidStep,
    MalformedJson,
    shown,
)
from tapedeck.tracing.interventions import problem_with
from tapedeck.tracing.interventions.declarations import MOST

Problem = Mapping[str, Any]
Path = tuple[int | str, ...]


def first_problem(problems: Sequence[Problem]) -> InvalidRequest:
    """The error to raise for what pydantic found."""
    problem = problems[0]
    path: Path = tuple(part for part in problem["loc"] if part not in ("body", "query"))
    if problem["type"] == "json_invalid":
        return malformed(str(problem["ctx"]["error"]), position=int(path[0]))
    if len(path) > 1 and path[0] == "interventions":
        return problem_with(problems, first=list(problem["loc"]).index("interventions") + 1)
    kind = _KINDS.get(path[0], InvalidRequest) if path else InvalidRequest
    return kind(_sentence(path, problem), field=_field(path) or None)


def malformed(reason: str, position: int) -> MalformedJson:
    """The error for text that is not valid JSON."""
    return MalformedJson(f"Not valid JSON: {reason}, at character {position + 1}.")


_KINDS: dict[int | str, type[InvalidRequest]] = {
    "sequence": InvalidSequence,
    "input": InvalidSequence,
    "locations": InvalidLocations,
    "step": InvalidStep,
    "interventions": InvalidInterventions,
}

_EXPECTED: dict[int | str, str] = {
    "checkpoint": "give the id of a machine, as GET /api/checkpoints lists them",
    "sequence": "give a list of vectors of 0s and 1s, such as [[1,0,1,1,0,0,1,1]]",
    "input": "give an object, as GET /api/tasks describes it",
    "locations": "give a whole number, or null for the machine's own",
    "sha256": "give the 64 hexadecimal digits of a machine's hash, or leave it out",
    "step": "give a whole number from 0, or null for the picture of all steps",
    "seed": "give a whole number from 0 to 9,007,199,254,740,991",
    "recipe": "give an object of a recipe's fields, or leave it out",
    "after": "give a whole number of sequences",
    "interventions": f"give a list of at most {MOST}, empty for a plain run",
}

_IN_QUERY: dict[int | str, str] = {"step": "give a whole number from 0, or leave it out"}
"""What is expected in an address, where that differs."""


def _sentence(path: Path, problem: Problem) -> str:
    got = shown(problem["input"])
    match path:
        case ():
            return f"The request must be a JSON object, got {got}."
        case _ if problem["type"] == "missing":
            return f"The request has no {_field(path)}; {_EXPECTED.get(path[0], 'it is needed')}."
        case _ if problem["type"] == "extra_forbidden":
            return f"{shown(_field(path))} is not part of this request; leave it out."
        case ("sequence", int(vector), int(bit)):
            return f"Bit {bit + 1} of vector {vector + 1} is {got}; every bit must be the number 0 or 1."
        case ("sequence", int(vector)):
            return f"Vector {vector + 1} is {got}; every vector must be a list of 0s and 1s."
    # A field of a recipe is looked at by a rule with a sentence of its own.
    expected = None if path[0] == "recipe" and len(path) > 1 else _EXPECTED.get(path[0])
    if problem["loc"][0] == "query":
        expected = _IN_QUERY.get(path[0], expected)
    return f"{_field(path)} is {got}; {expected or problem['msg']}."


def _field(path: Path) -> str:
    return ".".join(map(str, path))
