"""What figures say about a run and its machine, in their captions and in their files' metadata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tapedeck import __version__
from tapedeck.tasks import TASKS
from tapedeck.tracing import Trace
from tapedeck.tracing.export import Document

LEAST_PERCENT = 0.05
"""A smaller one is shown as 0.0."""

LONGEST_NAME = 40
"""Characters of a name that are shown."""


def bit_errors(trace: Trace) -> str:
    """How many of the scored bits came out wrong."""
    if trace.score is None:
        return "no bit is scored"
    if "excess" in trace.score:
        return cost(trace.score)
    return f"{trace.bit_errors:,} of {trace.score['bits']:,} bits wrong" if trace.bit_errors else "no bit errors"


def cost(score: Mapping[str, Any]) -> str:
    """What predictions cost, against the best possible."""
    return f"{score['cost']:.1f} bits, best possible {score['optimum']:.1f}"


def excess(score: Mapping[str, Any]) -> str:
    """How far above the best possible that is."""
    percent = 100 * score["excess"]
    if abs(percent) < LEAST_PERCENT:
        return "as good as the optimum"
    return f"{abs(percent):.1f} % {'above' if percent > 0 else 'below'} the optimum"


def asked(trace: Trace) -> str:
    """What the run was asked for, as its task says it."""
    return TASKS[trace.about["task"]].title(trace.about["input"])


def locations_needed(trace: Trace) -> int:
    """The fewest on which an exact answer to what was asked for is possible."""
    task = TASKS[trace.about["task"]]
    bits = sum(channel["kind"] == "bit" for channel in trace.about["input_channels"])
    return task.locations_needed(task.size_of(task.parse(trace.about["input"], bits)))


def place(trace: Trace, step: int) -> str:
    """A step within its phase: “recall 6 of 20”."""
    phase = next(phase for phase in trace.phases if phase.start <= step < phase.stop)
    count = phase.stop - phase.start
    return f"{phase.name} {step - phase.start + 1} of {count}" if count > 1 else phase.name


def vectors(count: int) -> str:
    """1 vector, 20 vectors."""
    return f"{count:,} vector{'' if count == 1 else 's'}"


def enumerated(items: Sequence[str]) -> str:
    """a; a and b; a, b and c."""
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1])))


def machine(checkpoint: Document) -> str:
    """The machine's id, its name where that says more, and how long it was trained."""
    name, known, seen = (checkpoint[key] for key in ("name", "id", "sequences_seen"))
    said = printable(known) if name == known else f"{printable(known)} ({printable(name)})"
    return said if seen is None else f"{said}, trained on {seen:,} sequences"


def metadata(checkpoint: Document, title: str, summary: str) -> dict[str, str]:
    """For the files of a figure, by names of the Dublin Core."""
    return {
        "Title": title,
        "Description": summary,
        "Creator": f"Tapedeck {__version__}",
        "Source": f"{visible(checkpoint['id'])} ({visible(checkpoint['name'])})",
        "Identifier": f"sha256:{checkpoint['sha256']}",
    }


def printable(name: str) -> str:
    """A name as it can stand in one line."""
    shown = visible(name)
    return shown if len(shown) <= LONGEST_NAME else shown[: LONGEST_NAME - 1] + "…"


def visible(name: str) -> str:
    """Without line breaks, control characters and the like, which no XML and no caption can hold."""
    return "".join(character if character.isprintable() else "\ufffd" for character in name)
