"""Two folders that have a name in common: every machine is listed, and each by an id of its own."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
import torch

from tapedeck.checkpoints import CheckpointInfo, CheckpointLibrary, library, read_info
from tapedeck.errors import CheckpointUnreadable
from tests.checkpoints.conftest import random_machine, write


@pytest.fixture
def both(tmp_path: Path) -> tuple[Path, Path]:
    """The folder that ships, and the one of what was trained here."""
    folders = tmp_path / "shipped", tmp_path / "runs"
    for folder in folders:
        folder.mkdir()
    return folders


def test_a_run_that_both_have_is_listed_as_one_of_the_second_folder(both: tuple[Path, Path]) -> None:
    """Trained again with another schedule: one file is of the same name, one is not, and no series is mixed."""
    first, second = both
    write(first / "copy-1.safetensors", seen=16000)
    write(first / "copy-1-000400.safetensors", seen=400)
    alone = CheckpointLibrary(first).list()
    write(second / "copy-1.safetensors", random_machine(1), seen=9000)
    write(second / "copy-1-000700.safetensors", random_machine(1), seen=700)
    shelf = CheckpointLibrary(first, (second,))

    listed = shelf.list()
    assert [entry.id for entry in listed] == ["copy-1", "copy-1~runs", "copy-1-000400", "copy-1~runs-000700"]
    assert [entry for entry in listed if "~" not in entry.id] == alone, "the first folder's stay what they are"
    theirs = [entry for entry in listed if isinstance(entry, CheckpointInfo) and "~" in entry.id]
    assert {entry.origin["run"] for entry in theirs} == {"copy-1~runs"}
    assert [entry.name for entry in theirs] == ["copy-1 (runs)", "copy-1-000700 (runs)"]
    assert theirs[0].sha256 == read_info(second / "copy-1.safetensors").sha256, "of the file, which stays as it is"
    for entry in theirs:
        found = shelf.get(entry.id)
        assert found.info == entry
        assert torch.equal(found.machine.r_to_s.weight, random_machine(1).r_to_s.weight)
    assert shelf.get("copy-1").info.sequences_seen == 16000


def test_a_series_without_a_name_in_common_is_another_run_all_the_same(both: tuple[Path, Path]) -> None:
    first, second = both
    write(first / "copy-1.safetensors", seen=16000)
    write(second / "copy-1-000700.safetensors", seen=700)
    assert [entry.id for entry in CheckpointLibrary(first, (second,)).list()] == ["copy-1", "copy-1~runs-000700"]


def test_files_of_no_run_and_broken_ones_are_told_apart_too(both: tuple[Path, Path]) -> None:
    first, second = both
    write(first / "mine.safetensors", run="a")
    write(second / "mine.safetensors", run="b")
    write(second / "b.safetensors", run="b")
    for folder in both:
        (folder / "broken.safetensors").write_bytes(b"broken")
    shelf = CheckpointLibrary(first, (second,))
    assert [entry.id for entry in shelf.list()] == ["mine", "b~runs", "mine~runs", "broken", "broken~runs"]
    with pytest.raises(CheckpointUnreadable, match=r"broken\.safetensors: "):
        shelf.get("broken~runs")


@pytest.mark.parametrize(("called", "mark"), [("my räns/100 %", "100-"), ("ü", "-"), ("a.b_c-d", "a.b_c-d")])
def test_an_id_is_a_part_of_an_address_whatever_the_folder_is_called(tmp_path: Path, called: str, mark: str) -> None:
    first, second = tmp_path / "first", tmp_path / called
    for folder in (first, second):
        folder.mkdir(parents=True)
        write(folder / "copy-1.safetensors")
    listed = [entry.id for entry in CheckpointLibrary(first, (second,)).list()]
    assert listed == ["copy-1", f"copy-1~{mark}"]
    assert [quote(each, safe="") for each in listed] == listed


def test_a_name_that_is_taken_is_not_given(both: tuple[Path, Path]) -> None:
    first, second = both
    write(first / "copy-1.safetensors")
    write(second / "copy-1.safetensors", seen=5)
    write(second / "copy-1~runs.safetensors", seen=4, run="copy-1~runs")
    shelf = CheckpointLibrary(first, (second,))
    assert [entry.id for entry in shelf.list()] == ["copy-1", "copy-1~runs~2", "copy-1~runs"]
    assert shelf.get("copy-1~runs").info.sequences_seen == 4


def test_where_the_first_folder_has_no_such_run_the_name_is_free(both: tuple[Path, Path]) -> None:
    first, second = both
    write(second / "copy-1.safetensors", seen=2)
    shelf = CheckpointLibrary(first, (second,))
    assert shelf.get("copy-1").info.sequences_seen == 2
    ours = write(first / "copy-1.safetensors", seen=1)
    assert shelf.get("copy-1").info.sequences_seen == 1
    assert shelf.get("copy-1~runs").info.sequences_seen == 2
    ours.unlink()
    assert shelf.get("copy-1").info.sequences_seen == 2


def test_a_folder_that_is_named_twice_is_one(checkpoint: Path) -> None:
    folder = checkpoint.parent
    shelf = CheckpointLibrary(folder, (folder / ".." / folder.name,))
    assert [entry.id for entry in shelf.list()] == ["good"]


def test_a_marked_machine_that_was_crowded_out_keeps_its_name(
    both: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "MOST_BYTES", 1)
    for seen, folder in enumerate(both):
        write(folder / "copy-1.safetensors", seen=seen)
        write(folder / "zero.safetensors", seen=seen, run="zero")
    shelf = CheckpointLibrary(both[0], both[1:])
    infos = [shelf.get(name).info for name in ("copy-1~runs", "copy-1", "zero~runs")]
    assert [(info.id, info.sequences_seen) for info in infos] == [("copy-1~runs", 1), ("copy-1", 0), ("zero~runs", 1)]
