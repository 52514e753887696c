"""Checkpoints: the project's own files, a folder of them, and the reference repository's pickles."""

import tapedeck.installed  # noqa: F401 - before what needs it
from tapedeck.checkpoints.format import (
    SUFFIX,
    Checkpoint,
    CheckpointInfo,
    is_own,
    read_checkpoint,
    read_info,
    snapshot,
    write_checkpoint,
)
from tapedeck.checkpoints.legacy import read_legacy
from tapedeck.checkpoints.library import CheckpointLibrary
from tapedeck.checkpoints.names import UnreadableEntry

__all__ = [
    "SUFFIX",
    "Checkpoint",
    "CheckpointInfo",
    "CheckpointLibrary",
    "UnreadableEntry",
    "is_own",
    "read_checkpoint",
    "read_info",
    "read_legacy",
    "snapshot",
    "write_checkpoint",
]
