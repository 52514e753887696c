"""Reading a trace file, docs/trace-format.md: with bounds, no pickles, and a sentence for each fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from typing import Any

from tapedeck.errors import TraceFileUnreadable
from tapedeck.tracing.applied import AppliedReads
from tapedeck.tracing.files import heads as heads_of_file
from tapedeck.tracing.files.agreement import check, declared
from tapedeck.tracing.files.archive import Archive
from tapedeck.tracing.files.changes import OF_CHANGES, applied_cells, applied_reads
from tapedeck.tracing.files.described import described
from tapedeck.tracing.files.fields import OF_MACHINE, OF_RUN, Known, known
from tapedeck.tracing.files.heads import Head
from tapedeck.tracing.files.memory import Memory, read_memory
from tapedeck.tracing.files.meta import MAX_LOCATIONS, MAX_STEPS, Meta, read_meta
from tapedeck.tracing.files.shapes import Array, Sizes, numbers

META = "meta"
MAX_META = 2**24
"""Bytes of `meta`."""
OF_MEMORY = frozenset({"memory", "initial.memory"}) | OF_CHANGES
"""Arrays that are no fields of the run: what its memory is, and what was changed from outside."""


@dataclass(frozen=True)
class TraceFile:
    """A run as a file has it.

    Attributes:
        name: of the file.
        meta: what it says of itself.
        heads: those that it has a weighting of, in acting order.
        fields: what is known of each array, by name, in the order in which they are shown.
        arrays: [T, …] float32 each, by the same names.
        memory: before step 0 and after every step, as far as the file says.
        applied_reads: what became of read vectors by a change from outside; None where they were left alone.
        width: W; None where nothing says it.
        ignored: arrays that the format knows nothing of; they were not opened.
    """

    name: str
    meta: Meta
    heads: tuple[Head, ...]
    fields: Mapping[str, Known]
    arrays: Mapping[str, Array]
    memory: Memory
    applied_reads: AppliedReads | None
    width: int | None
    ignored: tuple[str, ...]

    @property
    def steps(self) -> int:
        """T."""
        return len(next(iter(self.arrays.values())))

    @property
    def locations(self) -> int:
        """N."""
        return int(self.arrays[self.heads[0].weighting].shape[1])

    @property
    def description(self) -> dict[str, Any]:
        """The run's description with what could be found out of what `meta` leaves out."""
        return described(self)


def read_trace_file(path: Path) -> TraceFile:
    """The run in a file.

    Raises:
        TraceFileUnreadable: there is no such file, or it is not a trace file; names what is wrong, and where.
    """
    try:
        with path.open("rb") as file:
            return read_trace(file, path.name)
    except IsADirectoryError as error:
        raise TraceFileUnreadable(f"{path} is a folder; name a trace file in it.") from error
    except OSError as error:
        raise TraceFileUnreadable(f"{path} cannot be read: {error.strerror or error}.") from error


def read_trace(file: BufferedIOBase, name: str) -> TraceFile:
    """The run in an open file; its name stands before what is wrong.

    Raises:
        TraceFileUnreadable: it is not a trace file.
    """
    try:
        return _read(Archive.of(file), name)
    except TraceFileUnreadable as error:
        raise TraceFileUnreadable(f"{name}: {error.detail}") from error


def _read(archive: Archive, name: str) -> TraceFile:
    if META not in archive.members:
        names = ", ".join(list(archive.members)[:6]) or "nothing"
        raise TraceFileUnreadable(f"It has no `meta`, a JSON text with the version of the format; it has {names}.")
    meta = read_meta(archive.text(META, MAX_META))
    found = heads_of_file.names(archive.members)
    if not found:
        raise TraceFileUnreadable(
            "It has no weighting; add that of at least one head, such as `read.weighting`, [T, N]."
        )
    if not {"inputs", "outputs"} & archive.members.keys():
        raise TraceFileUnreadable("It has neither `inputs` [T, I] nor `outputs` [T, O]; add one of them.")
    fields = _fields(archive, meta, found)
    sizes = _sizes(meta)
    arrays = {}
    for each, what in fields.items():
        axes = ("step", *what.axes)
        values = archive.numbers(each)
        if not what.axes and values.ndim == 2 and values.shape[1] == 1:
            values = values[:, 0]
        sizes.hold(each, values.shape, axes)
        arrays[each] = numbers(each, values, axes)
    _check_limits(sizes)
    check(meta, arrays, sizes)
    heads = heads_of_file.heads(meta, found, arrays)
    applied = applied_cells(archive, sizes)
    memory = read_memory(archive, meta, heads, arrays, sizes=sizes, applied=applied)
    reads = applied_reads(archive, sizes, sum(head.kind == "read" for head in heads))
    ignored = tuple(each for each in archive.members if each not in {META, *fields, *OF_MEMORY})
    return TraceFile(name, meta, heads, fields, arrays, memory, reads, sizes.of("column"), ignored)


def _fields(archive: Archive, meta: Meta, heads: tuple[str, ...]) -> dict[str, Known]:
    """In the order in which they are shown: the run's, the heads' in the file's order, the machine's, further ones."""
    more_of = {field.name: field for field in meta.fields or ()}
    reserved = {META, *OF_MEMORY}
    order = [*OF_RUN, *(each for each in archive.members if each.rpartition(".")[0] in heads), *OF_MACHINE]
    fields = {}
    for name in dict.fromkeys([*order, *more_of]):
        what, more = known(name, heads), more_of.get(name)
        if more is not None:
            what = declared(what, more)
        if what is not None and name in archive.members and name not in reserved:
            fields[name] = what
    return fields


def _sizes(meta: Meta) -> Sizes:
    sizes = Sizes()
    for axis, key in (("step", "steps"), ("location", "locations"), ("column", "width")):
        sizes.say(axis, getattr(meta, key), f"meta.{key}")
    for name in ("inputs", "outputs"):
        channels = getattr(meta, f"{name[:-1]}_channels")
        sizes.say(f"{name} channel", None if channels is None else len(channels), f"meta.{name[:-1]}_channels")
    return sizes


def _check_limits(sizes: Sizes) -> None:
    for axis, most in (("step", MAX_STEPS), ("location", MAX_LOCATIONS)):
        size, source = sizes.known[axis]
        if size > most:
            raise TraceFileUnreadable(f"{source} has {size:,} {axis}s; the most is {most:,}.")
