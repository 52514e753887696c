"""`tapedeck view`: the page with trace files of any program, for this machine alone."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from tests.cli.conftest import Tapedeck
from tests.cli.serving import served
from tests.traces_by_hand import write_by_hand


def test_view_serves_the_page_with_exactly_the_files_that_it_was_given(tmp_path: Path) -> None:
    file = write_by_hand("dnc", tmp_path / "mine.npz")
    write_by_hand("ntm", tmp_path / "other.npz")
    with served(
        file, command="view", ready=r"mine\.npz is shown at (http://127\.0\.0\.1:\d+/\?file=/files/0)\n"
    ) as server:
        assert "<html" in httpx.get(server.url).text
        assert httpx.get(httpx.URL(server.url).join("/files/0")).content == file.read_bytes()
        assert httpx.get(httpx.URL(server.url).join("/files/1")).status_code == 404
        assert server.stop(signal.SIGINT) == (0, "")


def test_view_refuses_a_bad_file_in_one_sentence_before_it_serves(tapedeck: Tapedeck, tmp_path: Path) -> None:
    good, bad = write_by_hand("ntm", tmp_path / "good.npz"), tmp_path / "bad.npz"
    arrays: dict[str, Any] = {"inputs": np.zeros((5, 2)), "read.weighting": np.zeros((6, 4))}
    np.savez(bad, meta='{"version": 2}', **arrays)
    said = tapedeck("view", str(good), str(bad))
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr == (
        "Error: bad.npz: read.weighting must have the shape (5, N), 5 steps as in inputs; it has (6, 4).\n"
    )
