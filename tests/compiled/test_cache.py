"""Where compiled kernels are kept: in a folder of the user's own, or nowhere; and `tapedeck warm`, which fills it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tapedeck.compiled import cache, fitness
from tapedeck.compiled.fitness import ILL_CONDITIONED, Fitness, Measured
from tapedeck.compiled.kept import Kept
from tapedeck.compiled.settings import ENGINE, ENGINE_CACHE
from tapedeck.ntm import NeuralTM
from tests.made_machines import several_heads
from tests.warm import run_tapedeck


@pytest.fixture(autouse=True)
def _decided_anew() -> Iterator[None]:
    cache.folder.cache_clear()
    yield
    cache.folder.cache_clear()


def test_the_folder_is_the_users_own_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENGINE_CACHE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.folder() == tmp_path / "tapedeck"
    assert (tmp_path / "tapedeck").stat().st_mode & 0o777 == 0o700


def test_nothing_is_kept_where_others_may_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENGINE_CACHE, str(tmp_path))
    tmp_path.chmod(0o777)
    assert cache.folder() is None
    assert not cache.cached()


def test_nothing_is_kept_where_there_can_be_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a file").touch()
    monkeypatch.setenv(ENGINE_CACHE, str(tmp_path / "a file" / "below"))
    assert cache.folder() is None


def test_what_was_compiled_ahead_is_copied_where_it_cannot_be_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = tmp_path / "image"
    image.mkdir(mode=0o700)
    (image / "kernels.nbi").write_bytes(b"compiled")

    def refuse(**_: Any) -> None:
        raise PermissionError

    monkeypatch.setenv(ENGINE_CACHE, str(image))
    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    found = cache.folder()
    assert found is not None
    assert found.parent == tmp_path
    assert (found / "kernels.nbi").read_bytes() == b"compiled"
    assert found.stat().st_mode & 0o777 == 0o700


@pytest.mark.usefixtures("kernels")
def test_warm_says_where_the_engine_is_kept(tmp_path: Path) -> None:
    said = run_tapedeck("warm", folder=tmp_path, environment={ENGINE: "auto"}).stdout
    assert said.startswith("It was compiled already, with numba ")
    assert said.endswith(f" It is kept in {cache.folder()}.\n")
    refused = run_tapedeck("warm", folder=tmp_path, environment={ENGINE: "torch"})
    assert refused.returncode == 2
    assert refused.stderr == "Error: There is no compiled engine: TAPEDECK_ENGINE is torch.\n"


@pytest.mark.usefixtures("kernels")
def test_a_machine_is_compared_once_and_not_once_a_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENGINE_CACHE, str(tmp_path))
    machines = [NeuralTM(several_heads(2)).eval() for _ in range(2)]
    compared: list[NeuralTM] = []

    def measure(machine: NeuralTM, _: str) -> Measured:
        compared.append(machine)
        return Measured(ILL_CONDITIONED) if machine is machines[0] else Measured(None, steady=True)

    monkeypatch.setattr(fitness, "measured", measure)
    for _ in range(2):  # processes
        monkeypatch.setattr(fitness, "KEPT", Kept())
        found = [Fitness().measure(machine, "copy") for machine in machines]
        assert found == [Measured(ILL_CONDITIONED), Measured(None, steady=True)]
    assert compared == machines
    (lines,) = tmp_path.glob("fitness-*")
    lines.write_bytes(lines.read_bytes()[:-20])  # as of a process that was killed
    monkeypatch.setattr(fitness, "KEPT", Kept())
    assert Fitness().measure(machines[1], "copy").steady
    assert compared == [*machines, machines[1]]
