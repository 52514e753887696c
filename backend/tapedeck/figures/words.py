"""What figures say about a run and its machine, in their captions and in their files' metadata."""

from __future__ import annotations

from collections.abc import Sequence

from tapedeck import __version__
from tapedeck.checkpoints import CheckpointInfo
from tapedeck.tracing import Trace

LONGEST_NAME = 40
"""Characters of a name that are shown."""


def bit_errors(trace: Trace, bits: int) -> str:
    """How many of the scored bits came out wrong."""
    return f"{trace.bit_errors:,} of {length(trace) * bits:,} bits wrong" if trace.bit_errors else "no bit errors"


def vectors(count: int) -> str:
    """1 vector, 20 vectors."""
    return f"{count:,} vector{'' if count == 1 else 's'}"


def enumerated(items: Sequence[str]) -> str:
    """a; a and b; a, b and c."""
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1])))


def length(trace: Trace) -> int:
    """Vectors that were to come out: L."""
    recall = trace.phases[-1]
    return recall.stop - recall.start


def machine(info: CheckpointInfo) -> str:
    """The machine's id, its name where that says more, and how long it was trained."""
    said = printable(info.id) if info.name == info.id else f"{printable(info.id)} ({printable(info.name)})"
    return said if info.sequences_seen is None else f"{said}, trained on {info.sequences_seen:,} sequences"


def metadata(info: CheckpointInfo, title: str, summary: str) -> dict[str, str]:
    """For the files of a figure, by names of the Dublin Core."""
    return {
        "Title": title,
        "Description": summary,
        "Creator": f"Tapedeck {__version__}",
        "Source": f"{visible(info.id)} ({visible(info.name)})",
        "Identifier": f"sha256:{info.sha256}",
    }


def printable(name: str) -> str:
    """A name as it can stand in one line."""
    shown = visible(name)
    return shown if len(shown) <= LONGEST_NAME else shown[: LONGEST_NAME - 1] + "…"


def visible(name: str) -> str:
    """Without line breaks, control characters and the like, which no XML and no caption can hold."""
    return "".join(character if character.isprintable() else "\ufffd" for character in name)
