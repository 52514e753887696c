"""The library shows the folder as it is now."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import orjson
import pytest
import torch

from tapedeck.checkpoints import (
    CheckpointInfo,
    CheckpointLibrary,
    UnreadableEntry,
    library,
    read_checkpoint,
    read_info,
    read_legacy,
)
from tapedeck.errors import CheckpointNotFound, CheckpointUnreadable
from tests.checkpoints.conftest import random_machine, write


def ids(folder: Path) -> list[str]:
    return [entry.id for entry in CheckpointLibrary(folder).list()]


def test_best_default_comes_first(tmp_path: Path) -> None:
    for name, seen in [("copy-1-000000", 0), ("copy-1-004000", 4000), ("copy-1-016000", 16000), ("copy-1", 16000)]:
        write(tmp_path / f"{name}.safetensors", seen=seen)
    write(tmp_path / "copy-2.safetensors", seen=20000, run="copy-2")
    write(tmp_path / "copy-lstm-1.safetensors", seen=90000, run="copy-lstm-1")
    write(tmp_path / "i-99000.safetensors", seen=9000, run="other")  # digits, but of no run of that name
    write(tmp_path / "nobody-knows.safetensors", seen=None)
    (tmp_path / "broken.safetensors").write_bytes(b"broken")
    (tmp_path / "README.md").write_text("no checkpoint")
    assert ids(tmp_path) == [
        "copy-2",
        "copy-1",
        "copy-lstm-1",
        "i-99000",
        "nobody-knows",
        "copy-1-016000",
        "copy-1-004000",
        "copy-1-000000",
        "broken",
    ]


def test_machines_of_the_first_task_come_first_however_little_they_have_seen(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder, name, task, seen in (
        (first, "a", "associative_recall", 90_000),
        (first, "b", "unknown", 99_000),
        (first, "c", "repeat_copy", 80_000),
        (first, "d", "copy", 40),
        (second, "e", "copy", 50),
    ):
        folder.mkdir(exist_ok=True)
        write(folder / f"{name}.safetensors", seen=seen, run=name, task=task)
    assert [entry.id for entry in CheckpointLibrary(first, (second,)).list()] == ["d", "e", "c", "a", "b"]


def test_a_second_folder_comes_after_the_first(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    write(first / "copy-1.safetensors", seen=16000)
    write(first / "copy-1-000000.safetensors", seen=0)
    shelf = CheckpointLibrary(first, (second,))
    assert [entry.id for entry in shelf.list()] == ["copy-1", "copy-1-000000"], "the second need not be there yet"
    second.mkdir()
    write(second / "copy-2.safetensors", seen=90000, run="copy-2")
    write(second / "copy-2-050000.safetensors", seen=50000, run="copy-2")
    assert [entry.id for entry in shelf.list()] == ["copy-1", "copy-2", "copy-1-000000", "copy-2-050000"]
    assert shelf.get("copy-2").info.sequences_seen == 90000


def test_unreadable_file_stands_beside_the_others(checkpoint: Path) -> None:
    (checkpoint.parent / "broken.safetensors").write_bytes(b"broken")
    shelf = CheckpointLibrary(checkpoint.parent)
    good, broken = shelf.list()
    assert isinstance(good, CheckpointInfo)
    assert isinstance(broken, UnreadableEntry)
    assert broken.error.startswith("broken.safetensors: it is not a whole safetensors file")
    assert shelf.get("good").info == good
    with pytest.raises(CheckpointUnreadable, match=r"broken\.safetensors: "):
        shelf.get("broken")


def test_empty_folder(tmp_path: Path) -> None:
    assert CheckpointLibrary(tmp_path).list() == []
    with pytest.raises(CheckpointNotFound, match="the folder has none"):
        CheckpointLibrary(tmp_path).get("copy-1")


def test_missing_folder(tmp_path: Path) -> None:
    shelf = CheckpointLibrary(tmp_path / "none")
    with pytest.raises(CheckpointUnreadable, match="none cannot be read: No such file or directory"):
        shelf.list()
    with pytest.raises(CheckpointUnreadable):
        shelf.get("copy-1")


def test_unknown_id_names_those_that_exist(checkpoint: Path) -> None:
    shelf = CheckpointLibrary(checkpoint.parent)
    with pytest.raises(CheckpointNotFound, match=r"There is no checkpoint “god”; there are good\.") as caught:
        shelf.get("god")
    assert caught.value.field == "checkpoint"


def test_not_all_of_very_many_ids_are_named(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"c{number:02}.safetensors").touch()
    with pytest.raises(CheckpointNotFound, match="c11 and 18 more"):
        CheckpointLibrary(tmp_path).get("x" * 10_000)


@pytest.mark.parametrize("wanted", ["../good", "..", ".", "", "/etc/passwd", "sub/good", "good.safetensors", "good\0"])
def test_id_is_never_a_path(tmp_path: Path, wanted: str) -> None:
    inner = tmp_path / "inner"
    (inner / "sub").mkdir(parents=True)
    write(tmp_path / "good.safetensors")
    write(inner / "sub" / "good.safetensors")
    write(inner / "other.safetensors")
    with pytest.raises(CheckpointNotFound):
        CheckpointLibrary(inner).get(wanted)


def test_name_that_no_answer_could_carry(tmp_path: Path) -> None:
    good = write(tmp_path / "good.safetensors")
    good.with_name(os.fsdecode(b"\xff.safetensors")).write_bytes(good.read_bytes())
    entries = CheckpointLibrary(tmp_path).list()
    assert [type(entry) for entry in entries] == [CheckpointInfo, UnreadableEntry]
    orjson.dumps(entries)


def test_added_changed_and_removed_files_are_seen(tmp_path: Path) -> None:
    shelf = CheckpointLibrary(tmp_path)
    assert shelf.list() == []
    path = write(tmp_path / "a.safetensors", random_machine(0), seen=1)
    first = shelf.get("a")
    assert shelf.list() == [first.info]

    write(path, random_machine(1), seen=2)
    second = shelf.get("a")
    assert second.info.sequences_seen == 2
    assert not torch.equal(second.machine.r_to_s.weight, first.machine.r_to_s.weight)
    assert shelf.list() == [second.info]

    path.write_bytes(b"broken")
    assert isinstance(shelf.list()[0], UnreadableEntry)
    write(path, seen=3)
    assert shelf.get("a").info.sequences_seen == 3

    path.unlink()
    assert shelf.list() == []
    with pytest.raises(CheckpointNotFound):
        shelf.get("a")


def test_a_settled_folder_is_looked_at_again_when_it_or_the_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = list[Path]()
    look = library._checkpoints_in

    def counted(folder: Path, *, optional: bool = False) -> list[Path]:
        looked.append(folder)
        return look(folder, optional=optional)

    monkeypatch.setattr(library, "_checkpoints_in", counted)
    folders, seconds = (tmp_path / "a", tmp_path / "b"), count(1_000_000_000)

    def settle(folder: Path) -> None:
        os.utime(folder, (0, next(seconds)))

    for folder in folders:
        folder.mkdir()
    path = write(folders[1] / "b.safetensors", seen=1)
    for folder in folders:
        settle(folder)
    shelf = CheckpointLibrary(folders[0], (folders[1],))
    first = shelf.get("b")
    assert looked == [*folders]
    assert shelf.get("b") is first
    assert looked == [*folders]

    path.write_bytes(write(tmp_path / "other.safetensors", random_machine(1), seen=2).read_bytes())
    assert shelf.get("b").info.sequences_seen == 2

    write(folders[1] / "c.safetensors", seen=3)
    settle(folders[1])
    assert shelf.get("c").info.sequences_seen == 3

    path.unlink()
    settle(folders[1])
    with pytest.raises(CheckpointNotFound):
        shelf.get("b")


def test_a_machine_is_at_hand_as_long_as_nothing_changes(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = write(tmp_path / "a.safetensors", seen=1)
    os.utime(tmp_path, (0, 1_000_000_000))
    shelf = CheckpointLibrary(tmp_path)
    assert shelf.at_hand("a") is None, "it was not read yet"
    assert shelf.at_hand("b") is None
    first = shelf.get("a")
    assert shelf.at_hand("a") is first
    with shelf._lock:
        assert shelf.at_hand("a") is None, "somebody would have to be waited for"
    path.write_bytes(write(tmp_path_factory.mktemp("other") / "a.safetensors", random_machine(1), seen=2).read_bytes())
    assert shelf.at_hand("a") is None, "the file is another"
    shelf.list()
    for found in (shelf.get("a"), shelf.at_hand("a")):
        assert found is not None
        assert found.info.sequences_seen == 2, (
            "what a list has read anew is what it is, of a folder that did not change"
        )


def test_a_folder_that_has_just_changed_is_not_taken_for_settled(tmp_path: Path) -> None:
    write(tmp_path / "a.safetensors", seen=1)
    os.utime(tmp_path)
    stamp = tmp_path.stat().st_mtime_ns
    shelf = CheckpointLibrary(tmp_path)
    shelf.get("a")
    write(tmp_path / "b.safetensors", seen=2)
    os.utime(tmp_path, ns=(stamp, stamp))  # as if it had come within the same tick of the clock
    assert shelf.get("b").info.sequences_seen == 2


def test_file_that_did_not_change_is_read_once(checkpoint: Path) -> None:
    shelf = CheckpointLibrary(checkpoint.parent)
    shelf.list()
    assert shelf.get("good") is shelf.get("good")


def test_the_machines_that_are_kept_are_counted_in_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abc":
        write(tmp_path / f"{name}.safetensors")
    monkeypatch.setattr(library, "MOST_BYTES", 2 * (tmp_path / "a.safetensors").stat().st_size)
    shelf = CheckpointLibrary(tmp_path)
    first = shelf.get("a")
    assert (shelf.get("b"), shelf.get("a")) == (shelf.get("b"), first)
    shelf.get("c")  # crowds b or a out
    assert shelf.get("a").info == first.info
    assert shelf.get("b").info.id == "b"
    assert len(shelf.list()) == 3


@pytest.mark.parametrize("kind", ["file", "below a file", "loop"])
def test_another_folder_that_cannot_be_read_hides_nothing(checkpoint: Path, tmp_path: Path, kind: str) -> None:
    runs = tmp_path / "runs"
    if kind == "loop":
        runs.symlink_to(runs)
    else:
        runs.write_text("no folder")
    other = runs / "below" if kind == "below a file" else runs
    shelf = CheckpointLibrary(checkpoint.parent, (other,))
    assert [entry.id for entry in shelf.list()] == ["good"]
    assert shelf.get("good").info.id == "good"
    (problem,) = shelf.problems()
    assert problem.startswith(f"The checkpoints folder {other} cannot be read: ")


def test_many_threads_while_a_file_changes(tmp_path: Path) -> None:
    """Everybody sees a whole machine: its numbers are always those of one of the two that are written."""
    machines = [random_machine(seed) for seed in (0, 1)]
    path = write(tmp_path / "a.safetensors", machines[0], seen=0)
    write(tmp_path / "b.safetensors")
    shelf = CheckpointLibrary(tmp_path)

    def write_many() -> int:
        for number in range(60):
            write(path, machines[number % 2], seen=number % 2)
        return 0

    def read_many() -> int:
        for _ in range(60):
            found = shelf.get("a")
            assert found.info.sequences_seen in (0, 1)
            assert torch.equal(found.machine.r_to_s.weight, machines[found.info.sequences_seen].r_to_s.weight)
            assert len(shelf.list()) == 2
        return 1

    with ThreadPoolExecutor(5) as pool:
        jobs = [pool.submit(write_many), *(pool.submit(read_many) for _ in range(4))]
        assert [job.result() for job in jobs] == [0, 1, 1, 1, 1]


def test_folders_and_files_may_be_named_by_strings(tmp_path: Path) -> None:
    write(tmp_path / "one.safetensors")
    named = CheckpointLibrary(str(tmp_path), (str(tmp_path / "later"),))
    assert named.get("one").info == read_checkpoint(str(tmp_path / "one.safetensors")).info
    assert read_info(str(tmp_path / "one.safetensors")).id == "one"
    with pytest.raises(CheckpointUnreadable, match=r"^none\.pt: there is no such file"):
        read_legacy("none.pt")
    with pytest.raises(CheckpointUnreadable, match="cannot be read"):
        CheckpointLibrary("no/where").list()
