"""A pickle is a program: none but a checkpoint's runs here, and that one can do nothing.

The marker file tells whether something ran. Each hostile pickle stands alone and in the module's place in a file.
"""

from __future__ import annotations

import builtins
import os
import pickle
import subprocess
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from tapedeck.checkpoints import read_legacy
from tapedeck.checkpoints.restricted_pickle import LegacyUnpickler
from tapedeck.checkpoints.shims import SHIMS, Module
from tapedeck.errors import CheckpointUnreadable, UnsafePickle
from tests.checkpoints.legacy_files import legacy_file

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


class Call:
    """Pickled as a call of anything with anything."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self.function = function
        self.arguments = arguments

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self.function, self.arguments


def touch(marker: Path) -> str:
    return f"open({str(marker)!r}, 'w').close()"


CALLS: dict[str, Callable[[Path], Call]] = {
    "system": lambda marker: Call(os.system, f"touch {marker}"),
    "popen": lambda marker: Call(subprocess.Popen, ["touch", str(marker)]),
    "eval": lambda marker: Call(eval, touch(marker)),
    "exec": lambda marker: Call(exec, touch(marker)),
    "open": lambda marker: Call(open, str(marker), "w"),
    "import": lambda _: Call(builtins.__import__, "antigravity"),
    "getattr": lambda _: Call(getattr, Call(builtins.__import__, "os"), "system"),
    "loads": lambda marker: Call(pickle.loads, pickle.dumps(Call(eval, touch(marker)))),
}


def refusal(path: Path, data: bytes) -> CheckpointUnreadable:
    path.write_bytes(data)
    with pytest.raises(CheckpointUnreadable) as caught:
        read_legacy(path)
    return caught.value


def test_the_hostile_pickles_are_hostile(tmp_path: Path) -> None:
    for name in ("eval", "exec", "loads", "system"):
        marker = tmp_path / name
        pickle.loads(pickle.dumps(CALLS[name](marker)))  # noqa: S301  (shows that what the others refuse would run)
        assert marker.exists()


def test_call_of_something_else(tmp_path: Path, subtests: pytest.Subtests) -> None:
    marker = tmp_path / "marker"
    for (name, call), protocol in product(CALLS.items(), PROTOCOLS):
        hostile = pickle.dumps(call(marker), protocol=protocol)
        for data in (hostile, legacy_file(hostile, {}), legacy_file(b"N.", {}, system=call(marker))):
            with subtests.test(call=name, protocol=protocol):
                error = refusal(tmp_path / "i-1.pt", data)
                assert isinstance(error, UnsafePickle)
                assert "nothing in it was run" in error.detail
                assert not marker.exists()


def test_the_name_that_is_asked_for_is_said(tmp_path: Path) -> None:
    error = refusal(tmp_path / "i-1.pt", pickle.dumps(CALLS["eval"](tmp_path)))
    assert error.detail == (
        "i-1.pt: its pickle asks for “builtins.eval”, which no checkpoint needs; nothing in it was run."
    )


OS_SYSTEM = b"(S'touch marker'\nios\nsystem\n."
ORDERED = b"ccollections\nOrderedDict\n"
MODULE = b"cntm.ntm\nNeuralTM\n"
REBUILD = b"ctorch._utils\n_rebuild_tensor_v2\n"
FLOATS = b"ctorch\nFloatStorage\n"
BACKEND = b"ctorch.nn.backends.thnn\n_get_thnn_function_backend\n"
EMPTY_MODULE = MODULE + b")\x81"
STORAGE = b"(X\x07\x00\x00\x00storage" + FLOATS + b"X\x01\x00\x00\x00aX\x03\x00\x00\x00cpuK\x04NtQ"
TENSOR = REBUILD + b"(" + STORAGE + b"K\x00K\x04\x85K\x01\x85\x89NtR"
SLOTS = b"N}X\x06\x00\x00\x00offsetK\x09s\x86b"  # (None, {"offset": 9}), which object's BUILD sets as attributes

HOSTILE: dict[str, bytes] = {
    "instance opcode": OS_SYSTEM,
    "object opcode": b"(cos\nsystem\nS'touch marker'\no.",
    "extension code": b"\x82\x01.",
    "name on the stack": b"\x8c\x02os\x8c\x06system\x93\x8c\x05touch\x85R.",
    "name on the stack through the memo": b"\x8c\x06system\x94\x8c\x02os\x94\x8c\x01xh\x01h\x00\x93.",
    "attribute of an allowed name": b"ctorch._utils\n_rebuild_tensor_v2.__globals__\n.",
    "module of an allowed name": b"ctorch\n_utils\n.",
    "call of an allowed class with arguments": ORDERED + b"]\x85R.",
    "call of a module": MODULE + b"K\x01\x85R.",
    "call of a word": FLOATS + b")R.",
    "call of an instance": EMPTY_MODULE + b")R.",
    "call of a tensor": TENSOR + b")R.",
    "call of a string": b"X\x01\x00\x00\x00a)R.",
    "call without enough": REBUILD + b")R.",
    "new of a function": BACKEND + b")\x81.",
    "attributes of a class": MODULE + b"}X\x01\x00\x00\x00aK\x01sb.",
    "slots of a class": MODULE + SLOTS + b".",
    "slots of a tensor": TENSOR + SLOTS + b".",
    "slots of a storage": STORAGE + SLOTS + b".",
    "slots of a function": REBUILD + SLOTS + b".",
    "slots of a word": FLOATS + SLOTS + b".",
    "slots of a dict": ORDERED + b")R" + SLOTS + b".",
    "slots of a module": EMPTY_MODULE + SLOTS + b".",
    "attributes of a module that are none": EMPTY_MODULE + ORDERED + b")Rb.",
    "class of another id": b"(X\x06\x00\x00\x00module" + ORDERED + b"X\x00\x00\x00\x00X\x00\x00\x00\x00tQ.",
    "id that is no tuple": b"K\x01Q.",
    "storage of a negative size": STORAGE.replace(b"K\x04", b"J\xff\xff\xff\xff") + b".",
    "storage of no size": STORAGE.replace(b"K\x04", b"\x88") + b".",
    "storage of two sizes": b"]" + STORAGE + b"a" + STORAGE.replace(b"K\x04", b"K\x05") + b"a.",
    "view of a storage": STORAGE.replace(b"NtQ", b"K\x01tQ") + b".",
    "memo that would take all memory": b"Nr\xff\xff\xff\x7f.",
    "memo that is empty": b"h\x07.",
    "tuples of tuples, hashed for years": b"}K\x01\x85q\x01"
    + b"".join(b"0h%ch%c\x86q%c" % (n, n, n + 1) for n in range(1, 60))
    + b"Ns.",
    "the same with the memo written twice": b"}K\x01\x85q\x01q\x02"
    + b"".join(b"h%ch%c\x86q%cq%c" % (n, n, n + 1, n + 2) for n in range(2, 120, 2))
    + b"Ns.",
    "tuples nested without end, hashed": b"})" + b"\x85" * 200_000 + b"Ns.",
    "lists nested without end": b"]" * 200_000 + b"a" * 199_999 + b".",
    "dict of unhashable keys": b"}]Ns.",
    "nothing on the stack": b"R.",
    "no mark": b"t.",
    "only a stop": b".",
    "string that goes on beyond the file": b"X\xff\xff\xff\x7fa.",
    "bytes that go on beyond the file": b"\x8e\xff\xff\xff\xff\xff\xff\xff\x7fa.",
    "frame that goes on beyond the file": b"\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x7f.",
    "protocol of the future": b"\x80\xff.",
    "number of a million digits": b"I" + b"9" * 100_000 + b"\n.",
    "number of many bytes": b"\x8b\xff\xff\xff\x7f.",
}


def test_hand_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, subtests: pytest.Subtests) -> None:
    monkeypatch.chdir(tmp_path)
    for kind, hostile in HOSTILE.items():
        for data in (hostile, b"\x80\x02" + hostile, legacy_file(b"\x80\x02" + hostile, {})):
            with subtests.test(kind=kind):
                error = refusal(tmp_path / "i-1.pt", data)
                assert len(error.detail) < 250
                assert [file.name for file in tmp_path.iterdir()] == ["i-1.pt"]


def test_the_second_wall_finds_no_name_either(tmp_path: Path, subtests: pytest.Subtests) -> None:
    marker = tmp_path / "marker"
    for (name, call), protocol in product(CALLS.items(), PROTOCOLS):
        with subtests.test(call=name, protocol=protocol):
            with pytest.raises(UnsafePickle):
                LegacyUnpickler(pickle.dumps(call(marker), protocol=protocol)).load()
            assert not marker.exists()


def test_the_second_wall_lets_no_attribute_be_set(subtests: pytest.Subtests) -> None:
    kinds = [kind for kind in HOSTILE if kind.startswith(("slots of a", "attributes of a"))]
    assert kinds
    for kind in kinds:
        with subtests.test(kind=kind):
            with pytest.raises(
                (UnsafePickle, TypeError, AttributeError)
            ):  # an instance's, a class's or an unknown name
                LegacyUnpickler(HOSTILE[kind]).load()
            assert not hasattr(Module, "a")
            assert not any(hasattr(shim, "offset") for shim in SHIMS.values())


def test_no_shim_has_room_for_attributes() -> None:
    assert not any(hasattr(shim, "__dict__") for shim in SHIMS.values() if not isinstance(shim, type))
    assert not any(hasattr(shim(), "__dict__") for shim in SHIMS.values() if isinstance(shim, type))
