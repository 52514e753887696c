"""Reading a pickle that torch wrote of tensors and of modules, and nothing else.

A pickle is a program. Two walls stand around this one. Before it runs, its instructions are looked through: only those
that torch writes may occur, only so many, and only the names that a checkpoint needs. While it runs, those names
stand for the inert objects of `tapedeck.checkpoints.shims`; nothing is ever imported.
"""

from __future__ import annotations

import io
import pickle
import pickletools
from typing import Any

from tapedeck.checkpoints.shims import SHIMS, Module, Storage, StorageKind, is_size
from tapedeck.errors import CheckpointUnreadable, UnsafePickle, quoted

# Limits for one pickle. The reference's have 12 kB, 2,200 instructions and 160 tuples, a module of ten heads 44 kB,
# 8,300 instructions and 480 tuples. Without them a few bytes could take all memory (a high index of the memo) or the
# interpreter's stack (the hash of endlessly nested tuples).
MOST_BYTES = 1024 * 1024
MOST_INSTRUCTIONS = 100_000
MOST_TUPLES = 2_000

TUPLES = frozenset({"TUPLE", "TUPLE1", "TUPLE2", "TUPLE3"})
PUTS = frozenset({"BINPUT", "LONG_BINPUT"})
GETS = frozenset({"BINGET", "LONG_BINGET"})
PLAIN = frozenset(
    {"PROTO", "STOP", "MARK", "NONE", "NEWTRUE", "NEWFALSE", "BININT", "BININT1", "BININT2", "LONG1", "BINUNICODE"}
    | {"BINFLOAT", "SHORT_BINSTRING", "BINSTRING"}
    | {"EMPTY_TUPLE", "EMPTY_LIST", "APPEND", "APPENDS", "EMPTY_DICT", "SETITEM", "SETITEMS"}
    | {"GLOBAL", "REDUCE", "NEWOBJ", "BUILD", "BINPERSID"}
)

Instruction = tuple[str, Any]


class LegacyUnpickler(pickle.Unpickler):
    """Runs a pickle that has been looked through. Its persistent ids are a module's class and a tensor's storage.

    Attributes:
        storages: those that the pickle named, by key.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data))
        self.storages: dict[str, Storage] = {}

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        """The shim of that name."""
        return _shim(f"{module_name}.{global_name}")

    def persistent_load(self, pid: Any, /) -> Any:
        """('module', class, file, source) is the class; ('storage', type, key, device, count, view) a storage."""
        match pid:
            case ("module", cls, str() | None, str() | None) if cls is Module:
                return cls
            case ("storage", StorageKind() as kind, str(key), str(), numel, *view) if is_size(numel) and view in (
                [],
                [None],
            ):
                storage = self.storages.setdefault(key, Storage(key, numel, kind))
                if (storage.numel, storage.kind) != (numel, kind):
                    raise CheckpointUnreadable(f"it gives storage {quoted(key[:40])} two sizes.")
                return storage
        raise UnsafePickle("it refers to something that is neither a module nor a storage of numbers.")


def load(data: bytes, start: int) -> tuple[object, dict[str, Storage], int]:
    """The pickle that starts at byte `start`: its object, the storages that it names, and the byte after it.

    Raises:
        UnsafePickle: it asks for more than a checkpoint needs; nothing in it was run.
        CheckpointUnreadable: it is cut short or makes no sense.
    """
    instructions, stop = read_instructions(data, start)
    check_names(instructions)
    _check_instructions(instructions)
    unpickler = LegacyUnpickler(data[start:stop])
    try:
        return unpickler.load(), unpickler.storages, stop
    except CheckpointUnreadable:
        raise
    except Exception as error:  # whatever a wrong program ends in: pickle's documentation leaves the types open
        raise CheckpointUnreadable(f"its pickle is damaged ({type(error).__name__}).") from error


def read_instructions(data: bytes, start: int) -> tuple[list[Instruction], int]:
    """The instructions with their arguments, none of them run, and the byte after the last.

    Raises:
        CheckpointUnreadable: they are cut short or too many.
    """
    file = io.BytesIO(data[start : start + MOST_BYTES])
    instructions: list[Instruction] = []
    try:
        for opcode, argument, _ in pickletools.genops(file):
            instructions.append((opcode.name, argument))
            if len(instructions) > MOST_INSTRUCTIONS:
                raise CheckpointUnreadable("its pickle is far longer than a checkpoint's.")
    except ValueError as error:
        raise CheckpointUnreadable("its pickle is cut short or damaged.") from error
    return instructions, start + file.tell()


def check_names(instructions: list[Instruction]) -> None:
    """Raises UnsafePickle for the first name that a checkpoint does not need."""
    strings: list[str] = []
    for name, argument in instructions:
        if name in ("GLOBAL", "INST"):
            _shim(argument.replace(" ", "."))
        elif name == "STACK_GLOBAL":  # its name is on the stack; most often the last two strings
            _shim(".".join(strings[-2:]))
        elif isinstance(argument, str):
            strings.append(argument)


def _shim(name: str) -> object:
    if name not in SHIMS:
        raise UnsafePickle(
            f"its pickle asks for {quoted(name[:80])}, which no checkpoint needs; nothing in it was run."
        )
    return SHIMS[name]


def _check_instructions(instructions: list[Instruction]) -> None:
    tuples, tuples_in_memo, tuple_on_top = 0, set(), False
    for index, (name, argument) in enumerate(instructions):
        if name in PUTS:
            if argument > index:
                raise UnsafePickle("its pickle uses the memo as torch never does.")
            if tuple_on_top:
                tuples_in_memo.add(argument)
            continue
        if name in GETS:
            # A tuple of the same tuple twice, some 60 times over, would be hashed for years.
            if argument in tuples_in_memo:
                raise UnsafePickle("its pickle uses a tuple twice, as torch never does.")
        elif name not in PLAIN | TUPLES:
            raise UnsafePickle(f"its pickle has the instruction {name}, which torch never writes.")
        tuple_on_top = name in TUPLES
        tuples += tuple_on_top
        if tuples > MOST_TUPLES:
            raise UnsafePickle(f"its pickle has more than {MOST_TUPLES} tuples.")
