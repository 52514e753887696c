"""The files of `tapedeck trace`: every form as the service gives it, whole or not at all."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from rich.console import Console

from tapedeck.api.settings import ApiSettings
from tapedeck.checkpoints import read_info
from tapedeck.cli import trace_files
from tapedeck.errors import FileUnwritable
from tapedeck.figures import card
from tapedeck.ntm import NeuralTM
from tests.api.conftest import serving
from tests.cli.conftest import Trace

FORMS = {".html": "text/html", ".gif": "image/gif", ".csv": "text/csv", ".npz": "application/x-npz"}


def test_writes_several_forms_at_once_each_as_the_service_gives_it(trace: Trace, folder: Path, tmp_path: Path) -> None:
    named = [word for form in (".html", ".gif", ".csv") for word in (f"--{form[1:]}", tmp_path / f"run{form}")]
    lines = trace("--text", "Hi", *named, "--out", tmp_path / "run.npz").splitlines()
    written = [f"Wrote {file} ({file.stat().st_size:,} bytes)." for file in sorted(tmp_path.glob("run.*"))]
    assert sorted(lines[-4:]) == sorted(written)
    request = {"checkpoint": "bytes", "sequence": [[0, 1, 0, 0, 1, 0, 0, 0], [0, 1, 1, 0, 1, 0, 0, 1]]}
    with serving(ApiSettings(checkpoints=folder)) as service:
        for suffix, form in FORMS.items():
            answer = service.http.post("/api/trace", json=request, headers={"Accept": form})
            assert answer.content == (tmp_path / f"run{suffix}").read_bytes(), form
    assert sorted(path.name for path in tmp_path.iterdir()) == ["machines", *(f"run{s}" for s in sorted(FORMS))]


def test_the_figure_as_svg_and_png(trace: Trace, folder: Path, tmp_path: Path) -> None:
    trace("--text", "Hi", "--svg", tmp_path / "a.svg", "--out", tmp_path / "a.png")
    text = (tmp_path / "a.svg").read_text()
    assert text.rstrip().endswith("</svg>")
    assert read_info(folder / "bytes.safetensors").sha256 in text
    assert "Random bits" not in text
    with Image.open(tmp_path / "a.png") as image:
        assert min(image.size) > 1000


def test_a_picture_of_a_step_is_the_one_that_the_service_gives(trace: Trace, folder: Path, tmp_path: Path) -> None:
    asked = ("--step", "3", "--rows", "0-4", "--panel", "memory")
    trace("--text", "Hi", *asked, "--out", tmp_path / "a.svg")
    request = {"checkpoint": "bytes", "sequence": [[0, 1, 0, 0, 1, 0, 0, 0], [0, 1, 1, 0, 1, 0, 0, 1]]}
    with serving(ApiSettings(checkpoints=folder)) as service:
        address, accept = "/api/trace?step=3&rows=0-4&panel=memory", {"Accept": "image/svg+xml"}
        answer = service.http.post(address, json=request, headers=accept)
    assert answer.content == (tmp_path / "a.svg").read_bytes()


def test_a_form_is_named_by_its_option_whatever_the_suffix(trace: Trace, tmp_path: Path) -> None:
    trace("--text", "Hi", "--html", tmp_path / "card", "--gif", tmp_path / "film.bin")
    assert (tmp_path / "card").read_bytes().startswith(b"<!DOCTYPE html>")
    assert (tmp_path / "film.bin").read_bytes().startswith(b"GIF89a")


def test_nothing_is_computed_for_a_file_that_cannot_be_written(
    trace: Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NeuralTM, "step", None)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    # Whoever runs the tests as root may write anywhere.
    monkeypatch.setattr(os, "access", lambda path, mode: path != closed)
    with pytest.raises(FileUnwritable, match=r"run\.gif cannot be written: .* is read-only\. Choose another folder\."):
        trace("--text", "Hi", "--csv", tmp_path / "run.csv", "--gif", closed / "run.gif")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["closed", "machines"]


def test_what_stops_in_between_leaves_the_old_file(
    trace: Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> Iterator[bytes]:
        yield b"a beginning"
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    out = tmp_path / "run.html"
    out.write_text("old")
    monkeypatch.setattr(card, "card_pieces", full)
    with pytest.raises(FileUnwritable, match="No space left on device"):
        trace("--text", "Hi", "--html", out)
    assert out.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["machines", "run.html"]


def test_a_terminal_sees_how_far_the_animation_is(
    trace: Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = io.StringIO()
    monkeypatch.setattr(trace_files, "Console", lambda **_: Console(file=seen, force_terminal=True, width=80))
    trace("--text", "Hi", "--gif", tmp_path / "run.gif")
    assert "GIF, frames" in seen.getvalue()
    assert "6/6" in seen.getvalue()
