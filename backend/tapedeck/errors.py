"""Every error that Tapedeck raises on purpose.

A detail is one sentence (or two) that a person can act on: what was expected, what came, and what to do.
This module imports nothing of Tapedeck, so that every layer can raise from it; `tapedeck.api.errors` maps the tree to
HTTP::

    TapedeckError
    ├── InvalidConfiguration      sizes or settings that no machine can have
    ├── InvalidRequest            a request whose form is wrong
    │   ├── InvalidSequence       not a sequence of bit vectors
    │   ├── InvalidLocations      a number of memory locations that no run can have
    │   ├── InvalidStep           a step that the run does not have
    │   ├── InvalidInterventions  interventions that this version cannot carry out
    │   ├── MalformedJson         text that is not valid JSON
    │   └── RunInProgress         a second run on a connection whose first has not ended
    ├── NonFinite                 a run whose numbers overflow, so that nothing can be said of it
    ├── LimitExceeded             more than a limit of this deployment allows
    │   ├── TooLarge              a request body or a message of too many bytes
    │   ├── TooManyRuns           no room for one more run now
    │   ├── TooManyJobs           no room for one more training job now
    │   └── TooManyMessages       messages come faster than the limit
    ├── CheckpointError
    │   ├── CheckpointNotFound    no checkpoint of that id
    │   ├── CheckpointChanged     the checkpoint of that id is not the one that was meant
    │   ├── CheckpointUnreadable  a file that is not a whole, valid checkpoint
    │   │   └── UnsafePickle      a pickle that asks for more than a checkpoint needs
    │   └── CheckpointUnwritable  the file cannot be written there
    ├── TrainingError             training that cannot start or continue
    │   ├── TrainingDisabled      this deployment does not train
    │   ├── TrainingElsewhere     the service that trains is away, or being stopped
    │   ├── JobNotFound           no training job of that id
    │   └── JobConflict           a job that stands where it cannot do what is asked
    ├── ClusterError              a cluster that cannot be used
    ├── WorkerLost                whoever computed something died, again and again
    ├── AddressUnavailable        the service cannot listen there
    ├── TraceFileUnreadable       a file that is not a trace file, docs/trace-format.md
    ├── InvalidRecording          what a recorder was told contradicts what it was told before
    └── FileUnwritable            what was asked for cannot be written there
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, ClassVar


class TapedeckError(Exception):
    """The root. `detail` is for people, `code` for programs, `field` is the path in the request that is at fault."""

    code: ClassVar[str] = "error"

    def __init__(self, detail: str, *, field: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field

    def __reduce__(self) -> tuple[Callable[..., TapedeckError], tuple[type[TapedeckError], dict[str, Any]]]:
        """To another process as it is; what a class is made from is not asked for again."""
        return _again, (type(self), vars(self))


def _again(kind: type[TapedeckError], known: dict[str, Any]) -> TapedeckError:
    error = kind.__new__(kind, known["detail"])
    vars(error).update(known)
    return error


class InvalidConfiguration(TapedeckError):
    """Sizes or settings that no machine can have."""

    code = "invalid_configuration"


class InvalidRequest(TapedeckError):
    """A request whose form is wrong."""

    code = "invalid_request"


class InvalidSequence(InvalidRequest):
    """Not a sequence of bit vectors of the machine's width."""

    code = "invalid_sequence"


class InvalidLocations(InvalidRequest):
    """A number of memory locations that no run can have."""

    code = "invalid_locations"


class InvalidStep(InvalidRequest):
    """A step that the run does not have."""

    code = "invalid_step"


class InvalidInterventions(InvalidRequest):
    """Interventions that this version cannot carry out."""

    code = "invalid_interventions"


class MalformedJson(InvalidRequest):
    """Text that is not valid JSON."""

    code = "malformed_json"


class RunInProgress(InvalidRequest):
    """A second run on a connection whose first has not ended; the first continues."""

    code = "run_in_progress"


class NonFinite(TapedeckError):
    """A run whose numbers overflow at a step, so that nothing can be said of it."""

    code = "non_finite"

    def __init__(self, step: int) -> None:
        super().__init__(
            f"The machine's numbers overflow at step {step:,}, so there is no result. Choose another machine or number "
            "of locations, or a shorter sequence.",
            field="checkpoint",
        )


class LimitExceeded(TapedeckError):
    """More than a limit of this deployment allows."""

    code = "limit_exceeded"


class TooLarge(LimitExceeded):
    """A request body or a message of too many bytes."""

    code = "too_large"


