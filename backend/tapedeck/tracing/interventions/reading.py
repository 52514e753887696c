"""Reading interventions from a request, and saying in a sentence what is wrong with one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from tapedeck.errors import InvalidInterventions, shown
from tapedeck.tracing.interventions.declarations import MOST, Intervention

_LIST: TypeAdapter[list[Any]] = TypeAdapter(list[Intervention])

KINDS = ("set", "scale", "add", "noise", "swap", "addressing", "freeze", "move", "ablate")

EXPECTED = {
    "kind": f"give one of {', '.join(KINDS)}",
    "target": "give the name of a field such as “read.sharpening”, or “memory”",
    "value": "give a finite number, or a list of them",
    "elements": "give a list of indices from 0, or of channels' names",
    "rows": "give a list of locations, counted from 0",
    "columns": "give a list of columns of the memory, counted from 0",
    "step": "give a whole number from 0",
    "start": "give a whole number from 0",
    "stop": "give a whole number from 0",
    "phase": "give the name of a phase, such as “recall”",
    "head": "give the name of a head, such as “read”",
    "by": "give a whole number of locations",
    "without": "give “content” or “location”",
    "spread": "give a finite number of at least 0",
    "seed": "give a whole number of 0 to 4,294,967,295",
}
"""What each field of an intervention must be."""


def read_interventions(given: object) -> tuple[Any, ...]:
    """Interventions as they are declared, from plain objects or from such as were read before.

    Raises:
        InvalidInterventions: one is not as it must be; names it by its index.
    """
    if given is None:
        return ()
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Sequence):
        raise InvalidInterventions(f"interventions must be a list, got {shown(given)}.", field="interventions")
    check_count(given)
    plain = [each.document() if isinstance(each, BaseModel) and hasattr(each, "document") else each for each in given]
    try:
        return tuple(_LIST.validate_python(plain))
    except ValidationError as error:
        raise problem_with(error.errors()) from error


def check_count(given: Sequence[object]) -> None:
    """Not more than a run may have."""
    if len(given) > MOST:
        raise InvalidInterventions(f"interventions must be at most {MOST}, got {len(given):,}.", field="interventions")


def problem_with(problems: Sequence[Mapping[str, Any]], first: int = 0) -> InvalidInterventions:
    """The first thing that pydantic found, whose path has the index of the intervention at `first`."""
    index = problems[0]["loc"][first]
    # Of a value that may be a number or lists, the alternative that went furthest says the most.
    problem = max((each for each in problems if each["loc"][first] == index), key=lambda each: len(each["loc"]))
    path = problem["loc"][first + 1 :]
    said, at, got = f"Intervention {index}", f"interventions.{index}", shown(problem["input"])
    match problem["type"]:
        case "union_tag_not_found":
            return InvalidInterventions(f"{said} has no kind; {EXPECTED['kind']}.", field=f"{at}.kind")
        case "union_tag_invalid":
            kind = shown(problem["ctx"]["tag"])
            return InvalidInterventions(f"{said} has the kind {kind}; {EXPECTED['kind']}.", field=f"{at}.kind")
        case "extra_forbidden":
            kind, name = path[0], path[-1]
            return InvalidInterventions(
                f"{said}: {shown(name)} is not part of {shown(kind)}; leave it out.", field=f"{at}.{name}"
            )
    name = next((part for part in path if part in EXPECTED), None)
    if name is None:
        return InvalidInterventions(f"{said} must be an object with a kind, got {got}.", field=at)
    if problem["type"] == "missing":
        return InvalidInterventions(f"{said} has no {name}; {EXPECTED[name]}.", field=f"{at}.{name}")
    return InvalidInterventions(f"{said}: {name} is {got}; {EXPECTED[name]}.", field=f"{at}.{name}")
