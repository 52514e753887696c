"""Checkpoints: the project's own files, a folder of them, and the reference repository's pickles."""

import backend.installed  # noqa: F401 - before what needs it
from backend.checkpoints.format import SUFFIX, Checkpoint, CheckpointInfo, read_checkpoint, read_info, write_checkpoint
from backend.checkpoints.legacy import read_legacy
from backend.checkpoints.library import CheckpointLibrary
from backend.checkpoints.names import UnreadableEntry

__all__ = [
    "SUFFIX",
    "Checkpoint",
    "CheckpointInfo",
    "CheckpointLibrary",
    "UnreadableEntry",
    "read_checkpoint",
    "read_info",
    "read_legacy",
    "write_checkpoint",
]