class TooManyRuns(LimitExceeded):
    """No room for one more run now. `retry_after` is in how many seconds there may be some."""

    code = "too_many_runs"

    def __init__(self, detail: str, *, retry_after: int = 1) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class TooManyJobs(LimitExceeded):
    """No room for one more training job now."""

    code = "too_many_jobs"


class TooManyMessages(LimitExceeded):
    """Messages come faster than the limit."""

    code = "too_many_messages"


class CheckpointError(TapedeckError):
    """Something about a checkpoint file."""

    code = "checkpoint_error"


class CheckpointNotFound(CheckpointError):
    """No checkpoint of that id."""

    code = "checkpoint_not_found"


class CheckpointChanged(CheckpointError):
    """The checkpoint of that id is not the one that was meant."""

    code = "checkpoint_changed"


class CheckpointUnreadable(CheckpointError):
    """A file that is not a whole, valid checkpoint."""

    code = "checkpoint_unreadable"


class UnsafePickle(CheckpointUnreadable):
    """A pickle that asks for more than a checkpoint needs; nothing of it was run."""

    code = "unsafe_pickle"


class CheckpointUnwritable(CheckpointError):
    """The file cannot be written there."""

    code = "checkpoint_unwritable"


class TrainingError(TapedeckError):
    """Training that cannot start or continue."""

    code = "training_error"


class TrainingDisabled(TrainingError):
    """This deployment does not train."""

    code = "training_disabled"


class TrainingElsewhere(TrainingError):
    """The service that trains does not answer, or this one is being stopped."""

    code = "training_elsewhere"


class JobNotFound(TrainingError):
    """No training job of that id."""

    code = "job_not_found"


class JobConflict(TrainingError):
    """A job that stands where it cannot do what is asked."""

    code = "job_conflict"


class ClusterError(TapedeckError):
    """A cluster that cannot be used, or that was lost."""

    code = "cluster_error"


class WorkerLost(TapedeckError):
    """Whoever computed something died, or had too little memory; others were tried."""

    code = "worker_lost"


class AddressUnavailable(TapedeckError):
    """The service cannot listen there."""

    code = "address_unavailable"


class TraceFileUnreadable(TapedeckError):
    """A file that is not a trace file; the detail names the array that is wrong, what was expected and what came."""

    code = "trace_file_unreadable"


class InvalidRecording(TapedeckError):
    """What a recorder was told contradicts what it was told before; names the field and the step."""

    code = "invalid_recording"


class FileUnwritable(TapedeckError):
    """What was asked for cannot be written there."""

    code = "file_unwritable"


def quoted(value: object) -> str:
    """A value as an error shows it: text in quotation marks, with control characters escaped."""
    if isinstance(value, str):
        return f"“{repr(value)[1:-1]}”"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quoted(key)}: {quoted(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(quoted, value)) + "]"
    return repr(value)


CLOSE, LISTED = 3, 12
"""The most names that a sentence gives: of those close to a wrong one, and of all that there are."""

ALIKE = 0.75
"""How alike two names are that are close to each other, as difflib counts it: one letter in four may be wrong."""


def close_to(name: str, names: Sequence[str]) -> list[str]:
    """Those that a wrong name may have meant: nearly the same, or longer ones that it is a part of; nearest first."""
    by_case = {each.lower(): each for each in names}
    alike = [by_case[each] for each in get_close_matches(name.lower(), by_case, CLOSE, ALIKE)]
    longer = [each for each in sorted(names, key=len) if len(name) > 1 and name in each]
    return [*dict.fromkeys([*alike, *longer])][:CLOSE]


def instead(name: str, names: Sequence[str], otherwise: str = "") -> str:
    """What there is instead of a wrong name: “close to it is read.key”, or `otherwise`, or “it has write, read”."""
    if close := close_to(name, names):
        return f"close to it {'is' if len(close) == 1 else 'are'} {', '.join(close)}"
    if otherwise:
        return otherwise
    more = f" and {len(names) - LISTED:,} more" if len(names) > LISTED else ""
    return f"it has {', '.join(names[:LISTED])}{more}"


SHOWN = 40
"""The most characters of a wrong value that a sentence repeats."""


def shown(value: object) -> str:
    """A wrong value as it stood in a request, shortened."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, bytes):
        return "something else"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "a list"
    # Not by orjson, which takes no integer of more than 64 bits.
    text = f"“{value}”" if isinstance(value, str) else json.dumps(value, default=repr)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
