"""Trace files: a run of any machine with an external memory, docs/trace-format.md, read with bounds and no pickles."""

from tapedeck.tracing.files.heads import Head
from tapedeck.tracing.files.memory import Memory
from tapedeck.tracing.files.meta import Meta
from tapedeck.tracing.files.reading import TraceFile, read_trace, read_trace_file

__all__ = ["Head", "Memory", "Meta", "TraceFile", "read_trace", "read_trace_file"]
